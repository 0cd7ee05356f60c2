"""The pictures whose ink a classifier looks at most, and least, side by side with mask and map."""
