"""Every long task, defined once and run alike by the terminal, the window and the tests."""
