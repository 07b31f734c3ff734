"""The same rows, given to a model in other batches and with other padding."""

from collections.abc import Callable, Iterable
from functools import partial

import numpy as np
import torch

from brittlestar.core.errors import format_error
from brittlestar.core.metrics import softmax
from brittlestar.core.probing import NO_ANSWER, RAISED, Presented, ProbedCell
from brittlestar.core.seeds import generator
from brittlestar.core.splits import PAD_ID, EncodedSplit
from brittlestar.training.batches import pad_rows, scoring_batches
from brittlestar.training.network import NetworkPredictor
from brittlestar.training.outputs import made_finite

ROWS = 200  # budget: rows that are answered again, each way
TRIED = 32  # budget: sizes and rows that are tried
ALONE = 50  # budget: a call of the network each
MATES = 32  # half of a batch of training by default
EXTRA = 8  # columns of padding more than a row needs; chosen, not measured


def ask_suite(network: NetworkPredictor, parts: Iterable[EncodedSplit]) -> ProbedCell:
    """The answers of a network to the rows of a suite, part after part, and how they hang on batches; rows without a
    finite output are answered with the majority class, and rows that the model raises at have no answer. The first rows
    of a suite are its split's, unchanged. Raises what the model raises where it answers no row of the first part.
    """
    predictions: list[np.ndarray] = []
    confidence: list[np.ndarray] = []
    ways: dict[str, Presented] | None = None
    problem: str | None = None
    for split in map(network.read, parts):
        answered, logits, error = _outputs(network, split)
        if error is not None:
            problem = problem or format_error(error)
            if not predictions and not len(answered):
                raise error
        chosen, share = np.full(split.n_rows, NO_ANSWER, np.int32), np.zeros(split.n_rows, np.float32)
        if len(answered):
            values = softmax(made_finite(logits, network.data)[0])
            chosen[answered], share[answered] = values.argmax(axis=1), values.max(axis=1)
        predictions.append(chosen)
        confidence.append(share)
        if ways is None:
            ways = present_rows(network, split, answered[:ROWS])
    return ProbedCell(np.concatenate(predictions), np.concatenate(confidence), ways or {}, problem)


def _outputs(network: NetworkPredictor, split: EncodedSplit) -> tuple[np.ndarray, np.ndarray, Exception | None]:
    """The rows that the model answers, ascending, its logits for them, and what it raised at others."""
    try:
        return np.arange(split.n_rows), network.logits(split), None
    except Exception as error:
        first = error
    rows: list[np.ndarray] = []
    logits: list[np.ndarray] = []
    waiting = list(scoring_batches(split.lengths, np.arange(split.n_rows)))
    while waiting:
        batch = waiting.pop()
        try:
            logits.append(network.logits(split, batch))
        except Exception:
            waiting += _halves(network, split, batch)
        else:
            rows.append(batch)
    if not rows:
        return np.zeros(0, np.int64), np.zeros((0, 0), np.float32), first
    found = np.concatenate(rows)
    order = np.argsort(found)
    return found[order], np.concatenate(logits)[order], first


def _halves(network: NetworkPredictor, split: EncodedSplit, batch: np.ndarray) -> list[np.ndarray]:
    """The halves of a batch that a model raises at; none where there is one row, or where it raises at each of 32
    rows spread over a larger batch, which is taken as a word about all."""
    if len(batch) == 1:
        return []
    if len(batch) > 2 * TRIED:
        spread = batch[np.linspace(0, len(batch) - 1, TRIED).astype(int)]
        if not any(_answers_row(network, split, row) for row in spread):
            return []
    return np.array_split(batch, 2)


def _answers_row(network: NetworkPredictor, split: EncodedSplit, row: int) -> bool:
    try:
        network.logits(split, np.array([row]))
    except Exception:
        return False
    return True


def present_rows(network: NetworkPredictor, split: EncodedSplit, rows: np.ndarray) -> dict[str, Presented]:
    """How far predictions for up to 200 of `rows` (n,) move: `again` in the same batches; `mates` in batches of 32
    drawn at random; `alone` in batches of one (50 rows); `padding` with 8 more columns of padding; `side` with the
    padding on the left, which breaks the contract of `forward` and tells what a model would do there. Padding is
    compared in the same batches. Where a model raises, every row counts as moved."""
    rows = rows[:ROWS]
    if not len(rows):
        return {}
    was_training = network.model.training
    network.model.eval()
    with torch.no_grad():
        again = partial(_predict_softmax, network, split, rows)
        drawn = generator(0, "probe", "mates").permutation(len(rows))
        batches = {
            "mates": [drawn[at : at + MATES] for at in range(0, len(rows), MATES)],
            "alone": [np.array([k]) for k in range(min(ALONE, len(rows)))],
        }
        sorted_ = np.argsort(split.lengths[rows], kind="stable")
        usual = [sorted_[at : at + MATES] for at in range(0, len(rows), MATES)]
        plain = _try_way(again)
        same = _try_way(lambda: _answers(network, split, rows, usual, 0, False))
        ways: dict[str, tuple[np.ndarray | None, Callable[[], np.ndarray]]] = {
            "again": (plain, again),
            "mates": (plain, lambda: _answers(network, split, rows, batches["mates"], 0, False)),
            "alone": (plain, lambda: _answers(network, split, rows, batches["alone"], 0, False)),
            "padding": (same, lambda: _answers(network, split, rows, usual, EXTRA, False)),
            "side": (same, lambda: _answers(network, split, rows, usual, EXTRA, True)),
        }
        found = {name: _compare_ways(len(rows), beside, _try_way(way)) for name, (beside, way) in ways.items()}
    network.model.train(was_training)
    return found


def _predict_softmax(network: NetworkPredictor, split: EncodedSplit, rows: np.ndarray) -> np.ndarray:
    return softmax(network.logits(split, rows))


def _try_way(way: Callable[[], np.ndarray]) -> np.ndarray | None:
    """The answers, None where the model raises."""
    try:
        return way()
    except Exception:
        return None


def _answers(
    network: NetworkPredictor,
    split: EncodedSplit,
    rows: np.ndarray,
    batches: list[np.ndarray],
    extra: int,
    left: bool,
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
        inputs = torch.from_numpy(wide).to(network.device), torch.from_numpy(lengths).to(network.device)
        with torch.autocast(network.device.type, torch.bfloat16, enabled=network.bf16):
            pieces.append(network.model(*inputs).float().cpu().numpy())
    order = np.concatenate(batches)
    logits = np.empty((len(order), pieces[0].shape[1]), np.float32)
    logits[order] = np.concatenate(pieces)
    return softmax(logits)


def _compare_ways(rows: int, plain: np.ndarray | None, values: np.ndarray | None) -> Presented:
    """The comparison; where the model cannot be asked in one of the ways, every row counts as moved."""
    if plain is None or values is None:
        return Presented(np.ones(rows, np.bool_), np.full(rows, RAISED, np.float32))
    plain = plain[: len(values)]
    moved = np.abs(plain - values).max(axis=1).astype(np.float32)
    return Presented(plain.argmax(axis=1) != values.argmax(axis=1), np.where(np.isfinite(moved), moved, 1.0))
