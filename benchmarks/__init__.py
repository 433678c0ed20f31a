"""How fast Rostrum's public pages are, beside bare pages of the same rows (`make bench`)."""
