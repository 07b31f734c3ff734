"""What a finding costs: points of the headline metric, known in one of five ways; and how serious it is for that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

import numpy as np

from brittlestar.claims.headline_numbers import HeadlineNumbers
from brittlestar.claims.sentences import choose_judgement
from brittlestar.claims.study_outcomes import make_outcomes
from brittlestar.core.causes import role_of
from brittlestar.core.checks import family_of
from brittlestar.core.errors import InputError
from brittlestar.core.experiments import SPLITS
from brittlestar.core.findings import BY_SOURCE, LEAST_POINTS, Effect, Finding, Way
from brittlestar.core.metrics import metric_of
from brittlestar.core.results import StudyAnswers, StudyRecord
from brittlestar.statistics.crossed import estimate_over_runs, take_out_copies, take_out_rows

ALPHA = 0.05  # convention: 95 % intervals
WAYS: Mapping[str, Way] = {
    **dict.fromkeys(("train", "embedding", "position"), "bound"),
    **dict.fromkeys(("leak", "label", "data", "token"), "rows"),
    **dict.fromkeys(("shift", "probe"), "split"),
    **dict.fromkeys(("padding", "eval"), "answers"),
}
"""How the effect of a finding is known, by its family, unless the role of its check says otherwise. What speaks of
statements alone (claims, reports) or of what a solved task may rest on (shortcuts) has none."""
OF_TRAIN = ("label.imbalance", "data.small", "data.sorted", "data.truncation")
"""Of train as a whole, whose effect is a bound. Codes, since what judges a study loads no audit."""
UNMEASURED = ("data.difficulty",)
"""What rows of the same difficulty would score, nobody has measured: main on other rows of the split is not known."""
SELECTED = "leak.selection"
MEASURED: tuple[Way, ...] = ("rows", "answers", "intervention")
"""Ways in which an effect is what the mend moves, so that nothing that the finding explains adds to it."""
NEAR, JOINED = "leak.near", "rows_of_all_copies"
COPIES = ("leak.exact", NEAR)


@dataclass(frozen=True)
class MeasuredMain:
    """Main as effects are measured on it; `numbers` is None where no split is held out. `copies`, bool (n_rows,), are
    rows of the headline split that some leak concerns, None where none does."""

    record: StudyRecord
    answers: StudyAnswers
    numbers: HeadlineNumbers | None
    copies: np.ndarray | None = None

    @property
    def metric(self) -> str:
        """The metric that points are of: accuracy where the headline's has none."""
        return self.record.metric if metric_of(self.record.metric).in_points else "accuracy"


def weigh_findings(findings: Sequence[Finding], main: MeasuredMain) -> tuple[Finding, ...]:
    """The findings, each present one about main or the data with its effect and the severity that follows from it;
    those about a variant beside it stay as they are."""
    mine, leaks = (None, main.record.main), _find_copies(findings, main)
    if leaks:  # no copy is measured against another
        copies: np.ndarray = np.logical_or.reduce([rows for _, rows in leaks.values()])
        main, findings = replace(main, copies=copies), _join_copies(findings, leaks, int(copies.sum()))
    found = [
        replace(finding, effect=find_effect(finding, main))
        if finding.status == "present" and finding.where.get("variant") in mine
        else finding
        for finding in findings
    ]
    return tuple(grade(one, found) if one.where.get("variant") in mine else one for one in found)


def _find_copies(findings: Sequence[Finding], main: MeasuredMain) -> dict[str, tuple[Finding, np.ndarray]]:
    """Serious leaks of the headline split with the rows that each concerns, by code."""
    split = None if main.numbers is None else main.numbers.all.split
    serious = (one for one in findings if one.status == "present" and one.severity in ("error", "warning"))
    leaks = [one for one in serious if one.code in COPIES and one.where.get("split") == split]
    return {one.code: (one, rows) for one in leaks if (rows := find_rows(one, main)) is not None}


def _join_copies(
    findings: Sequence[Finding], leaks: Mapping[str, tuple[Finding, np.ndarray]], many: int
) -> Sequence[Finding]:
    """Where exact and near copies are both serious on the headline split they are one finding: exact copies have the
    summary and the effect of all `many` rows, and near ones follow from them."""
    if len(leaks) < len(COPIES):
        return findings
    exact, near = (leaks[code][0] for code in COPIES)
    both = f"{exact.summary} With near copies ({NEAR}) {many:,} rows are copies, and count together."
    counted = f"{near.summary} They count with the exact copies ({exact.code})."
    joined = {
        id(exact): replace(exact, summary=both, evidence={**exact.evidence, JOINED: many}),
        id(near): replace(near, summary=counted, evidence={**near.evidence, "explained_by": [exact.code]}),
    }
    return [joined.get(id(one), one) for one in findings]


