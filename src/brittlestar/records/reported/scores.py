"""Stated scores of variants on splits, each held against the mean that is stored, and its interval."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, log10
from typing import Any, Literal, cast

from brittlestar.claims.score_estimates import LEVEL, ScoreEstimate, estimate_score
from brittlestar.claims.study_outcomes import StudyOutcomes
from brittlestar.core.errors import InputError
from brittlestar.core.foreign_names import list_names, list_words, load_names
from brittlestar.core.metrics import metric_of
from brittlestar.core.results import StudyRecord
from brittlestar.core.splits import SHIFTED
from brittlestar.records.opened_study import OpenedStudy
from brittlestar.records.reported.naming import LONGEST_SETTING
from brittlestar.records.reported.reading import ReportedFile, Stated, describe_stated, flatten_stated
from brittlestar.records.reported.values import Number, read_number
from brittlestar.study.names import BEST_TRIVIAL

ScoreKind = Literal["match", "inside", "outside", "differs", "not-compared"]
"""Right; another number inside the interval; one outside it; a spread that is another one; of which nobody can say
what it is, or what it is of."""
Estimating = Callable[[str, str, str], ScoreEstimate]
"""The estimate of a variant on a split under a metric. Raises InputError where there is none."""
OURS = ("ours", "our", "our model", "our method", "proposed", "this work", "main")
"""What reports call the variant under test; a `baseline` may be it, or what it is compared with."""
TRIVIAL = (BEST_TRIVIAL, "best trivial baseline", "trivial baseline", "shortcut-ladder")
SPREAD = ("sd", "std", "stdev", "stddev", "deviation")
IDLE = (*SPREAD, "standard", "best", "final", "mean", "average", "avg", "held", "out", "score", "split", "model")
"""Words of a name that do not say what a score is of."""
_NUMBER, _PERCENT = re.compile(r"\W*\d"), re.compile(r"\\?%|\bper ?cent\b|\bpct\b")
_SCORE = re.compile(r"([^±(\[]*)(?:[±(] *([\d.]+) *\)?)?(.*)", re.DOTALL)
"""A mean, its spread (`84.2 ± 0.1`, `84.2 (0.1)`), and what else stands there."""
ScoreNames = Sequence[Sequence[tuple[list[str], str]]]


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


@dataclass(frozen=True)
class _Parts:
    """What the names of a score say: None where they say nothing, and the first name with words that say none of it.
    `is_spread`: it is the SD of that."""

    variant: str | None
    split: str | None
    metric: str | None
    is_spread: bool
    unknown: str


def compare_scores(record: StudyRecord, report: ReportedFile, estimate: Estimating) -> tuple[ReportedScore, ...]:
    """Every score that a report states, and every spread behind one."""
    names = list_score_names(record)
    listed = [] if report.scores is None else [*_read_part(report.scores)]
    listed += [((one.name,), one) for one in report.stated if states_score(names, one)]
    return tuple(found for said, one in listed for found in _compare(record, _read_names(names, said), one, estimate))


def states_score(names: ScoreNames, setting: Stated) -> bool:
    """Whether a row states a score: its name is that of a metric, with a variant and a split or without, and its value
    begins with a number."""
    found = _read_names(names, (setting.name,))
    return _NUMBER.match(setting.text) is not None and found.metric is not None and not found.unknown


def _read_part(scores: Any, names: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Stated]]:
    """Names in each other; or a list of mappings, each a row: `{variant: main, accuracy: 0.8}`."""
    if isinstance(scores, list) and any(isinstance(one, Mapping) for one in cast("list[Any]", scores)):
        for one in cast("list[Any]", scores):
            yield from _read_part(one, names)
        return
    if not isinstance(scores, Mapping):
        stated = next(flatten_stated({" ".join(names) or "scores": scores}))
        yield names, replace(stated, line=getattr(scores, "line", 0))
        return
    pairs = cast("Mapping[str, Any]", scores)
    about = [name for name in pairs if _find_role(name) in ("variant", "split", "metric")]
    said = {name: pairs[name] for name in about if isinstance(pairs[name], str) and not _NUMBER.match(pairs[name])}
    for name, value in pairs.items():
        if name not in said:
            yield from _read_part(value, (*names, *said.values(), *(() if _find_role(name) == "score" else (name,))))


def _find_role(name: str) -> str | None:
    """What a name says of all that stands beside it."""
    plain = "_".join(list_words(name))
    return next((one for one in ("variant", "split", "metric", "score") if plain in list_names("columns", one)), None)


def list_score_names(record: StudyRecord) -> ScoreNames:
    """The names of a study's variants and trivial baselines, of its splits, and of its metrics, with those that others
    give them, the longest first."""
    baselines = None if record.audit is None else record.audit.trivial_baselines
    variants = {member.name: member.name for member in (() if baselines is None else baselines.members)}
    variants |= dict.fromkeys(TRIVIAL, BEST_TRIVIAL) | dict.fromkeys(OURS, record.main)
    variants |= {called: name for name, variant in record.variants.items() for called in (variant.title, name)}
    splits = {called: split for split, listed in load_names()["splits"].items() for called in listed}
    splits |= {one.removeprefix(SHIFTED): one for one in record.splits} | {one: one for one in record.splits}
    metrics = {called: metric for metric, listed in load_names()["metrics"].items() for called in (metric, *listed)}
    metrics |= {one: one for one in record.metrics}
    spelled = ([(list_words(called), meant) for called, meant in one.items()] for one in (variants, splits, metrics))
    return [sorted((pair for pair in one if pair[0]), key=lambda pair: -len(pair[0])) for one in spelled]


def _read_names(known: ScoreNames, names: Sequence[str]) -> _Parts:
    """What names speak of, in any order: the longest of the known ones that stand among their words."""
    left = [word for name in names for word in list_words(name[:LONGEST_SETTING])]
    parts: list[str | None] = []
    for phrases in known:
        part: str | None = None
        for phrase, meant in phrases:
            size = len(phrase)
            if places := [k for k in range(len(left)) if left[k : k + size] == phrase]:
                taken = {k + step for k in places for step in range(size)}
                part, left = meant, [word for k, word in enumerate(left) if k not in taken]
                break
        parts.append(part)
    odd = {*left} - {*IDLE, *load_names()["fillers"]}
    unknown = next((name for name in names if odd & {*list_words(name)}), "")
    return _Parts(parts[0], parts[1], parts[2], not {*left}.isdisjoint(SPREAD), unknown)


def estimate(opened: OpenedStudy, variant: str, split: str, metric: str) -> ScoreEstimate:
    """The mean of a variant's runs and its interval, or the score of a trivial baseline. Raises InputError where there
    is none."""
    record = opened.record
    if split not in record.splits:
        raise InputError(f"the study has no split {split!r}", split)
    rows, audit = record.splits[split].rows, record.audit
    baselines = None if audit is None else audit.trivial_baselines
    if variant in record.variants or baselines is None:
        return estimate_score(StudyOutcomes(record, opened.answers).on(split, metric), variant, metric, rows)
    best = baselines.best(split, metric)
    score = next((member for member in baselines.members if member.name == variant), best).score(split, metric)
    if score.value is None:
        raise InputError(f"{metric} of {variant} on {split} is not known", split)
    return ScoreEstimate(score.value, score.interval, LEVEL, "this-model", 1, score.rows, (score.value,))


def _compare(record: StudyRecord, parts: _Parts, setting: Stated, estimate: Estimating) -> list[ReportedScore]:
    """One score, with what its names say, and the spread behind it."""
    score = ReportedScore(setting.name, "not-compared", setting.text, line=setting.line)
    try:
        return _judge_text(record, parts, score, estimate)
    except InputError as error:
        return [replace(score, why=error.problems[0].what)]


def _judge_text(record: StudyRecord, parts: _Parts, score: ReportedScore, estimate: Estimating) -> list[ReportedScore]:
    """Raises InputError where nobody can say what a score is, or what it is of."""
    if parts.unknown:
        raise InputError(f"{parts.unknown!r} is no variant, split or metric of the study", "scores")
    if parts.metric not in record.metrics:
        what = f"the study has no metric {parts.metric!r}" if parts.metric else "it names no metric"
        raise InputError(what, "scores")
    plain = re.sub(r"\+ ?/? ?[-−]", "±", _PERCENT.sub("", score.stated)).strip()
    mean, behind, rest = _SCORE.fullmatch(plain).groups()  # pyright: ignore[reportOptionalMemberAccess]
    number, spread = read_number(mean), read_number(behind or "")
    alone = parts.is_spread and behind is None
    if number is None or (alone and rest):
        raise InputError("nobody can say which number of it is the score", "scores")
    split, shares = parts.split or record.held_out or "train", metric_of(parts.metric).in_points
    score = replace(score, variant=parts.variant or record.main, split=split, metric=parts.metric)
    known = estimate(parts.variant or record.main, split, parts.metric)
    percent = shares and _PERCENT.search(score.stated) is not None
    if alone:  # nothing says whether it is in points
        score = replace(score, stated=f"± {mean.strip()}")
        notes = [_judge_spread(known, score, number, points) for points in (True, percent)]
        return [next((note for note in notes if note.kind == "match"), notes[0])]
    points = percent or (shares and abs(number.value) > 1)
    found = [_judge(known, score, number, points)]
    if spread is not None and not rest:
        found.append(_judge_spread(known, replace(score, stated=f"± {behind}"), spread, points))
    elif behind or rest:
        found.append(replace(score, stated=plain.removeprefix(mean), of="spread", why="nobody can say what it is"))
    return found


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


def _judge_spread(found: ScoreEstimate, score: ReportedScore, stated: Number, points: bool) -> ReportedScore:
    """Right where it is the SD over seeds, with n − 1 or n, or another spread that it may be."""
    scale, value, half = _turn(stated, points)
    n = found.n_seeds
    if n < 2:
        return replace(score, of="spread", why="one run has no spread over seeds")
    squares = sum((one - found.mean) ** 2 for one in found.by_seed)
    sd = (squares / (n - 1)) ** 0.5
    known = [("SD", sd), ("SD", (squares / n) ** 0.5), ("standard error", sd / n**0.5)]
    if found.interval is not None:
        known.append(("half of the 95 % interval", (found.interval[1] - found.interval[0]) / 2))
    kind = next((name for name, one in known if abs(one - value) <= half), None)
    over = f"the SD over {n} seeds is {_show(sd, scale, half)}"
    why = over if kind is None else "" if kind == "SD" else f"it is the {kind}; {over}"
    return replace(score, of="spread", actual=sd, kind="differs" if kind is None else "match", why=why)


def _turn(stated: Number, points: bool) -> tuple[int, float, float]:
    """How many of the unit that people see are one of the metric's own, and in that: the number, and what it may be
    away from what it was rounded from."""
    scale = 100 if points else 1
    return scale, stated.value / scale, stated.last / scale / 2 + 1e-9


def _show(value: float, scale: int, half: float) -> str:
    """A value with one digit more than what is stated has."""
    last = max(half * 2 * scale, 1e-6)
    return f"{value * scale:.{max(ceil(-log10(last) - 1e-6) + 1, 1 if scale > 1 else 3)}f}"
