"""Logits of a model over the rows of a split, without dropout and in row order."""

import numpy as np
import torch
from torch import nn

from brittlestar.core.splits import EncodedSplit
from brittlestar.training.batches import pad_rows, scoring_batches


def forward(model: nn.Module, split: EncodedSplit, rows: np.ndarray, device: torch.device, bf16: bool) -> torch.Tensor:
    """Logits (len(rows), C) of one padded batch, under bf16 autocast when asked; in 32 bits, where a module does not
    compute in more."""
    tokens, lengths = pad_rows(split, rows)
    inputs = torch.from_numpy(tokens).to(device), torch.from_numpy(lengths).to(device)
    if not bf16:
        return widen(model(*inputs))
    with torch.autocast(device.type, torch.bfloat16):
        logits = model(*inputs)
    return logits.float()


def widen(logits: torch.Tensor) -> torch.Tensor:
    """The same in 32 bits where it has 16: a sum over the rows of a batch does not fit there."""
    return logits.float() if logits.dtype in (torch.float16, torch.bfloat16) else logits


def predict(
    model: nn.Module, split: EncodedSplit, device: torch.device, bf16: bool = False, rows: np.ndarray | None = None
) -> np.ndarray:
    """Logits float32 (n, C) of all rows of `split`, or of `rows` (n,) in the order given.

    The model's mode is put back afterwards.
    """
    chosen = np.arange(split.n_rows) if rows is None else rows
    was_training = model.training
    model.eval()
    pieces: list[np.ndarray] = []
    order: list[np.ndarray] = []
    with torch.no_grad():
        for batch in scoring_batches(split.lengths, chosen):
            answered = forward(model, split, batch, device, bf16)
            pieces.append(answered.float().cpu().numpy().copy())  # a module may write into what it returned
            order.append(batch)
    model.train(was_training)
    if not pieces:
        return np.zeros((0, 0), dtype=np.float32)
    stacked = np.concatenate(pieces)
    logits = np.empty((len(chosen), stacked.shape[1]), dtype=np.float32)
    place = np.empty(split.n_rows, dtype=np.int64)
    place[chosen] = np.arange(len(chosen))
    logits[place[np.concatenate(order)]] = stacked
    return logits
