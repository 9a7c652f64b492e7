"""What the numbers say: small pure functions that know method and page, and no threshold."""
