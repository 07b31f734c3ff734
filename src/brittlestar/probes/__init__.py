"""Declared changes of the input at evaluation time: what is changed, how strongly, and what should then hold."""
