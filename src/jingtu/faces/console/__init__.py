"""The officers' console: server-rendered pages over the doors of the registers."""
