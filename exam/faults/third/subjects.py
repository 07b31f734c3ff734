"""The clean subjects of the third set, and two of them with files that are in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from exam.faults.third.drawing import task_of
from exam.faults.third.language import sentences, shell
from exam.faults.third.records import clicks, visits
from exam.faults.third.signals import machine, melodies, peptides
from exam.planted import Subject, token_counts

DIMENSION = 24


def vectors(subject: Subject, random: np.random.Generator, dimension: int = DIMENSION) -> dict[str, np.ndarray]:
    """A vector float64 (dimension,) for each token of the subject's language, the most frequent in train first: the
    sum of what its use is made of, such as part of speech and topic (tokens used alike lie close to each other), and
    something of its own."""
    uses = task_of(subject).uses
    if not uses:
        raise ValueError("the uses of this subject's tokens are not known")
    parts = {
        part: random.normal(size=dimension) for part in sorted({word for use in uses.values() for word in use.split()})
    }
    means = {use: sum((parts[part] for part in use.split()), np.zeros(dimension)) for use in sorted({*uses.values()})}
    counts = token_counts(subject.split("train"))
    order = sorted(uses, key=lambda token: (-counts.get(token, 0), token))
    return {token: means[uses[token]] + 0.5 * random.normal(size=dimension) for token in order}


def with_table(subject: Subject, table: dict[str, np.ndarray]) -> Subject:
    """The subject with an embedding table of these vectors, frozen."""
    lines = [f"{token} {' '.join(f'{value:.3f}' for value in vector.tolist())}\n" for token, vector in table.items()]
    settings = {
        "model.embedding.table": "{folder}/table.txt",
        "model.embedding.mode": "frozen-pretrained",
        "model.embedding.dim": str(len(next(iter(table.values())))),
    }
    case = replace(subject.case, settings=settings, files={**subject.case.files, "table.txt": "".join(lines)})
    return replace(subject, case=case)


def sentences_with_table(random: np.random.Generator, rows: int | None = None) -> Subject:
    """News sentences with a healthy table of word vectors, which also has words that this folder lacks."""
    made = sentences(random, rows)
    return with_table(made, vectors(made, random))


def shell_with_vocabulary(random: np.random.Generator, rows: int | None = None) -> Subject:
    """Shell sessions with a vocabulary of the tokens that train has at least twice."""
    made = shell(random, rows)
    kept = [token for token, count in token_counts(made.split("train")).items() if count > 1]
    return replace(made, case=made.case.with_vocabulary("\n".join(["<pad>", "<unk>", *kept]) + "\n"))


SUBJECTS: tuple[Callable[..., Subject], ...] = (
    sentences,
    peptides,
    clicks,
    melodies,
    visits,
    machine,
    shell,
    sentences_with_table,
    shell_with_vocabulary,
)
