"""Stated scores of variants on splits, each held against the mean that is stored, and its interval."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from math import ceil, log10
from statistics import fmean
from typing import Literal, cast

from brittlestar.claims.score_estimates import LEVEL, ScoreEstimate, estimate_score
from brittlestar.claims.sentences import choose_judgement
from brittlestar.claims.study_outcomes import StudyOutcomes, judge_study
from brittlestar.core.errors import InputError
from brittlestar.core.metrics import describe_average, is_asked, is_own, metric_of
from brittlestar.core.results import StudyAnswers, StudyRecord
from brittlestar.core.texts import suggest
from brittlestar.records.reported.reading import Stated, WrittenNumber, describe_stated, show_value
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.study.claims import Claim, Population
from brittlestar.study.names import BEST_TRIVIAL
from brittlestar.study.sides import LESS

ScoreKind = Literal["match", "inside", "outside", "differs", "not-compared"]
"""Right; another number inside the interval; one outside it; a spread that is another one; no score of the study."""
Estimating = Callable[[str, str, str], ScoreEstimate]
"""The estimate of a variant on a split under a metric. Raises InputError where there is none."""
SHAPE = "write `scores: {variant: {split: {metric: value}}}`, or {mean: value, sd: value} for the value (or se, range)"
SPREADS = {"sd": "SD", "se": "standard error", "range": "range"}
"""Ways to state a spread over seeds, and their names: largest less smallest is the range."""
CLEAR = 0.1
"""A spread is told from another one where half of its last digit is less than this share of it (convention)."""
WITH_SPREAD = re.compile(r"([-+]?[0-9.]+) *%? *(?:±|\+/-|\+-) *([0-9.]+) *%? *\((SD|SE|range)\)", re.IGNORECASE)
"""A mean and its spread in one text, which says what the spread is: `84.2 ± 1.0 (SD)`."""
BEST_OF = "it is the best of"
MOST_ELSEWHERE = 2
"""Where more scores than this round to a number that was stated, it is not known which one it is (convention)."""


@dataclass(frozen=True)
class ReportedScore:
    """One stated score: its names, what it is, what was stated, the mean of the runs with its interval, and why, in a
    sentence. `of`: the mean, or the spread of the runs, whose SD is `actual`. `as_stated` is a mean that was stated, in
    the unit of the metric."""

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
    as_stated: float | None = None

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
    return tuple(_compare(record, part, estimate) for one in stated for part in _take_apart(one))


def _take_apart(one: Stated) -> Iterator[Stated]:
    """A mean and its spread, of a text that has both; else what was stated."""
    parts = WITH_SPREAD.fullmatch(one.value.strip()) if isinstance(one.value, str) else None
    keys = one.keys[:4]
    if parts is None or one.keys[4:] not in ((), ("mean",)):
        yield one
        return
    yield Stated((*keys, "mean"), WrittenNumber(parts[1]), one.line)
    yield Stated((*keys, parts[3].lower()), WrittenNumber(parts[2]), one.line)


def list_asked(stated: Iterable[Stated]) -> list[str]:
    """Metrics of stated scores that are computed where they are asked for, without any code of the study's author."""
    named = (one.keys[3] for one in stated if len(one.keys) > 3)
    return [name for name in dict.fromkeys(named) if is_asked(name) and not is_own(name)]


def estimate(record: StudyRecord, answers: StudyAnswers, variant: str, split: str, metric: str) -> ScoreEstimate:
    """The mean of a variant's runs and its interval, or the score of a trivial baseline. Raises InputError where there
    is none."""
    if LESS in variant:
        return _estimate_difference(record, answers, variant, split, metric)
    rows, audit = record.splits[split].rows, record.audit
    baselines = None if audit is None else audit.trivial_baselines
    if variant in record.variants or baselines is None:
        return estimate_score(StudyOutcomes(record, answers).on(split, metric), variant, metric, rows)
    best = baselines.best(split, metric)
    score = next((member for member in baselines.members if member.name == variant), best).score(split, metric)
    if score.value is None:
        raise InputError(f"{metric} of {variant} on {split} is not known", split)
    return ScoreEstimate(score.value, score.interval, LEVEL, "this-model", 1, score.rows, (score.value,))


def _estimate_difference(
    record: StudyRecord, answers: StudyAnswers, written: str, split: str, metric: str
) -> ScoreEstimate:
    """The difference of two variants, with the interval that a claim about it is judged by, in one look."""
    first, _, other = written.partition(LESS)
    many = max(len(record.seeds), MIN_SEEDS)
    claim = Claim(first, other, ">", 0.0, metric, split, looks=(many,), max_seeds=many)
    found = choose_judgement(judge_study(record, answers, (claim,))[0])
    if found.estimate is None:
        raise InputError(f"{metric} of {written} on {split} is not known", split)
    each = tuple(found.per_seed.values()) or (found.estimate,)
    return ScoreEstimate(
        found.estimate, found.interval, 1 - found.level, cast("Population", found.population), found.seeds,
        found.rows or 0, each,
    )  # fmt: skip


