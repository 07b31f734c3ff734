"""Evaluation rows of another kind: another audience, longer bulletins, new stations, calm nights, sides exchanged."""

from __future__ import annotations

import numpy as np

from exam.cases import Row
from exam.faults.drawing import fresh, in_split, task_of
from exam.faults.fifth.codes import lines, openings, pages
from exam.faults.fifth.phrases import listed
from exam.faults.fifth.planting import fifth, retokenised
from exam.faults.fifth.texts import announcements, bulletins
from exam.planted import Planted, Subject

_NEW = listed(
    "Aalen Bühl Cölbe Dülmen Eschede Flöha Grünberg Höxter Itzehoe Kösching Löhne Möckern Neuötting Olbernhau"
)


def _audience(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Test is from a site on which one kind of page is that many times as frequent beside the others."""
    shares = np.asarray(task_of(subject).shares)
    shares[random.integers(len(shares))] *= dose
    test = fresh(subject, "test", subject.split("test").n_rows, random, shares=shares / shares.sum())
    return Planted(subject.case.with_split("test", test), {"split": "test"})


def _longer(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Bulletins of dev are for several days, and that many times as long."""
    usual = task_of(subject).lengths
    n = subject.split("dev").n_rows
    dev = fresh(subject, "dev", n, random, lengths=lambda n, random: np.rint(dose * usual(n, random)).astype(np.int64))
    return Planted(subject.case.with_split("dev", dev), {"split": "dev"})


def _stations(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Before test was recorded new stations were opened: a share of the mentions of a station is of these."""
    uses = task_of(subject).uses
    rows: dict[int, Row] = {}
    for i, row in enumerate(subject.split("test").rows):
        rows[i] = tuple(
            _NEW[random.integers(len(_NEW))]
            if uses.get(word, "").startswith("ORT") and random.random() < dose
            else word
            for word in row
        )
    return in_split(subject, "test", rows)


def _calm(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Test was recorded in calm nights: a share of what had a high severity, or denied something, has the lowest one,
    or allows it."""
    calm = {"act=deny": "act=allow", "act=drop": "act=allow", **{f"sev={k}": "sev=0" for k in range(1, 8)}}

    def changed(word: str) -> str:
        return calm[word] if word in calm and random.random() < dose else word

    rows = {i: tuple(changed(word) for word in row) for i, row in enumerate(subject.split("test").rows)}
    return in_split(subject, "test", rows)


def _sides(row: Row) -> Row:
    """Black's move stands before White's."""
    return tuple(token for k in range(0, len(row), 3) for token in (row[k], row[k + 2], row[k + 1]))


SHIFTS = (
    fifth("shift.label", "another audience", "times as frequent", (3, 6), _audience, pages),
    fifth("shift.length", "for several days", "times as long", (1.5, 2.5), _longer, bulletins),
    fifth("shift.vocabulary", "new stations", "share of mentions", (0.25, 0.6), _stations, announcements),
    fifth("shift.composition", "calm nights", "share of lines", (0.5, 0.9), _calm, lines),
    fifth("shift.order", "sides exchanged", "share of dev rows", (0.5, 1.0), retokenised("dev", _sides), openings),
)
