"""The house's own vector tiles."""
