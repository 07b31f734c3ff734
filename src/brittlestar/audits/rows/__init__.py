"""Checks: duplicates, size, order and encoding of rows."""
