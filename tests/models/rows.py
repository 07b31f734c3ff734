"""Batches for tests: padded by hand, so that the padding under test is not made by the code under test."""

from collections.abc import Sequence

import torch
from torch import Tensor

ROWS = ([2, 3, 4, 5, 6], [], [5], [1, 2, 2], [3, 6, 4, 2])


def padded(rows: Sequence[Sequence[int]], width: int | None = None) -> tuple[Tensor, Tensor]:
    width = max((len(row) for row in rows), default=0) if width is None else width
    tokens = torch.zeros(len(rows), width, dtype=torch.int64)
    for place, row in enumerate(rows):
        tokens[place, : len(row)] = torch.tensor(list(row), dtype=torch.int64)
    return tokens, torch.tensor([len(row) for row in rows], dtype=torch.int64)
