"""Cases of the tenth set."""
