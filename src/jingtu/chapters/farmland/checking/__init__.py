"""What a file of the chapter tells by itself, one module a subject."""
