"""Checklists of venues and of the literature, filled from what a study did."""
