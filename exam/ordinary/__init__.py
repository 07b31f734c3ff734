"""Ordinary programs as users write them, honest and with ordinary faults."""
