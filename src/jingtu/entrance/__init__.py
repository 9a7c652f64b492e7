"""Signing in and administration: sessions, second factor, guessing slowed, accounts, posts, the security log."""
