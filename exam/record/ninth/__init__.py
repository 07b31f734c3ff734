"""Reported configurations of a ninth set, written from the specification and the documentation alone."""
