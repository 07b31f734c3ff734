"""Faults planted a second way, held out from all tuning."""

from __future__ import annotations

from brittlestar.testing.planted import Fault

FAULTS: tuple[Fault, ...] = ()
