"""A suite as it stands in a store: written one condition after the other, read as memory-mapped arrays, so that its
size is bounded by the disk."""

import json
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from brittlestar.core.errors import StoreError
from brittlestar.core.hashing import pretty_json
from brittlestar.core.probing import Condition, Familiarity
from brittlestar.core.splits import UNKNOWN_ID, Vocabulary
from brittlestar.data.written_rows import WrittenRows
from brittlestar.probes.suite import Suite, SuitePiece
from brittlestar.store.cell_folder import damage, place_written
from brittlestar.store.growing_arrays import Growing, map_array
from brittlestar.store.layout import CURRENT_SUITE, Store

TOKENS = ("codes.npy", "tokens.npy")
"""The files of a suite that say what its rows are; a record without data has none."""
SUITE_FORMAT = 3  # raised whenever the files change
_ARRAYS = {"before": np.int64, "after": np.int64, "labels_before": np.int32, "labels_after": np.int32}


@dataclass(frozen=True)
class About:
    """What is known of a suite beside its conditions. `sample` int64 (n,) are the rows of `split` that were taken, of
    `of` in all; `columns` are what its slices are made of: an array (n,) by name."""

    split: str
    sample: np.ndarray
    of: int
    rule: str | None
    agreement: float | None
    classes: tuple[str, ...]
    columns: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class StoredSuite:
    """A suite of a store, by its name; its arrays are memory-mapped."""

    id: str
    suite: Suite
    about: About


def write_suite(store: Store, name: str, pieces: Iterable[SuitePiece], about: About, vocabulary: Vocabulary) -> None:
    """Write a suite as one folder that appears at once; one condition is in memory at a time. Raises StoreError."""

    outcome = {"state": "done"}
    place_written(store, store.suite(name), outcome, lambda place: _Writer(place, vocabulary).write(pieces, about))


class _Writer:
    """The files of a suite: `codes` and `offsets` of all rows, `tokens`, their ids under the study's vocabulary, and
    the arrays of all conditions, one behind the other."""

    def __init__(self, place: Path, vocabulary: Vocabulary) -> None:
        self.place = place
        self.position = {token: k for k, token in enumerate(vocabulary.tokens) if k > UNKNOWN_ID}
        self.ids = np.zeros(0, np.int32)
        self.end = 0

    def write(self, pieces: Iterable[SuitePiece], about: About) -> None:
        described: list[dict[str, Any]] = []
        notes: list[str] = []
        lexicon: tuple[str, ...] = ()
        with ExitStack() as open_:
            files = {
                name: open_.enter_context(Growing(self.place / f"{name}.npy", kind)) for name, kind in _FILES.items()
            }
            files["offsets"].append(np.zeros(1, np.int64))
            for piece in pieces:
                self._rows(piece.rows, files)
                self._condition(piece.condition, files)
                described.append(_describe_condition(piece.condition))
                notes += piece.notes
                lexicon = max(lexicon, piece.rows.lexicon, key=len)
        whole = {
            "format": SUITE_FORMAT,
            "split": about.split,
            "of": about.of,
            "rule": about.rule,
            "agreement": about.agreement,
            "classes": list(about.classes),
            "notes": notes,
            "conditions": described,
            "lexicon": list(lexicon),
        }
        (self.place / "suite.json").write_bytes(pretty_json(whole))
        sampled: dict[str, Any] = {"rows": about.sample, **about.columns}
        np.savez(self.place / "sample.npz", **sampled)

    def _rows(self, rows: WrittenRows, files: Mapping[str, Growing]) -> None:
        new = [self.position.get(token, UNKNOWN_ID) for token in rows.lexicon[len(self.ids) :]]
        self.ids = np.concatenate([self.ids, np.array(new, np.int32)])
        files["codes"].append(rows.codes)
        files["tokens"].append(self.ids[rows.codes])
        files["offsets"].append(rows.offsets[1:] + self.end)
        self.end += int(rows.offsets[-1])

    def _condition(self, condition: Condition, files: Mapping[str, Growing]) -> None:
        for name in _ARRAYS:
            files[name].append(getattr(condition, name))
        if condition.weights is not None:
            files["weights"].append(condition.weights)
        if condition.familiarity is not None:
            files["familiar"].append(condition.familiarity.rows)


_FILES = {
    "codes": np.int32,
    "tokens": np.int32,
    "offsets": np.int64,
    **_ARRAYS,
    "weights": np.float64,
    "familiar": np.bool_,
}


_TOLD = ("probe", "strength", "unit", "about", "title", "expectation", "declared", "concerns")


def _describe_condition(condition: Condition) -> dict[str, Any]:
    return {
        **{name: getattr(condition, name) for name in _TOLD},
        "rows": len(condition.after),
        "weighted": condition.weights is not None,
        "familiar": None
        if condition.familiarity is None
        else [condition.familiarity.before, condition.familiarity.after],
    }


def set_current(store: Store, name: str) -> None:
    """Make a suite the one that the study's report reads from now on. Raises StoreError."""
    store.write(CURRENT_SUITE, pretty_json({"suite": name}))


def current_suite(store: Store) -> StoredSuite | None:
    """The suite that was asked for last, None where none was, or an earlier version wrote it."""
    try:
        name = json.loads(store.backend.read(CURRENT_SUITE))["suite"]
        told = json.loads(store.backend.read(f"{store.suite(name)}/suite.json"))
        if told.get("format") != SUITE_FORMAT:
            return None
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        again = "give the command that probed the study again"
        raise StoreError(f"it cannot be read ({error})", store.name_key(CURRENT_SUITE), again) from error
    return read_suite(store, name)


def read_suite(store: Store, name: str) -> StoredSuite:
    """A suite by its name. Raises StoreError where its folder is damaged."""
    folder = store.path(store.suite(name))
    wrong = damage(store, store.suite(name))
    if wrong:
        again = "remove this folder and run the study again"
        raise StoreError(f"the suite {name} is damaged: {', '.join(wrong)}", str(folder), again)
    told = json.loads((folder / "suite.json").read_bytes())
    whole = f"{store.suite(name)}/codes.npy" not in store.withheld
    arrays = {key: map_array(folder / f"{key}.npy") for key in _FILES if f"{key}.npy" not in TOKENS or whole}
    unknown = np.broadcast_to(np.int32(UNKNOWN_ID), int(arrays["offsets"][-1]))
    conditions: list[Condition] = []
    start = weighed = compared = 0
    for fields in told["conditions"]:
        rows, weighted, shares = (fields.pop(name) for name in ("rows", "weighted", "familiar"))
        own: dict[str, Any] = {key: arrays[key][start : start + rows] for key in _ARRAYS}
        weights = arrays["weights"][weighed : weighed + rows] if weighted else None
        familiar = Familiarity(shares[0], shares[1], arrays["familiar"][compared : compared + rows]) if shares else None
        fields["concerns"] = tuple(fields["concerns"])
        conditions.append(Condition(**fields, **own, weights=weights, familiarity=familiar))
        start, weighed, compared = start + rows, weighed + rows * weighted, compared + rows * bool(shares)
    with np.load(folder / "sample.npz", allow_pickle=False) as held:
        columns = {key: held[key] for key in held.files}
    sample = columns.pop("rows")
    about = About(told["split"], sample, told["of"], told["rule"], told["agreement"], tuple(told["classes"]), columns)
    rows = WrittenRows(arrays.get("codes", unknown), arrays["offsets"], tuple(told["lexicon"]))
    return StoredSuite(name, Suite(about.split, sample, rows, tuple(conditions), tuple(told["notes"])), about)
