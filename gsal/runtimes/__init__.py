"""What runs a trained ink network: torch as it is or made faster, OpenVINO; each compared with plain torch."""