def weigh_alone(findings: Sequence[Finding], split: str | None) -> tuple[Finding, ...]:
    """Findings of an audit without main: what can be at stake is the share of rows that each concerns of `split`, and
    what the best trivial baseline loses without them where that is proven."""

    def weigh(finding: Finding) -> Effect | None:
        without = finding.evidence.get("without_rows")
        if without is not None and finding.where["split"] == split:
            low, high = without["interval"]
            effect = Effect(without["points"], low, high, "rows", without["rows"])
            if effect.proven >= LEAST_POINTS:
                return effect
        return _bound_rows(finding, split)

    found = [
        replace(finding, effect=weigh(finding)) if finding.status == "present" else finding for finding in findings
    ]
    return tuple(grade(one, found) for one in found)


def find_way(finding: Finding) -> Way | None:
    """How the effect of a finding is known, None where no way tells it."""
    declared = role_of(finding).effect
    if finding.code in UNMEASURED:
        return None
    if declared == "family":
        return "bound" if finding.code in OF_TRAIN else WAYS.get(family_of(finding.code))
    return None if declared == "none" else declared


def find_effect(finding: Finding, main: MeasuredMain) -> Effect | None:
    """The effect of a present finding, None where no way tells it.

    An experiment that removed its cause comes before all else. `rows`: main without the rows of the finding against
    main with them. `answers`: what main scores where it is asked otherwise, less what it scores as asked.
    `split`: main on the split of the finding against the headline split. `bound`: at most the distance to the best
    trivial baseline, to another variant, or to train as recorded, of findings about main alone.
    """
    way = find_way(finding)
    if way is None:
        return None
    if (tried := _read_experiment(finding)) is not None:
        return tried
    if way == "rows":
        split = None if main.numbers is None else main.numbers.all.split
        return _compare_rows(finding, main) or _bound_rows(finding, split)
    if (known := finding.evidence.get("effect")) is not None:
        return _points(known["points"], known["interval"], way, known["rows"])
    if way == "answers":
        return _read_order(finding) or _bound_distance(finding, main)
    if way == "split":
        return _read_split(finding, main)
    return _read_comparison(finding, main) or _bound_distance(finding, main)


def _read_experiment(finding: Finding) -> Effect | None:
    """What an experiment that removed the cause reached beside main."""
    tried = finding.confirmed_by
    if tried is None or not tried.get("interval") or tried["measure"] not in SPLITS:
        return None
    known = metric_of(tried["metric"]).in_points
    return _points(tried["estimate"], tried["interval"], "intervention", tried["seeds"]) if known else None


def _compare_rows(finding: Finding, main: MeasuredMain) -> Effect | None:
    """Main without the rows of a finding less main with them, paired by row; None where they cannot be told again.

    A leak is what copies add within classes: those that lower the score, or change the shares of classes alone, add
    nothing.
    """
    numbers, name = main.numbers, main.record.main
    if numbers is None or numbers.all.score is None or finding.where.get("split") != numbers.all.split:
        return None
    concerned = main.copies if JOINED in finding.evidence else find_rows(finding, main)
    if concerned is None or not concerned.any() or concerned.all():
        return None
    try:
        here = make_outcomes(main.record, main.answers, numbers.all.split, main.metric)
        everything = here.table(name, main.metric)
        alone = here.take_rows(np.flatnonzero(~concerned), main.metric).table(name, main.metric)
    except InputError:
        return None
    if everything is None or alone is None or alone.shape[1] < 2:
        return None
    metric, leaks, gone = metric_of(main.metric), family_of(finding.code) == "leak", 0.0
    if leaks:
        clean = ~concerned if main.copies is None else ~(concerned | main.copies)
        labels = main.answers[numbers.all.split].labels
        change, gone = take_out_copies(metric.sign * everything, concerned, clean, labels)
    else:
        change = metric.sign * take_out_rows(everything, alone, ~concerned)
    found = estimate_over_runs(change, here.groups)
    low, high = found.interval(ALPHA)
    low, high = metric.clip_difference((low - gone, min(high, 0.0) if leaks else high))
    return _points(min(found.value, high), (min(low, high), high), "rows", int(concerned.sum()))


def find_rows(finding: Finding, main: MeasuredMain) -> np.ndarray | None:
    """bool (n_rows,): the rows of the headline split that a finding concerns, None where its record does not tell."""
    found, named = main.answers[finding.where["split"]], finding.evidence.get("row_ids")
    if finding.code == "leak.exact":
        return found.in_train
    return None if found.ids is None or not named else np.isin(found.ids, named)


def _bound_rows(finding: Finding, split: str | None) -> Effect | None:
    """At most the share of rows of the headline split that a finding concerns."""
    if split is None or finding.where.get("split") != split:
        return None
    some, every = finding.evidence.get("rows_concerned"), finding.evidence.get("of_rows")
    return Effect(100 * some / every, 0.0, 100 * some / every, "bound", some) if some and every else None


def _read_order(finding: Finding) -> Effect | None:
    """What the other order of the classes brings, in every run alike."""
    right, turned = (finding.evidence.get(key) for key in ("right", "right_in_other_order"))
    if not right or not turned or finding.code != "eval.label-order":
        return None
    rows, gain = int(finding.evidence["of"]), fmean(turned) - fmean(right)
    error = 1.96 * ((fmean(turned) + fmean(right) - gain**2) / rows) ** 0.5  # the two are disjoint, at most
    return _points(gain, metric_of("accuracy").clip_difference((gain - error, gain + error)), "answers", rows)


