"""Checks: embedding tables, positions and padding as far as they can be seen without training."""
