"""Trivial baselines and shallow models: what the simplest readings of rows can score."""
