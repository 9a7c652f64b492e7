"""The verbs of the chapter: the only places that write."""
