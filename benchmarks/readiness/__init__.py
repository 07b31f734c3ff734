"""How well scores on rows without labels are forecast: shifts, trainings and figures."""
