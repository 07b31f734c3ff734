"""How often verdicts over seeds err on simulated studies whose truth is known; bad methods are entries, too."""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain

import numpy as np
from scipy.special import stdtr

from brittlestar.claims.measuring import last_look
from brittlestar.core.seeds import generator
from brittlestar.statistics.crossed import estimate_components
from brittlestar.statistics.estimates import estimate_over_seeds
from brittlestar.statistics.interim_analyses import DEFAULT, anytime_half_width, nominal_level
from brittlestar.statistics.multiplicity import simultaneous_level
from brittlestar.statistics.power import power
from exam.calibration.entry import ALPHA, NEARLY, Entry, bound_alarms, bound_coverage, covers, margin

Draw = Callable[[np.random.Generator, int, int], np.ndarray]
"""`draw(random, studies, n)`: differences float64 (studies, n) with mean 0."""
Analysis = Callable[[np.ndarray], np.ndarray]
"""`analysis(differences)`: bool (studies,), whether each study announces a difference, or covers the truth."""

SHAPES: Mapping[str, Draw] = {
    "Gaussian": lambda random, studies, n: random.standard_normal((studies, n)),
    "Laplace": lambda random, studies, n: random.laplace(size=(studies, n)),
    "t(3)": lambda random, studies, n: random.standard_t(3, (studies, n)),
    "skewed": lambda random, studies, n: random.gamma(4.0, 1.0, (studies, n)) - random.gamma(4.0, 1.0, (studies, n)),
    "binary": lambda random, studies, n: (
        (random.binomial(200, 0.8, (studies, n)) - random.binomial(200, 0.8, (studies, n))) / 200
    ),
}


def calibrate_seeds(studies: int) -> Iterator[Entry]:
    """Every entry on differences over seeds, sound methods first."""
    parts = (_type_one, _coverage, _power, _several_looks, _several_arms, _judged_at_every_n, _independent, _controls)
    return chain.from_iterable(part(studies) for part in parts)


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


def false_alarms(draw: Draw, n: int, analysis: Analysis, studies: int, name: str) -> float:
    """Share of studies without a difference that announce one."""
    return float(analysis(draw(generator(0, "calibration", name), studies, n)).mean())


def _type_one(studies: int) -> Iterator[Entry]:
    for shape, draw in SHAPES.items():
        for n in (5, 10, 20, 40):
            rate = false_alarms(draw, n, t_test(ALPHA), studies, f"{shape} {n}")
            yield bound_alarms(f"false differences, {shape}, {n} seeds", rate, studies, exact=shape == "Gaussian")


def _coverage(studies: int) -> Iterator[Entry]:
    mixes = {"seeds": (0.03, 0.02, 0.3), "rows": (0.005, 0.3, 0.2), "both": (0.02, 0.2, 0.3)}
    for mix, (seeds, rows, cells) in mixes.items():
        for n in (3, 5, 10, 20):
            random = generator(0, "calibration", "crossed", mix, n)
            crossed = fixed = 0
            for _ in range(studies):
                own = random.normal(0, rows, 200)
                table = random.normal(0, seeds, (n, 1)) + own + random.normal(0, cells, (n, 200))
                crossed += covers(estimate_components(table).estimate)
                fixed += covers(estimate_over_seeds(table.mean(axis=1)), own.mean())
            spread = f"spread of {mix}, {n} seeds"
            yield bound_coverage(f"coverage, new examples, {spread}", crossed / studies, studies, NEARLY)
            yield bound_coverage(f"coverage, these rows, {spread}", fixed / studies, studies)


def _power(studies: int) -> Iterator[Entry]:
    for n in (5, 10, 20, 40):
        for effect in (0.5, 1.0, 1.5):
            expected = power(effect, n, ALPHA / 2)
            drawn = generator(0, "calibration", "power", n, str(effect)).normal(effect, 1, (studies, n))
            rate = float((t_test(ALPHA)(drawn) & (drawn.mean(axis=1) > 0)).mean())
            band = max(margin(expected, studies), 2 / studies)
            name = f"power, effect {effect} SD, {n} seeds"
            yield Entry(name, rate, studies, expected - band, min(expected + band, 1.0))


