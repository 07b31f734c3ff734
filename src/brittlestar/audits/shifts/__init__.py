"""Checks: evaluation splits against train."""
