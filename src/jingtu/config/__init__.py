"""The top floor: settings, root addresses, the private database and the running instance."""
