"""Pretrained tables that belong to their tokens."""

from dataclasses import replace

import numpy as np

from exam.cases import Case
from exam.clean.alphabets import words

WINDOW = 2
TABLE = "table.txt"


def vectors_of(case: Case, dim: int, random: np.random.Generator) -> tuple[list[str], np.ndarray]:
    """Tokens of train, and vectors float64 (n_tokens, dim): the leading part of their positive pointwise mutual
    information within two tokens (Levy and Goldberg 2014), with a little noise."""
    rows = case.splits["train"].rows
    tokens = sorted({token for row in rows for token in row})
    code = {token: k for k, token in enumerate(tokens)}
    counts = np.zeros((len(tokens), len(tokens)))
    coded = [np.asarray([code[token] for token in row]) for row in rows]
    for step in range(1, WINDOW + 1):
        before = np.concatenate([row[:-step] for row in coded if len(row) > step])
        after = np.concatenate([row[step:] for row in coded if len(row) > step])
        np.add.at(counts, (before, after), 1)
        np.add.at(counts, (after, before), 1)
    margin = counts.sum(axis=1) + 1e-9
    expected = np.outer(margin, margin) / max(counts.sum(), 1)
    information = np.log((counts + 0.1) / (expected + 0.1)).clip(0)
    left, strength, _ = np.linalg.svd(information)
    kept = min(dim, len(tokens))
    vectors = np.zeros((len(tokens), dim))
    vectors[:, :kept] = left[:, :kept] * np.sqrt(strength[:kept])
    return tokens, vectors / vectors.std() + random.normal(0, 0.05, vectors.shape)


def table_text(tokens: list[str], vectors: np.ndarray) -> str:
    """The table as text, a token and its numbers a line."""
    lines = [
        f"{token} {' '.join(f'{x:.5f}' for x in row)}" for token, row in zip(tokens, vectors.tolist(), strict=True)
    ]
    return "\n".join(lines) + "\n"


def with_table(case: Case, random: np.random.Generator, dim: int = 16) -> Case:
    """The case with a table of its own co-occurrences and of some words that it does not have."""
    tokens, vectors = vectors_of(case, dim, random)
    more = [word for word in words(20, random) if word not in set(tokens)]
    noise = vectors[random.integers(0, len(tokens), len(more))] + random.normal(0, 0.3, (len(more), dim))
    return table_case(case, [*tokens, *more], np.concatenate([vectors, noise]))


def table_case(case: Case, tokens: list[str], vectors: np.ndarray, **settings: str) -> Case:
    """The case with a table that its study names."""
    named = {
        "model.embedding.table": "{folder}/table.txt",
        "model.embedding.mode": "frozen-pretrained",
        "model.embedding.dim": str(vectors.shape[1]),
        **settings,
    }
    return replace(case, files={TABLE: table_text(tokens, vectors)}, settings={**case.settings, **named})


def without_numbers(case: Case) -> Case:
    """The case with the tokens of its table alone: its numbers rest on a decomposition, whose signs and last digits
    differ from one processor to the next."""
    text = case.files.get(TABLE)
    if text is None:
        return case
    return replace(case, files={**case.files, TABLE: "\n".join(line.partition(" ")[0] for line in text.splitlines())})
