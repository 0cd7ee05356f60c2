"""A report as a PDF on A4 paper, figures as vectors, with the fonts that matplotlib brings along."""

from gsal.reports.pdf.rendering import render

__all__ = ["render"]
