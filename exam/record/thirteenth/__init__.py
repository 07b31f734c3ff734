"""The thirteenth set of cases."""
