"""Open the encoded data of a store. Worker processes do this for every cell, so nothing heavy is imported here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from brittlestar.core.errors import Problem, StoreError
from brittlestar.core.hashing import array_digest, digest
from brittlestar.core.plain import read_record
from brittlestar.core.results import SplitRecord
from brittlestar.core.splits import UNKNOWN_ID, EncodedData, EncodedSplit, Vocabulary
from brittlestar.data.names import split_order

WITHHELD = "withheld"
"""In vocabulary.json of a record without data: every token is unknown, and named by its number."""
AGAIN = "run the study again: it writes what is missing"
AGAIN_FROM_DATA = "run the study again from its data or study file: it writes them anew, and finished cells stay"


@dataclass(frozen=True)
class DataSummary:
    """What is known of the splits without a model.

    `splits[name].majority` is empty: trivial scores belong to whoever computes metrics. `files[name]` is the split's
    file as given (absent for objects in memory). `notes` are sentences for people.
    """

    splits: Mapping[str, SplitRecord]
    files: Mapping[str, str]
    notes: tuple[str, ...]


def open_data(folder: Path) -> EncodedData:
    """The encoded data under `folder`, its arrays memory-mapped and read-only.

    Raises StoreError where the folder is incomplete or its parts do not belong together.
    """
    try:
        about = json.loads((folder / "vocabulary.json").read_bytes())
        splits = {name: _open_split(folder / name, name, about) for name in split_order(about["splits"])}
    except (OSError, ValueError, KeyError) as error:
        raise StoreError(f"the encoded data cannot be opened ({error})", str(folder), AGAIN) from error
    vocabulary = Vocabulary(
        tokens=tuple(about["tokens"]),
        factors={name: np.asarray(about["factors"][name], np.int32) for name in about["factor_names"]},
        factor_values={name: tuple(about["factor_values"][name]) for name in about["factor_names"]},
    )
    return EncodedData(vocabulary, tuple(about["classes"]), splits)


def arrays_of(split: EncodedSplit) -> dict[str, np.ndarray]:
    """The arrays of a split by the names of their files."""
    arrays = {"tokens": split.codes, "offsets": split.offsets, "labels": split.labels}
    arrays.update({f"weights-{factor}": weights for factor, weights in split.factor_weights.items()})
    if split.groups is not None:
        arrays["groups"] = split.groups
    return arrays


def arrays_digest(arrays: Mapping[str, np.ndarray]) -> str:
    """One hash of named arrays."""
    return digest({name: array_digest(np.asarray(array)) for name, array in arrays.items()})


def check_arrays(folder: Path, data: EncodedData) -> None:
    """Raise StoreError that names every split whose arrays under `folder` are not as they were written; of data without
    tokens nobody can say that."""
    if is_withheld(folder):
        return
    problems = [
        Problem(f"the arrays of {name} are damaged: they do not match their hash", str(folder / name), AGAIN_FROM_DATA)
        for name, split in data.splits.items()
        if arrays_digest(arrays_of(split)) != json.loads((folder / name / "split.json").read_bytes())["arrays"]
    ]
    if problems:
        raise StoreError(problems)


def is_withheld(folder: Path) -> bool:
    """Whether the data under `folder` are those of a record without tokens."""
    return bool(json.loads((folder / "vocabulary.json").read_bytes()).get(WITHHELD))


def _open_split(folder: Path, name: str, about: Mapping[str, Any]) -> EncodedSplit:
    entry = about["splits"][name]
    if json.loads((folder / "split.json").read_bytes()) != entry:
        raise StoreError("the arrays were not written with this vocabulary", str(folder), AGAIN)
    offsets = _array(folder / "offsets.npy")
    unknown = np.broadcast_to(np.int32(UNKNOWN_ID), int(offsets[-1]))
    return EncodedSplit(
        codes=unknown if about.get(WITHHELD) else _array(folder / "tokens.npy"),
        offsets=offsets,
        name=name,
        labels=_array(folder / "labels.npy"),
        factor_weights={factor: _array(folder / f"weights-{factor}.npy") for factor in about["factor_names"]},
        groups=_array(folder / "groups.npy") if entry["grouped"] else None,
        fingerprint=entry["fingerprint"],
    )


def _array(path: Path) -> np.ndarray:
    array = np.load(path, mmap_mode="r", allow_pickle=False)
    return np.asarray(array)


def read_summary(folder: Path) -> DataSummary:
    """The summary of the data under `folder`. Raises StoreError where it cannot be read."""
    try:
        about = json.loads((folder / "summary.json").read_bytes())
    except (OSError, ValueError) as error:
        raise StoreError(f"the summary of the data cannot be read ({error})", str(folder), AGAIN) from error
    splits = {
        name: read_record(SplitRecord, {**about["splits"][name], "majority": {}})
        for name in split_order(about["splits"])
    }
    return DataSummary(splits, about["files"], tuple(about["notes"]))
