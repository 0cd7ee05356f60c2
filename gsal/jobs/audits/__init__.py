"""From stored aggregates to an audit."""
