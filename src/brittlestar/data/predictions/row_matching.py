"""Rows of given predictions matched to the rows of the data: by id, by sequence, or by order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from brittlestar.core.errors import InputError
from brittlestar.core.splits import is_unlabelled
from brittlestar.core.texts import suggest
from brittlestar.data.predictions.places import Place, brief
from brittlestar.data.tables import format_count, format_list

OTHER_DATA = "check that the predictions belong to these data"


@dataclass(frozen=True)
class DataRows:
    """The rows that predictions may be of: `place`, `id`, `sequence`, label (`truth`) and `index` (the row's number,
    where the data have no other) of each as text, by split; `removed` has `row` and `id` of those that cleaning took
    out."""

    by_split: Mapping[str, pl.DataFrame]
    removed: Mapping[str, pl.DataFrame] = field(default_factory=dict[str, pl.DataFrame])

    @staticmethod
    def of(frames: Mapping[str, pl.DataFrame]) -> "DataRows":
        """Those of frames with the columns id, sequence and label."""
        indexes = getattr(frames, "indexes", {})
        rows = {name: _identify_rows(frame, indexes.get(name)) for name, frame in frames.items()}
        return DataRows(rows, getattr(frames, "removed", {}))

    @cached_property
    def labels(self) -> frozenset[str]:
        """Every label of a split that has labels."""
        labelled = (frame for name, frame in self.by_split.items() if not is_unlabelled(name))
        return frozenset(label for frame in labelled for label in frame["truth"].drop_nulls().unique().to_list())

    @cached_property
    def held(self) -> Mapping[str, frozenset[str]]:
        """Every `id`, where they are more than row numbers, and every `sequence`."""
        frames = self.by_split.values()
        ids = (frame["id"].to_list() for frame in frames if not _is_counted(frame["id"]))
        sequences = (frame["sequence"].to_list() for frame in frames)
        return {"id": frozenset().union(*ids), "sequence": frozenset().union(*sequences)}


def _identify_rows(frame: pl.DataFrame, index: pl.Series | None) -> pl.DataFrame:
    sequence = frame["sequence"]
    text = sequence.list.join(" ") if isinstance(sequence.dtype, pl.List) else sequence
    return frame.select(
        pl.col("id").cast(pl.String),
        text.cast(pl.String).alias("sequence"),
        pl.col("label").cast(pl.String).alias("truth"),
        (pl.int_range(pl.len()).cast(pl.String) if index is None else index).alias("index"),
    ).with_row_index("place")


def match_rows(
    split: str, part: pl.DataFrame, data: Mapping[str, pl.DataFrame], place: Place
) -> tuple[pl.DataFrame, str]:
    """The rows of one variant and seed on one split in the order of the `data` (`DataRows.by_split`),
    with its `id` and its label as `truth`; and how rows without ids were matched, nothing for those with ids. Raises
    InputError where they do not fit."""
    if split not in data:
        hint = suggest(split, data) or f"the data has {', '.join(sorted(data))}"
        raise InputError(f"the data has no split {split!r}{place.lines(part[:1])}", place.where, hint)
    if partial := [name for name in part.columns if name != "label" and part[name].null_count()]:
        bare = part.filter(pl.col(partial[0]).is_null())
        what = f"some of its rows have no {format_list(partial)}{place.lines(bare)}"
        raise InputError(what, place.where, "give all rows of one variant and seed the same columns")
    part, rows, how = part.drop("label", strict=False) if is_unlabelled(split) else part, data[split], ""
    if "id" in part.columns:
        if "sequence" in part.columns:
            _refuse_sequences(rows, part, place)
        matched = _match_by_key("id", rows, part.drop("sequence", strict=False), place)
    elif "sequence" in part.columns:
        repeated = int(rows["sequence"].is_duplicated().sum())
        how = f"rows were matched by sequence{f', {repeated:,} of repeated ones by their order' if repeated else ''}"
        matched = _match_by_key("sequence", rows, part, place)
    elif key := _find_index(data[split], part, place):
        how = "rows were matched by index"
        matched = _match_by_key(key, rows, part.rename({"index": key}), place)
    else:
        part = part.drop("index", strict=False)
        how = f"rows were matched by order{' and their labels agree' if 'label' in part.columns else ' alone'}"
        matched = _match_by_order(split, data, part, place)
    if "label" in part.columns:
        _refuse_labels(matched.filter(pl.col("label").fill_null("") != pl.col("truth")), place)
    return matched, how


def leave_out_removed(split: str, part: pl.DataFrame, data: DataRows) -> pl.DataFrame:
    """The rows of one variant and seed on one split without those that cleaning took out of the data: by their ids, or
    by their numbers where these are all there is and all rows from before the cleaning are given."""
    rows, removed = data.by_split.get(split), data.removed.get(split)
    if rows is None or removed is None:
        return part
    if "id" in part.columns and not _is_counted(rows["id"]):
        return part.filter(pl.col("id").is_null() | ~pl.col("id").is_in(removed["id"].to_list()))
    if len(part) != len(rows) + len(removed) or "index" in part.columns:
        return part
    was = part["id"] if "id" in part.columns else pl.int_range(len(part), eager=True)
    left = part.with_columns(was.cast(pl.String).alias("was")).filter(~pl.col("was").is_in(removed["row"].to_list()))
    if "id" not in part.columns:
        return left.drop("was")
    left = left.sort(pl.col("was").cast(pl.Int64, strict=False))
    return left.drop("was").with_columns(pl.int_range(pl.len()).cast(pl.String).alias("id"))


def _find_index(data: pl.DataFrame, part: pl.DataFrame, place: Place) -> str:
    """What the index of the predictions names each row of the data once by, the data's own index or their ids; the
    empty text where it is that of the data or only counts rows, of a longer table too. Raises InputError where both
    have an index, of different rows."""
    if "index" not in part.columns or part["index"].equals(data["index"]):
        return ""
    index = part["index"].sort()
    fits = [key for key in ("index", "id") if index.n_unique() == len(index) and index.equals(data[key].sort())]
    steps = part["index"].cast(pl.Int64, strict=False).diff().drop_nulls()
    counts = len(steps) == len(part) - 1 and bool((steps == 1).all())
    if fits and (fits[0] == "index" or not counts):
        return fits[0]
    if counts or _is_counted(data["index"]):
        return ""
    other = part.join(data, on="index", how="anti")
    said = f"{brief(other['index'][0])!r} is not in that of the data" if len(other) else "it repeats its values"
    hint = "take both of the same frame, or match by order: reset_index(drop=True)"
    raise InputError(f"the index of the predictions is of other rows: {said}", place.where, hint)


def _refuse_sequences(data: pl.DataFrame, part: pl.DataFrame, place: Place) -> None:
    """Raise InputError where rows that ids match have the sequence of another row, with the first two. Texts are held
    against each other in Unicode's form NFKC, without case and with one space for any; one that no row has, as a text
    that a model prepared, says nothing."""
    form = pl.col("sequence").cast(pl.String).str.normalize("NFKC").str.to_lowercase().str.replace_all(r"\s+", " ")
    texts = data.select("id", form.str.strip_chars().alias("own"), pl.col("sequence").alias("theirs"))
    given = part.with_columns(form.str.strip_chars().alias("given")).join(texts, on="id", how="inner")
    other = given.filter((pl.col("given") != pl.col("own")) & pl.col("given").is_in(texts["own"].to_list()))
    what = f"{len(other):,} of {format_count(len(part), 'row')} have the sequence of another row"
    hint = "ids and sequences disagree: leave the ids out to match rows by sequence, or the sequences to trust the ids"
    _refuse_rows(other, "sequence", "theirs", what, hint, place, 2)


def _refuse_labels(other: pl.DataFrame, place: Place) -> None:
    """Raise InputError where there are rows with another label than the data, with the first few."""
    what = f"{len(other):,} {'row has' if len(other) == 1 else 'rows have'} another label than the data"
    _refuse_rows(other, "label", "truth", what, "check which data was scored, and in which order", place, 3)


def _refuse_rows(
    other: pl.DataFrame, given: str, truth: str, what: str, hint: str, place: Place, most_named: int
) -> None:
    """Raise InputError where there are `other` rows, with the first few: what they have in the column `given`, and what
    the data have in `truth`."""
    if other.is_empty():
        return
    first = [
        f"{place.lines(row).strip(' ()')} has {brief(row[given][0])!r}, the data {brief(row[truth][0])!r}"
        for row in other[:most_named].iter_slices(1)
    ]
    raise InputError(f"{what}: {'; '.join(first)}{'; …' * (len(other) > most_named)}", place.where, hint)


def _match_by_key(key: str, data: pl.DataFrame, part: pl.DataFrame, place: Place) -> pl.DataFrame:
    """Rows with one key are the same row; where a key stands several times they are taken in their order."""
    data = data if key == "index" else data.drop("index")
    if data[key].equals(part[key]):
        return data.drop("sequence").hstack(part.drop(key))
    copy, pair = pl.int_range(pl.len()).over(key).alias("copy"), [key, "copy"]
    data, part = data.with_columns(copy), part.with_columns(copy)
    matched = data.join(part, on=pair, how="left").sort("place").drop("sequence", "copy")
    if len(part) == len(data) and not matched["row"].null_count():
        return matched
    absent = data.join(part, on=pair, how="anti").sort("place")
    surplus = part.join(data, on=pair, how="anti").join(data, on=key, how="semi")
    twice = part.join(surplus, on=key, how="semi").sort("file", "row", maintain_order=True)
    extra = part.join(data, on=key, how="anti").sort("file", "row", maintain_order=True)
    lacking = f"of {format_count(len(data), 'row')} without a prediction"
    once = f"one row for each {key}, split, variant and seed"
    problems = [
        *place.find_problems(twice, (f"duplicate {key}", f"duplicate {key}s"), once, key),
        *place.find_problems(absent, (lacking, lacking), "predict every row of the split", key),
        *place.find_problems(
            extra, (f"{key} not in the data", f"{key}s not in the data"), _spell(key, data, extra), key
        ),
    ]
    raise InputError(problems)


def _match_by_order(split: str, data: Mapping[str, pl.DataFrame], part: pl.DataFrame, place: Place) -> pl.DataFrame:
    rows = data[split]
    if len(part) != len(rows):
        hint = "give the column id or the sequences, or predict every row in order"
        if others := [name for name, frame in data.items() if len(frame) == len(part)]:
            other = f"{others[0]} has {len(part):,} rows: name the split, as a column or as the key of a dict"
            hint = f"{other}; or {hint}"
        what = f"{format_count(len(part), 'row')} without ids for {format_count(len(rows), 'row')} of {split}"
        raise InputError(what, place.where, hint)
    return rows.join(part.with_row_index("place"), on="place", how="left").sort("place").drop("sequence")


def _is_counted(names: pl.Series) -> bool:
    """Whether ids or an index are no more than the numbers of rows from 0."""
    return names.to_list() == [str(row) for row in range(len(names))]


def _spell(key: str, data: pl.DataFrame, extra: pl.DataFrame) -> str:
    """What to do about ids that the data have in another spelling, or that these data cannot have."""
    if key == "id" and len(extra):
        name = extra["id"][0]
        whole = name.removesuffix(".0")
        if whole != name and whole in data["id"]:
            return f"write ids as the data does: {whole}, not {name}"
        if _is_counted(data["id"]):
            return f"ids of these data are row numbers from 0 to {len(data) - 1:,}"
    return OTHER_DATA
