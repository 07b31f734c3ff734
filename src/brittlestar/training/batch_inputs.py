"""What of its rows a module is given: which numbers, of which row, at which place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

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


def read_ids(arguments: Any) -> BatchInputs | None:
    """Rows of whole numbers among what a module is called with: (n, L), or all of them in one line (T,) and then where
    each row begins (n,), as bags of embeddings take them; None where there are none."""
    if not isinstance(arguments, tuple):
        return None
    for one, following in zip(arguments, (*arguments[1:], None), strict=True):
        if not _is_whole(one):
            continue
        if one.dim() == 2:
            return _read_table(one.detach().cpu().long(), None)
        if one.dim() == 1 and following is not None and _is_whole(following) and following.dim() == 1:
            return _read_bags(one.detach().cpu().long(), following.detach().cpu().long())
    return None


def read_counts(arguments: Any) -> BatchInputs | None:
    """Rows of numbers that are not below zero, (n, C) counts or (n, L, C) one-hot; None where there are none."""
    if not isinstance(arguments, tuple):
        return None
    for one in arguments:
        if not isinstance(one, torch.Tensor) or not one.is_floating_point() or one.dim() not in (2, 3):
            continue
        if one.numel() > 10 * WIDEST or one.shape[-1] > WIDEST:
            return None
        counts = one.detach().cpu().float()
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
