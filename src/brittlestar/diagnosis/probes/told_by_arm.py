"""What each variant reads, and how far it carries: the answers of its seeds counted, and put into a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from brittlestar.diagnosis.probes.readings import ProbedStudy
from brittlestar.diagnosis.probes.telling import Word, told


def told_by_arm(study: ProbedStudy) -> dict[str, dict[str, Counter[str]]]:
    """{variant: {what was asked: {answer: seeds}}}: what each finished model reads, and how far it carries."""
    found: dict[str, dict[str, Counter[str]]] = {}
    for arm in study.arms:
        words: dict[str, Counter[str]] = {}
        for cell in arm.cells.values():
            for what, one in told(study.probes, cell).items():
                words.setdefault(what, Counter())[one.word] += 1
        found[arm.arm.name] = words
    return found


def told_sentences(words: Mapping[str, Mapping[str, Counter[str]]]) -> Iterator[str]:
    """`main needs order (5 of 5 seeds); loses nothing without factor colour (4 of 5 seeds)`, a variant a sentence;
    nothing of variants of which no seed has learned the task."""
    for arm, answers in words.items():
        parts: list[str] = []
        for word in WORDS:
            named = [f"{what} ({_counted(counts, word)})" for what, counts in answers.items() if counts[word]]
            if named:
                parts.append(f"{WORDS[word]} {', '.join(named)}")
        if parts:
            yield f"{arm} {'; '.join(parts)}."


WORDS: dict[Word, str] = {
    "reads": "needs",
    "ignores": "loses nothing without",
    "suffices": "needs no order but",
    "does not suffice": "needs more than",
    "holds": "holds at",
    "breaks": "breaks at",
}


def _counted(counts: Counter[str], word: Word) -> str:
    """`4 of 5 seeds, 1 open`."""
    total, unsettled = counts.total(), counts["inconclusive"]
    return f"{counts[word]} of {total} seed{'s' * (total > 1)}{f', {unsettled} open' if unsettled else ''}"
