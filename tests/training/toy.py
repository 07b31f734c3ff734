"""Small encoded data for tests of training: the label says whether token 2 occurs."""

from itertools import pairwise

import numpy as np

from brittlestar.core.splits import EncodedData, EncodedSplit, Vocabulary


def toy_split(name: str, rows: int, seed: int, lengths: tuple[int, int] = (3, 9), tokens: int = 6) -> EncodedSplit:
    random = np.random.default_rng(seed)
    sizes = random.integers(lengths[0], lengths[1] + 1, rows)
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    flat = random.integers(2, 2 + tokens, offsets[-1]).astype(np.int32)
    labels = np.array([2 in flat[a:b] for a, b in pairwise(offsets)], dtype=np.int32)
    weights = {"kind": np.array([len(set(flat[a:b])) for a, b in pairwise(offsets)], np.int32)}
    return EncodedSplit(flat, offsets, name, labels, weights, None, f"{name}-{rows}-{seed}")


def toy_data(train: int = 96, dev: int = 32, test: int = 32, seed: int = 0) -> EncodedData:
    names = ("<pad>", "<unknown>", *"abcdef")
    factors = {"kind": np.array([0, 0, 1, 2, 3, 4, 5, 6], np.int32)}
    vocabulary = Vocabulary(names, factors, {"kind": ("", *"abcdef")})
    splits = {
        "train": toy_split("train", train, seed),
        "dev": toy_split("dev", dev, seed + 1),
        "test": toy_split("test", test, seed + 2),
    }
    return EncodedData(vocabulary, ("0", "1"), splits)
