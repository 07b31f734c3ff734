"""Batches are index arithmetic over one flat array of tokens; nothing is copied until a batch is needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from brittlestar.core.seeds import generator
from brittlestar.core.splits import PAD_ID, EncodedSplit

CHUNK = 16  # batches that are sorted by length together; chosen, not measured
TOKEN_BUDGET = 1 << 18  # budget: padded tokens of a batch
SCORING_ROWS = 256  # budget: rows of a batch without gradients
WIDEST = 50_000  # budget: columns of a table of counts, and values of a batch of one-hot rows times ten


@dataclass(frozen=True)
class BatchInputs:
    """`rows` rows, in entries: entry k has the number `ids[k]`, at place `places[k]` of row `row[k]`, `weights[k]`
    times. All are (entries,), `weights` float32, the others int64. Zeros, with which rows are padded, are left out."""

    rows: int
    ids: torch.Tensor
    row: torch.Tensor
    places: torch.Tensor
    weights: torch.Tensor


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


def read_ids(arguments: Any) -> BatchInputs | None:
    """Rows of whole numbers among what a module is called with: (n, L), or all of them in one line (T,) and then where
    each row begins (n,), as bags of embeddings take them; None where there are none."""
    if not isinstance(arguments, tuple) or not arguments:  # called by keywords: a module inside has them in order
        return None
    for argument, following in zip(arguments, (*arguments[1:], None), strict=True):
        if not _is_whole(argument):
            continue
        if argument.dim() == 2:
            return _read_table(argument.detach().cpu().long(), None)
        if argument.dim() == 1 and following is not None and _is_whole(following) and following.dim() == 1:
            return _read_bags(argument.detach().cpu().long(), following.detach().cpu().long())
    return None


def read_counts(arguments: Any) -> BatchInputs | None:
    """Rows of numbers that are not below zero, (n, C) counts or (n, L, C) one-hot; None where there are none."""
    if not isinstance(arguments, tuple):
        return None
    for argument in arguments:
        if not isinstance(argument, torch.Tensor) or not argument.is_floating_point() or argument.dim() not in (2, 3):
            continue
        if argument.numel() > 10 * WIDEST or argument.shape[-1] > WIDEST:
            return None
        counts = argument.detach().cpu().float()
        counts = counts.sum(1) if counts.dim() == 3 else counts
        return None if not counts.numel() or bool((counts < 0).any()) else _read_table(counts, counts)
    return None


def _read_table(table: torch.Tensor, counts: torch.Tensor | None) -> BatchInputs:
    row, places = table.nonzero(as_tuple=True)
    ids = table[row, places] if counts is None else places
    weights = torch.ones(len(row)) if counts is None else counts[row, places]
    return BatchInputs(len(table), ids, row, places, weights)


def _read_bags(ids: torch.Tensor, starts: torch.Tensor) -> BatchInputs | None:
    if not len(starts) or int(starts[0]) or bool((starts.diff() < 0).any()) or int(starts[-1]) > len(ids):
        return None
    row = torch.searchsorted(starts, torch.arange(len(ids)), right=True) - 1
    places = torch.arange(len(ids)) - starts[row]
    kept = ids != 0
    return BatchInputs(len(starts), ids[kept], row[kept], places[kept], torch.ones(int(kept.sum())))


def _is_whole(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.dtype in (torch.int64, torch.int32) and value.numel() > 0
