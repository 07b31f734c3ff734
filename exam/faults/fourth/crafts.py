"""Clean subjects of crafts: recipes by kind of dish in made-up Greek, and knitting patterns by kind of stitch."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from exam.faults.fourth.drawing import skewed, spelled, subject_of, total_rows
from exam.faults.third.drawing import Choices, Task, between, chances, uneven, zipf
from exam.planted import Subject

_ONSETS = (*"κμπτσλρνδγβθφχζξ", "στ", "μπ", "τσ", "πρ", "κρ")
_VOWELS = ("α", "ε", "ι", "ο", "ου", "ω", "η", "ά", "έ", "ί", "ό", "ύ", "ώ")
_DISHES = ("σούπα", "πίτα", "σαλάτα", "γλυκό", "ψητό", "κρέμα")
_UNITS = ("γραμμάρια", "κιλό", "κουταλιές", "φλιτζάνια", "πρέζα")
_AMOUNTS = ("1", "2", "3", "4", "5", "100", "250", "500")
_MINUTES = ("5", "10", "15", "20", "30", "45", "60", "90")
VESSELS = ("τηγάνι", "κατσαρόλα", "γάστρα", "ταψί", "μπολ", "χύτρα")
HEATS = ("σιγανή", "μέτρια", "δυνατή", "ατμός", "κάρβουνα", "φούρνος")

_UNITS_OF = {
    "rib": ("k2 p2", "k1 p1", "p2 k2", "k3 p1", "p3 k1", "k2 p1 k2", "p1 k3 p1"),
    "moss": ("k1 p1 turn p1 k1", "p1 k1 turn k1 p1", "p1 k1 k1 p1", "k2 p1 turn k1 p2", "p1 k2 turn p2 k1"),
    "lace": ("yo k2tog", "k1 yo k2tog", "yo ssk k1", "yo k2tog p1", "yo k3tog k1", "p1 yo k2tog k2"),
    "eyelet": ("k2tog yo", "k2tog yo k1", "k1 ssk yo", "p1 k2tog yo", "k3tog yo k1", "k2 k2tog yo p1"),
    "cable": ("C4F p2", "p2 C4B", "C4F k2", "T3L p1 T3R", "C6B p1", "k2 C6F"),
}
_PLAIN = (
    "k1",
    "p1",
    "k2",
    "p2",
    "k3",
    "sl1",
    "pm",
    "turn",
    "M1",
    "kfb",
    "ssp",
    "w&t",
    "k1tbl",
    "p1tbl",
    "RT",
    "LT",
    "bob",
)


def recipes(
    random: np.random.Generator, rows: int | None = None, classes: int | None = None, foods: int | None = None
) -> Subject:
    """Recipes by kind of dish: a vessel, a heat, then steps of a verb, an ingredient, amounts and times; a dish has its
    own ingredients among hundreds of general ones, and does two kinds of work in an order of its own."""
    total = total_rows(rows, random)
    dishes = _DISHES[: min(5, max(3, total // 800)) if classes is None else classes]
    special = min(60, max(18, total // 30))
    taken: set[str] = set()
    lists = {"vessel": [*VESSELS], "heat": [*HEATS], "unit": [*_UNITS]}
    for use, n in (("food general", foods or 5 * special), ("verb early", 16), ("verb late", 16), ("verb any", 24)):
        lists[use] = spelled(_ONSETS, _VOWELS, n, taken, random)
    for dish in dishes:
        lists[f"food {dish}"] = spelled(_ONSETS, _VOWELS, special, taken, random)
    choices = {use: zipf(items) for use, items in lists.items()}
    choices |= {use: Choices(lists[use]) for use in ("vessel", "heat")}
    amounts, minutes = zipf(_AMOUNTS), zipf(_MINUTES)

    def food(label: int, draws: Iterator[float]) -> str:
        chance = next(draws)
        dish = "general"
        if chance < 0.5:
            dish = dishes[label if chance < 0.4 else int(next(draws) * len(dishes))]
        return choices[f"food {dish}"].at(next(draws))

    def sample(label: int, length: int, random: np.random.Generator) -> list[str]:
        draws = chances(random)
        row = [choices["vessel"].at(next(draws)), choices["heat"].at(next(draws))]
        while len(row) < length:
            early = (len(row) < length // 2) == (label % 2 == 0)
            verb = "any" if next(draws) < 0.5 else "early" if early or next(draws) < 0.2 else "late"
            row.append(choices[f"verb {verb}"].at(next(draws)))
            if next(draws) < 0.4:
                row += [amounts.at(next(draws)), choices["unit"].at(next(draws))]
            row.append(food(label, draws))
            if next(draws) < 0.25:
                row += [minutes.at(next(draws)), "λεπτά"]
        return row[:length]

    uses = {token: use for use, items in lists.items() for token in items}
    uses |= dict.fromkeys((*_AMOUNTS, *_MINUTES), "number") | {"λεπτά": "unit"}
    task = Task(len(dishes), between(14, 38), uneven(len(dishes), random), sample, uses)
    return subject_of("recipes by dish", task, dishes, random, total)


def knitting(random: np.random.Generator, rows: int | None = None, classes: int | None = None) -> Subject:
    """Knitting patterns by kind of stitch: units that are knitted once, some of them twice, most of them of the
    pattern's own kind; some kinds differ in nothing but the order inside a unit."""
    kinds = tuple(_UNITS_OF)[: int(random.integers(3, 6)) if classes is None else classes]
    units = {kind: Choices(_UNITS_OF[kind], random.integers(4, 9, len(_UNITS_OF[kind])).tolist()) for kind in kinds}
    plain = zipf([_PLAIN[k] for k in random.permutation(len(_PLAIN)).tolist()])

    def sample(label: int, length: int, random: np.random.Generator) -> list[str]:
        draws = chances(random)
        row: list[str] = []
        while len(row) < length:
            if next(draws) < 0.45:
                row += [plain.at(next(draws)) for _ in range(1 + int(next(draws) * 3))]
                continue
            kind = kinds[label if next(draws) < 0.7 else int(next(draws) * len(kinds))]
            row += units[kind].at(next(draws)).split() * (1 + int(next(draws) * 1.4))
        return row[:length]

    stitches = sorted({stitch for kind in kinds for unit in _UNITS_OF[kind] for stitch in unit.split()} | {*_PLAIN})
    uses = {stitch: f"stitch-{stitch[0]}" for stitch in stitches}
    task = Task(len(kinds), skewed(28, 70), uneven(len(kinds), random), sample, uses)
    return subject_of("knitting patterns by stitch", task, kinds, random, total_rows(rows, random))
