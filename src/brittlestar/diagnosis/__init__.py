"""Symptoms in the records of a study: what each curve and score says about the study as a whole."""
