"""Checks: labels that conflict, are noisy, rare or missing."""
