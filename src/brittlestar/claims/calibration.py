"""The calibration suite: how often verdicts err on simulated studies whose truth is known, and that the suite notices
methods that err more.

Every entry simulates studies, analyses them with a method, and holds a rate against what a sound method gives. The same
harness is given bad methods (negative controls), which must fail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from scipy.special import stdtr, stdtrit

from brittlestar.claims.calibration_entry import ALPHA as ALPHA
from brittlestar.claims.calibration_entry import Entry as Entry
from brittlestar.claims.calibration_entry import margin as margin
from brittlestar.claims.calibration_looks import calibrate_looks
from brittlestar.claims.calibration_pairing import calibrate_pairing
from brittlestar.claims.calibration_rows import calibrate_rows
from brittlestar.core.seeds import generator
from brittlestar.statistics.anytime import anytime_half_width
from brittlestar.statistics.crossed import estimate_components
from brittlestar.statistics.dunnett import simultaneous_level
from brittlestar.statistics.estimates import estimate_over_seeds
from brittlestar.statistics.looks import DEFAULT, nominal_level
from brittlestar.statistics.power import power
from brittlestar.statistics.row_differences import join_splits

Draw = Callable[[np.random.Generator, int, int], np.ndarray]
"""`draw(random, studies, n)`: differences float64 (studies, n) with mean 0."""
Analysis = Callable[[np.ndarray], np.ndarray]
"""`analysis(differences)`: bool (studies,), whether each study announces a difference, or covers the truth."""

FULL, REDUCED = 2_000, 400

SHAPES: Mapping[str, Draw] = {
    "Gaussian": lambda random, studies, n: random.standard_normal((studies, n)),
    "Laplace": lambda random, studies, n: random.laplace(size=(studies, n)),
    "t(3)": lambda random, studies, n: random.standard_t(3, (studies, n)),
    "skewed": lambda random, studies, n: random.gamma(4.0, 1.0, (studies, n)) - random.gamma(4.0, 1.0, (studies, n)),
    "binary": lambda random, studies, n: (
        (random.binomial(200, 0.8, (studies, n)) - random.binomial(200, 0.8, (studies, n))) / 200
    ),
}


def calibrate(studies: int = FULL) -> Iterator[Entry]:
    """Every entry, sound methods first. `studies` each; the reduced run takes 400."""
    yield from _type_one(studies)
    yield from _coverage(studies)
    yield from _power(studies)
    yield from _several_looks(studies)
    yield from _several_arms(studies)
    yield from _across_splits(studies)
    yield from calibrate_looks(studies)
    yield from calibrate_rows(studies)
    yield from calibrate_pairing(studies)
    yield from _controls(studies)


def t_test(level: float) -> Analysis:
    """Whether a two-sided t test at `level` announces a difference."""

    def analysis(differences: np.ndarray) -> np.ndarray:
        n = differences.shape[1]
        t = differences.mean(axis=1) / np.maximum(differences.std(axis=1, ddof=1), 1e-300) * np.sqrt(n)
        return 2 * stdtr(n - 1, -np.abs(t)) <= level

    return analysis


def at_looks(looks: tuple[int, ...], level: float) -> Analysis:
    """Whether any look announces a difference at a nominal level."""

    def analysis(differences: np.ndarray) -> np.ndarray:
        return np.asarray(np.stack([t_test(level)(differences[:, :n]) for n in looks]).any(axis=0))

    return analysis


def percentile_bootstrap(differences: np.ndarray, draws: int = 400) -> np.ndarray:
    """Whether a percentile bootstrap over seeds leaves out 0: it covers too little with a handful of them."""
    random = generator(0, "calibration", "percentile")
    n = differences.shape[1]
    means = differences[:, random.integers(0, n, (draws, n))].mean(axis=2)
    low, high = np.quantile(means, [ALPHA / 2, 1 - ALPHA / 2], axis=1)
    return (low > 0) | (high < 0)


def false_alarms(draw: Draw, n: int, analysis: Analysis, studies: int, name: str) -> float:
    """Share of studies without a difference that announce one."""
    return float(analysis(draw(generator(0, "calibration", name), studies, n)).mean())


def _type_one(studies: int) -> Iterator[Entry]:
    for shape, draw in SHAPES.items():
        for n in (5, 10, 20, 40):
            rate = false_alarms(draw, n, t_test(ALPHA), studies, f"{shape} {n}")
            exact = shape == "Gaussian"
            low = ALPHA - margin(ALPHA, studies) if exact else 0.0
            yield Entry(f"false differences, {shape}, {n} seeds", rate, studies, low, ALPHA + margin(ALPHA, studies))


def _coverage(studies: int) -> Iterator[Entry]:
    band = margin(ALPHA, studies)
    mixes = {"seeds": (0.03, 0.02, 0.3), "rows": (0.005, 0.3, 0.2), "both": (0.02, 0.2, 0.3)}
    for mix, (seeds, rows, cells) in mixes.items():
        for n in (3, 5, 10, 20):
            random = generator(0, "calibration", "crossed", mix, n)
            hits = {"new examples": 0, "these rows": 0}
            m = 200
            for _ in range(studies):
                own = random.normal(0, rows, m)
                table = random.normal(0, seeds, (n, 1)) + own + random.normal(0, cells, (n, m))
                low, high = estimate_components(table).estimate.interval(ALPHA)
                hits["new examples"] += low <= 0 <= high
                low, high = estimate_over_seeds(table.mean(axis=1)).interval(ALPHA)
                hits["these rows"] += low <= own.mean() <= high
            crossed = hits["new examples"] / studies
            yield Entry(
                f"coverage, new examples, spread of {mix}, {n} seeds", crossed, studies, 0.92 - band, 0.975 + band
            )
            fixed = hits["these rows"] / studies
            yield Entry(f"coverage, these rows, spread of {mix}, {n} seeds", fixed, studies, 0.95 - band, 0.95 + band)


def _power(studies: int) -> Iterator[Entry]:
    for n in (5, 10, 20, 40):
        for effect in (0.5, 1.0, 1.5):
            expected = power(effect, n, ALPHA / 2)
            drawn = generator(0, "calibration", "power", n, str(effect)).normal(effect, 1, (studies, n))
            rate = float((t_test(ALPHA)(drawn) & (drawn.mean(axis=1) > 0)).mean())
            band = max(margin(expected, studies), 2 / studies)
            yield Entry(
                f"power, effect {effect} SD, {n} seeds", rate, studies, expected - band, min(expected + band, 1.0)
            )


def _several_looks(studies: int) -> Iterator[Entry]:
    band = margin(ALPHA, studies)
    level = nominal_level(DEFAULT, ALPHA)
    rate = false_alarms(SHAPES["Gaussian"], DEFAULT[-1], at_looks(DEFAULT, level), studies, "looks")
    yield Entry("false differences over the default looks", rate, studies, ALPHA - band, ALPHA + band)
    drawn = SHAPES["Gaussian"](generator(0, "calibration", "anytime"), studies, 200)
    n = np.arange(2, 201)
    means = np.cumsum(drawn, axis=1)[:, 1:] / n
    deviations = np.sqrt(np.maximum(np.cumsum(drawn**2, axis=1)[:, 1:] / n - means**2, 0) * n / (n - 1))
    widths = np.asarray([anytime_half_width(k, 1.0, ALPHA) for k in n.tolist()])
    crossed = float((np.abs(means) > widths * deviations).any(axis=1).mean())
    yield Entry("false differences at any of 200 seeds, anytime", crossed, studies, 0.0, ALPHA)


def best_of(k: int, n: int, studies: int, level_of: Callable[[np.ndarray], float]) -> float:
    """Share of studies of k variants against one, all alike, in which some variant is announced as different. The level
    of each comparison is `level_of` the differences float64 (k, n)."""
    random = generator(0, "calibration", "best of", k, n)
    found = 0
    for _ in range(studies):
        drawn = random.standard_normal((k, n)) - random.standard_normal(n)
        found += bool(t_test(level_of(drawn))(drawn).any())
    return found / studies


def _several_arms(studies: int) -> Iterator[Entry]:
    band = margin(ALPHA, studies)
    for k, n in ((3, 5), (10, 5), (3, 20), (10, 20)):
        rate = best_of(k, n, studies, lambda drawn: simultaneous_level(drawn, ALPHA))
        yield Entry(f"false differences, best of {k} variants, {n} seeds", rate, studies, 0.0, ALPHA + band)


def _across_splits(studies: int) -> Iterator[Entry]:
    """Coverage of one variant's difference between two splits, whose rows and seeds are all new."""
    band = margin(ALPHA, studies)
    for n, sizes in ((5, (200, 60)), (20, (60, 200))):
        random = generator(0, "calibration", "across", n)
        hits = 0
        for _ in range(studies):
            ability = random.normal(0, 0.02, (2, n, 1))
            tables = [
                own + random.normal(0, 0.3, size) + random.normal(0, 0.3, (n, size))
                for own, size in zip(ability, sizes, strict=True)
            ]
            low, high = estimate_components(join_splits([tables[0], -tables[1]])).estimate.interval(ALPHA)
            hits += low <= 0 <= high
        name = f"coverage, one variant on splits of {sizes[0]} and {sizes[1]} rows, {n} seeds"
        yield Entry(name, hits / studies, studies, 0.92 - band, 0.975 + band)


