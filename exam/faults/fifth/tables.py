"""Tables of vectors whose rows belong to other tokens: shifted, dealt anew, turned over, sorted, exchanged, renamed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from exam.faults.drawing import with_table
from exam.faults.fifth.codes import lines, pages
from exam.faults.fifth.planting import fifth
from exam.faults.fifth.texts import announcements, bulletins, verses
from exam.faults.fifth.vectors import indexed
from exam.planted import Plant, Planted, Subject, some

Order = Callable[[list[str], float, np.random.Generator], list[str]]
"""`order(tokens, dose, random)`: for each token, the most frequent first, the one whose vector it gets."""


def spoken(random: np.random.Generator, rows: int | None = None) -> Subject:
    """Announcements, bulletins or verses."""
    return (announcements, bulletins, verses)[int(random.integers(3))](random, rows)


def coded(random: np.random.Generator, rows: int | None = None) -> Subject:
    """Lines of firewalls or markup."""
    return (lines, pages)[int(random.integers(2))](random, rows)


def ordered(order: Order) -> Plant:
    """The table with the vectors of other tokens."""

    def plant(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
        table = indexed(subject, random)
        tokens = [*table]
        sources = order(tokens, dose, random)
        wrong = sum(one != two for one, two in zip(tokens, sources, strict=True)) / len(tokens)
        if not 0.7 * dose <= wrong <= dose + 0.02:
            raise ValueError("another share of the rows is wrong")
        moved = {token: table[source] for token, source in zip(tokens, sources, strict=True)}
        return Planted(with_table(subject, moved).case, {})

    return plant


def moved_by(step: int) -> Order:
    """From some row on, so that a share of them lies behind, each token has the vector of one `step` rows above."""

    def order(tokens: list[str], dose: float, random: np.random.Generator) -> list[str]:
        start = round((1 - dose) * len(tokens))
        behind = tokens[start:]
        return [*tokens[:start], *behind[-step:], *behind[:-step]]

    return order


def _dealt_anew(tokens: list[str], dose: float, random: np.random.Generator) -> list[str]:
    """A share of the rows was dealt anew."""
    at = some(len(tokens), dose, random).tolist()
    sources = [*tokens]
    for i, k in zip(at, random.permutation(len(at)).tolist(), strict=True):
        sources[i] = tokens[at[k]]
    return sources


def _turned_over(tokens: list[str], dose: float, random: np.random.Generator) -> list[str]:
    """The last rows, a share of all, were written from the end to the start."""
    start = round((1 - dose) * len(tokens))
    return [*tokens[:start], *reversed(tokens[start:])]


def _by_length(tokens: list[str], dose: float, random: np.random.Generator) -> list[str]:
    """The last rows, a share of all, are those of a vocabulary that lists words by their length."""
    start = round((1 - dose) * len(tokens))
    return [*tokens[:start], *sorted(tokens[start:], key=lambda token: (len(token), token))]


def _blocks_of_four(tokens: list[str], dose: float, random: np.random.Generator) -> list[str]:
    """In a share of the blocks of four rows, the halves of the block were exchanged."""
    sources = [*tokens]
    for block in some(len(tokens) // 4, dose, random).tolist():
        k = 4 * block
        sources[k : k + 4] = [*tokens[k + 2 : k + 4], *tokens[k : k + 2]]
    return sources


def _neighbours(tokens: list[str], dose: float, random: np.random.Generator) -> list[str]:
    """A share of the rows, in pairs that lie next to each other by name, has been exchanged in each pair."""
    named = sorted(tokens)
    source = {token: token for token in tokens}
    for pair in some(len(named) // 2, dose, random).tolist():
        one, two = named[2 * pair : 2 * pair + 2]
        source[one], source[two] = two, one
    return [source[token] for token in tokens]


def _renamed(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the table's rows is named after other words: what the tokeniser of another program would have made of
    them, so that these tokens have no row."""
    table = indexed(subject, random)
    renamed = {*some(len(table), dose, random).tolist()}
    named = {f"Ġ{token}" if k in renamed else token: row for k, (token, row) in enumerate(table.items())}
    return Planted(with_table(subject, named).case, {})


_SHARE = "share of the table"
_CODE = "embedding.misaligned"

TABLES = (
    fifth(_CODE, "a header taken for a row", _SHARE, (0.5, 1.0), ordered(moved_by(1)), spoken),
    fifth(_CODE, "four tokens that were put in front", _SHARE, (0.7, 1.0), ordered(moved_by(4)), spoken),
    fifth(_CODE, "dealt anew", _SHARE, (0.4, 1.0), ordered(_dealt_anew), spoken),
    fifth(_CODE, "codes dealt anew", _SHARE, (0.4, 1.0), ordered(_dealt_anew), coded),
    fifth(_CODE, "from the end to the start", _SHARE, (0.6, 1.0), ordered(_turned_over), spoken),
    fifth(_CODE, "listed by length", _SHARE, (0.6, 1.0), ordered(_by_length), spoken),
    fifth(_CODE, "halves of blocks", _SHARE, (0.3, 0.9), ordered(_blocks_of_four), spoken),
    fifth(_CODE, "neighbours by name", _SHARE, (0.3, 0.8), ordered(_neighbours), spoken),
    fifth(_CODE, "named by another program", _SHARE, (0.3, 0.7), _renamed, spoken),
)