def _several_looks(studies: int) -> Iterator[Entry]:
    level = nominal_level(DEFAULT, ALPHA)
    rate = false_alarms(SHAPES["Gaussian"], DEFAULT[-1], at_looks(DEFAULT, level), studies, "looks")
    yield bound_alarms("false differences over the default looks", rate, studies, exact=True)
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
    for k, n in ((3, 5), (10, 5), (3, 20), (10, 20)):
        rate = best_of(k, n, studies, lambda drawn: simultaneous_level(drawn, ALPHA))
        yield bound_alarms(f"false differences, best of {k} variants, {n} seeds", rate, studies)


def _controls(studies: int) -> Iterator[Entry]:
    bad: Mapping[str, tuple[int, Analysis]] = {
        "looks without limits at 5, 10, 20, 40 seeds": (40, at_looks(DEFAULT, ALPHA)),
        "a look at every seed from 3 to 40": (40, at_looks(tuple(range(3, 41)), ALPHA)),
    }
    for name, (n, analysis) in bad.items():
        rate = false_alarms(SHAPES["Gaussian"], n, analysis, studies, name)
        yield bound_alarms(f"control: {name}", rate, studies, True, exact=True)
    rate = best_of(10, 20, studies, lambda drawn: ALPHA)
    yield bound_alarms("control: best of 10 variants, each at 5 %", rate, studies, True)
    random = generator(0, "calibration", "population")  # intervals for these very 300 rows, read as for new ones
    means = (random.normal(0, 0.4 / np.sqrt(300)) + random.normal(0, 0.02, 20) for _ in range(studies))
    rate = sum(covers(estimate_over_seeds(mean)) for mean in means) / studies
    yield bound_coverage("control: t over 20 seeds read as new examples, coverage", rate, studies, NEARLY, True)


PLANS = ((DEFAULT, 60), ((10,), 60), (DEFAULT, 80), ((7, 30), 60))
"""Looks, and the number of seeds up to which a study is judged after every seed from 5 on."""


def _judged_at_every_n(studies: int) -> Iterator[Entry]:
    """Shares of studies without a difference that announce one at any number of seeds, planned or not."""
    for looks, most in PLANS:
        level = nominal_level(looks, ALPHA)
        drawn = generator(0, "calibration", "every n", most, *looks).standard_normal((studies, most))
        reached = {last_look(looks, n) for n in range(5, most + 1)} - {None}
        wrong = np.stack([t_test(level)(drawn[:, :n]) for n in reached]).any(axis=0)
        name = f"false differences, looks {', '.join(map(str, looks))}, judged at every n to {most}"
        yield bound_alarms(name, float(wrong.mean()), studies)


Method = Callable[[np.ndarray, np.ndarray], float]
"""The two-sided p-value of no difference between runs of two sides, float64 (n,) each."""


def _independent(studies: int) -> Iterator[Entry]:
    """False differences between sides that are not paired (statistics, rule 20), whose runs spread alike or unlike."""
    for spread in (1.0, 3.0):
        for n in DEFAULT:
            name = f"false differences, independent sides, spreads 1 and {spread:g}, {n} seeds"
            yield bound_alarms(name, err_once(n, spread, p_independent, studies), studies)
    rate = err_once(5, 1.0, lambda a, b: min(p_paired(a, b), p_independent(a, b)), 10 * studies)
    yield bound_alarms("control: paired or not, whichever is surer, 5 seeds", rate, 10 * studies, True)


def p_independent(first: np.ndarray, second: np.ndarray) -> float:
    """What a verdict on these rows says of independent sides."""
    p = estimate_over_seeds(first, -second).p_value(0.0)
    return 1.0 if p is None else p


def p_paired(first: np.ndarray, second: np.ndarray) -> float:
    """The same of paired sides."""
    p = estimate_over_seeds(first - second).p_value(0.0)
    return 1.0 if p is None else p


def err_once(n: int, spread: float, method: Method, studies: int) -> float:
    """Share of studies of n seeds a side, without a difference, that announce one."""
    drawn = generator(0, "calibration", "independent", n, int(spread)).standard_normal((studies, 2, n))
    return float(np.mean([method(first, spread * second) <= ALPHA for first, second in drawn]))
