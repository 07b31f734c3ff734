"""Rows of given predictions matched to the rows of the data: by id, by sequence, or by order."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from brittlestar.core.errors import Problem
from brittlestar.core.splits import is_unlabelled
from brittlestar.core.texts import suggest
from brittlestar.data.tables import format_count, format_list
from brittlestar.training.prediction_header import Complaints

OTHER_DATA = "check that the predictions belong to these data"


@dataclass(frozen=True)
class MatchedRows:
    """Predictions on one split in the order of the data, with its `id` and its label as `truth`. `how` says how rows
    without ids were matched, and is empty for those with ids."""

    rows: pl.DataFrame
    how: str


class RowMatcher:
    """Matches rows of predictions to the rows of splits, of `identify_rows`; what does not fit goes to `complaints`."""

    def __init__(self, data: Mapping[str, pl.DataFrame], complaints: Complaints) -> None:
        self._complaints, self._data = complaints, data

    def match(self, split: str, part: pl.DataFrame, where: str) -> MatchedRows | None:
        """The rows of one variant and seed on one split; None where they do not fit."""
        data = self._data.get(split)
        if data is None:
            self._complaints.problems.append(
                Problem(
                    f"the data has no split {split!r}{self._complaints.places(part[:1])}", where, self._split(split)
                )
            )
            return None
        partial = [name for name in part.columns if name != "label" and part[name].null_count()]
        if partial:
            bare = part.filter(pl.col(partial[0]).is_null())
            what = f"some of its rows have no {format_list(partial)}{self._complaints.places(bare)}"
            hint = "give all rows of one variant and seed the same columns"
            self._complaints.problems.append(Problem(what, where, hint))
            return None
        if is_unlabelled(split):
            part = part.drop("label", strict=False)
        before = len(self._complaints.problems)
        matched = self._match_split(split, data, part, where)
        if matched is None or len(self._complaints.problems) > before:
            return None
        if "label" in part.columns:
            other = matched.rows.filter(pl.col("label").fill_null("") != pl.col("truth"))
            what = "row has another label than the data", "rows have another label than the data"
            hint = "check which data was scored, and in which order"
            self._complaints.refuse_pairs(other, what, where, hint, ("label", "truth"))
        return matched if len(self._complaints.problems) == before else None

    def _match_split(self, split: str, data: pl.DataFrame, part: pl.DataFrame, where: str) -> MatchedRows | None:
        if "id" in part.columns:
            return MatchedRows(self._by_key("id", data, part.drop("sequence", strict=False), where), "")
        if "sequence" in part.columns:
            repeated = int(data["sequence"].is_duplicated().sum())
            by_order = f", {repeated:,} of repeated ones by their order" if repeated else ""
            how = f"rows were matched by sequence{by_order}"
            return MatchedRows(self._by_key("sequence", data, part, where), how)
        return self._by_order(split, data, part, where)

    def _by_key(self, key: str, data: pl.DataFrame, part: pl.DataFrame, where: str) -> pl.DataFrame:
        """Rows with one key are the same row; where a key stands several times they are taken in their order."""
        copy, pair = pl.int_range(pl.len()).over(key).alias("copy"), [key, "copy"]
        data, part = data.with_columns(copy), part.with_columns(copy)
        absent = data.join(part, on=pair, how="anti").sort("place")
        surplus = part.join(data, on=pair, how="anti").join(data, on=key, how="semi")
        twice = part.join(surplus, on=key, how="semi").sort("file", "row", maintain_order=True)
        extra = part.join(data, on=key, how="anti").sort("file", "row", maintain_order=True)
        told = self._complaints
        told.refuse(
            twice,
            (f"duplicate {key}", f"duplicate {key}s"),
            where,
            f"one row for each {key}, split, variant and seed",
            key,
        )
        lacking = f"of {format_count(len(data), 'row')} without a prediction"
        told.refuse(absent, (lacking, lacking), where, "predict every row of the split", key)
        told.refuse(
            extra, (f"{key} not in the data", f"{key}s not in the data"), where, _spelling(key, data, extra), key
        )
        return data.join(part, on=pair, how="left").sort("place").drop("sequence", "copy")

    def _by_order(self, split: str, data: pl.DataFrame, part: pl.DataFrame, where: str) -> MatchedRows | None:
        if len(part) != len(data):
            hint = "give the column id or the sequences, or predict every row in order"
            if others := [name for name, rows in self._data.items() if len(rows) == len(part)]:
                other = f"{others[0]} has {len(part):,} rows: name the split, as a column or as the key of a dict"
                hint = f"{other}; or {hint}"
            what = f"{format_count(len(part), 'row')} without ids for {format_count(len(data), 'row')} of {split}"
            self._complaints.problems.append(Problem(what, where, hint))
            return None
        rows = data.join(part.with_row_index("place"), on="place", how="left").sort("place")
        proof = " and their labels agree" if "label" in part.columns else " alone"
        return MatchedRows(rows.drop("sequence"), f"rows were matched by order{proof}")

    def _split(self, name: str) -> str:
        return suggest(name, self._data) or f"the data has {', '.join(sorted(self._data))}"


def identify_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """`place`, `id`, `sequence` and `truth` of every row, as text."""
    sequence = frame["sequence"]
    text = sequence.list.join(" ") if isinstance(sequence.dtype, pl.List) else sequence
    return frame.select(
        pl.col("id").cast(pl.String),
        text.cast(pl.String).alias("sequence"),
        pl.col("label").cast(pl.String).alias("truth"),
    ).with_row_index("place")


def has_row_numbers(rows: pl.DataFrame) -> bool:
    """Whether the ids of rows are no more than their numbers from 0."""
    return rows["id"].to_list() == [str(row) for row in range(len(rows))]


def _spelling(key: str, data: pl.DataFrame, extra: pl.DataFrame) -> str:
    """What to do about ids that the data have in another spelling, or that these data cannot have."""
    known = set(data[key].to_list())
    for name in extra[key].to_list()[:1] if key == "id" else ():
        whole = name.removesuffix(".0")
        if whole != name and whole in known:
            return f"write ids as the data does: {whole}, not {name}"
        if has_row_numbers(data):
            return f"ids of these data are row numbers from 0 to {len(data) - 1:,}"
    return OTHER_DATA
