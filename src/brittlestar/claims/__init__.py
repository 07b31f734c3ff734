"""Verdicts on claims: what the outcomes of two variants support, how sure that is, and what would make it surer."""
