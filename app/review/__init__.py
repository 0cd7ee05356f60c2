"""Looking at masks and painting them."""
