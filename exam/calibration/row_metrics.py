"""Calibration on new rows of metrics that are no mean over rows, and of two models whose rows are in uneven groups."""

from collections.abc import Callable, Iterator
from itertools import product

import numpy as np

from brittlestar.claims.measuring import measure
from brittlestar.claims.outcomes import Outcomes, Runs
from brittlestar.claims.pairing import pair_runs
from brittlestar.core.answers import Answers, Rows
from brittlestar.core.scores import tabulate
from brittlestar.core.seeds import generator
from brittlestar.statistics.estimates import Estimate, estimate_over_units
from brittlestar.statistics.row_bounds import SplitRows, estimate_over_rows
from exam.calibration.entry import ALPHA, Entry, bound_coverage

AT_LEAST = (0.95, 1.0)
METRICS = ("hwa", "macro_f1", "balanced_accuracy")
SKILLS = {"a": 0.8, "b": 0.7}  # shares of right answers in rows of middling difficulty
POPULATION = 100_000  # the true difference is known to .0002
GROUPS, LARGEST, SHAPE = 900, 40, 1.2  # of rows; the size that Pareto's law, of this shape, is cut at
Judge = Callable[[SplitRows], Estimate]


class Drawn:
    """Labels, factor weights and difficulty of rows, and what runs answer there."""

    def __init__(self, random: np.random.Generator, rows: int, classes: int) -> None:
        prior = 1 / np.arange(1, classes + 1)
        labels = random.choice(classes, rows, p=prior / prior.sum())
        weights = {"shape": random.integers(1, 5, rows), "colour": random.integers(1, 4, rows)}
        self.rows, self._ease = Rows(labels=labels, n_classes=classes, weights=weights), random.normal(0, 0.15, rows)

    def answer(self, random: np.random.Generator, skill: np.ndarray) -> Answers:
        """What runs say of these skills (n,); a wrong answer is any other class."""
        chance = np.clip(skill[:, None] + self._ease, 0.02, 0.98)
        labels, n_classes = self.rows.labels, self.rows.n_classes
        other = (labels + random.integers(1, n_classes, chance.shape)) % n_classes
        predicted = np.where(random.random(chance.shape) < chance, labels, other)
        return Answers(rows=self.rows, predicted=predicted)


def cover_metric(studies: int, metric: str, classes: int, seeds: int, rows: int, spread: float) -> float:
    """How often the crossed interval holds the true difference of two variants whose runs differ by `spread`."""
    random = generator(0, "calibration", metric, classes, seeds, rows, int(1000 * spread))
    truth = _find_true_difference(random, metric, classes, spread)
    hits = 0
    for _ in range(studies):
        drawn, runs = Drawn(random, rows, classes), tuple(range(seeds))
        skills = {name: skill + random.normal(0, spread, seeds) for name, skill in SKILLS.items()}
        variants = {name: Runs(runs, answers=drawn.answer(random, own)) for name, own in skills.items()}
        pair = pair_runs(Outcomes(variants), "a", "b", metric)
        low, high = measure(pair, "new-examples", None).estimate.interval(ALPHA)
        hits += low <= truth <= high
    return hits / studies


def _find_true_difference(random: np.random.Generator, metric: str, classes: int, spread: float) -> float:
    """From one large set of rows, averaged over skills (Gauss and Hermite)."""
    places, shares = np.polynomial.hermite_e.hermegauss(5)
    drawn = Drawn(random, POPULATION, classes)
    answers = (drawn.answer(random, skill + spread * places) for skill in SKILLS.values())
    scores = (tabulate(answer, metric).mean(axis=1) for answer in answers)
    first, second = (float((shares * score).sum() / shares.sum()) for score in scores)
    return first - second


def cover_groups(studies: int, share: float, alike: float, gained: float, judge: Judge) -> float:
    """How often an interval holds the true difference of two models that disagree on `share` of rows, the first being
    right on the share `gained` of these; rows are in groups, a share `alike` of which answers as one."""
    random = generator(0, "calibration", "groups", int(1000 * share), int(10 * alike), int(10 * gained))
    truth, hits = share * (2 * gained - 1), 0
    for _ in range(studies):
        sizes = np.minimum(np.ceil(random.pareto(SHAPE, GROUPS) + 1e-9), LARGEST).astype(np.int64)
        groups, whole = np.repeat(np.arange(GROUPS), sizes), random.random(GROUPS) < alike

        def draw(p: float, groups: np.ndarray = groups, whole: np.ndarray = whole) -> np.ndarray:
            return np.where(whole[groups], (random.random(GROUPS) < p)[groups], random.random(len(groups)) < p)

        both, differ, first = draw(0.75), draw(share), draw(gained)
        right = [np.where(differ, won, both).astype(np.float64) for won in (first, ~first)]
        split = SplitRows(((right[0] - right[1])[None],), np.zeros(len(groups)), groups, (-1.0, 1.0), tuple(right))
        low, high = judge(split).interval(ALPHA)
        hits += low <= truth <= high
    return hits / studies


def calibrate_row_metrics(studies: int) -> Iterator[Entry]:
    """Coverage of intervals by influence values, and of those over few rows or uneven groups that disagree."""
    few = max(studies // 4, 100)
    for metric, classes, seeds, rows, spread in product(METRICS, (2, 5), (5, 10), (300, 1_000), (0.005, 0.03)):
        name = f"coverage, {metric}, {classes} classes, {seeds} seeds of SD {spread:.1%}, {rows:,} rows"
        yield bound_coverage(name, cover_metric(few, metric, classes, seeds, rows, spread), few, AT_LEAST)
    for share, alike, gained in product((0.008, 0.03, 0.07), (0.0, 0.5, 1.0), (0.5, 0.8, 1.0)):
        rate = cover_groups(few, share, alike, gained, lambda split: estimate_over_rows([split]))
        name = f"coverage, uneven groups, {share:.1%} of rows disagree, {alike:.0%} alike, {gained:.0%} one way"
        yield bound_coverage(name, rate, few, AT_LEAST)
    rate = cover_groups(studies, 0.03, 0.5, 1.0, lambda split: estimate_over_units(split.mean, split.groups))
    yield bound_coverage("control: t over uneven groups of which few disagree, coverage", rate, studies, AT_LEAST, True)
