"""Networks that mask ink: their data, training, comparison and use."""
