"""Checks: tokens and ids."""
