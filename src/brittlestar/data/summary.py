"""Counts of every split, and sentences about what is odd but no reason to stop."""

from collections.abc import Mapping
from itertools import combinations

import polars as pl

from brittlestar.core.results import SplitRecord
from brittlestar.core.splits import EncodedSplit, is_unlabelled
from brittlestar.data.encode import Encoded, shorten_text
from brittlestar.data.opening import DataSummary
from brittlestar.data.sources import SplitFrames
from brittlestar.data.tables import format_count, format_list


def summarise(frames: Mapping[str, pl.DataFrame], data: Encoded) -> DataSummary:
    """The record of every split and the notes on all of them. `frames` are those that `data` was encoded from."""
    splits = {name: split_record(frames[name]["label"], split) for name, split in data.splits.items()}
    notes: list[str] = []
    for name, record in splits.items():
        notes += _split_notes(name, frames[name], record, data)
    notes += data.notes
    notes += _shared_ids(frames)
    files: Mapping[str, str] = {}
    if isinstance(frames, SplitFrames):
        files, notes = frames.files, [*notes, *frames.notes]
    return DataSummary(splits, files, tuple(notes))


def split_record(labels: pl.Series, split: EncodedSplit) -> SplitRecord:
    """Counts of one split; `labels` String (n_rows,) as given, those that train lacks included."""
    lengths = split.lengths
    counts = labels.value_counts().sort(labels.name)
    by_class = (
        {}
        if is_unlabelled(split.name)
        else dict(zip(counts[labels.name].to_list(), counts["count"].to_list(), strict=True))
    )
    ranges = {name: (int(values.min()), int(values.max())) for name, values in split.factor_weights.items()}
    return SplitRecord(
        name=split.name,
        rows=split.n_rows,
        classes=tuple(by_class),
        class_counts=by_class,
        mean_length=float(lengths.mean()),
        max_length=int(lengths.max()),
        empty_rows=int((lengths == 0).sum()),
        unknown_label_rows=0 if is_unlabelled(split.name) else int((split.labels < 0).sum()),
        unseen_token_rate=split.unknown_share,
        factor_weight_range=ranges,
        fingerprint=split.fingerprint,
        majority={},
    )


def _split_notes(name: str, frame: pl.DataFrame, record: SplitRecord, data: Encoded) -> list[str]:
    notes: list[str] = []
    if record.empty_rows:
        notes.append(
            f"{name}: {format_count(record.empty_rows, 'empty sequence')} of {record.rows:,} rows, kept with length 0"
        )
    if record.unknown_label_rows:
        unknown = [label for label in record.classes if label not in data.classes]
        rows = format_count(record.unknown_label_rows, "row")
        labels = format_list([repr(shorten_text(label)) for label in unknown])
        notes.append(f"{name}: {rows} of {record.rows:,} with a label that train lacks ({labels}); they count as wrong")
    if name != "train" and len(record.classes) == 1:
        notes.append(f"{name}: one class only, '{shorten_text(record.classes[0])}'")
    if frame["sequence"].dtype == pl.String and (broken := frame["sequence"].str.contains("\n", literal=True).sum()):
        reason = "a stray quote can swallow rows like this"
        notes.append(f"{name}: {format_count(int(broken), 'sequence')} with a line break inside ({reason})")
    padded = sorted(label for label in frame["label"].unique() if label != label.strip())
    if padded:
        notes.append(f"{name}: labels with blanks around them ({format_list([repr(label) for label in padded])})")
    if "group" in frame.columns and (alone := int((frame["group"] == "").sum())):
        notes.append(f"{name}: {format_count(alone, 'row')} without a group, each taken as a group of its own")
    return notes


def _shared_ids(frames: Mapping[str, pl.DataFrame]) -> list[str]:
    """Row numbers are the same in every split and say nothing; given ids that recur deserve a word."""
    given: dict[str, pl.Series] = {}
    for name, frame in frames.items():
        if not (frame["id"] == pl.Series(range(frame.height), dtype=pl.UInt32).cast(pl.String)).all():
            given[name] = frame["id"]
    notes: list[str] = []
    for (name, ids), (other, others) in combinations(given.items(), 2):
        shared = ids.to_frame().join(others.to_frame(), on="id", how="semi")["id"]
        if len(shared):
            verb = "stands" if len(shared) == 1 else "stand"
            shown = format_list([repr(shorten_text(i)) for i in shared.to_list()])
            notes.append(f"{format_count(len(shared), 'id')} {verb} in both {name} and {other} ({shown})")
    return notes
