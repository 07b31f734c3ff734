"""Training one cell: the loop, what it observes, and the scores of its checkpoints."""
