"""The obligations of tasks 3 to 5 as relations, one module a subject; importing them binds them."""
