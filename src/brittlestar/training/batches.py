"""Batches are index arithmetic over one flat array of tokens; nothing is copied until a batch is needed."""

from collections.abc import Iterator, Sequence

import numpy as np

from brittlestar.core.seeds import generator
from brittlestar.core.splits import PAD_ID, EncodedSplit

CHUNK = 16  # batches that are sorted by length together; chosen, not measured
TOKEN_BUDGET = 1 << 18  # budget: padded tokens of a batch
SCORING_ROWS = 256  # budget: rows of a batch without gradients


def pad_rows(split: EncodedSplit, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Right-pad `rows` (n,) of a split: tokens int64 (n, longest), lengths int64 (n,)."""
    starts = np.asarray(split.offsets[rows])
    lengths = np.asarray(split.offsets[rows + 1]) - starts
    longest = int(lengths.max(initial=0))
    inside = np.arange(longest) < lengths[:, None]
    padded = np.full((len(rows), longest), PAD_ID, dtype=np.int64)
    padded[inside] = split.codes[(starts[:, None] + np.arange(longest))[inside]]
    return padded, lengths


def training_batches(lengths: np.ndarray, batch_size: int, order_seed: int, epoch: int) -> list[np.ndarray]:
    """Row indices of each batch of one epoch: every row exactly once.

    Rows are shuffled, sorted by length within chunks of 16 batches, cut, and the batches shuffled: little padding,
    while which rows meet in a batch and when stays random. Depends on its arguments only.
    """
    random = generator(order_seed, "epoch", epoch)
    shuffled = random.permutation(len(lengths))
    batches: list[np.ndarray] = []
    for start in range(0, len(shuffled), CHUNK * batch_size):
        chunk = shuffled[start : start + CHUNK * batch_size]
        chunk = chunk[np.argsort(lengths[chunk], kind="stable")]
        batches.extend(chunk[at : at + batch_size] for at in range(0, len(chunk), batch_size))
    return [batches[position] for position in random.permutation(len(batches))]


def within_budget(rows: np.ndarray, lengths: np.ndarray, most_rows: int) -> Iterator[np.ndarray]:
    """Cut `rows` (sorted by length, ascending) so that no piece pads to more than 262,144 tokens or `most_rows` rows:
    a single 100,000-token row then costs its own length, not its batch's."""
    sorted_lengths = lengths[rows]
    start = 0
    while start < len(rows):
        window = sorted_lengths[start : start + most_rows]
        cost = np.arange(1, len(window) + 1) * window
        size = max(1, int(np.searchsorted(cost, TOKEN_BUDGET, side="right")))
        yield rows[start : start + size]
        start += size


def scoring_batches(lengths: np.ndarray, rows: Sequence[int] | np.ndarray) -> Iterator[np.ndarray]:
    """The given rows in pieces of nearly equal length, for scoring."""
    chosen = np.asarray(rows, dtype=np.int64)
    return within_budget(chosen[np.argsort(lengths[chosen], kind="stable")], lengths, SCORING_ROWS)
