"""Clean subjects that systems record: accounts by household, tickets by queue, and event logs by incident."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from exam.cases import Case, Row, Split, split_of
from exam.faults.fourth.drawing import parts_of, ragged, skewed, spelled, subject_of, total_rows
from exam.faults.third.drawing import Choices, Task, between, chances, uneven, zipf
from exam.planted import Subject

_CATEGORIES = (
    "grocer",
    "fuel",
    "rent",
    "wage",
    "cash",
    "rail",
    "books",
    "clinic",
    "pharmacy",
    "school",
    "broker",
    "hotel",
    "bistro",
    "utility",
)
_BANDS = ("xs", "s", "m", "l")
_BAND_WEIGHTS = ((4, 6, 3, 1), (1, 5, 6, 1), (1, 1, 4, 6), (1, 2, 5, 5))
_HOUSEHOLDS = {
    "student": (6, 2, 4, 2, 6, 6, 6, 1, 2, 3, 1, 1, 6, 2),
    "family": (8, 6, 4, 3, 3, 2, 3, 3, 4, 6, 1, 2, 3, 4),
    "retired": (7, 3, 3, 3, 5, 2, 4, 6, 6, 1, 2, 3, 3, 4),
    "trader": (4, 4, 3, 2, 3, 3, 2, 2, 2, 2, 7, 4, 5, 3),
    "traveller": (4, 5, 2, 3, 5, 5, 2, 2, 2, 1, 2, 6, 6, 2),
}
_NEXT = {
    "student": (("wage", "rent"), ("rail", "bistro")),
    "family": (("school", "grocer"), ("fuel", "grocer")),
    "retired": (("clinic", "pharmacy"), ("wage", "cash")),
    "trader": (("broker", "wage"), ("bistro", "broker")),
    "traveller": (("hotel", "bistro"), ("fuel", "hotel")),
}
_KANA_ONSETS = tuple(
    "カキクケコサシスセソタチツテトナニネノハヒフヘホマミムメモラリルレロガギグゲゴザジズダデドバビブベボパピプペポ"
)
_KANA_VOWELS = ("", "", "ン", "ー", "ッ", "イ", "ウ")
_QUEUES = ("支払い", "配送", "故障", "契約", "返品", "予約", "相談")
_PARTICLES = ("が", "を", "に", "は", "で", "も")


def accounts(random: np.random.Generator, rows: int | None = None) -> Subject:
    """Statements of bank accounts by household, as category and size of each payment: households differ in what they
    pay for and in what follows what. Four labels in a hundred are wrong by nature."""
    households = tuple(_HOUSEHOLDS)[: int(random.integers(3, 6))]
    paid = {name: Choices(_CATEGORIES, _HOUSEHOLDS[name]) for name in households}
    size = {name: Choices(_BANDS, _BAND_WEIGHTS[random.integers(4)]) for name in _CATEGORIES}
    after = {name: dict(_NEXT[name]) for name in households}

    def sample(label: int, length: int, random: np.random.Generator) -> list[str]:
        draws = chances(random)
        name = households[label]
        row: list[str] = []
        last = ""
        for _ in range(length):
            usual = households[int(next(draws) * len(households))] if next(draws) < 0.25 else name
            follows = last in after[usual] and next(draws) < 0.5
            last = after[usual][last] if follows else paid[usual].at(next(draws))
            row.append(f"{last}/{size[last].at(next(draws))}")
        return row

    uses = {f"{category}/{band}": f"{category} size-{band}" for category in _CATEGORIES for band in _BANDS}
    task = Task(len(households), skewed(16, 60), uneven(len(households), random), sample, uses, noise=0.04)
    return subject_of("bank accounts by household", task, households, random, total_rows(rows, random))


def incidents(
    random: np.random.Generator, rows: int | None = None, classes: int | None = None, most: int = 3
) -> Subject:
    """Event logs by incident: numbers of events in bursts of one subsystem each; an incident is known by which of its
    two subsystems complains just before which other, and two incidents share a subsystem or are each other's reverse.
    Some incidents are up to `most` times as frequent as others."""
    total = total_rows(rows, random)
    n = min(8, max(3, total // 600)) if classes is None else classes
    numbers = [str(1_000 + k) for k in sorted(random.choice(8_000, 50, replace=False).tolist())]
    families = [numbers[5 * k : 5 * k + 5] for k in range(10)]
    picked = [zipf([family[k] for k in random.permutation(5).tolist()]) for family in families]
    ring = random.permutation(10).tolist()
    pairs = [(ring[k // 2], ring[k // 2 + 1])[:: 1 - 2 * (k % 2)] for k in range(n)]

    def burst(family: int, draws: Iterator[float]) -> list[str]:
        return [picked[family].at(next(draws)) for _ in range(1 + int(next(draws) * 3))]

    def sample(label: int, length: int, random: np.random.Generator) -> list[str]:
        draws = chances(random)
        row: list[str] = []
        while len(row) < length:
            if next(draws) < 0.5:
                for family in pairs[label]:
                    row += burst(family, draws)
            else:
                row += burst(int(next(draws) * 10), draws)
        return row[:length]

    uses = {number: f"subsystem-{k}" for k, family in enumerate(families) for number in family}
    task = Task(n, between(24, 70), ragged(n, random, most), sample, uses)
    return subject_of("event logs by incident", task, [f"incident-{k + 1}" for k in range(n)], random, total)


def tickets(random: np.random.Generator, rows: int | None = None, classes: int | None = None, most: int = 2) -> Subject:
    """Support tickets by queue in made-up Japanese: words with particles between them, a queue has its own nouns and
    verbs among the general ones. A customer (the group) writes one to `most` tickets; splits are made by customer."""
    total = total_rows(rows, random)
    queues = _QUEUES[: min(6, max(3, total // 700)) if classes is None else classes]
    own = min(45, max(14, total // 40))
    taken: set[str] = set()
    lists: dict[str, list[str]] = {"particle": [*_PARTICLES]}
    for kind, general, special in (("noun", 4 * own, own), ("verb", 2 * own, own // 2)):
        for queue in ("general", *queues):
            n = general if queue == "general" else special
            lists[f"{kind} {queue}"] = spelled(_KANA_ONSETS, _KANA_VOWELS, n, taken, random)
    choices = {use: zipf(items) for use, items in lists.items()}

    def word(kind: str, label: int, draws: Iterator[float]) -> str:
        chance = next(draws)
        queue = "general"
        if chance < 0.42:
            queue = queues[label if chance < 0.32 else int(next(draws) * len(queues))]
        return choices[f"{kind} {queue}"].at(next(draws))

    def sample(label: int, length: int, random: np.random.Generator) -> list[str]:
        draws = chances(random)
        row: list[str] = []
        while len(row) < length:
            for _ in range(1 + int(next(draws) * 3)):
                row += [word("noun", label, draws), choices["particle"].at(next(draws))]
            row.append(word("verb", label, draws))
        return row[:length]

    uses = {token: use for use, items in lists.items() for token in items}
    task = Task(len(queues), skewed(14, 44), uneven(len(queues), random), sample, uses)
    return _by_customer(task, queues, random, total, most)


def _by_customer(task: Task, names: tuple[str, ...], random: np.random.Generator, total: int, most: int) -> Subject:
    """A clean subject whose rows belong to customers, none of whom is in two splits."""
    drawn, labels = task.draw(total, random)
    splits: dict[str, Split] = {}
    start = 0
    customer = 10_000
    for name, n in parts_of(total, random).items():
        rows: list[Row] = drawn[start : start + n]
        told = [names[label] for label in labels[start : start + n].tolist()]
        groups: list[str] = []
        while len(groups) < n:
            customer += 1 + int(random.integers(5))
            groups += [f"customer-{customer}"] * min(n - len(groups), 1 + int(random.integers(most)))
        split = split_of(name, rows, told, random)
        splits[name] = Split(split.rows, split.labels, split.ids, tuple(groups)).shuffled(random)
        start += n
    return Subject(Case("fourth: tickets", "support tickets by queue", splits), task, names)
