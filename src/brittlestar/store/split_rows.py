"""Rows as they are stored: the token lists that own fit functions are given, and rows of one split alone."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from brittlestar.core.splits import EncodedData, EncodedSplit

Rows = dict[str, tuple[list[list[str]], list[str]]]


def find_lone_rows(folder: Path, splits: Sequence[str], most: int) -> dict[str, list[list[str]]]:
    """Of each split the rows, `most` at most, with the most tokens that no other split has."""
    import polars as pl

    frames = {split: pl.scan_parquet(folder / split / "rows.parquet") for split in splits}
    found: dict[str, list[list[str]]] = {}
    for split, frame in frames.items():
        others = [other.select("hash") for name, other in frames.items() if name != split]
        alone = frame.join(pl.concat(others), on="hash", how="anti") if others else frame
        longest = alone.unique("hash").sort(pl.col("tokens").list.len(), "hash", descending=True).head(most)
        found[split] = longest.collect()["tokens"].to_list()
    return found


def token_rows(folder: Path, data: EncodedData, changed: bool) -> Rows:
    """Tokens and labels of every split: the file's own strings, unknown tokens included; where a variant changed the
    tokens or redrew the rows (`changed`), they are decoded from ids, and unknown tokens go by one name."""
    if changed:
        return {name: decode_rows(split, data) for name, split in data.splits.items()}
    import polars as pl

    rows: Rows = {}
    for name in data.splits:
        frame = pl.read_parquet(folder / name / "rows.parquet", columns=["tokens", "label"])
        rows[name] = frame["tokens"].to_list(), frame["label"].to_list()
    return rows


def decode_rows(split: EncodedSplit, data: EncodedData) -> tuple[list[list[str]], list[str]]:
    """Tokens and labels of rows from their ids; a label that train lacks is empty."""
    names = np.array(data.vocabulary.tokens, dtype=object)
    pieces = np.split(names[np.asarray(split.codes)], np.asarray(split.offsets)[1:-1]) if split.n_rows else []
    labels = [data.classes[label] if label >= 0 else "" for label in np.asarray(split.labels)]
    return [piece.tolist() for piece in pieces], labels
