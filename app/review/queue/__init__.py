"""Which pictures wait for a reader."""
