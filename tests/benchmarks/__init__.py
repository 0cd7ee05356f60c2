"""Measurements, one module per subject: `python -m tests.benchmarks.NAME --json`, or all by `./run bench`."""