def _read_split(finding: Finding, main: MeasuredMain) -> Effect | None:
    """Main on a shifted split against the headline split, as the claim has it; under a probe what it loses there."""
    shifts = () if main.numbers is None else main.numbers.shifts
    for one in map(choose_judgement, shifts):
        if one.claim.split == finding.where.get("split") and one.estimate is not None and one.interval is not None:
            return _points(one.estimate, one.interval, "split", one.rows or 0)
    lost = [
        one
        for one in finding.evidence.get("conditions", ())
        if one["status"] == "present" and not one["below"] and str(one["measure"]).startswith("accuracy")
    ]
    if lost:
        worst = max(lost, key=lambda one: one["mean"])
        return _points(-worst["mean"], [-end for end in worst["interval"][::-1]], "split", worst["rows"])
    return None


def _read_comparison(finding: Finding, main: MeasuredMain) -> Effect | None:
    """How far main is below the best trivial baseline: the symptom is that distance itself."""
    interval = finding.evidence.get("interval")
    if finding.code != "eval.below-trivial" or not interval or not metric_of(main.record.metric).in_points:
        return None
    ends = sorted(-end for end in interval)
    return _points(-finding.evidence["difference"], ends, "bound", finding.evidence["rows"] or 0)


def _bound_distance(finding: Finding, main: MeasuredMain) -> Effect | None:
    """At most the distance from main to the best of what is known to be better; None of what is wrong with data, since
    that damages whatever was fitted on them."""
    numbers, record = main.numbers, main.record
    if numbers is None or numbers.all.score is None or main.metric != record.metric or "variant" not in finding.where:
        return None
    split, metric, sign = numbers.all.split, main.metric, metric_of(main.metric).sign
    better = [numbers.all.trivial, *(_mean(record, name, split, metric) for name in record.variants)]
    better.append(_mean(record, record.main, "train", metric))
    known = [sign * (one - numbers.all.score.mean) for one in better if one is not None]
    most = 100 * max(known, default=0.0)
    return Effect(most, 0.0, most, "bound", numbers.all.score.n_rows) if most > 0 else None


def _mean(record: StudyRecord, variant: str, split: str, metric: str) -> float | None:
    cells = record.list_finished(variant, split) if split in record.splits else ()
    scores = [cell.score(split, metric) for cell in cells]
    known = [score for score in scores if score is not None]
    return fmean(known) if known else None


def _points(value: float, interval: Sequence[float], way: Way, n: int) -> Effect:
    low, high = interval
    return Effect(100 * value, 100 * low, 100 * high, way, n)


def grade(finding: Finding, beside: Sequence[Finding] = ()) -> Finding:
    """A finding with the severity that its effect leaves it.

    What is information for a reason of its own stays that: it follows from another finding, or was declared. What the
    source explains is a warning where a point is proven: only the user knows whether new rows repeat so. A score that
    is not what it says stays an error. Else a point that is proven makes an error, where the effect is on the headline
    split itself; a point that is possible a warning; and less than that information. A finding whose effect no way
    tells is a warning at most. A cause whose own effect is not measured has what is proven of what it explains among
    those `beside` it.
    """
    settled = finding.severity == "info" and BY_SOURCE not in finding.evidence
    void = finding.severity == "error" and (voids_score(finding) or concerns_all(finding))
    if settled or void or finding.severity is None:
        return finding
    effect = finding.effect
    if prove_points(finding, beside) >= LEAST_POINTS:
        return replace(finding, severity="warning" if BY_SOURCE in finding.evidence else "error")
    if finding.severity == "info":
        return finding
    if effect is None or effect.possible >= LEAST_POINTS:
        return replace(finding, severity="warning")
    summary = f"{finding.summary} Harmless here: at most {effect.possible:.1f} points."
    return replace(finding, severity="info", summary=summary)


def voids_score(finding: Finding) -> bool:
    """Whether the score is not what it says where a finding is an error, whatever it would be otherwise."""
    return finding.code == SELECTED or role_of(finding).cause == "broken"


def concerns_all(finding: Finding) -> bool:
    """Whether a finding concerns every row of its split."""
    every = finding.evidence.get("of_rows")
    return bool(every) and finding.evidence.get("rows_concerned") == every


def prove_points(finding: Finding, beside: Sequence[Finding] = ()) -> float:
    """Points of the headline score that a finding is proven to move, or what it explains where its own effect is a
    bound or not known: 0 for what is lost on other rows alone."""
    measured = finding.effect is not None and finding.effect.way in MEASURED
    explained = () if measured else finding.evidence.get("explains", ())
    mine = [one for one in beside if one.code in explained and one.where.get("variant") == finding.where.get("variant")]
    known = [one.effect for one in (finding, *mine) if one.effect is not None and one.effect.way != "split"]
    return max((one.proven for one in known), default=0.0)
