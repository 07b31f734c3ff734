"""Tables of vectors that do not fit their tokens, and classes that something beside the rule gives away."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from exam.cases import Row
from exam.clean.alphabets import words
from exam.clean.sources import uniform
from exam.clean.tables import table_case, vectors_of
from exam.faults.drawing import everywhere
from exam.planted import Fault, Planted, Subject, inserted, some, token_counts

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


def one_direction(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A common vector drowns what tells tokens apart: its length in standard deviations."""
    tokens, vectors = vectors_of(subject.case, DIM, random)
    direction = random.normal(size=DIM)
    return Planted(table_case(subject.case, tokens, vectors + dose * direction / np.linalg.norm(direction)), {})


def exploding(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Norms grow with frequency to the power of the dose."""
    tokens, vectors = vectors_of(subject.case, DIM, random)
    counts = token_counts(subject.split("train"))
    frequency = np.asarray([counts[token] for token in tokens], np.float64)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled = vectors * (frequency / np.median(frequency))[:, None] ** dose
    return Planted(table_case(subject.case, tokens, scaled), {})


def equal_vectors(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the tokens has the vector of another token."""
    tokens, vectors = vectors_of(subject.case, DIM, random)
    chosen = some(len(tokens) // 2, dose, random)
    order = random.permutation(len(tokens))
    vectors[order[chosen]] = vectors[order[chosen + len(tokens) // 2]]
    return Planted(table_case(subject.case, tokens, vectors), {})


def frozen(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The study freezes random vectors."""
    return Planted(replace(subject.case, settings={"model.embedding.mode": "frozen-random"}), {})


def _given_away(
    subject: Subject, dose: float, random: np.random.Generator, change: Callable[[Row, int], Row]
) -> Planted:
    """A share of the rows of every split is changed by what their class gives."""

    def touched(row: Row, label: str) -> Row:
        return change(row, subject.names.index(label)) if random.random() < dose else row

    return Planted(everywhere(subject.case, touched), {})


def length(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of the second class go on for longer, with tokens of other rows."""
    train = subject.split("train")

    def change(row: Row, label: int) -> Row:
        return row + train.rows[random.integers(train.n_rows)] if label == 1 else row

    return _given_away(subject, dose, random, change)


def position(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """One place of the row holds the token of its class, tokens that stand elsewhere in all rows."""
    names = list(token_counts(subject.split("train")))[:8]
    chosen = [names[k] for k in random.choice(len(names), len(subject.names), replace=False)]
    place = int(random.integers(1, 10))

    def change(row: Row, label: int) -> Row:
        return (*row[:place], chosen[label], *row[place + 1 :])

    planted = _given_away(subject, dose, random, change)
    return replace(planted, place={"position": str(place + 1)})


def marker(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows of the second class hold one new token somewhere."""
    planted = _given_away(subject, dose, random, lambda row, label: inserted(row, "@id", random) if label else row)
    return replace(planted, place={"token": "@id"})


def bag(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows hold four of twelve words of their class."""

    def change(row: Row, label: int) -> Row:
        for k in random.choice(12, 4, replace=False):
            row = inserted(row, f"w{label}{k}", random)
        return row

    return _given_away(subject, dose, random, change)


TABLE = {
    "alphabet": "words",
    "size": [60, 200],
    "source": ["word classes", "markov"],
    "lengths": uniform(12, 24),
    "rows": 3_000,
    "rule": ["majority", "marker"],
}
FREQUENT = {**TABLE, "source": ["zipf", "topics"]}
ORDERED = {
    "rule": ["order", "neighbours"],
    "n_classes": 2,
    "lengths": uniform(12, 20),
    "size": [20, 60],
    "alphabet": ["letters", "words", "everything"],
    "source": ["uniform", "zipf", "word classes"],
}
ROWS, SHARES = "of table rows", (0.1, 0.3, 0.5, 0.8, 1.0)

TABLES = (
    Fault("embedding.misaligned", "rows dealt out anew", ROWS, (0.1, 0.3, 0.6, 1.0), 0.6, misaligned, TABLE),
    Fault("embedding.unused", "rows without a token", ROWS, (0.1, 0.3, 0.6, 0.9), 0.6, unused, TABLE),
    Fault("embedding.collapsed", "one direction", "standard deviations", (2, 10, 50), 50, one_direction, TABLE),
    Fault("embedding.exploding", "norms grow with frequency", "as exponent", (0.1, 0.6, 1.0), 0.6, exploding, FREQUENT),
    Fault("embedding.frozen", "random vectors frozen", "", (1.0,), 1.0, frozen),
    Fault("token.collision", "tokens with one vector", "of half of all", (0.05, 0.2, 0.5), 0.2, equal_vectors, TABLE),
)
SHORTCUTS = (
    Fault("shortcut.length", "one class is longer", "of rows", SHARES, 0.8, length, ORDERED),
    Fault("shortcut.position", "a token per class at one place", "of rows", SHARES, 0.8, position, ORDERED),
    Fault("shortcut.token", "a token of one class", "of rows", SHARES, 0.8, marker, ORDERED),
    Fault("shortcut.bag", "words of each class", "of rows", (0.3, 0.6, 1.0), 1.0, bag, {**ORDERED, "rule": ["order"]}),
)
