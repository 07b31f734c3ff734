"""Minimal contrasts of the user's: a file of pairs of rows with their labels."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from brittlestar.core.errors import InputError
from brittlestar.core.hashing import file_digest
from brittlestar.data.written_rows import rows_of_strings
from brittlestar.probes.contrasts import Contrast

PAIR_COLUMNS = ("left", "right", "left_label", "right_label")
_PAIRS_HINT = f"a CSV or Parquet file with columns {', '.join(PAIR_COLUMNS)}, tokens separated by spaces"


def pairs_digest(path: str) -> str:
    """The digest of a file of pairs. Raises InputError where it cannot be read."""
    try:
        return file_digest(Path(path))
    except OSError as error:
        raise InputError(f"it cannot be read: {error.strerror}", path, "probes.pairs names a file of pairs") from error


def read_pairs(path: str, classes: Sequence[str]) -> Contrast:
    """Minimal contrasts of the user's. Raises InputError."""
    import polars as pl

    try:
        frame = pl.read_parquet(path) if path.endswith(".parquet") else pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise InputError(f"it cannot be read: {str(error).splitlines()[0]}", path, _PAIRS_HINT) from error
    lacking = [name for name in PAIR_COLUMNS if name not in frame.columns]
    if lacking or frame.height == 0:
        what = f"it lacks {', '.join(lacking)}" if lacking else "it has no rows"
        raise InputError(what, path, _PAIRS_HINT)
    left, right = (rows_of_strings([_tokens(row) for row in frame[side].to_list()]) for side in ("left", "right"))
    number = {label: k for k, label in enumerate(classes)}
    labels = [
        np.array([-1 if label is None else number.get(str(label), -1) for label in frame[f"{side}_label"]], np.int32)
        for side in ("left", "right")
    ]
    known = (labels[0] >= 0) & (labels[1] >= 0)
    if not known.any():
        what = "no pair has two labels that train has"
        raise InputError(what, path, f"labels of train are {', '.join(classes[:10])}{', …' * (len(classes) > 10)}")
    twice = np.array([one == other for one, other in zip(left.strings(), right.strings(), strict=True)], np.bool_)
    labels = [np.where(twice, -1, own).astype(np.int32) for own in labels]
    same = known & ~twice & (labels[0] == labels[1])
    about = f"{frame.height:,} pairs of rows from {Path(path).name}"
    about += f", {int(same.sum()):,} of them with one label" if same.any() else ""
    about += f", {int(twice.sum()):,} of them the same row twice, left out" if twice.any() else ""
    about += f", {int((~known).sum()):,} of them with labels that train lacks" if not known.all() else ""
    return Contrast("contrast.given", about, left, right, labels[0], labels[1])


def _tokens(row: str | list[str] | None) -> list[str]:
    """The tokens of one side of a pair: text, a list as Parquet has them, or nothing."""
    return row if isinstance(row, list) else str(row or "").split()
