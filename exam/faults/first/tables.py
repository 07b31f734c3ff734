"""Embedding tables and positions that do not fit the data."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np

from exam.clean.alphabets import words
from exam.clean.sources import uniform
from exam.clean.tables import table_case, vectors_of
from exam.faults.first.leaks import WORDS
from exam.planted import Fault, Planted, Subject, some, token_counts

DIM = 16


def misaligned(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the rows of a table that fits its tokens is dealt out anew among them."""
    tokens, vectors = vectors_of(subject.case, DIM, random)
    chosen = some(len(tokens), dose, random)
    vectors[chosen] = vectors[np.roll(chosen, int(random.integers(1, max(len(chosen), 2))))]
    return Planted(table_case(subject.case, tokens, vectors), {})


def unused(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The table has rows for tokens that no split has: a share of all its rows."""
    tokens, vectors = vectors_of(subject.case, DIM, random)
    many = round(len(tokens) * dose / (1 - dose))
    more = [word for word in words(many + len(tokens), random) if word not in set(tokens)][:many]
    noise = vectors[random.integers(0, len(tokens), len(more))] + random.normal(0, 0.3, (len(more), DIM))
    return Planted(table_case(subject.case, [*tokens, *more], np.concatenate([vectors, noise])), {})


def collapsed(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the rows is one vector with a little noise."""
    tokens, vectors = vectors_of(subject.case, DIM, random)
    chosen = some(len(tokens), dose, random)
    vectors[chosen] = vectors[0] + random.normal(0, 0.01, (len(chosen), DIM))
    return Planted(table_case(subject.case, tokens, vectors), {})


def exploding(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Norms grow with frequency to the power of the dose."""
    tokens, vectors = vectors_of(subject.case, DIM, random)
    counts = token_counts(subject.split("train"))
    frequency = np.asarray([counts[token] for token in tokens], np.float64)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled = vectors * (frequency / np.median(frequency))[:, None] ** dose
    return Planted(table_case(subject.case, tokens, scaled), {})


def frozen(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The study freezes random vectors."""
    settings = {"model.embedding.mode": "frozen-random"} if dose else {}
    return Planted(replace(subject.case, settings=settings), {})


def without_positions(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A transformer without positions for a task that is nothing but order."""
    settings = {"model.family": "transformer", "model.positions": "false", "variants": "{}"} if dose else {}
    return Planted(replace(subject.case, settings=settings), {})


def equal_vectors(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the tokens has the vector of another token."""
    tokens, vectors = vectors_of(subject.case, DIM, random)
    chosen = some(len(tokens) // 2, dose, random)
    order = random.permutation(len(tokens))
    vectors[order[chosen]] = vectors[order[chosen + len(tokens) // 2]]
    return Planted(table_case(subject.case, tokens, vectors), {})


def shared_ids(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the tokens has the id of another token in the vocabulary."""
    tokens = sorted(token_counts(subject.split("train")))
    order = random.permutation(len(tokens)).tolist()
    ids = {tokens[k]: place + 2 for place, k in enumerate(order)}
    for k in some(len(tokens) // 2, dose, random).tolist():
        ids[tokens[order[k]]] = ids[tokens[order[k + len(tokens) // 2]]]
    text = json.dumps({"<pad>": 0, "<unk>": 1, **ids}, ensure_ascii=False)
    return Planted(subject.case.with_vocabulary(text, ".json"), {})


def vocabulary_of_all(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The vocabulary was listed from train and test: it has a share of the words that only test has."""
    known = token_counts(subject.split("train"))
    new = [token for token in token_counts(subject.split("test")) if token not in known]
    if len(new) < 30:
        raise ValueError("test has too few words of its own")
    listed = [*known, *(new[k] for k in some(len(new), dose, random))]
    return Planted(subject.case.with_vocabulary("\n".join(["<pad>", "<unk>", *listed]) + "\n"), {"split": "test"})


TABLE = {
    "alphabet": "words",
    "size": [60, 200],
    "source": ["word classes", "markov"],
    "lengths": uniform(12, 24),
    "rows": 3_000,
    "rule": ["majority", "marker"],
}

FAULTS = (
    Fault("embedding.misaligned", "rows dealt out anew", "of table rows", (0.1, 0.3, 0.6, 1.0), 0.6, misaligned, TABLE),
    Fault("embedding.unused", "rows without a token", "of table rows", (0.1, 0.3, 0.6, 0.9), 0.6, unused, TABLE),
    Fault("embedding.collapsed", "rows nearly equal", "of table rows", (0.1, 0.3, 0.6, 1.0), 0.6, collapsed, TABLE),
    Fault(
        "embedding.exploding",
        "norms grow with frequency",
        "as exponent",
        (0.1, 0.3, 0.6, 1.0),
        0.6,
        exploding,
        {**TABLE, "source": ["zipf", "topics"]},
    ),
    Fault(
        "token.collision", "tokens with one vector", "of half the tokens", (0.05, 0.2, 0.5), 0.2, equal_vectors, TABLE
    ),
    Fault("token.collision", "tokens with one id", "of half the tokens", (0.05, 0.2, 0.5), 0.2, shared_ids, TABLE),
    Fault(
        "leak.preprocess",
        "vocabulary of train and test",
        "of test's own words",
        (0.1, 0.3, 0.6, 1.0),
        0.6,
        vocabulary_of_all,
        WORDS,
    ),
    Fault("embedding.frozen", "random vectors frozen", "", (1.0,), 1.0, frozen, {}),
    Fault(
        "position.missing",
        "transformer without positions",
        "",
        (1.0,),
        1.0,
        without_positions,
        {"rule": ["neighbours", "one position", "order"], "n_classes": 2, "lengths": uniform(12, 20)},
    ),
)
