"""Screens and services: what officers, other systems and maps see of the registers."""
