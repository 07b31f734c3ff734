"""Expectations of probes that main breaks."""

from __future__ import annotations

from dataclasses import dataclass

from brittlestar.diagnosis.probes.summary import ProbeSummary


@dataclass(frozen=True)
class BrokenExpectation:
    """A probe with a known or declared answer that main breaks."""

    condition: str
    words: str
    split: str
    loss: float
    interval: tuple[float, float] | None
    n_seeds: int
    n_rows: int
    code: str
    sentence: str


def broken_expectations(probed: ProbeSummary) -> tuple[BrokenExpectation, ...]:
    """None yet."""
    return ()
