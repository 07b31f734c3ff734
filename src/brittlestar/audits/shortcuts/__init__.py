"""Checks: trivial predictors and what they reach."""
