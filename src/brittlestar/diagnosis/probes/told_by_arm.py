"""What each variant relies on, and at which lengths it holds: the answers of its seeds counted, and in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from brittlestar.diagnosis.probes.readings import ProbedStudy
from brittlestar.diagnosis.probes.telling import Word, describe_model


def told_by_arm(study: ProbedStudy) -> dict[str, dict[str, Counter[str]]]:
    """{variant: {what was asked: {answer: seeds}}}: what each finished model relies on, and where it
    holds."""
    found: dict[str, dict[str, Counter[str]]] = {}
    for arm in study.arms:
        words: dict[str, Counter[str]] = {}
        for cell in arm.cells.values():
            for what, one in describe_model(study.probes, cell).items():
                words.setdefault(what, Counter())[one.word] += 1
        found[arm.arm.name] = words
    return found


def told_sentences(words: Mapping[str, Mapping[str, Counter[str]]]) -> Iterator[str]:
    """`main relies on order, factor shape (5 of 5 seeds).`, a sentence for each variant and answer; nothing of variants
    of which no seed has learned the task."""
    for arm, answers in words.items():
        for word in WORDS:
            named: dict[str, list[str]] = {}
            for what, counts in answers.items():
                if counts[word]:
                    named.setdefault(_format_count(counts, word), []).append(what)
            if named:
                parts = (f"{_list_questions(own)} ({counted})" for counted, own in named.items())
                yield f"{arm} {WORDS[word]} {', '.join(parts)}."


WORDS: dict[Word, str] = {
    "reads": "relies on",
    "ignores": "does not rely on",
    "suffices": "needs no more of order than",
    "does not suffice": "needs more of order than",
    "holds": "keeps its accuracy on",
    "breaks": "loses accuracy on",
}


LENGTH = "length x "


def _list_questions(names: Sequence[str]) -> str:
    """What was asked, in words; lengths together: `rows 2, 4 times as long as train's longest`."""
    times = [name.removeprefix(LENGTH) for name in names if name.startswith(LENGTH)]
    rest = ["the given pairs" if name == "contrast" else name for name in names if not name.startswith(LENGTH)]
    return ", ".join([*rest, *([f"rows {', '.join(times)} times as long as train's longest"] if times else [])])


def _format_count(counts: Counter[str], word: Word) -> str:
    """`4 of 5 seeds, 1 undecided`."""
    total, unsettled = counts.total(), counts["inconclusive"]
    undecided = f", {unsettled} undecided" if unsettled else ""
    return f"{counts[word]} of {total} seed{'s' * (total > 1)}{undecided}"
