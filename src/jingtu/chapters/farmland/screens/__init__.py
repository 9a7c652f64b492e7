"""What the pages of the chapter offer beside moves, one module a subject."""
