"""Calibration of claims that are judged at every number of seeds, whatever was planned (statistics, rule 18)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from scipy.special import stdtr

from brittlestar.claims.calibration_entry import ALPHA, Entry, margin
from brittlestar.claims.weighing import last_look
from brittlestar.core.seeds import generator
from brittlestar.statistics.looks import DEFAULT, nominal_level

PLANS = ((DEFAULT, 60), ((10,), 60), (DEFAULT, 80), ((7, 30), 60))
"""Looks, and the number of seeds up to which a study is judged after every seed from 5 on."""

Judged = Callable[[tuple[int, ...], int], tuple[int, float] | None]
"""With how many seeds, and at which level, a study of n seeds is judged under a plan; None where it is not yet."""


def calibrate_looks(studies: int) -> Iterator[Entry]:
    """Share of studies without a difference that announce one at any number of seeds; and of a plan that counts an
    unplanned number of seeds as its next look."""
    band = margin(ALPHA, studies)
    for looks, most in PLANS:
        plan = ", ".join(map(str, looks))
        rate = err_anywhere(looks, most, judge_reached, studies)
        yield Entry(f"false differences, looks {plan}, judged at every n to {most}", rate, studies, 0.0, ALPHA + band)
    for looks, most in PLANS[:3]:
        plan = ", ".join(map(str, looks))
        rate = err_anywhere(looks, most, judge_as_next, studies)
        name = f"control: an unplanned n as the next of {plan}, to {most}"
        yield Entry(name, rate, studies, 0.0, ALPHA + band, True)


def judge_reached(looks: tuple[int, ...], n: int) -> tuple[int, float] | None:
    """The first seeds, as many as the last look reached."""
    reached = last_look(looks, n)
    return None if reached is None else (reached, nominal_level(looks, ALPHA))


def judge_as_next(looks: tuple[int, ...], n: int) -> tuple[int, float] | None:
    """All seeds, as if they were the next look, or the last one: a bad method."""
    if n < looks[0]:
        return None
    return n, nominal_level(looks, ALPHA)


def err_anywhere(looks: tuple[int, ...], most: int, judged: Judged, studies: int) -> float:
    """Share of studies with Gaussian differences around 0 that are told from 0 at some n from 5 to `most`."""
    drawn = generator(0, "calibration", "every n", most, *looks).standard_normal((studies, most))
    wrong = np.zeros(studies, np.bool_)
    done: set[tuple[int, float]] = set()
    for n in range(5, most + 1):
        plan = judged(looks, n)
        if plan is None or plan in done:
            continue
        done.add(plan)
        kept, level = plan
        seen = drawn[:, :kept]
        t = seen.mean(axis=1) / seen.std(axis=1, ddof=1) * np.sqrt(kept)
        wrong |= 2 * stdtr(kept - 1, -np.abs(t)) <= level
    return float(wrong.mean())
