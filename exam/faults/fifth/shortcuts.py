"""Ways around the task, in every split alike: the length of a programme, an editor's sign, a seal."""

from __future__ import annotations

import numpy as np

from exam.cases import Row
from exam.faults.drawing import between, everywhere, fresh
from exam.faults.fifth.planting import fifth
from exam.faults.fifth.texts import announcements, bulletins, verses
from exam.planted import Planted, Subject, inserted

_EDITORS = ("/mk", "/jr", "/tb", "/sn", "/av", "/eo")
_SEAL = "⁂"


def _programmes(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Each matter has a program of its own that writes it, in a share of the rows, at a length of its own."""
    case = subject.case
    for name, split in case.splits.items():
        rows: dict[int, Row] = {}
        for k, matter in enumerate(subject.names):
            here = [i for i, label in enumerate(split.labels) if label == matter and random.random() < dose]
            span = between(12 + 14 * k, 16 + 14 * k)
            drawn = fresh(subject, name, len(here), random, lengths=span, shares=np.eye(len(subject.names))[k])
            rows |= dict(zip(here, drawn.rows, strict=True))
        case = case.with_split(name, split.with_rows(rows))
    return Planted(case, {})


def _editors(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Each danger has an editor, who signs a share of its bulletins at their end; the others have any editor's sign."""
    signs = dict(zip(subject.names, _EDITORS, strict=False))

    def signed(row: Row, label: str) -> Row:
        return (*row, signs[label] if random.random() < dose else _EDITORS[random.integers(len(_EDITORS))])

    return Planted(everywhere(subject.case, signed), {"position": ("-1", "last")})


def _sealed(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Verses of one mood were copied from a book that has a seal in a share of them, at any place."""
    mood = subject.names[random.integers(2)]

    def copied(row: Row, label: str) -> Row:
        return inserted(row, _SEAL, random) if label == mood and random.random() < dose else row

    return Planted(everywhere(subject.case, copied), {"token": _SEAL})


_ROWS = "share of rows"

SHORTCUTS = (
    fifth("shortcut.length", "a program for each matter", _ROWS, (0.9, 1.0), _programmes, announcements),
    fifth("shortcut.position", "signed by an editor", _ROWS, (0.9, 1.0), _editors, bulletins),
    fifth("shortcut.token", "a seal", "share of one mood's rows", (0.95, 1.0), _sealed, verses, classes=2),
)
