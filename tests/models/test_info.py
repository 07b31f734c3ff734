import dataclasses

import numpy as np
import pytest

from brittlestar.core.splits import EncodedData, EncodedSplit, Vocabulary
from brittlestar.models.info import model_info


def split(name: str, lengths: list[int]) -> EncodedSplit:
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    tokens = np.full(int(offsets[-1]), 2, dtype=np.int32)
    return EncodedSplit(tokens, offsets, name, np.zeros(len(lengths), dtype=np.int32), {}, None, "f")


def test_facts_come_from_the_vocabulary_and_train() -> None:
    vocabulary = Vocabulary(("<p>", "<u>", "x"), {"shape": np.array([0, 0, 1])}, {"shape": ("", "x")})
    data = EncodedData(vocabulary, ("n", "y"), {"train": split("train", [3, 0, 7]), "test": split("test", [99])})
    info = model_info(data)
    assert (info.vocabulary_size, info.classes, info.pad_id, info.unknown_id) == (3, ["n", "y"], 0, 1)
    assert info.max_length == 7, "the longest row of train, not of test"
    assert info.tokens == ["<p>", "<u>", "x"]
    assert info.factors["shape"].tolist() == [0, 0, 1] and info.factors["shape"].dtype == np.int32
    with pytest.raises(dataclasses.FrozenInstanceError):
        info.pad_id = 3  # pyright: ignore[reportAttributeAccessIssue] that it cannot be set is the point


def test_own_code_cannot_reach_the_vocabulary_through_info() -> None:
    factor = np.array([0, 0, 1])
    data = EncodedData(
        Vocabulary(("<p>", "<u>", "x"), {"f": factor}, {"f": ("", "x")}), ("n",), {"train": split("train", [1])}
    )
    model_info(data).factors["f"][2] = 5
    assert factor.tolist() == [0, 0, 1]
