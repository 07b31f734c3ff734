"""Verdicts on claims: what the outcomes of two arms support, how sure that is, and what would make it surer."""
