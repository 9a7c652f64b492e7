"""The sheets of the chapter, one module a subject; importing them enters them."""
