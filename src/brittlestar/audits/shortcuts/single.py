"""Checks `shortcut.length`, `shortcut.position` and `shortcut.token`: one key of a row does much of the work."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.checking import data_check, observe, unknown
from brittlestar.audits.shortcuts.effect import (
    LEAST_TOLD,
    MOST_OF_THE_WORK,
    WHOLE,
    ShortcutEffect,
    choose_split,
    class_effect,
    effect,
    points,
)
from brittlestar.audits.shortcuts.hold import hold, predict_class
from brittlestar.audits.shortcuts.without import Places, place_of_position, places_of_token, score_without
from brittlestar.audits.showing import FEWEST_ROWS, listed_ids, percent
from brittlestar.baselines.readings import NONE, Reading, at_position, lengths, presence, token_at
from brittlestar.core.answers import Answers
from brittlestar.core.checks import Observed
from brittlestar.core.trivial_baselines import place_words

MOST_TELLERS = 6  # chosen, not measured
LEAST_SURPRISING = 0.05
"""Convention, 5 %: a fall that chance explains before any correction is not brought up."""
BEATS = (
    "beats the majority class by 10 % of rows or 20 % of errors, and 20 % of the best gain, or tells a class by 50 "
    "points: info."
)
HALVES = "A warning where that halves, by 20 points."
WRITTEN = "Warning: 90 % is proven, or that halves."
REMEDY = (
    "If the task is meant to need more than this, balance the classes over it; show the trivial baselines beside a "
    "score."
)

REMEDY_WHERE_WHOLE = (
    "Ask who writes it, and when: before or after the label? What is written after it is not there for new rows: take "
    "it out of every split and train again. Where it is the rule of the task, show its score beside any other."
)
REMEDY_WHERE_BROKEN = (
    "Break the tie in train (balance the classes over it, or take it out), and report the score on this split."
)


@dataclass(frozen=True)
class Shortcut:
    """A trivial predictor as a check reports it: `name` begins sentences, `where` names it in findings, `answers` are
    those of each split; `evidence` and `more` are added to its finding. `places`: the tokens that it reads, where it
    is a warning that these alone reach nine tenths."""

    name: str
    where: Mapping[str, str]
    answers: Mapping[str, Answers]
    evidence: Mapping[str, Any] = field(default_factory=dict[str, Any])
    more: str = ""
    places: Places | None = None


@dataclass(frozen=True)
class ClassFeature:
    """What reads one key per row and tells class `label` from the rest, on train by `informed`."""

    name: str
    where: Mapping[str, str]
    reading: Reading
    label: int
    informed: float


def report_shortcut(analysis: Analysis, shortcut: Shortcut, tellers: Sequence[ClassFeature]) -> Iterator[Observed]:
    """What the shortcut does on the split that counts, what tellers of single classes do there, and a warning for each
    split on which a teller breaks. A teller with the shortcut's own `where` is part of its finding."""
    scored, name = analysis.baselines, choose_split(analysis)
    if not scored.splits[name].tokens.n_rows:
        yield unknown(f"There are no rows to score; {FEWEST_ROWS} would do.")
        return
    found = effect(scored, shortcut.answers[name], name)
    works = effect(scored, shortcut.answers["train"], "train").works if scored.splits["train"].tokens.n_rows else False
    more: list[Observed] = []
    main = _main(analysis, shortcut, found, name)
    for teller in [one for one in tellers if one.informed >= LEAST_TOLD or (works and one.where == shortcut.where)]:
        for one in _report_teller(analysis, teller, name):
            if not (found.counts and one.severity == "info" and teller.where == shortcut.where):
                more.append(one)  # else it says of one class what the shortcut says of all
    if main.severity is not None or not any(one.where["split"] == name for one in more):
        yield main
    yield from more


def _main(analysis: Analysis, shortcut: Shortcut, found: ShortcutEffect, name: str) -> Observed:
    where, evidence = {"split": name, **shortcut.where}, {**found.as_json(), **shortcut.evidence}
    if not found.counts:
        sentence = f"{name}: {shortcut.name} is {_score(found)}{shortcut.more}"
        return observe(sentence, None, where, evidence, rows=found.n)
    split, scored = analysis.baselines.splits[name], analysis.baselines
    right = shortcut.answers[name].predicted[0] == split.labels
    base = scored.answers[scored.trivial.majority.name][name].predicted[0] == split.labels
    evidence["rows"] = listed_ids(split.tokens, np.flatnonzero(right & ~base))
    does = "does most of the work" if found.reach >= MOST_OF_THE_WORK else "carries part"
    sentence = f"{name}: {shortcut.name} {'decides' if found.reach >= WHOLE else does}: {_score(found)}, so "
    sentence += f"{percent(found.reach)} of the way there{shortcut.more}."
    if shortcut.places is None or not found.whole or np.median(split.tokens.lengths) <= 1:
        return observe(sentence, "info", where, evidence)
    without = score_without(scored, name, shortcut.places, len(analysis.tokens), analysis.n_classes)
    ends = "" if without.interval is None else f" [{', '.join(f'{100 * end:.1f}' for end in without.interval)}]"
    sentence = (
        f"{sentence.removesuffix('.')}. Who writes it, and when: before or after the label? Without it linear is right "
        f"on {points(without.score)}{ends}"
    )
    return observe(sentence, "warning", where, {**evidence, "without_it": without.as_json()}, REMEDY_WHERE_WHOLE)


