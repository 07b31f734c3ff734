"""Stated scores of variants on splits, each held against the mean that is stored, and its interval."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from math import ceil, log10
from statistics import fmean
from typing import Literal

from brittlestar.claims.score_estimates import LEVEL, ScoreEstimate, estimate_score
from brittlestar.claims.study_outcomes import StudyOutcomes
from brittlestar.core.errors import InputError
from brittlestar.core.metrics import metric_of
from brittlestar.core.results import StudyRecord
from brittlestar.core.texts import suggest
from brittlestar.records.opened_study import OpenedStudy
from brittlestar.records.reported.reading import Stated, describe_stated, show_value
from brittlestar.study.names import BEST_TRIVIAL

ScoreKind = Literal["match", "inside", "outside", "differs", "not-compared"]
"""Right; another number inside the interval; one outside it; a spread that is another one; no score of the study."""
Estimating = Callable[[str, str, str], ScoreEstimate]
"""The estimate of a variant on a split under a metric. Raises InputError where there is none."""
SHAPE = "write `scores: {variant: {split: {metric: value}}}`, or {mean: value, sd: value} for the value (or se, range)"
SPREADS = {"sd": "SD", "se": "standard error", "range": "range"}
"""Ways to state a spread over seeds, and their names: largest less smallest is the range."""
CLEAR = 0.1
"""A spread is told from another one where half of its last digit is less than this share of it (convention)."""
MOST_ELSEWHERE = 2
"""Where more scores than this round to a number that was stated, it is not known which one it is (convention)."""


@dataclass(frozen=True)
class ReportedScore:
    """One stated score: its names, what it is, what was stated, the mean of the runs with its interval, and why, in a
    sentence. `of`: the mean, or the spread of the runs, whose SD is `actual`."""

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
        spread = f", {SPREADS[self.said.rpartition(' ')[2]]} over seeds" if self.of == "spread" else ""
        return f"{' '.join(map(str, parts))}{spread}" if all(parts) else self.said

    @property
    def words(self) -> str:
        """What was stated and why that is what it is, behind its name."""
        return describe_stated(self.name, self.stated, self.line, self.why)


def compare_scores(record: StudyRecord, stated: Iterable[Stated], estimate: Estimating) -> tuple[ReportedScore, ...]:
    """Every score that a report states, and every spread."""
    return tuple(_compare(record, one, estimate) for one in stated)


def estimate(opened: OpenedStudy, variant: str, split: str, metric: str) -> ScoreEstimate:
    """The mean of a variant's runs and its interval, or the score of a trivial baseline. Raises InputError where there
    is none."""
    record = opened.record
    rows, audit = record.splits[split].rows, record.audit
    baselines = None if audit is None else audit.trivial_baselines
    if variant in record.variants or baselines is None:
        return estimate_score(StudyOutcomes(record, opened.answers).on(split, metric), variant, metric, rows)
    best = baselines.best(split, metric)
    score = next((member for member in baselines.members if member.name == variant), best).score(split, metric)
    if score.value is None:
        raise InputError(f"{metric} of {variant} on {split} is not known", split)
    return ScoreEstimate(score.value, score.interval, LEVEL, "this-model", 1, score.rows, (score.value,))


def _compare(record: StudyRecord, one: Stated, estimate: Estimating) -> ReportedScore:
    score = ReportedScore(" ".join(one.keys[1:]) or "scores", "not-compared", show_value(one.value), line=one.line)
    baselines = None if record.audit is None else record.audit.trivial_baselines
    trivial = () if baselines is None else (BEST_TRIVIAL, *(member.name for member in baselines.members))
    known = {"variant": (*record.variants, *trivial), "split": (*record.splits,), "metric": record.metrics}
    names, inner = dict(zip(known, one.keys[1:4], strict=False)), one.keys[4:]
    if len(names) < len(known) or inner not in ((), ("mean",), *((name,) for name in SPREADS)):
        return replace(score, why=SHAPE)
    for what, name in names.items():
        if name not in known[what]:
            hint = suggest(name, known[what]) or f"it has {', '.join(known[what])}"
            return replace(score, why=f"the study has no {what} {name!r}; {hint}")
    if not isinstance(one.value, int | float) or isinstance(one.value, bool):
        return replace(score, why="it is no number: write 0.83, or 83.0 in points")
    try:
        found = estimate(*names.values())
    except InputError as error:
        return replace(score, why=error.problems[0].what)
    score = replace(score, **names)
    if inner and inner[0] in SPREADS:
        return _judge_spread(found, score, one.value, inner[0])
    told = _judge(found, score, one.value)
    return told if told.kind == "match" else replace(told, why=f"{told.why}{_find_elsewhere(record, score, one.value)}")


def _find_elsewhere(record: StudyRecord, score: ReportedScore, stated: float) -> str:
    """Which other scores of the study round to what was stated: of another split, metric, variant or of one run."""
    points = metric_of(score.metric or "").in_points
    value, half, _ = _read_number(stated, points)
    found: list[str] = []
    for variant, split, metric in product(record.variants, record.splits, record.metrics):
        own = (variant, split, metric) == (score.variant, score.split, score.metric)
        if sum((variant != score.variant, split != score.split, metric != score.metric)) > 1:
            continue  # more than one thing mistaken is a guess
        if metric_of(metric).in_points != points:
            continue
        runs = {cell.seed: cell.score(split, metric) for cell in record.list_finished(variant, split)}
        known = {seed: one for seed, one in runs.items() if one is not None}
        named = f"{variant}'s {metric} on {split}"
        if known and not own and abs(fmean(known.values()) - value) <= half:
            found.append(named)
        if len(known) > 1 and own:
            found += [f"{named} of seed {seed} alone" for seed, one in known.items() if abs(one - value) <= half]
    return f"; it is {' and '.join(found)}" if 0 < len(found) <= MOST_ELSEWHERE else ""


def _judge(found: ScoreEstimate, score: ReportedScore, stated: float) -> ReportedScore:
    """Right where the stored mean rounds to what is stated, in points or as a share."""
    metric = metric_of(score.metric or "")
    value, half, scale = _read_number(stated, metric.in_points)
    within = found.interval is not None and found.interval[0] <= value <= found.interval[1]
    mean, *bounds = (_show(one, scale, half) for one in (found.mean, *(found.interval or ())))
    best = metric.sign * max(metric.sign * one for one in found.by_seed)
    said = f"it is the best of {found.n_seeds} runs; " if found.n_seeds > 1 and abs(best - value) <= half else ""
    many = f"the mean of {found.n_seeds} runs" if found.n_seeds > 1 else "the score"
    interval = f"[{', '.join(bounds)}] ({found.level:.0%} interval)" if bounds else "(no interval)"
    right = abs(found.mean - value) <= half
    why = "" if right else f"{said}{many} is {mean} {interval}".replace("%", " %")
    kind = "match" if right else "inside" if within else "outside"
    return replace(score, kind=kind, actual=found.mean, interval=found.interval, why=why)


def _judge_spread(found: ScoreEstimate, score: ReportedScore, stated: float, label: str) -> ReportedScore:
    """Right where it is the spread over seeds that it is said to be, in points or as a share; SDs with n − 1 or n."""
    n, shares = found.n_seeds, metric_of(score.metric or "").in_points
    if n < 2:
        return replace(score, of="spread", why="one run has no spread over seeds")
    squares = sum((one - found.mean) ** 2 for one in found.by_seed)
    sd, half = (squares / (n - 1)) ** 0.5, _find_half(stated, False)
    known = {
        "sd": (sd, (squares / n) ** 0.5),
        "se": (sd / n**0.5,),
        "range": (max(found.by_seed) - min(found.by_seed),),
    }
    scales = (100, 1) if shares else (1,)

    def fits(name: str) -> bool:
        return any(abs(one * scale - stated) <= half for one in known[name] for scale in scales)

    others = [name for name in SPREADS if name != label and fits(name) and half < CLEAR * abs(stated)]
    other = f"it is the {SPREADS[others[0]]}; " if others else ""
    told = f"{other}the {SPREADS[label]} over {n} seeds is {_show(known[label][0], scales[0], half / scales[0])}"
    right = fits(label)
    kind = "match" if right else "differs"
    return replace(score, of="spread", actual=known[label][0], kind=kind, why="" if right else told)


def _read_number(stated: float, share: bool) -> tuple[float, float, int]:
    """A stated number in the unit of scores, how far it may be from what it was rounded from, and its scale: 100 of a
    share in points."""
    scale = 100 if share and abs(stated) > 1 else 1
    return stated / scale, _find_half(stated, share) / scale, scale


def _find_half(stated: float, share: bool) -> float:
    """How far a number may be from what it was rounded from: half of its last digit, of a share half a point."""
    last = 10.0 ** int(Decimal(str(stated)).as_tuple().exponent)
    return (min(last, 0.01) if share and abs(stated) <= 1 else last) / 2 + 1e-9


def _show(value: float, scale: int, half: float) -> str:
    """A value with one digit more than what is stated has."""
    last = max(half * 2 * scale, 1e-6)
    return f"{value * scale:.{max(ceil(-log10(last) - 1e-6) + 1, 1 if scale > 1 else 3)}f}"
