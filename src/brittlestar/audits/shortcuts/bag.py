"""Check `shortcut.bag`: whether a bag of tokens does the work."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.chance import sign_test
from brittlestar.audits.checking import data_check, observe, unknown
from brittlestar.audits.draws import estimate_inflation
from brittlestar.audits.shortcuts.effect import LEAST_GAIN, LEAST_ROOM, ShortcutEffect, choose_split, effect, points
from brittlestar.audits.showing import FEWEST_ROWS, listed_ids, too_few
from brittlestar.baselines.table import what_is_read
from brittlestar.core.checks import Observed

MOST_ADDED = 0.05  # chosen, not measured
LEAST_LEARNT = 0.75  # chosen, not measured
LEAST_BETTER = 0.10  # chosen, not measured: as LEAST_GAIN
ADDS = ": order adds to what the bag has"


@data_check(
    "shortcut.bag",
    "A bag of tokens removes 75 % of the majority class's errors (20 % where predictions are at hand), order less "
    "than 5 % more: info. A warning on another split where order gains 10 % of the rows.",
    remedy="Claim no ability to read order from this data, and put the bag's score beside any model's.",
    rows="sample",
)
def bag(analysis: Analysis) -> Iterator[Observed]:
    """A bag of tokens does the work: order carries nothing that the task needs.

    **What it means.** Scores on this data say nothing about the ability to read order, because counts of tokens are
    enough. Where the task is known to be free of order this is as it should be, so it is information; it is a warning
    where the bag is enough on test and clearly not enough on another split.

    **How it is decided.** Naive Bayes on counts of tokens, fitted on train, is compared on test (else dev, else out of
    fold on train) with everything at hand that reads order: trivial baselines, but for linear, and any predictions.
    Cheap predictors cannot see every kind of order, so that they fail to use it proves little while they leave much
    unexplained: the finding needs a bag that leaves little, or predictions of a model.

    **What it cannot see.** Order that neither neighbours nor positions show, in rows that the bag leaves wrong.
    """
    name = choose_split(analysis)
    scored = analysis.baselines
    if not scored.splits[name].tokens.n_rows:
        yield unknown("There are no rows to score; 50 would do.")
        return
    compared = _compare_readers(analysis, name)
    main = _report_main(compared, name)
    yield main
    if main.severity is None:
        return
    for other, split in scored.splits.items():
        if other in ("train", name) or not split.tokens.n_rows:
            continue
        there = _compare_readers(analysis, other)
        if there.order - there.bag.score >= LEAST_BETTER:
            sentence = (
                f"{other}: a bag of tokens is right on {points(there.bag.score)} of {there.bag.n:,} rows, "
                f"{there.reader} on {points(there.order)}, although on {name} the bag is enough: order matters here."
            )
            evidence = {**there.as_json(), "p": there.p, "rows": there.rows}
            remedy = "Report the score on this split beside the headline: a model that ignores order fails here."
            yield observe(sentence, "warning", {"split": other}, evidence, remedy)


@dataclass(frozen=True)
class _Compared:
    """The bag beside the best reader of order on one split: its accuracy `order` and its name; `wins` and `losses` are
    rows that only it, and only the bag, gets right, `rows` ids of some of the former. `given` says whether predictions
    are among the readers."""

    bag: ShortcutEffect
    order: float
    reader: str
    wins: int
    losses: int
    worth: float
    given: bool
    rows: list[Any]

    @property
    def added(self) -> float:
        """Errors of the majority class that order removes beyond the bag, as a share of them."""
        room = 1 - self.bag.majority
        return (self.order - self.bag.score) / room if room > 0 else 0.0

    @property
    def p(self) -> float:
        """Of reading order being better, by rows that only one of the two gets right."""
        return sign_test(self.wins, self.losses, self.worth)

    def as_json(self) -> dict[str, Any]:
        """Counts and effects as JSON values."""
        return {
            **self.bag.as_json(),
            "order": {"name": self.reader, "accuracy": self.order, "only_order_right": self.wins},
            "only_bag_right": self.losses,
            "added_by_order": self.added,
            "p_order_better": self.p,
        }


def _compare_readers(analysis: Analysis, split: str) -> _Compared:
    scored = analysis.baselines
    labels = scored.splits[split].labels
    members = [
        baseline
        for baseline in scored.trivial.members
        if what_is_read(baseline) == "order" and baseline.kind != "linear"
    ]
    readers = {baseline.name: scored.answers[baseline.name][split] for baseline in members}
    every = {f"predictions of {variant}": scored.answers[f"given {variant}"] for variant in scored.trivial.given}
    given = {name: answers[split] for name, answers in every.items() if split in answers}
    right = {name: answers.predicted[0] == labels for name, answers in (readers | given).items()}
    best = max(right, key=lambda name: float(right[name].mean()))
    answers = scored.answers["bag of tokens"][split]
    by_bag = answers.predicted[0] == labels
    wins = np.flatnonzero(right[best] & ~by_bag)
    return _Compared(
        effect(scored, answers, split),
        float(right[best].mean()),
        best,
        len(wins),
        int((by_bag & ~right[best]).sum()),
        estimate_inflation(right[best].astype(np.float64) - by_bag, scored.splits[split].units),
        bool(given),
        listed_ids(scored.splits[split].tokens, wins),
    )


def _report_main(found: _Compared, name: str) -> Observed:
    bag = found.bag
    sentence = (
        f"{name}: a bag of tokens is right on {points(bag.score)} of {bag.n:,} rows, {found.reader} on "
        f"{points(found.order)}, {bag.one_class} on {points(bag.majority)}"
    )
    where, evidence = {"split": name}, found.as_json()
    if instead := _find_reason(found):
        sentence, evidence = f"{sentence}{instead}.", {**evidence, "p": None}
        return observe(sentence, None, where, evidence) if instead == ADDS else unknown(sentence, where, evidence)
    sentence = f"{sentence}: order adds nothing that this score needs."
    return observe(sentence, "info", where, evidence)


def _find_reason(found: _Compared) -> str:
    """Why the bag is not known to be enough, as a sentence goes on; empty where it is enough."""
    bag = found.bag
    learns = bag.gain >= LEAST_GAIN or bag.room >= LEAST_ROOM
    above = found.order - bag.majority
    if not learns and above < LEAST_GAIN and above < LEAST_ROOM * (1 - bag.majority):
        return ": nothing at hand learns the task; predictions of a model that does would settle it"
    if found.added >= MOST_ADDED and found.p <= 0.05:
        return ADDS
    if found.added >= MOST_ADDED:
        return ": too few rows to tell whether order helps; more rows would tell"
    if bag.n < FEWEST_ROWS:
        return f": {too_few(bag.n)}"
    if not learns or (bag.room < LEAST_LEARNT and not found.given):
        return (
            f"; {points(1 - max(bag.score, found.order))} of rows stay wrong, and whether order would help there "
            f"cannot be decided without predictions of a model that reads it"
        )
    return ""
