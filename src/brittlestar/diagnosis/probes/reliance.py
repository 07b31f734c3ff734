"""What probes tell of trained models that have learned the task: what they rely on, and at which lengths they hold."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from brittlestar.core.probing import ProbedCell, ProbeRecord
from brittlestar.diagnosis.decisions import side_of
from brittlestar.diagnosis.probes.phrasing import describe_population, format_interval, format_points
from brittlestar.diagnosis.probes.readings import ConditionReading, ProbedStudy, ProbedVariant, read_conditions
from brittlestar.statistics.effects import Effect
from brittlestar.study.units import count

Word = Literal["reads", "ignores", "suffices", "does not suffice", "holds", "breaks", "inconclusive"]

READS: Mapping[int, Word] = {1: "reads", 0: "inconclusive", -1: "ignores"}
SUFFICES: Mapping[int, Word] = {1: "does not suffice", 0: "inconclusive", -1: "suffices"}
HOLDS: Mapping[int, Word] = {1: "breaks", 0: "inconclusive", -1: "holds"}
"""Words for a loss above what matters, near it, and below."""
LEARNED = 0.9
"""Accuracy from which on what a model relies on is evidence about the task."""
RELIANCE = 0.05
"""A model reads what a probe takes away where it loses more of its score than this without it."""


@dataclass(frozen=True)
class ModelAnswer:
    """One answer about one model: `what` was asked (`order`, `position 2`, `factor colour`, `length x 2`, `contrast`),
    the answer in a word, and the effect that it rests on (None where nothing was measured)."""

    what: str
    word: Word
    effect: Effect | None


def describe_model(probes: ProbeRecord, cell: ProbedCell) -> Mapping[str, ModelAnswer]:
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
    found: dict[str, ModelAnswer] = {}
    for reading in readings[1:]:
        answer = _find_answer(reading)
        if answer is None:
            continue
        what, effect, words = answer
        word: Word = "inconclusive" if effect is None or not learned else words[side_of(effect.interval(), RELIANCE)]
        found[what] = ModelAnswer(what, word, effect)
    order = found["order"].word if "order" in found else "inconclusive"
    places = [what for what in found if what.startswith("position ")] if order != "reads" else []
    for what in places:  # a shuffle that spares a position says nothing of a model that every shuffle leaves
        if order == "ignores":
            del found[what]
        else:
            found[what] = replace(found[what], word="inconclusive")
    return found


def _find_answer(reading: ConditionReading) -> tuple[str, Effect | None, Mapping[int, Word]] | None:
    """What a condition asks: its name, the effect, and the words for an effect above the threshold and below."""
    probe, strength = reading.condition.probe, reading.condition.strength
    family, _, detail = probe.partition(":")
    if probe == "order.shuffle":
        return "order", reading.reliance, READS
    if family == "order.pinned":
        return f"position {strength:g}", reading.reliance, SUFFICES
    if family in ("factors.permute", "factors.redraw"):
        return f"factor {detail}", reading.reliance, READS
    if family == "length.sweep":
        return f"length x {strength:g}", reading.drop, HOLDS
    return ("contrast", reading.drop, HOLDS) if probe == "contrast.given" else None


def describe_order(variant: ProbedVariant) -> str:
    """How much of a variant's accuracy stays without the order of tokens; empty where nobody asked, or no label is
    known."""
    shuffled, plain = variant.of("order.shuffle@1"), variant.plain.before
    if shuffled is None or shuffled.reliance is None or plain is None:
        return ""
    lost = shuffled.reliance
    stays = f"{format_points(plain.estimate - lost.estimate)} of {format_points(plain.estimate)} points of accuracy"
    interval = f"{format_interval(lost.interval())} ({describe_population(lost)})"
    return f"{stays} stay when tokens are shuffled; lost: {format_points(lost.estimate)} {interval}."


def count_answers(study: ProbedStudy) -> dict[str, dict[str, Counter[str]]]:
    """{variant: {what was asked: {answer: seeds}}}: what each finished model relies on, and where it
    holds."""
    found: dict[str, dict[str, Counter[str]]] = {}
    for variant in study.variants:
        words: dict[str, Counter[str]] = {}
        for cell in variant.cells.values():
            for what, answer in describe_model(study.probes, cell).items():
                words.setdefault(what, Counter())[answer.word] += 1
        found[variant.name] = words
    return found


WORDS: dict[Word, str] = {
    "reads": "relies on",
    "ignores": "does not rely on",
    "suffices": "needs no more of order than",
    "does not suffice": "needs more of order than",
    "holds": "keeps its accuracy on",
    "breaks": "loses accuracy on",
}


def write_answers(words: Mapping[str, Mapping[str, Counter[str]]]) -> Iterator[str]:
    """`main relies on order (5 of 5 seeds).`, a sentence for each variant and answer; nothing of variants of which no
    seed has learned the task."""
    for variant, answers in words.items():
        for word, verb in WORDS.items():
            notes = [
                f"{_name_subject(what)} ({counts[word]} of {count(counts.total(), 'seed')})"
                for what, counts in answers.items()
                if counts[word]
            ]
            if notes:
                yield f"{variant} {verb} {', '.join(notes)}."


def _name_subject(what: str) -> str:
    """What was asked, in words."""
    times = what.removeprefix("length x ")
    longer = f"rows {times} times as long as train's longest"
    return longer if times != what else "the given pairs" if what == "contrast" else what
