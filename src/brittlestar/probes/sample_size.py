"""How many rows a suite takes where nobody says: fewer where training is short, for probes are the smaller part."""

MOST_ROWS = 2000  # a share of .5 is known to 1.1 points (standard error)
LEAST_ROWS = 150  # a share of .5 is known to 4.1 points (standard error)
ROWS_TRAINED = 150
"""Rows read in training for each row of a suite. A run of the reference LSTM on 2,000 rows, 10 epochs, is then probed
in 15 % of the processor time of its training; shorter training has no fewer rows."""


def sample_size(train_rows: int, epochs: int) -> int:
    """One row for each 150 that training reads, 150 at least and 2,000 at most.

    >>> sample_size(2_000, 30), sample_size(200, 10), sample_size(20_000, 20)
    (400, 150, 2000)
    """
    return min(MOST_ROWS, max(LEAST_ROWS, train_rows * epochs // ROWS_TRAINED))
