"""What classifiers answer with and without ink."""
