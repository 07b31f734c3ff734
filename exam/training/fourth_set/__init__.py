"""A fourth set of faults of training, sealed as a whole: only for scoring."""
