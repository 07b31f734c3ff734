"""Models: one family per file, and the door through which own models come in."""
