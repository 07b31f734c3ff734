"""Documents of the verbs that make, list and write."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from brittlestar.verbs.exporters import Written

from .shared import Answered, CellShape, FindingShape, Interval, Offered, Unanswered


class New(Unanswered):
    """`new --json`: the study file that was written."""

    study: str


class Split(Answered):
    """`split --json`: what manifest.json holds, the folder, and what the audit of the splits says."""

    folder: str
    format: int
    source: Mapping[str, Any]
    settings: Mapping[str, Any]
    splits: Mapping[str, Any]
    components: Mapping[str, Any]
    moved: Mapping[str, Any]
    warnings: Sequence[str]
    notes: Sequence[str]
    findings: Sequence[FindingShape]


class PlannedVariant(TypedDict):
    """Runs of a variant; seconds are the least and the most of finished runs."""

    title: str
    cells: int
    done: int
    seconds_per_cell: Interval | None


class Worst(TypedDict):
    """What more seeds for open claims may come to; seconds from the least to the most."""

    cells: int
    seconds: Interval | None


class DryRun(Unanswered):
    """`run --dry-run --json`. Seconds are from the least to the most, null where no finished run tells them."""

    study: str
    store: str
    jobs: int
    cells_per_gpu: int | None
    cells: int
    done: int
    variants: Mapping[str, PlannedVariant]
    timed: int
    seconds_per_cell: Interval | None
    seconds: Interval | None
    settle: str
    worst: Worst
    disk_bytes: int
    weights_unknown: Sequence[str]


class Status(Unanswered):
    """`status --json`. `shares` are those at work, as `K/N`."""

    study: str
    at_work: bool
    shares: Sequence[str]
    states: Mapping[str, int]
    running: Sequence[Mapping[str, Any]]
    seconds_left: float | None
    cells: Sequence[CellShape]


class Export(Unanswered, Offered):
    """`export --json`."""

    study: str
    written: Sequence[Written]
    notes: Sequence[str]


class GeneratedSplit(TypedDict):
    """A file of made rows."""

    file: str
    sha256: str
    rows: int
    labelled_1: int
    rows_also_in_earlier_splits: int
    flipped: int


class Generate(Unanswered):
    """`generate spr --json`. `acceptance` is the share of random rows that the rule accepts."""

    folder: str
    rule: Mapping[str, Any]
    settings: Mapping[str, Any]
    acceptance: float
    splits: Mapping[str, GeneratedSplit]


class Problem(TypedDict):
    """What is wrong, where, and what to try."""

    what: str
    where: str
    hint: str


class Error(Unanswered):
    """What any verb prints in place of its document where it ends with 1 or 2 and has no result."""

    error: Sequence[Problem]
