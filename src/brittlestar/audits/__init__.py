"""Audits: checks on data, splits, tokens, labels and shortcuts before anything is trained."""
