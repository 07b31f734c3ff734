"""Stated scores of variants on splits, each held against the mean that is stored, and its interval."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, log10
from typing import Any, Literal, cast

from brittlestar.claims.score_estimates import ScoreEstimate
from brittlestar.core.errors import InputError
from brittlestar.core.foreign_names import list_names, list_words
from brittlestar.core.metrics import metric_of
from brittlestar.core.results import StudyRecord
from brittlestar.records.reported.reading import ReportedFile
from brittlestar.records.reported.score_names import ScoreNames, ScoreParts
from brittlestar.records.reported.spreads import PERCENT, SD, Spread, list_spreads, read_score, read_spread
from brittlestar.records.reported.stated import Stated, WrittenSetting, describe_stated
from brittlestar.records.reported.trees import flatten_stated
from brittlestar.records.reported.values import Number

ScoreKind = Literal["match", "inside", "outside", "differs", "not-compared"]
"""Right; another number inside the interval; one outside it; a spread that is another one; of which nobody can say
what it is, or what it is of."""
Estimating = Callable[[str, str, str], ScoreEstimate]
"""The estimate of a variant on a split under a metric. Raises InputError where there is none."""
_NUMBER = re.compile(r"\W*\d")


@dataclass(frozen=True)
class ReportedScore:
    """One stated score: what it was called, its variant, split and metric as far as they are known, what was stated,
    the mean of the runs with its interval, what it is, and why, in a sentence. `of`: the mean, or the spread of the
    runs, whose SD is `actual`."""

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
    of: Literal["mean", "spread"] = "mean"

    @property
    def name(self) -> str:
        """`main test accuracy`, or what it was called."""
        parts = (self.variant, self.split, self.metric)
        spread = ", SD over seeds" if self.of == "spread" else ""
        return f"{' '.join(map(str, parts))}{spread}" if all(parts) else self.said

    @property
    def words(self) -> str:
        """What was stated and why that is what it is, behind its name."""
        return describe_stated(self.name, self.stated, self.line, self.why)


def compare_scores(record: StudyRecord, report: ReportedFile, estimate: Estimating) -> tuple[ReportedScore, ...]:
    """Every score that a report states, and every spread behind one."""
    names = ScoreNames(record)
    listed = [] if report.scores is None else [*_read_part(report.scores)]
    listed += [((one.name,), one) for one in report.stated if states_score(names, one)]
    return tuple(found for said, one in listed for found in _compare(record, names.read(said), said, one, estimate))


def states_score(names: ScoreNames, one: Stated) -> bool:
    """Whether a row states a score: its name is that of a metric, with a variant and a split or without, and its value
    begins with a number."""
    found = names.read((one.name,))
    return _NUMBER.match(one.text) is not None and found.metric is not None and not found.unknown


def _read_part(scores: Any, names: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Stated]]:
    """Names in each other; or a list of mappings, each a row: `{variant: main, accuracy: 0.8}`."""
    if isinstance(scores, list) and any(isinstance(one, Mapping) for one in cast("list[Any]", scores)):
        for one in cast("list[Any]", scores):
            yield from _read_part(one, names)
        return
    if not isinstance(scores, Mapping):
        name = " ".join(names) or "scores"
        yield names, next(flatten_stated({WrittenSetting(name, getattr(scores, "line", 0)): scores}))
        return
    pairs = cast("Mapping[str, Any]", scores)
    about = [name for name in pairs if _find_role(name) in ("variant", "split", "metric")]
    said = {name: str(pairs[name]) for name in about if isinstance(pairs[name], str) and not _NUMBER.match(pairs[name])}
    for name, value in pairs.items():
        if name not in said:
            yield from _read_part(value, (*names, *said.values(), *(() if _find_role(name) == "score" else (name,))))


def _find_role(name: str) -> str | None:
    """What a name says of all that stands beside it."""
    plain = "_".join(list_words(name))
    return next((one for one in ("variant", "split", "metric", "score") if plain in list_names("columns", one)), None)


def _compare(
    record: StudyRecord, parts: ScoreParts, names: Sequence[str], one: Stated, estimate: Estimating
) -> Iterator[ReportedScore]:
    """One score, with what its names say, and the spread behind it."""
    score = ReportedScore(" ".join(names) or one.name, "not-compared", one.text, line=one.line)
    if parts.unknown:
        yield replace(score, why=f"{parts.unknown!r} is no variant, split or metric of the study")
        return
    if parts.metric not in record.metrics:
        yield replace(score, why=f"the study has no metric {parts.metric!r}" if parts.metric else "it names no metric")
        return
    split = parts.split or record.held_out or "train"
    read = read_score(one.text)
    alone = read_spread(one.text) if parts.is_spread else None
    if (read if alone is None else alone) is None:
        yield replace(score, why="nobody can say which number of it is the score")
        return
    try:
        found = estimate(parts.variant or record.main, split, parts.metric)
    except InputError as error:
        yield replace(score, why=error.problems[0].what)
        return
    score = replace(score, variant=parts.variant or record.main, split=split, metric=parts.metric)
    percent = metric_of(parts.metric).in_points and PERCENT.search(one.text) is not None
    if alone is not None:  # nothing says whether it is in points
        told = [_judge_spread(found, score, alone, points) for points in (True, percent)]
        yield next((one for one in told if one.kind == "match"), told[0])
    elif read is not None:
        mean, spread = read
        points = percent or (metric_of(parts.metric).in_points and abs(mean.value) > 1)
        yield _judge(found, score, mean, points)
        if isinstance(spread, Spread):
            yield _judge_spread(found, score, spread, points)
        elif spread is not None:
            yield replace(score, stated=spread, of="spread", why="nobody can say what it is")


def _judge(found: ScoreEstimate, score: ReportedScore, stated: Number, points: bool) -> ReportedScore:
    """Right where the stored mean rounds to what is stated, in points or as a share."""
    scale, value, half = _turn(stated, points)
    right = abs(found.mean - value) <= half
    within = found.interval is not None and found.interval[0] <= value <= found.interval[1]
    mean, *bounds = (_show(one, scale, half) for one in (found.mean, *(found.interval or ())))
    best = metric_of(score.metric or "").sign * max(metric_of(score.metric or "").sign * one for one in found.by_seed)
    said = f"it is the best of {found.n_seeds} runs; " if found.n_seeds > 1 and abs(best - value) <= half else ""
    many = f"the mean of {found.n_seeds} runs" if found.n_seeds > 1 else "the score"
    interval = f"[{', '.join(bounds)}] ({found.level:.0%} interval)" if bounds else "(no interval)"
    why = "" if right else f"{said}{many} is {mean} {interval}".replace("%", " %")
    kind = "match" if right else "inside" if within else "outside"
    return replace(score, kind=kind, actual=found.mean, interval=found.interval, why=why)


def _judge_spread(found: ScoreEstimate, score: ReportedScore, stated: Spread, points: bool) -> ReportedScore:
    """Right where it is the SD over seeds, or another spread that it may be."""
    scale, value, half = _turn(stated.number, points)
    known = list_spreads(found)
    shown = {kind: _show(values[0], scale, half) for kind, values in known.items()}
    kind = next((kind for kind in stated.kinds for one in known.get(kind, ()) if abs(one - value) <= half), None)
    told = replace(score, stated=stated.text, of="spread", actual=known.get(SD, (None,))[0])
    if not known:
        return replace(told, kind="not-compared", why="one run has no spread over seeds")
    over = f"the {stated.kinds[0]} over {found.n_seeds} seeds is {shown.get(stated.kinds[0])}"
    if kind is None:
        return replace(told, kind="differs", why=over)
    return replace(told, kind="match", why="" if kind == stated.kinds[0] else f"it is the {kind}; {over}")


def _turn(stated: Number, points: bool) -> tuple[int, float, float]:
    """How many of the unit that people see are one of the metric's own, and in that: the number, and what it may be
    away from what it was rounded from."""
    scale = 100 if points else 1
    return scale, stated.value / scale, stated.last / scale / 2 + 1e-9


def _show(value: float, scale: int, half: float) -> str:
    """A value with one digit more than what is stated has."""
    last = max(half * 2 * scale, 1e-6)
    return f"{value * scale:.{max(ceil(-log10(last) - 1e-6) + 1, 1 if scale > 1 else 3)}f}"
