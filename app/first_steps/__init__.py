"""The guide through a first project: what is done, and what comes next."""
