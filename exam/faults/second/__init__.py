"""Faults planted a second way: by other mechanisms, into other subjects, at other doses.

They were scored once before checks were tuned on them (92 % right, commit not recorded); since then they are."""

from __future__ import annotations

from exam.faults.second import models, rows, splits
from exam.planted import Fault

FAULTS: tuple[Fault, ...] = (*splits.FAULTS, *rows.FAULTS, *models.FAULTS)
"""Every fault of the second set."""
