"""Floor 0: units, days, identifiers, text, issues. Nothing third-party but NumPy."""
