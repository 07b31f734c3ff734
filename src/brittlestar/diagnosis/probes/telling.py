"""What probes tell of one trained model that has learned the task: what it relies on, and at which lengths it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from brittlestar.core.probing import ProbedCell, ProbeRecord
from brittlestar.diagnosis.probes.readings import Reading, read_conditions
from brittlestar.statistics.effects import Effect

Word = Literal["reads", "ignores", "suffices", "does not suffice", "holds", "breaks", "inconclusive"]

LEARNED = 0.9
"""Accuracy from which on what a model relies on is evidence about the task."""
RELIANCE = 0.05
"""A model reads what a probe takes away where it loses more of its score than this without it."""


@dataclass(frozen=True)
class Told:
    """One answer about one model: `what` was asked (`order`, `position 2`, `factor colour`, `length x 2`, `contrast`),
    the answer in a word, and the effect that it rests on (None where nothing was measured)."""

    what: str
    word: Word
    effect: Effect | None


def describe_model(probes: ProbeRecord, cell: ProbedCell) -> Mapping[str, Told]:
    """Everything that a suite tells of one model, by what was asked.

    A model `reads` order or a factor where the 95 % interval over rows of its reliance (accuracy before less the rows
    that are still given their old label) is above 5 points, and `ignores` it where it is below. A position
    `suffices` where a shuffle that spares it alone leaves the score of a model that reads order; of one that ignores
    order no position is asked. About a factor, values
    that are drawn anew say more than values that change places, which leave every count as it is: where a suite has
    both, the former answer. At a length, and on contrasts, the model `holds` where less than 5 points of accuracy are
    lost, and `breaks` where more are. Below an accuracy of .9 on the rows as they are everything is inconclusive: what
    a model relies on that has not learned the task is no evidence about the task.
    """
    readings = read_conditions(probes, {0: cell})
    plain = readings[0].before
    learned = plain is not None and plain.estimate >= LEARNED
    found: dict[str, Told] = {}
    for one in readings[1:]:
        asked = _find_question(one)
        if asked is None:
            continue
        what, effect, words = asked
        word: Word = "inconclusive" if effect is None or not learned else _word(effect, words)
        found[what] = Told(what, word, effect)
    order = found["order"].word if "order" in found else "inconclusive"
    if order == "reads":
        return found
    # That a shuffle which spares a position leaves the score says nothing of a model that every shuffle leaves.
    places = [what for what in found if what.startswith("position ")]
    rest = {what: one for what, one in found.items() if what not in places}
    return (
        rest
        if order == "ignores"
        else {**found, **{what: replace(found[what], word="inconclusive") for what in places}}
    )


def _find_question(one: Reading) -> tuple[str, Effect | None, tuple[Word, Word]] | None:
    """What a condition asks: its name, the effect, and the words for an effect above the threshold and below."""
    probe, strength = one.condition.probe, one.condition.strength
    family, _, detail = probe.partition(":")
    if probe == "order.shuffle":
        return "order", one.reliance, ("reads", "ignores")
    if family == "order.pinned":
        return f"position {strength:g}", one.reliance, ("does not suffice", "suffices")
    if family in ("factors.permute", "factors.redraw"):
        return f"factor {detail}", one.reliance, ("reads", "ignores")
    if family == "length.sweep":
        return f"length x {strength:g}", one.drop, ("breaks", "holds")
    if probe == "contrast.given":
        return "contrast", one.drop, ("breaks", "holds")
    return None


def _word(effect: Effect, words: tuple[Word, Word]) -> Word:
    low, high = effect.interval()
    return words[0] if low > RELIANCE else words[1] if high < RELIANCE else "inconclusive"
