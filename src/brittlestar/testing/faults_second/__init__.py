"""Faults planted a second way: by other mechanisms, into other subjects, at other doses.

They were held out until they were scored (92 % right); since then checks may be tuned on them."""

from __future__ import annotations

from brittlestar.testing.faults_second import models, rows, splits
from brittlestar.testing.planted import Fault

FAULTS: tuple[Fault, ...] = (*splits.FAULTS, *rows.FAULTS, *models.FAULTS)
"""Every fault of the second set."""
