"""Faults that are sealed: whoever changes a check does not read them, nor which of them it misses."""
