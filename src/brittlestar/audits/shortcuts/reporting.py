"""Findings that `shortcut.length`, `shortcut.position` and `shortcut.token` have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from brittlestar.audits.material import Material
from brittlestar.audits.shortcuts.effect import (
    MOST_OF_THE_WORK,
    WHOLE,
    ClassEffect,
    Effect,
    class_effect,
    effect,
    evaluated,
    points,
    told_class,
)
from brittlestar.audits.shortcuts.hold import hold
from brittlestar.audits.shortcuts.ladder import Climb
from brittlestar.audits.shortcuts.scoring import Answers
from brittlestar.audits.showing import listed_ids, percent
from brittlestar.core.findings import Finding
from brittlestar.core.ladder import Rung

FEWEST_ROWS = 50
RULE = (
    "On test (else dev, else train out of fold) it is right on 10 % of the rows more than the majority class, or "
    "removes 20 % of its errors, and is then at least 20 % of the way to the best predictor known; or it removes "
    "half of the errors at telling one class from the rest (sign tests on rows). A warning on a split where it tells "
    "its class half as well as on train or less, with a fall of .2, if it does half of the work on "
    "train (z test on rows)."
)


@dataclass(frozen=True)
class Shortcut:
    """One trivial predictor as a check reports it: `name` begins sentences, `where` names it in findings, `answers`
    are those of each split, `label` is the class it is about or None for the one it tells best on train."""

    name: str
    where: Mapping[str, str]
    answers: Mapping[str, Answers]
    label: int | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict[str, Any])
    more: str = ""


def best_on_train(climb: Climb, kinds: tuple[str, ...]) -> Rung | None:
    """The rung among these kinds that is right most often on train, out of fold; the first on ties."""
    rungs = [rung for rung in climb.ladder.rungs if rung.kind in kinds]
    return max(rungs, key=lambda rung: rung.score("train", "accuracy").value or 0.0) if rungs else None


def reported(code: str, threshold: str, material: Material, shortcut: Shortcut) -> Iterator[Finding]:
    """What it does on the split that counts, then a warning for each split on which it breaks."""
    climb, name = material.climb, evaluated(material)
    split = climb.splits[name]
    if not split.rows.n_rows or not material.n_classes:
        yield Finding(code, "inconclusive", "There are no rows to score; 50 would do.", threshold)
        return
    base = climb.splits["train"].labels
    label = shortcut.label
    if label is None:
        label = told_class(shortcut.answers["train"], base, material.n_classes)
    found = effect(climb, shortcut.answers[name], name)
    told = class_effect(shortcut.answers[name], split.labels, label)
    broken = list(_broken(code, threshold, material, shortcut, label))
    main = _main(code, threshold, material, shortcut, found, told, name)
    if main.status == "present" or not any(one.where["split"] == name for one in broken):
        yield main
    yield from broken


def _main(
    code: str, threshold: str, material: Material, shortcut: Shortcut, found: Effect, told: ClassEffect, name: str
) -> Finding:
    where = {"split": name, **shortcut.where}
    evidence = {**found.as_json(), "told_class": told.as_json(material.labels[told.label]), **shortcut.evidence}
    of_class = told.counts(material.n_classes)
    if (found.counts and shortcut.label is None) or of_class:
        summary = _reach(found) if found.counts else _told(told, material.labels[told.label])
        if of_class and (not found.counts or shortcut.label is not None):
            evidence |= {"p": told.p, "test": "sign test, against never (or always) naming the class"}
        split = material.climb.splits[name]
        right = np.flatnonzero((shortcut.answers[name].predicted == split.labels) & (split.labels == told.label))
        return Finding(
            code,
            "present",
            f"{name}: {shortcut.name} {summary}{shortcut.more}.",
            threshold,
            "info",
            where,
            {**evidence, "rows": listed_ids(split.rows, right)},
            "If the task is meant to need more than this, balance the classes over it; show the ladder beside a score.",
        )
    summary = f"{name}: {shortcut.name} is {_score(found)}{shortcut.more}"
    if found.n < FEWEST_ROWS:
        summary += f"; {found.n} rows are too few to tell, {FEWEST_ROWS} would do"
        return Finding(code, "inconclusive", f"{summary}.", threshold, where=where, evidence=evidence)
    return Finding(code, "absent", f"{summary}.", threshold, where=where, evidence=evidence)


def _score(found: Effect) -> str:
    return (
        f"right on {points(found.score)} of {found.n:,} rows, the majority class on {points(found.majority)}, the best "
        f"known ({found.best_name}) on {points(found.best)}"
    )


def _reach(found: Effect) -> str:
    if found.reach >= WHOLE:
        verb = "decides"
    else:
        verb = "does most of the work" if found.reach >= MOST_OF_THE_WORK else "carries part"
    return f"{verb}: {_score(found)}, so {percent(found.reach)} of the way there"


def _told(told: ClassEffect, name: str) -> str:
    return (
        f"tells class {name!r}: said in {told.own:,} of its {told.of_own:,} rows and in {told.others:,} of "
        f"{told.of_others:,} others"
    )


def _broken(code: str, threshold: str, material: Material, shortcut: Shortcut, label: int) -> Iterator[Finding]:
    """A warning for each split on which what holds on train does not hold."""
    climb = material.climb
    answers, base = shortcut.answers["train"], climb.splits["train"].labels
    if not len(base):
        return
    works = effect(climb, answers, "train").works and shortcut.label is None
    if not (works or class_effect(answers, base, label).counts(material.n_classes)):
        return
    for name, split in climb.splits.items():
        if name == "train":
            continue
        held = hold(answers, base, shortcut.answers[name], split.labels, material.n_classes, label)
        if held is None or not held.falls:
            continue
        says = shortcut.answers[name].predicted == label
        yield Finding(
            code,
            "present",
            f"{name}: {shortcut.name} says {material.labels[label]!r} in {percent(held.here[0])} of that class's rows "
            f"and in {percent(held.here[1])} of others, on train in {percent(held.train[0])} and "
            f"{percent(held.train[1])}: a model that leans on it fails here.",
            threshold,
            "warning",
            {"split": name, "class": material.labels[label], **shortcut.where},
            {
                **held.as_json(),
                "rows": listed_ids(split.rows, np.flatnonzero(says != (split.labels == label))),
            },
            "Break the tie in train (balance the classes over it, or take it out), and report the score on this split.",
        )
