"""Tasks by the name of their rule."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from exam.clean.sources import Lengths, Source, markov, topics, unigram, word_classes
from exam.clean.tasks import (
    Reader,
    Task,
    Writer,
    by_chance,
    by_conjunction,
    by_length,
    by_majority,
    by_parity,
    by_token_at,
    pilot,
    shared_out,
    write_equal_ends,
    write_marker,
    write_neighbours,
    write_order,
)
from exam.clean.tasks import at as token_at

SourceOf = Callable[[int, np.random.Generator], Source]

SOURCES: dict[str, SourceOf] = {
    "uniform": lambda n, random: unigram(n, 0.0, random),
    "zipf": lambda n, random: unigram(n, float(random.uniform(0.6, 1.2)), random),
    "markov": lambda n, random: markov(n, float(random.choice([0.1, 0.3, 1.0])), random),
    "word classes": word_classes,
    "topics": topics,
}


@dataclass(frozen=True)
class _Made:
    reader: Reader | None = None
    writer: Writer | None = None


@dataclass(frozen=True)
class Rule:
    """How a rule is made. `build(source, lengths, n_classes, free, random)`: `free` are the codes that the source
    leaves to the rule, `reserved(n_classes)` of them; `most_classes` it can tell; `shortest` row it can be written in.
    """

    build: Callable[[Source, Lengths, int, np.ndarray, np.random.Generator], _Made]
    reserved: Callable[[int], int] = lambda n_classes: 0
    most_classes: int = 12
    shortest: int = 2
    natural: bool = False


def _at(position: Callable[[int, np.random.Generator], int]) -> Rule:
    def build(source: Source, lengths: Lengths, n_classes: int, free: np.ndarray, random: np.random.Generator) -> _Made:
        codes, offsets = pilot(source, lengths, random)
        place = position(int(np.quantile(np.diff(offsets), 0.05)), random)
        found = token_at(codes, offsets, place)
        return _Made(by_token_at(place, shared_out(found[found >= 0], source.n_tokens, n_classes, random)))

    return Rule(build)


def _majority(source: Source, lengths: Lengths, n_classes: int, free: np.ndarray, random: np.random.Generator) -> _Made:
    codes, _ = pilot(source, lengths, random)
    return _Made(by_majority(shared_out(codes, source.n_tokens, n_classes, random), n_classes))


def _length(source: Source, lengths: Lengths, n_classes: int, free: np.ndarray, random: np.random.Generator) -> _Made:
    _, offsets = pilot(source, lengths, random)
    return _Made(by_length(np.unique(np.quantile(np.diff(offsets), np.arange(1, n_classes) / n_classes)) + 0.5))


def _parity(source: Source, lengths: Lengths, n_classes: int, free: np.ndarray, random: np.random.Generator) -> _Made:
    codes, _ = pilot(source, lengths, random)
    return _Made(by_parity(np.where(shared_out(codes, source.n_tokens, 2, random) == 0, 0, -1), n_classes))


def _conjunction(
    source: Source, lengths: Lengths, n_classes: int, free: np.ndarray, random: np.random.Generator
) -> _Made:
    codes, offsets = pilot(source, lengths, random)
    first = shared_out(token_at(codes, offsets, 0), source.n_tokens, 2, random)
    counts = np.bincount(codes, minlength=source.n_tokens)
    wanted = np.log(2) / np.median(np.diff(offsets))
    needed = int(np.abs(counts / counts.sum() - wanted).argmin())
    return _Made(by_conjunction(first, np.where(np.arange(source.n_tokens) == needed, 0, -1)))


def _chance(source: Source, lengths: Lengths, n_classes: int, free: np.ndarray, random: np.random.Generator) -> _Made:
    codes, _ = pilot(source, lengths, random)
    weights = random.normal(size=source.n_tokens)
    seen = weights[codes]
    return _Made(by_chance((weights - seen.mean()) / seen.std(), 1.1))


RULES: dict[str, Rule] = {
    "first token": _at(lambda shortest, random: 0),
    "last token": _at(lambda shortest, random: -1),
    "one position": _at(lambda shortest, random: int(random.integers(0, max(shortest, 1)))),
    "majority": Rule(_majority, shortest=5),
    "length": Rule(_length, shortest=4, most_classes=4),
    "parity": Rule(_parity, most_classes=3),
    "conjunction": Rule(_conjunction, most_classes=2),
    "chance": Rule(_chance, most_classes=2, natural=True),
    "marker": Rule(lambda source, lengths, n, free, random: _Made(writer=write_marker(free)), lambda n: n),
    "marker or none": Rule(
        lambda source, lengths, n, free, random: _Made(writer=write_marker(np.append(-1, free))), lambda n: n - 1
    ),
    "order": Rule(
        lambda source, lengths, n, free, random: _Made(writer=write_order(free)), lambda n: n, most_classes=4
    ),
    "neighbours": Rule(
        lambda source, lengths, n, free, random: _Made(writer=write_neighbours(int(free[0]), int(free[1]))),
        lambda n: 2,
        most_classes=2,
        shortest=3,
    ),
    "equal ends": Rule(
        lambda source, lengths, n, free, random: _Made(writer=write_equal_ends()), most_classes=2, shortest=3
    ),
}


def build_task(
    rule: str,
    alphabet: tuple[str, ...],
    source: SourceOf,
    lengths: Lengths,
    n_classes: int,
    random: np.random.Generator,
    shares: np.ndarray | None = None,
) -> Task:
    """The task of a rule. Raises ValueError where the alphabet is too small for it."""
    made = RULES[rule]
    reserved = made.reserved(n_classes)
    of_source = len(alphabet) - reserved
    if of_source < 2:
        raise ValueError(f"{rule}: {len(alphabet)} tokens are too few for {n_classes} classes")
    order = tuple(alphabet[i] for i in random.permutation(len(alphabet)))
    drawn = source(of_source, random)
    free = np.arange(of_source, len(alphabet))
    found = made.build(drawn, lengths, n_classes, free, random)
    natural = made.natural or (found.reader is not None and shares is None)
    even = np.full(n_classes, 1 / n_classes) if shares is None else shares
    return Task(rule, order, drawn, lengths, n_classes, found.reader, found.writer, None if natural else even)
