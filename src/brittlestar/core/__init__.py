"""Frozen records that cross stages, and the few tools every stage shares."""
