"""The registers, duties and dossiers for other systems: JSON over HTTP, within the same reach as on the screens."""
