"""How often a gate errs on simulated releases: an unchanged model, and one that is three points worse."""

from collections import Counter
from typing import Any

import numpy as np

from brittlestar.claims.outcomes import Outcomes, Runs
from brittlestar.claims.releases import LAST, NEW, judge_once
from brittlestar.core.gating import OUTCOME_OF_VERDICT, GateOutcome
from brittlestar.core.seeds import generator
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.gate_policy import NO_WORSE_BY

REPEATS = 500  # issue of the gate: rates of .05 and .8 are known to .01 and .018 (binomial standard error)
SIZES = ((5_000, 1), (2_000, 3), (3_000, 5))
"""Rows and seeds that the documentation recommends: the fewest of those tried with which a worse model is found."""
WORSE = 0.03
ACCURACY = 0.85  # of the simulated model: convention
SEED_DEVIATION = 0.005  # half a point between seeds (chosen, not measured)


def measure_gate(rows: int, seeds: int, repeats: int = REPEATS) -> dict[str, Any]:
    """Simulate releases and gate each against the last one, with new rows, seeds and answers in every repeat: shares of
    repeats with each outcome, of an `unchanged` model and of one that is `worse`; `by_scores` is the share of unchanged
    models that a gate fails which compares the two scores alone."""
    claim = parse_claim(f"{NEW} > {LAST} by {-NO_WORSE_BY:g} on accuracy", "gate")
    random = generator(0, "gate", rows, seeds)
    shares: list[dict[GateOutcome, float]] = []
    by_scores = 0
    for loss in (0.0, WORSE):
        found: Counter[GateOutcome] = Counter()
        for _ in range(repeats):
            outcomes = draw_releases(random, rows, seeds, loss)
            found[OUTCOME_OF_VERDICT[judge_once(outcomes, claim, seeds).verdict]] += 1
            means = [float(runs.outcome.mean()) for runs in outcomes.variants.values() if runs.outcome is not None]
            by_scores += loss == 0 and means[0] < means[1] - NO_WORSE_BY
        shares.append({name: found[name] / repeats for name in ("pass", "fail", "cannot-say")})
    sides = {"unchanged": shares[0], "worse": shares[1], "by_scores": by_scores / repeats}
    return {"rows": rows, "seeds": seeds, "repeats": repeats, **sides}


def draw_releases(random: np.random.Generator, rows: int, seeds: int, loss: float) -> Outcomes:
    """Two releases on the same rows, trained anew from the same seeds, the new one with an accuracy `loss` lower.

    Rows are easy or hard: the chance of a right answer is Beta distributed with concentration 1, so that two trainings
    disagree on about one row in eight.
    """
    easy = random.beta(ACCURACY, 1 - ACCURACY, rows)
    runs = tuple(range(seeds))
    variants = {
        name: Runs(runs, outcome=np.stack([_draw_run(random, easy, -lost) for _ in runs]))
        for name, lost in ((NEW, loss), (LAST, 0.0))
    }
    return Outcomes(variants)


def _draw_run(random: np.random.Generator, easy: np.ndarray, shift: float) -> np.ndarray:
    """float64 (rows,): right answers of one training whose accuracy is moved by `shift` and by its seed."""
    right = random.random(len(easy)) < easy
    moved = shift + random.normal(0, SEED_DEVIATION)
    lost = random.random(len(easy)) < max(-moved, 0) / ACCURACY
    gained = random.random(len(easy)) < max(moved, 0) / (1 - ACCURACY)
    return ((right & ~lost) | gained).astype(np.float64)
