"""Questions to a model that may raise at some rows, and comparisons of its answers to rows given in other ways."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import numpy as np

from brittlestar.core.errors import format_error, shortage_of
from brittlestar.core.probing import NO_ANSWER, RAISED, Presented, ProbedCell
from brittlestar.core.seeds import generator
from brittlestar.training.predictor import FunctionPredictor

ROWS_ASKED_AGAIN = 200  # budget: rows that are answered again, each way
TRIED = 32  # budget: sizes and rows that are tried
ALONE = 50  # budget: a call of the model each
MATES = 32  # half of a batch of training by default
TOGETHER = 1024  # budget: rows that a function is asked for again after it raised
Ask = Callable[[np.ndarray | None], np.ndarray]
"""Answers (n, C) to rows (n,) in the order given, or to all rows; raises what the model raises."""
EXTRA = 8  # columns of padding more than a row needs; chosen, not measured


def answer_rows(
    ask: Ask, n_rows: int, batches: Callable[[], Iterable[np.ndarray]]
) -> tuple[np.ndarray, np.ndarray, Exception | None]:
    """The rows that the model answers, ascending, its answers, and what it raised at others. `batches` gives the rows
    in pieces; one at which the model raises is halved until the rows are found that it raises at. Raises what a row
    alone lacks a GPU's memory with: that says nothing of the model."""
    try:
        return np.arange(n_rows), ask(None), None
    except Exception as error:
        first = error
    rows: list[np.ndarray] = []
    answers: list[np.ndarray] = []
    waiting = list(batches())
    while waiting:
        batch = waiting.pop()
        try:
            answers.append(ask(batch))
        except Exception as error:
            _refuse_shortage(error, len(batch))
            waiting += _halve_batch(ask, batch)
        else:
            rows.append(batch)
    if not rows:
        return np.zeros(0, np.int64), np.zeros((0, 0), np.float32), first
    found = np.concatenate(rows)
    order = np.argsort(found)
    return found[order], np.concatenate(answers)[order], first


def _halve_batch(ask: Ask, batch: np.ndarray) -> list[np.ndarray]:
    """The halves of a batch that a model raises at; none where there is one row, or where it raises at each of 32
    rows spread over a larger batch, which is taken as a word about all."""
    if len(batch) == 1:
        return []
    if len(batch) > 2 * TRIED:
        spread = batch[np.linspace(0, len(batch) - 1, TRIED).astype(int)]
        if not any(_answers_row(ask, row) for row in spread):
            return []
    return np.array_split(batch, 2)


def _answers_row(ask: Ask, row: int) -> bool:
    try:
        ask(np.array([row]))
    except Exception as error:
        _refuse_shortage(error, 1)
        return False
    return True


def _refuse_shortage(error: Exception, rows: int) -> None:
    """Raise an error that is about the memory of a GPU, which others may have taken, where fewer rows cannot help."""
    if rows == 1 and lacks_gpu_memory(error):
        raise error


def lacks_gpu_memory(error: Exception) -> bool:
    """Whether an error, or what it was raised from, says that the memory of a GPU was short."""
    return "gpu" in (shortage_of(error), shortage_of(error.__cause__ or error))


