"""Cohorts, recipes, and training that can be watched."""
