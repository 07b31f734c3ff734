"""The tasks that are graded, and others to develop on."""

import numpy as np

from exam.probes.tasks import COLOURS, SHAPES, Predicate, ProbeTask


def _count(shape: str, low: int, high: int) -> Predicate:
    number = SHAPES.index(shape)

    def holds(shapes: np.ndarray, colours: np.ndarray) -> np.ndarray:
        many = (shapes == number).sum(axis=1)
        return (low <= many) & (many <= high)

    return holds


def _odd(shape: str) -> Predicate:
    number = SHAPES.index(shape)
    return lambda shapes, colours: (shapes == number).sum(axis=1) % 2 == 1


def _colour_at(place: int, colour: str) -> Predicate:
    number = COLOURS.index(colour)
    return lambda shapes, colours: colours[:, place - 1] == number


def _first(symbol: str, other: str) -> Predicate:
    alphabet = SHAPES if symbol in SHAPES else COLOURS
    numbers = alphabet.index(symbol), alphabet.index(other)

    def holds(shapes: np.ndarray, colours: np.ndarray) -> np.ndarray:
        values = shapes if symbol in SHAPES else colours
        left, right = (np.equal(values, number) for number in numbers)
        both = left.any(axis=1) & right.any(axis=1)
        return both & (left.argmax(axis=1) < right.argmax(axis=1))

    return holds


MOST = 10**6


def _all(*names: str) -> frozenset[str]:
    return frozenset(names)


GRADED: tuple[ProbeTask, ...] = (
    ProbeTask("count", _all("factor shape"), (8, 8), "at most 2 ◆", (_count("◆", 0, 2),)),
    ProbeTask("first-shape", _all("order", "factor shape"), (6, 10), "first ● before ◆", (_first("●", "◆"),)),
    ProbeTask("first-colour", _all("order", "factor colour"), (6, 10), "first r before y", (_first("r", "y"),)),
    ProbeTask("position", _all("order", "position 2", "factor colour"), (5, 9), "colour 2 is g", (_colour_at(2, "g"),)),
    ProbeTask(
        "position-and-count",
        _all("order", "position 3", "factor colour", "factor shape"),
        (6, 10),
        "colour 3 is y AND at most 2 ■",
        (_colour_at(3, "y"), _count("■", 0, 2)),
        epochs=20,
        train=4000,
    ),
    ProbeTask("parity", _all("factor shape"), (3, 7), "odd number of ●", (_odd("●"),), epochs=20),
    ProbeTask("ends", _all("order"), (6, 6), label="ends", letters="abcd", epochs=20),
    ProbeTask("before", _all("order"), (5, 8), label="before", letters="abcd", needed="ab"),
    ProbeTask("vowel", _all("order", "position 3"), (5, 9), label="vowel", letters="abcdefghi"),
    ProbeTask("more", _all(), (7, 9), label="more", letters="xyzw"),
)

DEVELOPMENT: tuple[ProbeTask, ...] = (
    ProbeTask("enough", _all(), (6, 6), label="enough", letters="vwyz"),
    ProbeTask("start", _all("order", "position 2"), (4, 8), label="start", letters="pqrstu"),
    ProbeTask("count-all", _all("factor shape"), (7, 7), "at least 3 ▲", (_count("▲", 3, MOST),)),
    ProbeTask(
        "colour-and-count",
        _all("order", "position 2", "factor colour", "factor shape"),
        (5, 9),
        "colour 2 is r AND at most 2 ▲",
        (_colour_at(2, "r"), _count("▲", 0, 2)),
        epochs=20,
    ),
    ProbeTask(
        "parity-all", _all("factor shape"), (3, 6), "even number of ▲", (lambda s, c: ~_odd("▲")(s, c),), epochs=20
    ),
)
