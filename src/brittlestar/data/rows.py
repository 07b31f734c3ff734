"""Splits taken and stacked, rows sampled and hashed. No loop over rows or tokens."""

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from brittlestar.core.hashing import array_digest, digest
from brittlestar.core.splits import EncodedSplit
from brittlestar.core.token_rows import offsets_of, stack_tokens, take
from brittlestar.data.opening import arrays_of, open_data

STEP = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio (Steele, Lea & Flood 2014)
ROWS = 1 << 16  # budget: rows whose tokens are mixed at a time


def take_split(split: EncodedSplit, rows: np.ndarray, what: str) -> EncodedSplit:
    """The given rows of a split with everything that belongs to them; the fingerprint follows from rows and `what`."""
    codes, offsets = take(split.codes, split.offsets, rows)
    change = {"of": split.fingerprint, "change": what, "rows": array_digest(rows.astype(np.int64))}
    return EncodedSplit(
        codes=codes,
        offsets=offsets,
        name=split.name,
        labels=split.labels[rows],
        factor_weights={name: weights[rows] for name, weights in split.factor_weights.items()},
        groups=None if split.groups is None else split.groups[rows],
        fingerprint=digest(change),
    )


def stack_splits(first: EncodedSplit, second: EncodedSplit) -> EncodedSplit:
    """The rows of two splits, one after the other; groups only where both have them."""
    groups = [split.groups for split in (first, second) if split.groups is not None]
    return EncodedSplit(
        *stack_tokens((first, second)),
        name=first.name,
        labels=np.concatenate([first.labels, second.labels]),
        factor_weights={
            name: np.concatenate([weights, second.factor_weights[name]])
            for name, weights in first.factor_weights.items()
        },
        groups=np.concatenate(groups) if len(groups) == 2 else None,
        fingerprint=digest({"stacked": [first.fingerprint, second.fingerprint]}),
    )


def sample_by_class(labels: np.ndarray, n: int, random: np.random.Generator) -> np.ndarray:
    """int64 (n,): distinct random rows, classes in their shares by largest remainder. `n` is at most the rows."""
    _, positions, counts = np.unique(labels, return_inverse=True, return_counts=True)
    exact = counts * (n / len(labels))
    quota = np.minimum(np.floor(exact + 1e-9).astype(np.int64), counts)
    short = np.argsort(quota - exact, kind="stable")[: n - int(quota.sum())]
    quota[short] += 1
    order = np.lexsort((random.random(len(labels)), positions.reshape(-1)))
    rank = np.arange(len(labels)) - np.repeat(offsets_of(counts)[:-1], counts)
    return order[rank < np.repeat(quota, counts)]


def token_hashes(tokens: Sequence[str]) -> np.ndarray:
    """uint64 (n_tokens,): the first eight bytes of each token's BLAKE2b, the same on every machine."""
    raw = b"".join(hashlib.blake2b(token.encode(), digest_size=8).digest() for token in tokens)
    return np.frombuffer(raw, "<u8").astype(np.uint64)


def sequence_hashes(hashes: np.ndarray, codes: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """uint64 (n_rows,): a hash of each row's tokens in their order.

    `hashes` uint64 (lexicon,) by code, `codes` int (n_tokens,). Each token's hash is mixed with its position (the
    finaliser of SplitMix64; Steele, Lea & Flood 2014) and the row's values are summed modulo 2^64, then mixed with its
    length.
    """
    lengths = np.diff(offsets)
    sums = np.zeros(len(lengths), np.uint64)
    for start in range(0, len(lengths), ROWS):
        part = offsets[start : start + ROWS + 1]
        position = np.arange(part[0], part[-1]) - np.repeat(part[:-1], np.diff(part))
        mixed = mix_bits(hashes[codes[part[0] : part[-1]]] ^ mix_bits(position.astype(np.uint64)))
        running = np.zeros(len(mixed) + 1, np.uint64)
        np.cumsum(mixed, out=running[1:])
        sums[start : start + ROWS] = running[part[1:] - part[0]] - running[part[:-1] - part[0]]
    return mix_bits(sums ^ mix_bits(lengths.astype(np.uint64)))


def unavoidable_errors(hashes: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """bool (n_rows,): rows that do not have the most frequent label of their sequence (the smallest code among
    equals). A function of the sequence is wrong on at least as many of these very rows.

    `hashes` uint64 (n_rows,), equal where sequences are; `labels` int (n_rows,).
    """
    size = int(labels.max(initial=0)) + 1
    _, sequence, times = np.unique(hashes, return_inverse=True, return_counts=True)
    wrong = np.zeros(len(labels), np.bool_)
    repeated = np.flatnonzero(times[sequence] > 1)
    labelled = sequence[repeated] * size + labels[repeated]
    pairs, which, counts = np.unique(labelled, return_inverse=True, return_counts=True)
    owner = pairs // size
    order = np.lexsort((pairs, -counts, owner))
    leading = np.zeros(len(pairs), np.bool_)
    leading[order[np.diff(owner[order], prepend=-1) != 0]] = True
    wrong[repeated] = ~leading[which]
    return wrong


def mix_bits(values: np.ndarray) -> np.ndarray:
    """uint64: every bit depends on every bit of the value (the finaliser of SplitMix64; Steele, Lea & Flood 2014)."""
    mixed = values + STEP
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def write_rows(folder: Path, target: Path, rows: Mapping[str, np.ndarray]) -> None:
    """Write the data under `folder` to the new folder `target`, with the rows int64 (n,) of each split in their order.

    What is told of the splits (fingerprints, summaries) stays that of the data they are taken from. Raises OSError, and
    StoreError where the data are incomplete.
    """
    import polars as pl

    data = open_data(folder)
    target.mkdir(parents=True)
    for path in folder.glob("*.json"):
        shutil.copyfile(path, target / path.name)
    for name, split in data.splits.items():
        place = target / name
        place.mkdir()
        shutil.copyfile(folder / name / "split.json", place / "split.json")
        for array, values in arrays_of(take_split(split, rows[name], "rows")).items():
            np.save(place / f"{array}.npy", values)
        pl.read_parquet(folder / name / "rows.parquet")[rows[name].tolist()].write_parquet(place / "rows.parquet")
