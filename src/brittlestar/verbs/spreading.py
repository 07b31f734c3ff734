"""Why seeds differ: main with each draw of its weights under each order of its batches, as a study of its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from brittlestar.claims.sources import Sources, sources_of
from brittlestar.core.findings import Finding
from brittlestar.verbs.experimenting import ALONE, Train

CODES = ("seed.unstable", "seed.collapse")
"""Findings that ask for it."""
CROSSED = ("init", "order")
LEVELS = 4
"""Draws of each stream, unless somebody asks for more: sixteen runs."""


def wants_sources(findings: Sequence[Finding], main: str, only: Sequence[str]) -> bool:
    """Whether seeds differ by more than the study reads, or somebody asks about seeds alone."""
    asked = bool(only) and all(one.partition(".")[0] == "seed" for one in only)
    return asked or any(
        one.code in CODES and one.status == "present" and one.where.get("variant") == main for one in findings
    )


def measure_sources(seeds: Sequence[int], train: Train, seconds: float) -> Sources | None:
    """The variance of main's score by source: weights, order of batches, and what is left over (dropout and how the two
    work together). `train` trains a study that crosses the draws of `seeds`; None where it has no score."""
    streams = {**dict.fromkeys(CROSSED, "crossed"), "dropout": "varied"}
    settings: dict[str, Any] = {**ALONE, "seeds": list(seeds), "variants": {}, "streams": streams}
    done = train({path: json.dumps(value) for path, value in settings.items()}, seconds)
    return next((one for one in sources_of(done.record) if one.variant == done.record.main), None)
