"""Models that are asked: their answers, and rows at which they raise."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from brittlestar.core.errors import InputError
from brittlestar.core.probing import NO_ANSWER
from brittlestar.core.splits import EncodedData, EncodedSplit, Vocabulary
from brittlestar.core.token_rows import offsets_of
from brittlestar.training.asking import answer_rows, ask_function, try_way
from brittlestar.training.predictor import FunctionPredictor
from brittlestar.training.presenting import ask_suite
from brittlestar.training.scoring import NetworkPredictor

ROWS = [["x"] * (1 + number % 7) + [str(number)] for number in range(3_000)]


def predictor(function: Callable[[list[list[str]]], Any]) -> FunctionPredictor:
    return FunctionPredictor(function, ("a", "b"), "mine.py:1")


def by_length(rows: list[list[str]]) -> np.ndarray:
    share = np.array([len(row) / 10 for row in rows])
    return np.column_stack([share, 1 - share])


def test_answers_are_those_of_the_function_whatever_the_parts() -> None:
    found = ask_function(predictor(by_length), [ROWS[:1000], ROWS[1000:]])
    table = by_length(ROWS)
    assert np.array_equal(found.predictions, table.argmax(axis=1)) and found.predictions.dtype == np.int32
    np.testing.assert_allclose(found.confidence, table.max(axis=1), rtol=1e-6)
    assert found.problem is None
    lengths = {name: len(one.moved) for name, one in found.presented.items()}
    assert lengths == {"again": 200, "later": 200, "mates": 200, "alone": 50}
    assert all(not one.moved.any() and not one.changed.any() for one in found.presented.values())


@pytest.mark.parametrize("share", [0.0005, 0.6])
def test_exactly_the_rows_that_it_raises_at_have_no_answer(share: float) -> None:
    bad = np.random.default_rng(0).random(len(ROWS)) < share
    refused = {str(number) for number in np.flatnonzero(bad)}

    def choosy(rows: list[list[str]]) -> np.ndarray:
        if any(row[-1] in refused for row in rows):
            raise KeyError("not this one")
        return by_length(rows)

    found = ask_function(predictor(choosy), [ROWS])
    assert np.array_equal(found.predictions == NO_ANSWER, bad) and found.problem == "KeyError: 'not this one'"
    assert not found.presented["again"].moved.any()


def test_noise_and_batches_are_seen() -> None:
    random = np.random.default_rng(0)

    def noisy(rows: list[list[str]]) -> np.ndarray:
        share = random.random(len(rows))
        return np.column_stack([share, 1 - share])

    def by_batch(rows: list[list[str]]) -> np.ndarray:
        share = np.full(len(rows), len(rows) / 4_000)
        return np.column_stack([share, 1 - share])

    assert ask_function(predictor(noisy), [ROWS]).presented["again"].changed.mean() > 0.3
    of_batch = ask_function(predictor(by_batch), [ROWS]).presented
    assert of_batch["alone"].predicted is not None and (of_batch["alone"].predicted == 1).all()
    assert not of_batch["again"].moved.any()
    assert of_batch["mates"].moved.min() == pytest.approx(168 / 4_000) and (of_batch["alone"].moved > 0).all()


def test_what_a_function_keeps_of_a_call_is_seen() -> None:
    class Keeping:
        kept = 0.0

        def __call__(self, rows: list[list[str]]) -> np.ndarray:
            share = by_length(rows)[:, 0] / 2 + self.kept
            self.kept = len(rows) / 10_000
            return np.column_stack([share, 1 - share])

    found = ask_function(predictor(Keeping()), [ROWS]).presented
    assert not found["again"].moved.any() and found["later"].moved.min() > 0.01


def test_a_model_that_only_names_a_class_has_no_confidence() -> None:
    found = ask_function(predictor(lambda rows: np.eye(2)[[len(row) % 2 for row in rows]]), [ROWS], hard=True)
    assert np.isnan(found.confidence).all() and set(found.predictions.tolist()) == {0, 1}


def test_a_function_that_answers_nothing_raises() -> None:
    with pytest.raises(InputError, match=r"probabilities of shape \(3000, 3\)"):
        ask_function(predictor(lambda rows: np.ones((len(rows), 3)) / 3), [ROWS])


class OutOfMemoryError(RuntimeError):
    """As PyTorch calls the one of a GPU."""


def test_a_gpu_without_memory_is_no_answer_of_a_model() -> None:
    def ask(rows: np.ndarray | None) -> np.ndarray:
        if rows is None or len(rows) > most:
            raise OutOfMemoryError("CUDA out of memory")
        return np.ones((len(rows), 2), np.float32)

    most = 2
    answered, values, error = answer_rows(ask, 10, lambda: [np.arange(10)])
    assert answered.tolist() == list(range(10)) and values.shape == (10, 2)
    assert isinstance(error, OutOfMemoryError)
    most = 0
    for rows in (1, 10, 200):
        with pytest.raises(OutOfMemoryError):
            answer_rows(ask, rows, lambda rows=rows: [np.arange(rows)])
    with pytest.raises(OutOfMemoryError):
        try_way(lambda: ask(None))


# Models that raise at some rows of a suite: exactly these have no answer


def split_of(lengths: np.ndarray, bad: np.ndarray) -> EncodedSplit:
    """Rows of tokens 2 to 5, but for token 1 at the beginning of the `bad` ones."""
    offsets = offsets_of(lengths)
    tokens = (np.arange(offsets[-1]) % 4 + 2).astype(np.int32)
    tokens[offsets[:-1][bad]] = 1
    return EncodedSplit(tokens, offsets, "probe", np.zeros(len(lengths), np.int32), {}, None, "f")


class Choosy(nn.Module):
    """Raises at batches that `refuses` says."""

    def __init__(self, refuses: Callable[[torch.Tensor, torch.Tensor], bool]) -> None:
        super().__init__()
        self.refuses = refuses
        self.table = nn.Embedding(6, 2)

    def forward(self, tokens: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        if self.refuses(tokens, lengths):
            raise IndexError("not this one")
        return self.table(tokens[:, 0])


def data_of(split: EncodedSplit) -> EncodedData:
    tokens = tuple("abcdef")
    return EncodedData(Vocabulary(tokens, {}, {}), ("0", "1"), {"train": split})


def parts(*splits: EncodedSplit) -> Iterator[EncodedSplit]:
    return iter(splits)


@pytest.mark.parametrize("share", [0.002, 0.6])
def test_rows_that_are_refused_are_found_one_by_one(share: float) -> None:
    random = np.random.default_rng(0)
    lengths = random.integers(3, 30, 3_000)
    bad = random.random(3_000) < share
    split = split_of(lengths, bad)
    model = Choosy(lambda tokens, _: bool((tokens == 1).any()))
    found = ask_suite(NetworkPredictor(model, data_of(split)), parts(split))
    assert np.array_equal(found.predictions == NO_ANSWER, bad) and found.problem == "IndexError: not this one"
    assert (found.confidence[bad] == 0).all() and (found.confidence[~bad] >= 0.5).all()
    assert {len(one.moved) for name, one in found.presented.items() if name != "alone"} == {200}


def test_a_part_that_is_refused_whole_leaves_the_others() -> None:
    short, long = (split_of(np.full(500, n), np.zeros(500, np.bool_)) for n in (4, 40))
    model = Choosy(lambda _, lengths: bool((lengths > 20).any()))
    found = ask_suite(NetworkPredictor(model, data_of(short)), parts(short, long))
    assert (found.predictions[:500] != NO_ANSWER).all() and (found.predictions[500:] == NO_ANSWER).all()
    with pytest.raises(IndexError):
        ask_suite(NetworkPredictor(model, data_of(short)), parts(long, short))


def test_a_model_that_wants_large_batches_keeps_its_answers() -> None:
    split = split_of(np.full(300, 5), np.zeros(300, np.bool_))
    model = Choosy(lambda tokens, _: len(tokens) < 40)
    found = ask_suite(NetworkPredictor(model, data_of(split)), parts(split))
    assert (found.predictions != NO_ANSWER).all() and found.problem is None
    assert found.presented["alone"].changed.all() and found.presented["mates"].changed.all()
