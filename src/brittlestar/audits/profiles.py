"""Every split as figures draw it: labels, lengths in bins that all splits share, and the tokens that drift most."""

import numpy as np

from brittlestar.audits.dataset import AuditDataset, AuditSplit
from brittlestar.core.audit import Drifted, Profile
from brittlestar.core.large_arrays import count

BINS = 40  # budget: room in a figure
MOST_DRIFTED = 12  # budget: room in a figure
LONG_TAIL = 0.995
"""Lengths beyond this quantile of every split share the last bin. Budget: room in a figure."""


def profiles(dataset: AuditDataset) -> dict[str, Profile]:
    """The profile of every split, by name."""
    shortest, width, bins = _bins(dataset)
    train = _shares(dataset.train, len(dataset.tokens))
    found: dict[str, Profile] = {}
    for name, rows in dataset.splits.items():
        per_label = np.bincount(rows.labels, minlength=len(dataset.labels))
        labels = {label: int(per_label[code]) for code, label in enumerate(dataset.labels) if per_label[code]}
        places = np.minimum((rows.lengths - shortest) // width, bins - 1)
        counts = tuple(np.bincount(places, minlength=bins).tolist())
        drifted = () if name == "train" else _list_drifted(train, _shares(rows, len(dataset.tokens)), dataset.tokens)
        found[name] = Profile(rows.n_rows, labels, shortest, width, counts, drifted)
    return found


def _bins(dataset: AuditDataset) -> tuple[int, int, int]:
    """Where the first bin starts, how many lengths a bin holds, and how many bins there are."""
    lengths = [rows.lengths for rows in dataset.splits.values() if rows.n_rows]
    if not lengths:
        return 0, 1, 1
    shortest = int(min(one.min() for one in lengths))
    longest = int(max(np.quantile(one, LONG_TAIL, method="higher") for one in lengths))
    width = -(-(longest - shortest + 1) // BINS)
    return shortest, width, (longest - shortest) // width + 1


def _shares(rows: AuditSplit, n_tokens: int) -> np.ndarray:
    """float64 (n_tokens,): the share of each token among all tokens of a split."""
    counts = count(rows.codes, n_tokens)
    return counts / max(counts.sum(), 1)


def _list_drifted(train: np.ndarray, here: np.ndarray, tokens: tuple[str, ...]) -> tuple[Drifted, ...]:
    apart = np.abs(np.sqrt(here) - np.sqrt(train))
    order = np.argsort(-apart, kind="stable")[:MOST_DRIFTED]
    return tuple(Drifted(tokens[code], float(train[code]), float(here[code])) for code in order if apart[code] > 0)
