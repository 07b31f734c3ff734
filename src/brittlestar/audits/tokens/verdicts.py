"""What a test for another tokenisation says of one split."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Verdict:
    """The `change` that turns the split's tokens into those of train, whether it `holds` beyond the threshold and
    `is_error`, and how a sentence about the split goes on."""

    change: str
    story: str
    evidence: Mapping[str, Any]
    is_error: bool = True
    holds: bool = True