def ask_function(
    predictor: FunctionPredictor, parts: Iterable[Sequence[Sequence[str]]], hard: bool = False
) -> ProbedCell:
    """The answers of a function to the rows of a suite, part after part, as `ask_suite` has those of a network. Such a
    model pads by itself, so that its rows are given `again`, `later`, with other `mates` and `alone`, and with no other
    padding. Where it only names a class (`hard`) its confidence is NaN. Raises what the model raises where it answers
    no row of the first part."""
    predictions: list[np.ndarray] = []
    confidence: list[np.ndarray] = []
    ways: dict[str, Presented] | None = None
    problem: str | None = None
    for part in parts:
        ask = _asking(predictor, part)
        pieces = np.array_split(np.arange(len(part)), max(1, -(-len(part) // TOGETHER)))
        answered, values, error = answer_rows(ask, len(part), lambda pieces=pieces: pieces)
        if error is not None:
            problem = problem or format_error(error)
            if not predictions and not len(answered):
                raise error
        chosen, share = np.full(len(part), NO_ANSWER, np.int32), np.zeros(len(part), np.float32)
        if len(answered):
            chosen[answered], share[answered] = values.argmax(axis=1), np.nan if hard else values.max(axis=1)
        predictions.append(chosen)
        confidence.append(share)
        if ways is None:
            ways = _present_rows(ask, answered[:ROWS_ASKED_AGAIN])
    return ProbedCell(np.concatenate(predictions), np.concatenate(confidence), ways or {}, problem)


def _asking(predictor: FunctionPredictor, rows: Sequence[Sequence[str]]) -> Ask:
    """Its answers to `rows`, which stay as they are whatever it does to them. Raises InputError where they are none."""

    def ask(chosen: np.ndarray | None) -> np.ndarray:
        numbers = range(len(rows)) if chosen is None else chosen.tolist()
        return predictor.ask([list(rows[number]) for number in numbers])

    return ask


def _present_rows(ask: Ask, rows: np.ndarray) -> dict[str, Presented]:
    if not len(rows):
        return {}
    same = partial(ask, rows)
    try_way(same)
    plain = try_way(same)
    ways: dict[str, Callable[[], np.ndarray]] = {
        "again": same,
        "later": lambda: ask_later(lambda: ask(rows[-1:]), same),
    }
    for name, batches in draw_batches(len(rows)).items():
        ways[name] = lambda batches=batches: in_order([ask(rows[batch]) for batch in batches], batches)
    return {name: compare_ways(len(rows), plain, try_way(way)) for name, way in ways.items()}


def draw_batches(n_rows: int) -> dict[str, list[np.ndarray]]:
    """The numbers 0 to `n_rows` - 1 in batches of 32 drawn at random (`mates`); the first 50 one by one (`alone`)."""
    drawn = generator(0, "probe", "mates").permutation(n_rows)
    return {
        "mates": [drawn[at : at + MATES] for at in range(0, n_rows, MATES)],
        "alone": [np.array([k]) for k in range(min(ALONE, n_rows))],
    }


def ask_later(others: Callable[[], np.ndarray], way: Callable[[], np.ndarray]) -> np.ndarray:
    """The answers once others were asked, of which nothing may be left; what is raised at those is not looked at."""
    try_way(others)
    return way()


def in_order(pieces: Sequence[np.ndarray], batches: Sequence[np.ndarray]) -> np.ndarray:
    """Answers to batches (rows in them, C) in the order of the numbers in `batches`."""
    order = np.concatenate(batches)
    values = np.empty((len(order), pieces[0].shape[1]), pieces[0].dtype)
    values[order] = np.concatenate(pieces)
    return values


def try_way(way: Callable[[], np.ndarray | None]) -> np.ndarray | None:
    """The answers, None where the model raises. Raises what says that a GPU's memory was short: no row moved by it."""
    try:
        return way()
    except Exception as error:
        if lacks_gpu_memory(error):
            raise
        return None


def compare_ways(rows: int, plain: np.ndarray | None, values: np.ndarray | None) -> Presented:
    """The comparison; where the model cannot be asked in one of the ways, every row counts as moved."""
    if plain is None or values is None:
        silent = np.full(rows, NO_ANSWER, np.int32)
        return Presented(np.ones(rows, np.bool_), np.full(rows, RAISED, np.float32), silent)
    plain = plain[: len(values)]
    moved = np.abs(plain - values).max(axis=1).astype(np.float32)
    chosen = values.argmax(axis=1).astype(np.int32)
    return Presented(plain.argmax(axis=1) != chosen, np.where(np.isfinite(moved), moved, 1.0), chosen)
