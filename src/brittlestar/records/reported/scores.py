"""Stated scores of variants on splits, each held against the mean that is stored, and its interval."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from brittlestar.claims.headline_numbers import ScoreEstimate
from brittlestar.core.errors import InputError
from brittlestar.core.foreign_names import list_names, list_words, load_names
from brittlestar.core.metrics import metric_of
from brittlestar.core.results import StudyRecord
from brittlestar.records.reported.naming import find_metric
from brittlestar.records.reported.reading import ReportedFile
from brittlestar.records.reported.stated import Stated, describe_stated
from brittlestar.records.reported.tables import Rows, find_role, find_score_columns, take_marks
from brittlestar.records.reported.trees import flatten_stated

ScoreKind = Literal["match", "inside", "outside", "not-compared"]
"""Right; another number inside the interval; one outside it; of which nobody can say what it is of."""
Estimating = Callable[[str, str, str], ScoreEstimate]
"""The estimate of a variant on a split under a metric. Raises InputError where there is none."""
_NUMBER = re.compile(r"[-−]?(?:\d+\.?\d*|\.\d+)")
_OURS = ("ours", "our", "proposed", "this work", "main", "baseline")
"""What reports call the variant under test."""


@dataclass(frozen=True)
class ReportedScore:
    """One stated score: what it was called, its variant, split and metric as far as they are known, what was stated,
    the mean of the runs with its interval, what it is, and why, in a sentence."""

    said: str
    kind: ScoreKind
    stated: str
    variant: str | None = None
    split: str | None = None
    metric: str | None = None
    actual: float | None = None
    interval: tuple[float, float] | None = None
    why: str = ""
    line: int = 0

    @property
    def name(self) -> str:
        """`main test accuracy`, or what it was called."""
        parts = (self.variant, self.split, self.metric)
        return " ".join(map(str, parts)) if all(parts) else self.said

    @property
    def words(self) -> str:
        """What was stated and why that is what it is, behind its name."""
        return describe_stated(self.name, self.stated, self.line, self.why)


def compare_scores(record: StudyRecord, report: ReportedFile, estimate: Estimating) -> tuple[ReportedScore, ...]:
    """Every score that a report states."""
    return tuple(_compare(record, names, one, estimate) for names, one in _list_scores(report))


def _list_scores(report: ReportedFile) -> Iterator[tuple[tuple[str, ...], Stated]]:
    """Each score with the names that it stands under: of the part `scores`, of tables, and of single rows."""
    if isinstance(report.scores, Mapping):
        for one in flatten_stated(cast("Mapping[str, Any]", report.scores)):
            yield tuple(one.name.split(".")), one
    for rows in report.tables:
        yield from _read_table(rows)
    for one in report.stated:
        if find_metric(list_words(one.name)) and _NUMBER.search(one.text):
            yield (one.name,), one


def _read_table(rows: Rows) -> Iterator[tuple[tuple[str, ...], Stated]]:
    """The scores of a table with columns of metrics, or with columns for the metric and the score."""
    named, numbers = find_score_columns(rows)
    heading = rows[0][1] if rows else ()
    for number, row in rows[1:] if numbers else ():
        cells = [take_marks(one) for one in row]
        for place in numbers:
            if place < len(cells) and _NUMBER.search(cells[place]):
                over = (take_marks(heading[place]),) if find_metric(list_words(heading[place])) else ()
                names = (*(cells[one] for one in named if one < len(cells)), *over)
                yield names, Stated(" ".join(names), cells[place], number)


def states_scores(names: Sequence[str]) -> bool:
    """Whether columns of these names are a report of scores, and not a table of outcomes, which has seeds."""
    words = [list_words(name) for name in names]
    outcomes = {one for role in ("seed", "id", "prediction") for one in (role, *list_names("columns", role))}
    roles = {find_role(name) for name in names}
    told = "score" in roles or any(find_metric(one) for one in words[1:])
    return told and "variant" in roles and not any("_".join(one) in outcomes for one in words)


def _compare(record: StudyRecord, names: Sequence[str], one: Stated, estimate: Estimating) -> ReportedScore:
    """One score, with what its names say of variant, split and metric, in any order."""
    said = " ".join(names)

    def leave_out(why: str) -> ReportedScore:
        return ReportedScore(said, "not-compared", one.text, why=why, line=one.line)

    variant, split, metric, unknown = _find_parts(record, names)
    if unknown:
        return leave_out(f"{unknown!r} is no variant, split or metric of the study")
    if metric not in record.metrics:
        return leave_out(f"the study has no metric {metric!r}" if metric else "it names no metric")
    splits = [name for name in record.splits if name != "train"]
    split = split or ("test" if "test" in splits else splits[-1] if splits else "train")
    try:
        found = estimate(variant or record.main, split, metric)
    except InputError as error:
        return leave_out(error.problems[0].what)
    return _judge(found, ReportedScore(said, "match", one.text, variant or record.main, split, metric, line=one.line))


def _find_parts(record: StudyRecord, names: Sequence[str]) -> tuple[str | None, str | None, str | None, str]:
    """The variant, split and metric that names speak of, and the first one that speaks of none."""
    variants = {" ".join(list_words(called)): name for name, one in record.variants.items() for called in
                (one.title, name)}  # fmt: skip
    variants |= {called: record.main for called in _OURS if called not in variants}
    variant = split = metric = None
    for name in names:
        words = list_words(name)
        if " ".join(words) in variants:
            variant = variants[" ".join(words)]
            continue
        splits = [part for part, listed in load_names()["splits"].items() if {*words} & {*listed}]
        splits += [part for part in record.splits if part in words and part not in splits]
        exact = next((one for one in record.metrics if one == "_".join(words)), None)
        found = exact or find_metric(words) or next((one for one in record.metrics if one in words), None)
        if found is None and not (splits and len(words) == 1):
            return variant, split, metric, name
        split, metric = next(iter(splits), split), found or metric
    return variant, split, metric, ""


def _judge(found: ScoreEstimate, score: ReportedScore) -> ReportedScore:
    """Right where the stored mean rounds to what is stated, in points or as a share."""
    match = _NUMBER.search(score.stated)
    assert match is not None, "scores are numbers"
    value, decimals = float(match[0].replace("−", "-")), len(match[0].partition(".")[2])
    points = metric_of(score.metric or "").in_points and ("%" in score.stated or abs(value) > 1)
    scale = 100 if points else 1
    right = abs(found.mean * scale - value) <= 0.5 * 10**-decimals + 1e-9
    within = found.interval is not None and found.interval[0] <= value / scale <= found.interval[1]
    kept = max(decimals + 1, 1 if points else 3)
    shown, *bounds = (f"{one * scale:.{kept}f}" for one in (found.mean, *(found.interval or ())))
    kind = "match" if right else "inside" if within else "outside"
    why = "" if right else f"the mean of {found.n_seeds} runs is {shown} [{', '.join(bounds) or 'no interval'}]"
    return replace(score, kind=kind, actual=found.mean, interval=found.interval, why=why)
