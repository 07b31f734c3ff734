"""One file for each command: its options, its help, and the verb that it calls."""
