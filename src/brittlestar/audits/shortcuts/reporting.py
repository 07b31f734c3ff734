"""Findings that `shortcut.length`, `shortcut.position` and `shortcut.token` have in common."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.shortcuts.effect import (
    LEAST_TOLD,
    MOST_OF_THE_WORK,
    WHOLE,
    Effect,
    choose_split,
    class_effect,
    effect,
    points,
)
from brittlestar.audits.shortcuts.hold import hold, predict_class
from brittlestar.audits.showing import FEWEST_ROWS, Rule, listed_ids, percent
from brittlestar.baselines.readings import Reading
from brittlestar.baselines.scoring import Answers
from brittlestar.core.findings import Finding

MOST_TELLERS = 6  # chosen, not measured
LEAST_SURPRISING = 0.05
"""Convention, 5 %: a fall that chance explains before any correction is not brought up."""
BEATS = (
    "beats the majority class by 10 % of rows or 20 % of errors, and 20 % of the best gain, or tells a class by 50 "
    "points: info. A warning where that halves, by 20 points."
)
REMEDY = (
    "If the task is meant to need more than this, balance the classes over it; show the trivial baselines beside a "
    "score."
)

REMEDY_WHERE_BROKEN = (
    "Break the tie in train (balance the classes over it, or take it out), and report the score on this split."
)


@dataclass(frozen=True)
class Shortcut:
    """A trivial predictor as a check reports it: `name` begins sentences, `where` names it in findings, `answers` are
    those of each split; `evidence` and `more` are added to its finding."""

    name: str
    where: Mapping[str, str]
    answers: Mapping[str, Answers]
    evidence: Mapping[str, Any] = field(default_factory=dict[str, Any])
    more: str = ""


@dataclass(frozen=True)
class Teller:
    """What reads one key per row and tells class `label` from the rest, on train by `informed`."""

    name: str
    where: Mapping[str, str]
    reading: Reading
    label: int
    informed: float


def report_shortcut(rule: Rule, analysis: Analysis, shortcut: Shortcut, tellers: Sequence[Teller]) -> Iterator[Finding]:
    """What the shortcut does on the split that counts, what tellers of single classes do there, and a warning for each
    split on which a teller breaks. A teller with the shortcut's own `where` is part of its finding."""
    climb, name = analysis.baselines, choose_split(analysis)
    if not climb.splits[name].rows.n_rows:
        yield rule.abstain(f"There are no rows to score; {FEWEST_ROWS} would do.")
        return
    found = effect(climb, shortcut.answers[name], name)
    works = effect(climb, shortcut.answers["train"], "train").works if climb.splits["train"].rows.n_rows else False
    more: list[Finding] = []
    main = _main(rule, analysis, shortcut, found, name)
    for teller in [one for one in tellers if one.informed >= LEAST_TOLD or (works and one.where == shortcut.where)]:
        for one in _report_teller(rule, analysis, teller, name):
            if found.counts and one.severity == "info" and teller.where == shortcut.where:
                p = min(1.0, 2 * min(main.evidence["p"], one.evidence["p"]))  # two findings about one place
                part = {**one.evidence, "class": one.where["class"]}
                evidence = {**main.evidence, "p_accuracy": main.evidence["p"], "one_class": part, "p": p}
                main = replace(main, evidence=evidence)
            else:
                more.append(one)
    if main.status == "present" or not any(one.where["split"] == name for one in more):
        yield main
    yield from more


def _main(rule: Rule, analysis: Analysis, shortcut: Shortcut, found: Effect, name: str) -> Finding:
    where, evidence = {"split": name, **shortcut.where}, {**found.as_json(), **shortcut.evidence}
    if not found.counts:
        story = f"{name}: {shortcut.name} is {_score(found)}{shortcut.more}"
        return rule.report_absent(story, found.n, where, evidence)
    split, climb = analysis.baselines.splits[name], analysis.baselines
    right = shortcut.answers[name].predicted == split.labels
    base = climb.answers[climb.ladder.majority.name][name].predicted == split.labels
    evidence["rows"] = listed_ids(split.rows, np.flatnonzero(right & ~base))
    does = "does most of the work" if found.reach >= MOST_OF_THE_WORK else "carries part"
    story = f"{name}: {shortcut.name} {'decides' if found.reach >= WHOLE else does}: {_score(found)}, so "
    story += f"{percent(found.reach)} of the way there{shortcut.more}."
    return rule.conclude(story, "info", where, evidence, REMEDY)


def _score(found: Effect) -> str:
    return (
        f"right on {points(found.score)} of {found.n:,} rows, {found.one_class} on {points(found.majority)}, the best "
        f"known ({found.best_name}) on {points(found.best)}"
    )


def _report_teller(rule: Rule, analysis: Analysis, teller: Teller, name: str) -> Iterator[Finding]:
    """Whether a teller tells its class on split `name`, and a warning for each split on which it breaks."""
    climb, class_name = analysis.baselines, analysis.labels[teller.label]
    answers = predict_class(climb, teller.reading, teller.label)
    split = climb.splits[name]
    found = class_effect(answers[name].says, split.labels, teller.label, split.units)
    if found.counts:
        rows = np.flatnonzero(answers[name].says & (split.labels == teller.label))
        evidence = {**found.as_json(), "rows": listed_ids(split.rows, rows)}
        where = {"split": name, "class": class_name, **teller.where}
        story = (
            f"{name}: {teller.name} predicts class {class_name!r}: it predicts it in {found.own:,} of its "
            f"{found.of_own:,} rows and in {found.others:,} of {found.of_others:,} others."
        )
        yield rule.conclude(story, "info", where, evidence, REMEDY)
    for other, rows in climb.splits.items():
        held = None if other == "train" else hold(answers["train"], answers[other], analysis.n_classes, teller.label)
        if held is None or not held.falls or held.p > LEAST_SURPRISING:
            continue
        wrong = np.flatnonzero(answers[other].says != (rows.labels == teller.label))
        where = {"split": other, "class": class_name, **teller.where}
        evidence = {**held.as_json(), "rows": listed_ids(rows.rows, wrong)}
        story = (
            f"{other}: {teller.name} predicts {class_name!r} in {percent(held.here[0])} of that class's rows and in "
            f"{percent(held.here[1])} of others, on train in {percent(held.train[0])} and {percent(held.train[1])}: a "
            f"model that uses it fails here."
        )
        yield rule.conclude(story, "warning", where, evidence, REMEDY_WHERE_BROKEN)