def _score(found: ShortcutEffect) -> str:
    return (
        f"right on {points(found.score)} of {found.n:,} rows, {found.one_class} on {points(found.majority)}, the best "
        f"known ({found.best_name}) on {points(found.best)}"
    )


def _report_teller(analysis: Analysis, teller: ClassFeature, name: str) -> Iterator[Observed]:
    """Whether a teller tells its class on split `name`, and a warning for each split on which it breaks."""
    scored, class_name = analysis.baselines, analysis.labels[teller.label]
    answers = predict_class(scored, teller.reading, teller.label)
    split = scored.splits[name]
    found = class_effect(answers[name].says, split.labels, teller.label, split.units)
    if found.counts:
        rows = np.flatnonzero(answers[name].says & (split.labels == teller.label))
        evidence = {**found.as_json(), "rows": listed_ids(split.tokens, rows)}
        where = {"split": name, "class": class_name, **teller.where}
        sentence = (
            f"{name}: {teller.name} predicts class {class_name!r}: it predicts it in {found.own:,} of its "
            f"{found.of_own:,} rows and in {found.others:,} of {found.of_others:,} others."
        )
        yield observe(sentence, "info", where, evidence)
    for other, rows in scored.splits.items():
        held = None if other == "train" else hold(answers["train"], answers[other], analysis.n_classes, teller.label)
        if held is None or not held.falls or held.p > LEAST_SURPRISING:
            continue
        wrong = np.flatnonzero(answers[other].says != (rows.labels == teller.label))
        where = {"split": other, "class": class_name, **teller.where}
        evidence = {**held.as_json(), "rows": listed_ids(rows.tokens, wrong)}
        sentence = (
            f"{other}: {teller.name} predicts {class_name!r} in {percent(held.here[0])} of that class's rows and in "
            f"{percent(held.here[1])} of others, on train in {percent(held.train[0])} and {percent(held.train[1])}: a "
            f"model that uses it fails here."
        )
        yield observe(sentence, "warning", where, evidence, REMEDY_WHERE_BROKEN)


@data_check("shortcut.length", f"The length alone {BEATS} {HALVES}", REMEDY, rows="sample")
def length(analysis: Analysis) -> Iterator[Observed]:
    """The length of a row does much of the work.

    **What it means.** A model that counts tokens and reads none of them gets a large part of the score. Where length
    is the rule of the task that is as it should be, so this is information; it is a warning where the tie between
    length and class holds on train and breaks on another split.

    **How it is decided.** A table from lengths (exact up to 32, then in steps of an eighth of an octave) to classes is
    learnt on train with add-one smoothing and scored on test (else dev, else out of fold on train). Its reach is the
    way from the majority class's score to that of the best predictor known: the trivial baselines
    and any predictions at hand. For every other split it is asked how much more often the class that length tells best
    on train is named in rows of that class than in other rows, with train's other classes weighted to that split's,
    over rows whose length occurs in train: changed class shares and new lengths alone do not count as a break.

    **What it cannot see.** Whether length is the rule or an accident; what a model trained on the data in fact uses.
    """
    name, single = "length alone", analysis.baselines.chosen.length
    tellers = [] if single.label is None else [ClassFeature(name, {}, lengths, single.label, single.informed)]
    shortcut = Shortcut(name, {}, analysis.baselines.answers["length"])
    yield from report_shortcut(analysis, shortcut, tellers)


