"""The same rows, given to a model in other batches and with other padding."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

import numpy as np
import torch
from torch import nn

from brittlestar.core.errors import said
from brittlestar.core.metrics import softmax
from brittlestar.core.probing import NO_ANSWER, RAISED, Presented, ProbedCell
from brittlestar.core.seeds import generator
from brittlestar.core.splits import PAD_ID, EncodedData, EncodedSplit
from brittlestar.training.batches import pad_rows, scoring_batches
from brittlestar.training.outputs import made_finite
from brittlestar.training.scoring import predict

ROWS = 200
TRIED = 32
ALONE = 50
MATES = 32
EXTRA = 8


def probed(
    model: nn.Module, parts: Iterable[EncodedSplit], data: EncodedData, device: torch.device, bf16: bool
) -> ProbedCell:
    """The answers of a model to the rows of a suite, part after part, and how they hang on batches; rows without a
    finite output are answered with the majority class of `data`, and rows that the model raises at have no answer. The
    first rows of a suite are its split's, unchanged. Raises what the model raises where it answers no row of the first
    part.
    """
    predictions: list[np.ndarray] = []
    confidence: list[np.ndarray] = []
    ways: dict[str, Presented] | None = None
    problem: str | None = None
    for split in parts:
        answered, logits, error = _outputs(model, split, device, bf16)
        if error is not None:
            problem = problem or said(error)
            if not predictions and not len(answered):
                raise error
        chosen, share = np.full(split.n_rows, NO_ANSWER, np.int32), np.zeros(split.n_rows, np.float32)
        if len(answered):
            values = softmax(made_finite(logits, data)[0])
            chosen[answered], share[answered] = values.argmax(axis=1), values.max(axis=1)
        predictions.append(chosen)
        confidence.append(share)
        if ways is None:
            ways = presented(model, split, answered[:ROWS], device, bf16)
    return ProbedCell(np.concatenate(predictions), np.concatenate(confidence), ways or {}, problem)


def _outputs(
    model: nn.Module, split: EncodedSplit, device: torch.device, bf16: bool
) -> tuple[np.ndarray, np.ndarray, Exception | None]:
    """The rows that the model answers, ascending, its logits for them, and what it raised at others."""
    try:
        return np.arange(split.n_rows), predict(model, split, device, bf16), None
    except Exception as error:
        first = error
    rows: list[np.ndarray] = []
    logits: list[np.ndarray] = []
    waiting = list(scoring_batches(split.lengths, np.arange(split.n_rows)))
    while waiting:
        batch = waiting.pop()
        try:
            logits.append(predict(model, split, device, bf16, batch))
        except Exception:
            waiting += _halves(model, split, batch, device, bf16)
        else:
            rows.append(batch)
    if not rows:
        return np.zeros(0, np.int64), np.zeros((0, 0), np.float32), first
    found = np.concatenate(rows)
    order = np.argsort(found)
    return found[order], np.concatenate(logits)[order], first


def _halves(
    model: nn.Module, split: EncodedSplit, batch: np.ndarray, device: torch.device, bf16: bool
) -> list[np.ndarray]:
    """The halves of a batch that a model raises at; none where there is one row, or where it raises at each of 32
    rows spread over a larger batch, which is taken as a word about all."""
    if len(batch) == 1:
        return []
    if len(batch) > 2 * TRIED:
        spread = batch[np.linspace(0, len(batch) - 1, TRIED).astype(int)]
        if not any(_answers_row(model, split, row, device, bf16) for row in spread):
            return []
    return np.array_split(batch, 2)


def _answers_row(model: nn.Module, split: EncodedSplit, row: int, device: torch.device, bf16: bool) -> bool:
    try:
        predict(model, split, device, bf16, np.array([row]))
    except Exception:
        return False
    return True


def presented(
    model: nn.Module, split: EncodedSplit, rows: np.ndarray, device: torch.device, bf16: bool
) -> dict[str, Presented]:
    """How far predictions for up to 200 of `rows` (n,) move: `again` in the same batches; `mates` in batches of 32
    drawn at random; `alone` in batches of one (50 rows); `padding` with 8 more columns of padding; `side` with the
    padding on the left, which breaks the contract of `forward` and tells what a model would do there. Padding is
    compared in the same batches. Where a model raises, every row counts as moved."""
    rows = rows[:ROWS]
    if not len(rows):
        return {}
    was_training = model.training
    model.eval()
    with torch.no_grad():
        again = partial(_softmaxed, model, split, device, bf16, rows)
        drawn = generator(0, "probe", "mates").permutation(len(rows))
        batches = {
            "mates": [drawn[at : at + MATES] for at in range(0, len(rows), MATES)],
            "alone": [np.array([k]) for k in range(min(ALONE, len(rows)))],
        }
        sorted_ = np.argsort(split.lengths[rows], kind="stable")
        usual = [sorted_[at : at + MATES] for at in range(0, len(rows), MATES)]
        plain = _tried(again)
        same = _tried(lambda: _answers(model, split, rows, usual, 0, False, device, bf16))
        ways: dict[str, tuple[np.ndarray | None, Callable[[], np.ndarray]]] = {
            "again": (plain, again),
            "mates": (plain, lambda: _answers(model, split, rows, batches["mates"], 0, False, device, bf16)),
            "alone": (plain, lambda: _answers(model, split, rows, batches["alone"], 0, False, device, bf16)),
            "padding": (same, lambda: _answers(model, split, rows, usual, EXTRA, False, device, bf16)),
            "side": (same, lambda: _answers(model, split, rows, usual, EXTRA, True, device, bf16)),
        }
        found = {name: _compared(len(rows), beside, _tried(way)) for name, (beside, way) in ways.items()}
    model.train(was_training)
    return found


def _softmaxed(model: nn.Module, split: EncodedSplit, device: torch.device, bf16: bool, rows: np.ndarray) -> np.ndarray:
    return softmax(predict(model, split, device, bf16, rows))


def _tried(way: Callable[[], np.ndarray]) -> np.ndarray | None:
    """The answers, None where the model raises."""
    try:
        return way()
    except Exception:
        return None


def _answers(
    model: nn.Module,
    split: EncodedSplit,
    rows: np.ndarray,
    batches: list[np.ndarray],
    extra: int,
    left: bool,
    device: torch.device,
    bf16: bool,
) -> np.ndarray:
    """Probabilities (rows in batches, C), in the order of `rows`."""
    pieces: list[np.ndarray] = []
    for batch in batches:
        tokens, lengths = pad_rows(split, rows[batch])
        wide = np.full((len(batch), tokens.shape[1] + extra), PAD_ID, np.int64)
        wide[:, : tokens.shape[1]] = tokens
        if left:
            places = (np.arange(wide.shape[1]) + lengths[:, None]) % wide.shape[1]
            wide = np.take_along_axis(wide, places, axis=1)
        inputs = torch.from_numpy(wide).to(device), torch.from_numpy(lengths).to(device)
        with torch.autocast(device.type, torch.bfloat16, enabled=bf16):
            pieces.append(model(*inputs).float().cpu().numpy())
    order = np.concatenate(batches)
    logits = np.empty((len(order), pieces[0].shape[1]), np.float32)
    logits[order] = np.concatenate(pieces)
    return softmax(logits)


def _compared(rows: int, plain: np.ndarray | None, values: np.ndarray | None) -> Presented:
    """The comparison; where the model cannot be asked in one of the ways, every row counts as moved."""
    if plain is None or values is None:
        return Presented(np.ones(rows, np.bool_), np.full(rows, RAISED, np.float32))
    plain = plain[: len(values)]
    moved = np.abs(plain - values).max(axis=1).astype(np.float32)
    return Presented(plain.argmax(axis=1) != values.argmax(axis=1), np.where(np.isfinite(moved), moved, 1.0))
