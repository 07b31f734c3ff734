"""Checks: rows that cross splits."""
