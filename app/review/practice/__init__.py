"""One minute of practice on a picture that never enters the data."""
