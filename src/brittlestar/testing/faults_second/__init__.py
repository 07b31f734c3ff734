"""Faults planted a second way: by other mechanisms, into other subjects, at other doses. Nothing is tuned on them."""

from __future__ import annotations

from brittlestar.testing.faults_held_out import models, rows, splits
from brittlestar.testing.planted import Fault

FAULTS: tuple[Fault, ...] = (*splits.FAULTS, *rows.FAULTS, *models.FAULTS)
"""Every held-out fault."""
