"""The tables of the last audit, as its report has them."""
