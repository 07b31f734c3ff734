"""Models that raise at some rows of a suite: exactly these have no answer."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
import torch
from torch import nn

from brittlestar.core.probing import NO_ANSWER
from brittlestar.core.splits import EncodedData, EncodedSplit, Vocabulary
from brittlestar.core.token_rows import offsets_of
from brittlestar.training.presenting import ask_suite
from brittlestar.training.scoring import NetworkPredictor


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


@pytest.mark.parametrize("share", [0.002, 0.05, 0.6])
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


class Keeping(nn.Module):
    """Adds the mean length of the batch before."""

    def __init__(self) -> None:
        super().__init__()
        self.kept = 0.0

    def forward(self, tokens: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        scores = torch.stack([lengths / 10.0 + self.kept, torch.ones(len(lengths))], dim=1)
        self.kept = float(lengths.float().mean()) / 50
        return scores


def test_what_a_module_keeps_of_a_batch_is_seen() -> None:
    split = split_of(np.arange(300) % 9 + 1, np.zeros(300, np.bool_))
    found = ask_suite(NetworkPredictor(Keeping(), data_of(split)), parts(split)).presented
    assert not found["again"].moved.any() and (found["later"].moved > 1e-3).all()
