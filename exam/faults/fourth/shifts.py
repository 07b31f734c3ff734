"""Evaluation rows of another kind: balanced by hand, escalated, from other devices, firmware, seasons and loggers."""

from __future__ import annotations

import numpy as np

from exam.cases import Row
from exam.faults.fourth.crafts import HEATS, VESSELS, knitting, recipes
from exam.faults.fourth.drawing import fourth, in_split
from exam.faults.fourth.records import accounts, incidents, tickets
from exam.faults.fourth.signals import weather
from exam.faults.third.drawing import fresh, task_of
from exam.planted import Planted, Subject, some

_KANA_NEW = ("ヴァ", "ヴィ", "フェ", "ティ", "ディ", "チェ", "ジェ", "ウォ")


def _balanced(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Test was balanced by hand, while train has the incidents as they come: shares that go a part of the way to equal
    ones, and beyond it, where those who balanced made up for what they took to be rare."""
    shares = np.asarray(task_of(subject).shares)
    if np.abs(shares - 1 / len(shares)).sum() < 0.45:
        raise ValueError("the classes are too even")
    wanted = np.maximum(shares + dose * (1 / len(shares) - shares), 0.01)
    test = fresh(subject, "test", subject.split("test").n_rows, random, shares=wanted / wanted.sum())
    return Planted(subject.case.with_split("test", test), {"split": "test"})


def _escalated(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Dev has only the tickets that were escalated, and each queue escalates at a rate of its own: from the first to
    the last, in random order, rates grow by that factor in all."""
    task = task_of(subject)
    place = random.permutation(task.n_classes)
    rates = 1 + (dose - 1) * place / (task.n_classes - 1)
    shares = np.asarray(task.shares) * rates
    dev = subject.split("dev")
    drawn = fresh(subject, "dev", dev.n_rows, random, shares=shares / shares.sum())
    rows, labels = dict(enumerate(drawn.rows)), dict(enumerate(drawn.labels))
    return in_split(subject, "dev", rows, labels)


def _two_devices(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Patterns of test were typed on phones or on large screens: short ones got shorter and long ones longer, by that
    share, while the mean stays about where it was."""
    usual = task_of(subject).lengths

    def apart(n: int, random: np.random.Generator) -> np.ndarray:
        drawn = usual(n, random)
        sign = np.where(random.random(n) < 0.5, -1, 1)
        return np.maximum(np.rint(drawn * (1 + sign * dose)), 6).astype(np.int64)

    test = fresh(subject, "test", subject.split("test").n_rows, random, lengths=apart)
    return Planted(subject.case.with_split("test", test), {"split": "test"})


def _shops(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the accounts of dev are those of small shops, kept as private ones: three times as many payments."""
    dev = subject.split("dev")
    at = some(dev.n_rows, dose, random).tolist()
    usual = task_of(subject).lengths
    long = fresh(subject, "dev", len(at), random, lengths=lambda n, random: 3 * usual(n, random))
    return in_split(subject, "dev", dict(zip(at, long.rows, strict=True)), dict(zip(at, long.labels, strict=True)))


def _firmware(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Before test was recorded some machines got new firmware, which numbers its events in another range: their rows,
    a share of all, have ten thousand more in the numbers of four of the ten subsystems."""
    uses = task_of(subject).uses
    families = [str(name) for name in random.permutation(sorted({*uses.values()}))[:4].tolist()]
    test = subject.split("test")
    rows: dict[int, Row] = {}
    for i in some(test.n_rows, dose, random).tolist():
        rows[i] = tuple(str(10_000 + int(token)) if uses[token] in families else token for token in test.rows[i])
    return in_split(subject, "test", rows)


def _products(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """New products were launched before dev was collected: a share of the mentions of a noun is of one of sixty new
    names, with sounds that the old ones do not have."""
    uses = task_of(subject).uses
    names = [_KANA_NEW[k // 8] + _KANA_NEW[k % 8] + "ール" for k in random.permutation(64)[:60].tolist()]
    dev = subject.split("dev")
    rows: dict[int, Row] = {}
    for i, row in enumerate(dev.rows):
        rows[i] = tuple(
            names[random.integers(60)] if uses[token].startswith("noun") and random.random() < dose else token
            for token in row
        )
    return in_split(subject, "dev", rows)


def _season(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Test is of the winter half of the year: a share of what had been high or broken clouds are low and closed ones,
    and rain is drizzle; nothing that train does not know."""
    lower = {"080": "020", "100": "030", "050": "015"}
    covers = {"FEW": "BKN", "SCT": "OVC"}
    test = subject.split("test")

    def wintry(token: str) -> str:
        if random.random() >= dose:
            return token
        if token[:3] in ("FEW", "SCT", "BKN", "OVC"):
            return covers.get(token[:3], token[:3]) + lower.get(token[3:], token[3:])
        return {"RA": "DZ", "SHRA": "DZ", "NSW": "BR"}.get(token, token)

    return in_split(subject, "test", {i: tuple(wintry(token) for token in row) for i, row in enumerate(test.rows)})


def _prices(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Prices had risen when dev was collected: a share of the payments fell into the next larger band."""
    larger = {"xs": "s", "s": "m", "m": "l", "l": "l"}
    dev = subject.split("dev")

    def risen(token: str) -> str:
        category, band = token.split("/")
        return f"{category}/{larger[band]}" if random.random() < dose else token

    return in_split(subject, "dev", {i: tuple(risen(token) for token in row) for i, row in enumerate(dev.rows)})


def _two_threads(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A later logger has two threads, whose events it writes in turn: in a share of the test rows the events of the
    first half of an incident and those of the second alternate."""
    test = subject.split("test")
    rows: dict[int, Row] = {}
    for i in some(test.n_rows, dose, random).tolist():
        row = test.rows[i]
        half = (len(row) + 1) // 2
        rows[i] = tuple(row[k // 2 + (half if k % 2 else 0)] for k in range(len(row)))
    return in_split(subject, "test", rows)


def _by_name(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The bank that a share of dev comes from books once a week, and sorts the payments of a week by their names."""
    dev = subject.split("dev")
    rows: dict[int, Row] = {}
    for i in some(dev.n_rows, dose, random).tolist():
        row = dev.rows[i]
        rows[i] = tuple(token for start in range(0, len(row), 6) for token in sorted(row[start : start + 6]))
    return in_split(subject, "dev", rows)


def _kitchens(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Cooks of train and dev never put a vessel on a third of the heats, another third for each vessel; a share of the
    test rows is from other kitchens, which do nothing else. Each vessel and heat is as frequent there as in train."""
    new = {(vessel, HEATS[(k + j) % 6]) for k, vessel in enumerate(VESSELS) for j in (0, 3)}
    case = subject.case
    for name, split in case.splits.items():
        strange = {*some(split.n_rows, dose, random).tolist()} if name == "test" else set[int]()
        rows: dict[int, Row] = {}
        for i, row in enumerate(split.rows):
            wanted = [heat for heat in HEATS if ((row[0], heat) in new) == (i in strange)]
            if row[1] not in wanted:
                rows[i] = (row[0], wanted[random.integers(len(wanted))], *row[2:])
        case = case.with_split(name, split.with_rows(rows))
    return Planted(case, {"split": "test"})


SHIFTS = (
    fourth(
        "shift.label",
        "balanced by hand",
        "of the way to equal shares",
        (0.1, 0.8, 1.2, 1.8),
        0.8,
        _balanced,
        incidents,
        rows=4_000,
        most=9,
    ),
    fourth(
        "shift.label",
        "only what was escalated",
        "times from queue to queue",
        (1.2, 3, 5, 10),
        3,
        _escalated,
        tickets,
        rows=4_000,
    ),
    fourth(
        "shift.length", "phones and large screens", "of the length", (0.05, 0.4, 0.5, 0.6), 0.4, _two_devices, knitting
    ),
    fourth(
        "shift.length", "shops among the accounts", "share of dev rows", (0.02, 0.25, 0.4, 0.6), 0.25, _shops, accounts
    ),
    fourth(
        "shift.vocabulary",
        "events renumbered by firmware",
        "share of test rows",
        (0.02, 0.3, 0.6, 1.0),
        0.3,
        _firmware,
        incidents,
    ),
    fourth(
        "shift.vocabulary", "new products", "share of nouns mentioned", (0.01, 0.25, 0.4, 0.6), 0.25, _products, tickets
    ),
    fourth(
        "shift.composition", "winter half of the year", "share of reports", (0.03, 0.4, 0.6, 0.9), 0.4, _season, weather
    ),
    fourth("shift.composition", "prices had risen", "share of payments", (0.03, 0.3, 0.5, 0.8), 0.3, _prices, accounts),
    fourth(
        "shift.order", "two threads in turn", "share of test rows", (0.05, 0.5, 0.75, 1.0), 0.5, _two_threads, incidents
    ),
    fourth("shift.order", "sorted within a week", "share of dev rows", (0.05, 0.6, 0.8, 1.0), 0.6, _by_name, accounts),
    fourth(
        "shift.combination", "other kitchens", "share of test rows", (0.02, 0.15, 0.3, 0.6), 0.15, _kitchens, recipes
    ),
)
