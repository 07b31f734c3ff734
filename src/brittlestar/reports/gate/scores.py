"""Scores of main that must lie at a bar: the score, and the recall of classes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from brittlestar.claims.score_estimates import LEVEL, estimate_score
from brittlestar.claims.slices import SliceScore, list_slices, measure_slices
from brittlestar.claims.study_outcomes import StudyOutcomes, make_outcomes
from brittlestar.core.commands import command_in
from brittlestar.core.gating import Requirement, SliceLine, decide_least, join_all
from brittlestar.core.metrics import metric_of
from brittlestar.reports.answers.evidence import Evidence
from brittlestar.reports.answers.vetoes import find_doubt
from brittlestar.reports.gate.ask import Gated, ask
from brittlestar.reports.gate.slices import MOST_SLICES_NAMED, UNIT, tell_slice
from brittlestar.study.gate_values import ALL, Amount, RecallByClass, Share
from brittlestar.study.row_filters import LABEL, name_slice
from brittlestar.study.units import unit_of

ECE = "ece"
TOGETHER = "All intervals hold together (95 %)."


def hold_unlike(requirement: Requirement, gated: Gated) -> Requirement:
    """A bar that is met on rows which may not stand for new ones: it may fail, and cannot pass."""
    doubt = find_doubt(Evidence(gated.record, findings=gated.read_findings))
    if doubt is None or requirement.outcome != "pass":
        return requirement
    sentence = f"{requirement.sentence} New rows may score otherwise: {doubt.code}: {doubt.summary}"
    return replace(requirement, outcome="cannot-say", sentence=sentence, next=command_in(doubt.remedy) or "")


@ask(key="min_score", form=Amount, must_be="a number from 0 on", example="0.8", reads="headline")
def decide_least_score(least: float, gated: Gated) -> Iterator[Requirement]:
    """The whole interval of the score is this or better, and nothing is found that keeps it from standing for new
    rows."""
    record, answers = gated.study
    here = make_outcomes(record, answers, gated.split, record.metric)
    level = 1 - (1 - LEVEL) / gated.terms.best_of  # the best of several lies high by chance (Bonferroni)
    score = estimate_score(here, record.main, record.metric, record.splits[gated.split].rows, level)
    yield hold_unlike(decide_score(score.mean, score.interval, record.metric, least), gated)


def decide_score(mean: float, interval: tuple[float, float] | None, metric: str, least: float) -> Requirement:
    """The score of main, which must be known to be so much (of a loss: so little)."""
    unit, sign = unit_of(metric), metric_of(metric).sign
    low, high = sorted(sign * end for end in interval) if interval else (None, None)
    outcome = decide_least(None if low is None or high is None else (low, high), sign * least)
    bar = unit.number(least) if metric_of(metric).in_points else unit.threshold(least)
    name = f"{'maximum' if unit.lower_is_better else 'least'} score {bar}"
    return Requirement(name, outcome, f"{f'{unit.amount(mean)} {unit.interval(interval)}'.strip()} of {unit.name}.")


@ask(key="max_calibration_error", form=Share, must_be="from 0 to 1", example="0.05", reads="answers")
def decide_calibration(most: float, gated: Gated) -> Iterator[Requirement]:
    """The whole interval of main's expected calibration error (`ece`) is at most this."""
    (record, answers), split = gated.study, gated.split
    name = f"calibration error at most {unit_of(ECE).threshold(most)}"
    if any(cell.score(split, ECE) is None for cell in record.list_finished(record.main, split)):
        sentence = f"main has no probabilities on {split}, and bare labels have no confidence."
        yield Requirement(name, "cannot-say", sentence, "Give a column of probabilities for each class.")
        return
    alone = replace(record, variants={record.main: record.variants[record.main]})
    score = estimate_score(make_outcomes(alone, answers, split, ECE), record.main, ECE, record.splits[split].rows)
    yield replace(decide_score(score.mean, score.interval, ECE, most), name=name)


@ask(key="min_recall", form=RecallByClass, must_be="from 0 to 1", example="{all: 0.6, billing: 0.8}", reads="headline")
def decide_recalls(least: Mapping[str, float], gated: Gated) -> Iterator[Requirement]:
    """The whole interval of the recall of each class, or of one, is this or more, as `min_score` has it."""
    record, answers = gated.study
    many = len(list_slices(answers[gated.split], LABEL, record.classes))
    level = 1 - (1 - LEVEL) / max(many, 1)  # all intervals hold together (Bonferroni)
    found = measure_slices(StudyOutcomes(record, answers), gated.split, (LABEL,), level)
    yield hold_unlike(decide_recall(found.get(LABEL, ()), least), gated)


def decide_recall(scores: Sequence[SliceScore], least: Mapping[str, float]) -> Requirement:
    """Recalls of classes, of which each must be known to be so much; one whose interval reaches below and above is
    open."""
    wanted = {score.where.value: least.get(score.where.value, least.get(ALL)) for score in scores}
    lines = tuple(
        SliceLine(
            name_slice(score.where), score.score.n_rows, None, score.score.mean, None, score.score.interval,
            decide_least(score.score.interval, bar), "",
        )
        for score in sorted(scores, key=lambda one: one.score.mean)
        if (bar := wanted[score.where.value]) is not None
    )  # fmt: skip
    told = ", ".join(f"{name or 'each class'} {UNIT.threshold(value)}" for name, value in least.items())
    name = f"least recall ({told})"
    lacking = [one for one in least if one not in (ALL, *wanted)]
    if lacking or not lines:
        sentence = f"No row has the label {', '.join(lacking)}." if lacking else "No class has rows."
        return Requirement(name, "cannot-say", sentence, lines=lines)
    outcome = join_all(line.outcome for line in lines)
    named = [line for line in lines if line.outcome == outcome][: 1 if outcome == "pass" else MOST_SLICES_NAMED]
    shown = "; ".join(map(tell_slice, named))
    told = {"pass": "the lowest", "fail": "below", "cannot-say": "too close to tell"}[outcome]
    return Requirement(name, outcome, f"{told}: {shown}. {TOGETHER}", lines=lines)


ASKS = (decide_least_score, decide_calibration, decide_recalls)
