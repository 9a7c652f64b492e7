"""What follows: arrays in, findings with their reasons out. Every number that decides comes from the law."""
