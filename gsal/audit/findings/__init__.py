"""What an audit found, in plain sentences, none stronger than the test behind it (BIAS-LAB.md)."""

from gsal.audit.findings.finding import Finding, Strength

__all__ = ["Finding", "Strength"]
