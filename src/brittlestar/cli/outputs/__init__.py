"""One file for each result: what a command says of it."""
