"""Verification of a record: what follows from its files is made again, and compared."""
