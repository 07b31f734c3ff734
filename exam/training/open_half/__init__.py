"""Faults that checks may be tuned on."""
