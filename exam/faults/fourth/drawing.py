"""What subjects of the fourth set are drawn with: lengths, words of three scripts, splits, vectors in whole numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from exam.cases import Case, Form, Row, Split, split_of
from exam.faults.third.drawing import Lengths, Task, task_of
from exam.planted import Fault, Plant, Planted, Subject, token_counts

DIMENSION = 20


def skewed(low: int, high: int) -> Lengths:
    """Lengths between two bounds, short ones more often: the lower of two dice."""

    def drawn(n: int, random: np.random.Generator) -> np.ndarray:
        return np.minimum(random.integers(low, high + 1, n), random.integers(low, high + 1, n))

    return drawn


def ragged(classes: int, random: np.random.Generator, most: int = 3) -> tuple[float, ...]:
    """Class shares that differ by up to a factor of `most`."""
    weights = random.integers(10, 10 * most + 1, classes)
    return tuple(float(weight) / float(weights.sum()) for weight in weights)


def spelled(
    onsets: Sequence[str], vowels: Sequence[str], n: int, taken: set[str], random: np.random.Generator
) -> list[str]:
    """New made-up words of two to four syllables."""
    made: list[str] = []
    while len(made) < n:
        word = "".join(
            onsets[int(random.integers(len(onsets)))] + vowels[int(random.integers(len(vowels)))]
            for _ in range(int(random.integers(2, 5)))
        )
        if word not in taken:
            taken.add(word)
            made.append(word)
    return made


def parts_of(total: int, random: np.random.Generator) -> dict[str, int]:
    """Rows of train, dev and test: a quarter to two fifths are for evaluation, half of them or so for dev."""
    held = total * int(random.integers(25, 41)) // 100
    dev = held * int(random.integers(42, 59)) // 100
    return {"train": total - held, "dev": dev, "test": held - dev}


def total_rows(rows: int | None, random: np.random.Generator) -> int:
    """The given number of rows, or 1,200 to 5,000."""
    return int(random.integers(1_200, 5_001)) if rows is None else rows


def subject_of(
    kind: str, task: Task, names: Sequence[str], random: np.random.Generator, total: int, form: Form = "words"
) -> Subject:
    """A clean subject: distinct rows of a task, dealt to train, dev and test at random."""
    drawn, labels = task.draw(total, random)
    told = [names[label] for label in labels.tolist()]
    splits: dict[str, Split] = {}
    start = 0
    for name, n in parts_of(total, random).items():
        splits[name] = split_of(name, drawn[start : start + n], told[start : start + n], random)
        start += n
    if any(name not in split.labels for name in names for split in splits.values()):
        raise ValueError("a class is missing by chance")
    return Subject(Case(f"fourth: {kind}", kind, splits, form), task, tuple(names))


def vectors(subject: Subject, random: np.random.Generator) -> dict[str, np.ndarray]:
    """A vector int64 (DIMENSION,) for each token of the subject's language, the most frequent in train first: the sum
    of what its use is made of (tokens used alike lie close to each other) and something of its own, in thousandths."""
    uses = task_of(subject).uses
    if not uses:
        raise ValueError("the uses of this subject's tokens are not known")
    parts = {
        part: random.integers(-1_700, 1_701, DIMENSION)
        for part in sorted({word for use in uses.values() for word in use.split()})
    }
    counts = token_counts(subject.split("train"))
    table: dict[str, np.ndarray] = {}
    for token in sorted(uses, key=lambda token: (-counts.get(token, 0), token)):
        table[token] = random.integers(-800, 801, DIMENSION)
        for part in uses[token].split():
            table[token] = table[token] + parts[part]
    return table


def with_table(subject: Subject, table: dict[str, np.ndarray]) -> Subject:
    """The subject with an embedding table of these vectors (in thousandths), frozen."""
    lines = [f"{token} {' '.join(f'{value / 1_000:.3f}' for value in row.tolist())}\n" for token, row in table.items()]
    settings = {
        "model.embedding.table": "{folder}/table.txt",
        "model.embedding.mode": "frozen-pretrained",
        "model.embedding.dim": str(len(next(iter(table.values())))),
    }
    case = replace(subject.case, settings=settings, files={**subject.case.files, "table.txt": "".join(lines)})
    return replace(subject, case=case)


def with_model(case: Case, **settings: str) -> Case:
    """The case with settings of the model, `__` for a dot."""
    named = {f"model.{name.replace('__', '.')}": value for name, value in settings.items()}
    return replace(case, settings={**case.settings, **named, "variants": "{}"})


def in_split(subject: Subject, name: str, rows: dict[int, Row], labels: dict[int, str] | None = None) -> Planted:
    """A case with other rows and labels at some positions of one split, which is the place of its fault."""
    changed = subject.split(name).with_rows(rows).with_labels(labels or {})
    return Planted(subject.case.with_split(name, changed), {"split": name})


def fourth(
    code: str,
    story: str,
    unit: str,
    doses: tuple[float, ...],
    matters: float,
    plant: Plant,
    subjects: Callable[..., Subject],
    **given: int,
) -> Fault:
    """A fault of the fourth set, drawn under the name that it had when it was sealed."""
    seeded = f"{code} (held out: {story})"
    return Fault(code, f"fourth: {story}", unit, doses, matters, plant, given, subjects, seeded)