def _controls(studies: int) -> Iterator[Entry]:
    """Bad methods under the bounds of sound ones."""
    band = margin(ALPHA, studies)
    gaussian = SHAPES["Gaussian"]
    bad: Mapping[str, tuple[int, Analysis]] = {
        "looks without limits at 5, 10, 20, 40 seeds": (40, at_looks(DEFAULT, ALPHA)),
        "a look at every seed from 3 to 40": (40, at_looks(tuple(range(3, 41)), ALPHA)),
        "percentile bootstrap over 5 seeds": (5, percentile_bootstrap),
    }
    for name, (n, analysis) in bad.items():
        rate = false_alarms(gaussian, n, analysis, studies, name)
        yield Entry(f"control: {name}", rate, studies, ALPHA - band, ALPHA + band, True)
    rate = best_of(10, 20, studies, lambda drawn: ALPHA)
    yield Entry("control: best of 10 variants, each at 5 %", rate, studies, 0.0, ALPHA + band, True)
    random = generator(0, "calibration", "dropped")
    drawn = random.normal(0.0, 0.02, (studies, 20))
    drawn[:, :4] -= 0.3 * (random.random((studies, 4)) < 0.5)  # runs that diverge in one variant
    kept = np.where(drawn < -0.15, np.nan, drawn)
    left = np.maximum((~np.isnan(kept)).sum(axis=1), 2)
    mean, deviation = np.nanmean(kept, axis=1), np.nanstd(kept, axis=1, ddof=1)
    covers = np.abs(mean + 0.03) <= stdtrit(left - 1, 1 - ALPHA / 2) * deviation / np.sqrt(left)
    yield Entry(
        "control: diverged runs dropped, coverage", float(covers.mean()), studies, 0.95 - band, 0.95 + band, True
    )
    rate = one_population_for_another(studies)
    yield Entry(
        "control: t over 20 seeds read as new examples, coverage", rate, studies, 0.92 - band, 0.975 + band, True
    )


def one_population_for_another(studies: int) -> float:
    """Coverage of the truth for new examples by the interval for these very rows, 300 of them."""
    random = generator(0, "calibration", "population")
    hits = 0
    for _ in range(studies):
        means = random.normal(0, 0.4 / np.sqrt(300)) + random.normal(0, 0.02, 20)
        low, high = estimate_over_seeds(means).interval(ALPHA)
        hits += low <= 0 <= high
    return hits / studies
