"""Training sets with a known co-occurrence of ink and label, and the folds of a cross-validation."""
