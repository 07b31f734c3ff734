"""Clean subjects that systems record: click streams of a shop by intent, and hospital visits by department."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from exam.cases import Case, Row, Split, split_of
from exam.faults.third.drawing import (
    Choices,
    Task,
    between,
    chances,
    sizes,
    subject_of,
    uneven,
    zipf,
)
from exam.planted import Subject

_PAGES = ("home", "category", "item", "review", "size-guide", "cart", "faq", "account", "search")
_GOES = {
    "buys": (
        (0, 5, 2, 0, 0, 1, 0, 1, 4), (0, 1, 7, 0, 0, 1, 0, 0, 1), (1, 1, 1, 4, 4, 6, 1, 0, 2),
        (0, 1, 4, 1, 2, 4, 0, 0, 1), (0, 0, 4, 1, 0, 5, 0, 0, 0), (1, 1, 3, 1, 1, 0, 1, 4, 1),
        (1, 1, 2, 0, 1, 3, 1, 2, 1), (2, 1, 1, 0, 0, 4, 1, 0, 1), (0, 2, 7, 0, 0, 1, 0, 0, 2),
    ),
    "browses": (
        (0, 6, 3, 0, 0, 0, 0, 1, 3), (2, 3, 6, 0, 0, 0, 0, 0, 2), (1, 4, 5, 3, 2, 2, 1, 0, 3),
        (1, 3, 5, 2, 1, 1, 0, 0, 1), (0, 2, 5, 1, 0, 2, 1, 0, 0), (2, 3, 4, 1, 1, 0, 0, 1, 1),
        (2, 2, 2, 0, 1, 0, 1, 1, 1), (3, 2, 2, 0, 0, 1, 1, 0, 1), (0, 4, 6, 0, 0, 0, 0, 0, 3),
    ),
    "asks": (
        (0, 2, 2, 0, 1, 0, 4, 4, 2), (1, 1, 4, 0, 0, 0, 2, 1, 1), (1, 1, 2, 2, 4, 1, 4, 1, 2),
        (1, 1, 3, 1, 2, 1, 2, 0, 1), (0, 1, 3, 0, 0, 1, 4, 1, 0), (1, 0, 2, 1, 1, 0, 3, 3, 1),
        (1, 1, 2, 0, 2, 1, 2, 4, 3), (1, 1, 1, 0, 1, 1, 4, 0, 2), (0, 1, 4, 0, 1, 0, 4, 1, 2),
    ),
}  # fmt: skip
_SOURCES = ("from:search", "from:mail", "from:ads", "from:social", "from:direct")
_KINDS = ("shoes", "coats", "bags", "hats", "socks", "belts", "shirts", "scarves")
_DEPARTMENTS = ("cardiology", "endocrinology", "orthopaedics", "pneumology", "neurology", "urology")
_CHAPTERS = "IEMJGN"
_AGES = ("age:20s", "age:30s", "age:40s", "age:50s", "age:60s", "age:70s")
_PAYERS = ("payer:state", "payer:union", "payer:private", "payer:army", "payer:self")
_CODERS = tuple(f"coder:{letter}" for letter in "KLMNPR")


def clicks(random: np.random.Generator, rows: int | None = None) -> Subject:
    """Visits to a shop's pages by intent: where the visitor came from, then pages; what follows what depends on the
    intent, and hundreds of item pages have the usual long tail."""
    intents = tuple(_GOES)
    goes = {name: [Choices([str(k) for k in range(9)], list(line)) for line in table] for name, table in _GOES.items()}
    numbers = random.choice(9_000, 480, replace=False)
    items = {
        kind: [f"item:{1000 + k}" for k in numbers[60 * j : 60 * j + 60].tolist()] for j, kind in enumerate(_KINDS)
    }
    shelves = {kind: zipf(names) for kind, names in items.items()}
    favourite = Choices(_KINDS, random.integers(4, 8, len(_KINDS)).tolist())
    sources = Choices(_SOURCES, random.integers(4, 8, len(_SOURCES)).tolist())

    def sample(label: int, length: int, random: np.random.Generator) -> list[str]:
        draws = chances(random)
        row = [sources.at(next(draws))]
        kind = favourite.at(next(draws))
        page = int(next(draws) * 9)
        while len(row) < length:
            if _PAGES[page] == "category":
                kind = favourite.at(next(draws)) if next(draws) < 0.5 else kind
                row.append(f"category:{kind}")
            else:
                row.append(shelves[kind].at(next(draws)) if _PAGES[page] == "item" else _PAGES[page])
            page = int(goes[intents[label]][page].at(next(draws)))
        return row

    uses = {token: f"item {kind}" for kind, names in items.items() for token in names}
    uses |= {page: f"page {page}" for page in _PAGES} | dict.fromkeys(_SOURCES, "source")
    uses |= {f"category:{kind}": "category" for kind in _KINDS}
    task = Task(3, between(9, 30), uneven(3, random), sample, uses)
    return subject_of("shop clicks by intent", task, intents, random, rows)


def _codes(random: np.random.Generator, departments: tuple[str, ...]) -> dict[str, list[str]]:
    """Diagnosis codes: those that every ward sees, and those of each department."""
    codes: dict[str, list[str]] = {}
    for use, n in (("common", 160), *((department, 70) for department in departments)):
        letter = "Z" if use == "common" else _CHAPTERS[_DEPARTMENTS.index(use)]
        codes[use] = [f"{letter}{k // 10:02d}.{k % 10}" for k in random.choice(1_000, n, replace=False).tolist()]
    return codes


def visits(random: np.random.Generator, rows: int | None = None, most: int = 2) -> Subject:
    """Hospital visits by department: age, payer, diagnosis codes and who coded them; a patient (the group) has one to
    `most` visits, usually at one department and with some codes of his own. Splits are made by patient."""
    departments = _DEPARTMENTS[: int(random.integers(3, 7))]
    codes = _codes(random, departments)
    choices = {use: zipf(items) for use, items in codes.items()}
    payers = Choices(_PAYERS, random.integers(4, 8, len(_PAYERS)).tolist())
    ages = Choices(_AGES, random.integers(4, 8, len(_AGES)).tolist())
    coders = Choices(_CODERS, random.integers(4, 8, len(_CODERS)).tolist())

    def code(label: int, draws: Iterator[float]) -> str:
        chance = next(draws)
        if chance < 0.3:
            return choices[departments[label]].at(next(draws))
        if chance < 0.55:
            return choices[departments[int(next(draws) * len(departments))]].at(next(draws))
        return choices["common"].at(next(draws))

    def visit(label: int, length: int, draws: Iterator[float], head: list[str], own: list[str]) -> list[str]:
        body = [
            own[int(next(draws) * len(own))] if own and next(draws) < 0.2 else code(label, draws)
            for _ in range(max(2, length - 3))
        ]
        return [*head, *body, coders.at(next(draws))]

    def sample(label: int, length: int, random: np.random.Generator) -> list[str]:
        draws = chances(random)
        return visit(label, length, draws, [ages.at(next(draws)), payers.at(next(draws))], [])

    uses = {token: f"code {use}" for use, items in codes.items() for token in items}
    for use, tokens in (("age", _AGES), ("payer", _PAYERS), ("coder", _CODERS)):
        uses |= dict.fromkeys(tokens, use)
    task = Task(len(departments), between(8, 20), uneven(len(departments), random), sample, uses)
    splits: dict[str, Split] = {}
    seen: set[Row] = set()
    patient = 0
    shares = np.asarray(task.shares)
    for name, n in zip(("train", "dev", "test"), sizes(random, rows), strict=True):
        made: list[Row] = []
        labels: list[str] = []
        groups: list[str] = []
        while len(made) < n:
            patient += 1
            draws = chances(random)
            home = int(random.choice(len(departments), p=shares / shares.sum()))
            head = [ages.at(next(draws)), payers.at(next(draws))]
            own = [choices["common"].at(next(draws)) for _ in range(2)]
            for length in task.lengths(min(n - len(made), 1 + int(next(draws) * most)), random).tolist():
                label = home if next(draws) < 0.8 else int(next(draws) * len(departments))
                row = tuple(visit(label, length, draws, head, own))
                if row not in seen:
                    seen.add(row)
                    made.append(row)
                    labels.append(departments[label])
                    groups.append(f"patient-{patient}")
        order = random.permutation(n).tolist()
        split = split_of(name, [made[i] for i in order], [labels[i] for i in order], random)
        splits[name] = Split(split.rows, split.labels, split.ids, tuple(groups[i] for i in order))
    return Subject(Case("third: hospital visits", "hospital visits by department", splits), task, departments)
