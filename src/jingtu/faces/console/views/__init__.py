"""The pages: each calls doors of the registers and hands over to a template; no rule, no write, no query here."""