def _compare(record: StudyRecord, one: Stated, estimate: Estimating) -> ReportedScore:
    score = ReportedScore(" ".join(one.keys[1:]) or "scores", "not-compared", show_value(one.value), line=one.line)
    baselines = None if record.audit is None else record.audit.trivial_baselines
    trivial = () if baselines is None else (BEST_TRIVIAL, *(member.name for member in baselines.members))
    known = {"variant": (*record.variants, *trivial), "split": (*record.splits,), "metric": record.metrics}
    names, inner = dict(zip(known, one.keys[1:4], strict=False)), one.keys[4:]
    if len(names) < len(known) or inner not in ((), ("mean",), *((name,) for name in SPREADS)):
        return replace(score, why=SHAPE)
    sides = [
        (what, side) for what, name in names.items() for side in (name.split(LESS) if what == "variant" else [name])
    ]
    for what, name in sides:
        if name not in known[what] and not (what == "metric" and is_asked(name) and not is_own(name)):
            hint = suggest(name, known[what]) or f"it has {', '.join(known[what])}"
            return replace(score, why=f"the study has no {what} {name!r}; {hint}")
    if not isinstance(one.value, int | float) or isinstance(one.value, bool):
        return replace(score, why="it is no number: write 0.83, or 83.0 in points; a spread is `83.0 ± 1.2 (SD)`")
    try:
        found = estimate(*names.values())
    except InputError as error:
        return replace(score, why=error.problems[0].what)
    score = replace(score, **names)
    if inner and inner[0] in SPREADS:
        return _judge_spread(found, score, one.value, inner[0])
    told = _judge(found, score, one.value)
    average = describe_average(names["metric"], computed=True)
    if told.kind == "match":
        return replace(told, why=average)
    told = replace(told, why=f"{told.why}{average and '; '}{average}")
    places = max(-int(Decimal(str(one.value)).as_tuple().exponent), 0)
    scale = _read_number(one.value, metric_of(names["metric"]).in_points)[2]
    elsewhere = _find_elsewhere(record, score, one.value)
    if told.why.startswith(BEST_OF):
        return replace(told, why=told.why + elsewhere)
    return replace(told, why=told.why + (elsewhere or _find_slip(str(one.value), f"{found.mean * scale:.{places}f}")))


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


def _find_slip(stated: str, shown: str) -> str:
    """Whether a number is another one with one digit mistyped, or two that changed places; its last digit aside."""
    if len(stated) != len(shown) or stated == shown:
        return ""
    apart = [place for place, (one, other) in enumerate(zip(stated, shown, strict=True)) if one != other]
    if len(apart) == 2 and [stated[k] for k in apart] == [shown[k] for k in reversed(apart)]:
        return f"; two digits changed places: {shown}"
    return f"; one digit is another one: {shown}" if len(apart) == 1 and apart[0] < len(stated) - 1 else ""


def _judge(found: ScoreEstimate, score: ReportedScore, stated: float) -> ReportedScore:
    """Right where the stored mean rounds to what is stated, in points or as a share."""
    metric = metric_of(score.metric or "")
    value, half, scale = _read_number(stated, metric.in_points)
    if LESS in (score.variant or "") and metric.in_points and abs(found.mean * 100 - stated) < abs(found.mean - stated):
        value, half, scale = stated / 100, _find_half(stated, False) / 100, 100  # a difference below a point
    within = found.interval is not None and found.interval[0] <= value <= found.interval[1]
    mean, *bounds = (_show(one, scale, half) for one in (found.mean, *(found.interval or ())))
    best = metric.sign * max(metric.sign * one for one in found.by_seed)
    said = f"{BEST_OF} {found.n_seeds} runs; " if found.n_seeds > 1 and abs(best - value) <= half else ""
    many = f"the mean of {found.n_seeds} runs" if found.n_seeds > 1 else "the score"
    interval = f"[{', '.join(bounds)}] ({found.level:.0%} interval)" if bounds else "(no interval)"
    right = abs(found.mean - value) <= half
    why = "" if right else f"{said}{many} is {mean} {interval}".replace("%", " %")
    kind = "match" if right else "inside" if within else "outside"
    return replace(score, kind=kind, actual=found.mean, interval=found.interval, why=why, as_stated=value)


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
