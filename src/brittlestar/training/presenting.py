"""Questions to a network: the rows of a suite, and rows given in other ways that must change nothing."""

from collections.abc import Callable, Iterable
from functools import partial

import numpy as np
import torch

from brittlestar.core.errors import format_error
from brittlestar.core.probing import NO_ANSWER, Presented, ProbedCell
from brittlestar.core.scores import softmax
from brittlestar.core.splits import PAD_ID, EncodedSplit
from brittlestar.training.asking import (
    EXTRA,
    MATES,
    ROWS_ASKED_AGAIN,
    answer_rows,
    ask_later,
    compare_ways,
    draw_batches,
    in_order,
    lacks_gpu_memory,
    try_way,
)
from brittlestar.training.batches import pad_rows, scoring_batches
from brittlestar.training.scoring import NetworkPredictor
from brittlestar.training.trained import made_finite


def ask_suite(network: NetworkPredictor, parts: Iterable[EncodedSplit]) -> ProbedCell:
    """The answers of a network to the rows of a suite, part after part, and how they hang on batches; rows without a
    finite output are answered with the majority class, and rows that the model raises at have no answer. The first rows
    of a suite are its split's, unchanged. Raises what the model raises where it answers no row of the first part, or
    where a GPU's memory was short: smaller batches would be other answers.
    """
    predictions: list[np.ndarray] = []
    confidence: list[np.ndarray] = []
    ways: dict[str, Presented] | None = None
    problem: str | None = None
    for split in map(network.read, parts):
        answered, logits, error = _outputs(network, split)
        if error is not None:
            problem = problem or format_error(error)
            if lacks_gpu_memory(error) or (not predictions and not len(answered)):
                raise error
        chosen, share = np.full(split.n_rows, NO_ANSWER, np.int32), np.zeros(split.n_rows, np.float32)
        if len(answered):
            values = softmax(made_finite(logits, network.data)[0])
            chosen[answered], share[answered] = values.argmax(axis=1), values.max(axis=1)
        predictions.append(chosen)
        confidence.append(share)
        if ways is None:
            ways = present_rows(network, split, answered[:ROWS_ASKED_AGAIN])
    return ProbedCell(np.concatenate(predictions), np.concatenate(confidence), ways or {}, problem)


def _outputs(network: NetworkPredictor, split: EncodedSplit) -> tuple[np.ndarray, np.ndarray, Exception | None]:
    """The rows that the model answers, ascending, its logits for them, and what it raised at others."""
    everything = np.arange(split.n_rows)
    return answer_rows(partial(network.logits, split), split.n_rows, lambda: scoring_batches(split.lengths, everything))


def present_rows(network: NetworkPredictor, split: EncodedSplit, rows: np.ndarray) -> dict[str, Presented]:
    """How far predictions for up to 200 of `rows` (n,) move: `again` in the same batches at once; `later` in them after
    another row; `mates` in batches of 32 drawn at random; `alone` in batches of one (50 rows); `padding` with 8 more
    columns of padding; `side` with the padding on the left, which breaks the contract of `forward` and tells what a
    model would do there. Padding is compared in the same batches. Where a model raises, every row counts as moved."""
    rows = rows[:ROWS_ASKED_AGAIN]
    if not len(rows):
        return {}
    was_training = network.model.training
    network.model.eval()
    with torch.no_grad():
        again = partial(_predict_softmax, network, split, rows)
        batches = draw_batches(len(rows))
        sorted_ = np.argsort(split.lengths[rows], kind="stable")
        usual = [sorted_[at : at + MATES] for at in range(0, len(rows), MATES)]
        try_way(again)  # so that those which are compared have the same call before them
        plain, repeated = try_way(again), try_way(again)
        same = try_way(lambda: _answers(network, split, rows, usual, 0, False))
        ways: dict[str, tuple[np.ndarray | None, Callable[[], np.ndarray | None]]] = {
            "again": (plain, lambda: repeated),
            "later": (plain, lambda: ask_later(lambda: _predict_softmax(network, split, rows[-1:]), again)),
            "mates": (plain, lambda: _answers(network, split, rows, batches["mates"], 0, False)),
            "alone": (plain, lambda: _answers(network, split, rows, batches["alone"], 0, False)),
            "padding": (same, lambda: _answers(network, split, rows, usual, EXTRA, False)),
            "side": (same, lambda: _answers(network, split, rows, usual, EXTRA, True)),
        }
        found = {name: compare_ways(len(rows), beside, try_way(way)) for name, (beside, way) in ways.items()}
    network.model.train(was_training)
    return found


def _predict_softmax(network: NetworkPredictor, split: EncodedSplit, rows: np.ndarray) -> np.ndarray:
    return softmax(network.logits(split, rows))


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
            pieces.append(network.model(*inputs).float().cpu().numpy().copy())
    return softmax(in_order(pieces, batches))
