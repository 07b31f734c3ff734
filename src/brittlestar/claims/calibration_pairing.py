"""Calibration of sides that are not paired (statistics, rule 20)."""

from collections.abc import Callable, Iterator

import numpy as np
from scipy.special import stdtr

from brittlestar.claims.calibration_entry import ALPHA, NEARLY, Entry, bound_alarms, bound_coverage, covers
from brittlestar.core.seeds import generator
from brittlestar.statistics.crossed import estimate_components
from brittlestar.statistics.estimates import estimate_over_seeds
from brittlestar.statistics.looks import DEFAULT, nominal_level

SPREADS = (1.0, 3.0)  # standard deviations of the second side's runs, that of the first being 1
MANY = 10  # times as many studies for what is nearly right
Method = Callable[[np.ndarray, np.ndarray], float]
"""The two-sided p-value of no difference between runs of two sides, float64 (n,) each."""


def calibrate_pairing(studies: int) -> Iterator[Entry]:
    """False differences at every look and over all of them, coverage for new rows, and seeds to a settled claim."""
    for spread in SPREADS:
        name = f"false differences, independent sides, spreads 1 and {spread:g}"
        for n in DEFAULT:
            yield bound_alarms(f"{name}, {n} seeds", err_once(n, spread, p_independent, studies), studies)
        yield bound_alarms(f"{name}, over the looks", err_at_looks(spread, p_independent, studies), studies)
    yield from _coverage(studies)
    for effect in (0.75, 1.0, 1.5):
        own, paired = (settle(effect, method, studies)[1] for method in (p_independent, p_paired))
        name = f"seeds to a settled claim, independent sides, effect {effect:g} SD (paired {paired:.1f})"
        yield Entry(name, own, studies, 0.0, paired)
    many = MANY * studies
    rate = err_once(5, 1.0, lambda a, b: min(p_paired(a, b), p_independent(a, b)), many)
    yield bound_alarms("control: paired or not, whichever is surer, 5 seeds", rate, many, True)
    yield bound_alarms("control: one spread for both sides, 20 and 5 runs", err_pooled(studies), studies, True)


def p_independent(first: np.ndarray, second: np.ndarray) -> float:
    """What a verdict on these rows says of independent sides."""
    p = estimate_over_seeds(first, -second).p_value(0.0)
    return 1.0 if p is None else p


def p_paired(first: np.ndarray, second: np.ndarray) -> float:
    """The same of paired sides."""
    p = estimate_over_seeds(first - second).p_value(0.0)
    return 1.0 if p is None else p


def err_pooled(studies: int) -> float:
    """The same of 20 and 5 runs, the latter spread three times as far, by a t test with one deviation: a bad method."""
    drawn = generator(0, "calibration", "pooled").standard_normal((studies, 25))
    first, second = drawn[:, :20], 3 * drawn[:, 20:]
    pooled = (19 * first.var(axis=1, ddof=1) + 4 * second.var(axis=1, ddof=1)) / 23
    t = (first.mean(axis=1) - second.mean(axis=1)) / np.sqrt(pooled * (1 / 20 + 1 / 5))
    return float((2 * stdtr(23, -np.abs(t)) <= ALPHA).mean())


def err_once(n: int, spread: float, method: Method, studies: int) -> float:
    """Share of studies of n seeds a side, without a difference, that announce one."""
    random = generator(0, "calibration", "independent", n, int(spread))
    drawn = random.standard_normal((studies, 2, n))
    return float(np.mean([method(first, spread * second) <= ALPHA for first, second in drawn]))


def err_at_looks(spread: float, method: Method, studies: int) -> float:
    """The same at any of the default looks, at their nominal level."""
    random = generator(0, "calibration", "independent looks", int(spread))
    drawn = random.standard_normal((studies, 2, DEFAULT[-1]))
    level = nominal_level(DEFAULT, ALPHA)
    wrong = [any(method(one[0, :n], spread * one[1, :n]) <= level for n in DEFAULT) for one in drawn]
    return float(np.mean(wrong))


def settle(effect: float, method: Method, studies: int) -> tuple[float, float]:
    """Share of studies that find a difference of so many standard deviations of a seed's difference, and the seeds a
    side that they take on average, looking at the default numbers of seeds."""
    random = generator(0, "calibration", "settle", int(100 * effect))
    drawn = random.normal(0, np.sqrt(0.5), (studies, 2, DEFAULT[-1]))
    drawn[:, 0] += effect
    level = nominal_level(DEFAULT, ALPHA)
    reached = [next((n for n in DEFAULT if method(one[0, :n], one[1, :n]) <= level), None) for one in drawn]
    return float(np.mean([n is not None for n in reached])), float(np.mean([n or DEFAULT[-1] for n in reached]))


def _coverage(studies: int) -> Iterator[Entry]:
    """Coverage of the truth for new rows and new seeds: seeds of each side by themselves, rows shared in part."""
    for sizes in ((5, 5), (5, 20), (20, 20)):
        random = generator(0, "calibration", "independent rows", *sizes)
        hits = 0
        for _ in range(studies):
            row = random.normal(0, 0.3, 200)
            tables = [
                random.normal(0, spread, (n, 1))
                + own * row
                + random.normal(0, 0.2, 200)
                + random.normal(0, 0.3, (n, 200))
                for n, spread, own in zip(sizes, (0.03, 0.01), (1.0, 0.5), strict=True)
            ]
            hits += covers(estimate_components(tables[0], -tables[1]).estimate)
        name = f"coverage, new rows, independent sides of {sizes[0]} and {sizes[1]} seeds"
        yield bound_coverage(name, hits / studies, studies, NEARLY)
