"""What people read: how well they agree, and the locked validation set."""