@data_check(
    "shortcut.token", f"One token alone {BEATS} {WRITTEN}", REMEDY, rows="sample", explained_by=("token.unknown",)
)
def token(analysis: Analysis) -> Iterator[Observed]:
    """Whether one marker token stands in a row does much of the work.

    **What it means.** A model that looks for one token and reads nothing else gets a large part of the score, or
    recognises one class altogether. Where that token is the rule this is as it should be, so it is information; it is
    a warning where the tie between token and class holds on train and breaks on another split, and where the token
    alone gains nine tenths of what the best known gains (95 % interval of the paired difference): then it may have been
    written after the label, and linear is fitted once more without it.

    **How it is decided.** On train (50,000 rows of it, if there are more) the token is chosen whose presence or absence
    is right about most rows, and the six tokens whose share of rows differs most between one class and the others. All
    are then scored on test (else dev, else on train), and on every other split it is asked how much more often the
    token predicts its class in rows of the class than in other rows, with train's other classes weighted to that
    split's, so that changed class shares alone do not count as a break.

    **What it cannot see.** Markers of several tokens, and counts; whether the token is the rule or an accident.
    """
    chosen = analysis.baselines.chosen.markers
    if chosen.best is None:
        yield unknown("Train has no tokens; 50 rows with tokens would do.")
        return
    best = analysis.tokens[chosen.best]
    tellers: list[ClassFeature] = []
    for one in chosen.telling:
        name, reading = analysis.tokens[one.token], presence(one.token)
        tellers.append(ClassFeature(f"token {name!r} alone", {"token": name}, reading, one.label, one.informed))
    answers, places = analysis.baselines.answers["single token"], places_of_token(chosen.best)
    shortcut = Shortcut(f"token {best!r} alone", {"token": best}, answers, places=places)
    yield from report_shortcut(analysis, shortcut, tellers)


@data_check("shortcut.position", f"One position alone {BEATS} {WRITTEN}", REMEDY, rows="sample")
def position(analysis: Analysis) -> Iterator[Observed]:
    """The token at one fixed position does much of the work.

    **What it means.** A model that reads one place of each row and nothing else gets a large part of the score. Where
    one place is the rule this is as it should be, so it is information; it is a warning where the tie between the place
    and the class holds on train and breaks on another split, and, as `shortcut.token` is, where it gains nine tenths.

    **How it is decided.** Up to 64 positions from the left (counted from 1) and 64 from the end (from -1 backwards)
    that at least 5 % of rows reach are tried on train (on 50,000 rows of it, if there are more), out of fold; not to
    reach the position counts as one more value of it. The best of them is scored on test (else dev, else out of fold on
    train), with the token there that tells a class best. On every other split it is asked how much more often the class
    that the position tells best on train is named in rows of that class than in other rows, with train's other classes
    weighted to that split's, over rows whose token there occurs there in train.

    **What it cannot see.** Combinations of positions (the trivial baselines' token × position show what they reach
    together), positions beyond the 64th, and whether the position is the rule or an accident.
    """
    scored = analysis.baselines
    baseline = scored.trivial.find_kind("position")
    if baseline is None:
        yield unknown("Train has no position to read; 50 rows with tokens would do.")
        return
    place, told = int(baseline.detail), _find_telling(analysis, int(baseline.detail))
    more = (
        f"; {told['token']!r} stands there in {percent(told['in_class'])} of {told['class']!r}, in "
        f"{percent(told['in_others'])} of others"
    )
    evidence = {"telling": told, "tried": len(scored.trivial.positions)}
    name, where = f"position {place_words(place)} alone", {"position": baseline.detail}
    shortcut = Shortcut(name, where, scored.answers[baseline.name], evidence, more, place_of_position(place))
    yield from report_shortcut(analysis, shortcut, _tellers(analysis, place))


def _tellers(analysis: Analysis, best: int) -> list[ClassFeature]:
    """The position that is right most often, then those that tell a class best."""
    found = analysis.baselines.chosen.positions
    order = sorted(found, key=lambda position: (position != best, -found[position].informed))[:MOST_TELLERS]
    n = len(analysis.tokens)
    tellers: list[ClassFeature] = []
    for place in order:
        name, where, one = f"position {place_words(place)} alone", {"position": str(place)}, found[place]
        if one.label is not None:
            tellers.append(ClassFeature(name, where, at_position(place, n), one.label, one.informed))
    return tellers


def _find_telling(analysis: Analysis, place: int) -> dict[str, Any]:
    """The token at one position of train, and the class, with the largest difference between the shares of rows of the
    class and of others that have it there."""
    split, n_classes = analysis.baselines.splits["train"], analysis.n_classes
    tokens, counts = token_at(split.tokens, place), np.bincount(split.labels, minlength=n_classes)
    has = np.flatnonzero(tokens != NONE)
    pairs, rows = np.unique(tokens[has] * n_classes + split.labels[has], return_counts=True)
    token, label = np.divmod(pairs, n_classes)
    everywhere = np.bincount(tokens[has], minlength=len(analysis.tokens))[token]
    inside = rows / counts[label]
    outside = (everywhere - rows) / np.maximum(counts.sum() - counts[label], 1)
    best = int((inside - outside).argmax())
    return {
        "token": analysis.tokens[int(token[best])],
        "class": analysis.labels[int(label[best])],
        "in_class": float(inside[best]),
        "in_others": float(outside[best]),
    }
