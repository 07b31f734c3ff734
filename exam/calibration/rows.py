"""Calibration of verdicts on new rows: beside the best trivial baseline, of models at hand, and of solved tasks."""

from collections.abc import Callable, Iterator
from itertools import product

import numpy as np

from brittlestar.claims.judge import judge_claim
from brittlestar.claims.measuring import measure
from brittlestar.claims.outcomes import Outcomes, Runs
from brittlestar.claims.pairing import pair_runs, read_rows
from brittlestar.core.seeds import generator
from brittlestar.statistics.crossed import estimate_components
from brittlestar.statistics.estimates import estimate_over_seeds, estimate_over_units
from brittlestar.statistics.proportions import bound_share
from brittlestar.statistics.row_bounds import estimate_over_rows
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.names import BEST_TRIVIAL
from exam.calibration.entry import ALPHA, Entry, bound_alarms, bound_coverage, covers

MODEL, TRIVIAL = 4.0, 1.1
"""Log odds of a right answer, where rows shift both by a standard normal amount."""
EASY, HARD = 0.97, 0.72
"""Shares of right answers, where rows have none in common."""
DISAGREEING = ((60, 5.0), (200, 2.0), (200, 15.0), (2_000, 5.0), (2_000, 24.0))
"""Rows, and how many of them two models disagree on, on average."""
CLOSE = 0.52
AT_LEAST = (0.95, 1.0)
Interval = Callable[[np.ndarray, np.ndarray], tuple[float, float]]
"""From outcomes of a model float64 (n, m) and of a trivial baseline float64 (m,) to an interval."""


def calibrate_rows(studies: int) -> Iterator[Entry]:
    """Coverage of truths about new rows."""
    yield from _beside_trivial(studies)
    yield from _of_few_disagreeing(studies)
    yield from _of_unchanged(studies)


def cover_trivial(studies: int, m: int, n: int, shared: bool, interval: Interval) -> float:
    """How often an interval holds the true difference between a model, whose n runs have abilities of their own, and a
    trivial baseline, on m rows; `shared` rows are hard for both."""
    random = generator(0, "calibration", "trivial", m, n, int(shared))
    truth = _true_difference() if shared else EASY - HARD
    hits = 0
    for _ in range(studies):
        if shared:
            row = random.standard_normal(m)
            mine, other = (1 / (1 + np.exp(-(level + row))) for level in (MODEL, TRIVIAL))
        else:
            mine, other = np.full(m, EASY), np.full(m, HARD)
        skill = mine + (random.uniform(-0.02, 0.02, (n, 1)) if not shared and n > 1 else 0.0)
        low, high = interval((random.random((n, m)) < skill).astype(float), (random.random(m) < other).astype(float))
        hits += low <= truth <= high
    return hits / studies


def pair_rows(table: np.ndarray, trivial: np.ndarray) -> tuple[float, float]:
    """What a verdict says: for new rows and new seeds, or, of one run, for this model."""
    variants = {"a": Runs(tuple(range(len(table))), table), BEST_TRIVIAL: Runs((0,), trivial[None])}
    outcomes = Outcomes(variants, seedless=frozenset({BEST_TRIVIAL}))
    pair = pair_runs(outcomes, "a", BEST_TRIVIAL, "accuracy")
    return measure(pair, "this-model" if len(table) == 1 else "new-examples", None).estimate.interval(ALPHA)


def take_as_exact(table: np.ndarray, trivial: np.ndarray) -> tuple[float, float]:
    """The score of the trivial baseline on these rows taken as exact: a bad method."""
    found = estimate_components(table).estimate if len(table) > 1 else estimate_over_units(table[0], None)
    low, high = found.interval(ALPHA)
    return low - float(trivial.mean()), high - float(trivial.mean())


def _true_difference() -> float:
    """The true difference of shared rows: an average over a standard normal value (Gauss and Hermite)."""
    places, weights = np.polynomial.hermite_e.hermegauss(60)
    first, second = (1 / (1 + np.exp(-(level + places))) for level in (MODEL, TRIVIAL))
    return float((weights * (first - second)).sum() / weights.sum())


def _beside_trivial(studies: int) -> Iterator[Entry]:
    for m, n, shared in product((200, 2_000), (1, 5, 20), (False, True)):
        rows = f"{m:,} {'shared' if shared else 'unlike'} rows"
        name = f"coverage, new rows beside a trivial baseline, {n} seeds, {rows}"
        yield bound_coverage(name, cover_trivial(studies, m, n, shared, pair_rows), studies)
    rate = cover_trivial(studies, 200, 5, False, take_as_exact)
    yield bound_coverage("control: a trivial baseline's score taken as exact, coverage", rate, studies, control=True)


def cover_discordant(
    studies: int, m: int, many: float, gained: float, interval: Callable[[int, int, int], tuple[float, float]]
) -> float:
    """How often an interval holds the true difference of two models that disagree on `many` of m rows on average, the
    first being right on the share `gained` of these."""
    random = generator(0, "calibration", "discordant", m, int(10 * many), int(100 * gained))
    share = many / m
    drawn = random.multinomial(m, [share * gained, share * (1 - gained), 1 - share], studies)
    truth = share * (2 * gained - 1)
    cases, counts = np.unique(drawn[:, :2], axis=0, return_counts=True)
    ends = [interval(first, second, m) for first, second in cases.tolist()]
    hits = [count for (low, high), count in zip(ends, counts.tolist(), strict=True) if low <= truth <= high]
    return sum(hits) / studies


def estimate_rows(first: int, second: int, m: int) -> tuple[float, float]:
    """What a verdict says of one model beside one other."""
    right = np.ones((2, 1, m))
    right[1, 0, :first] = 0
    right[0, 0, first : first + second] = 0
    variants = {name: Runs((0,), table) for name, table in zip("ab", right, strict=True)}
    splits = read_rows(pair_runs(Outcomes(variants), "a", "b", "accuracy"))
    return estimate_over_rows(splits).interval(ALPHA)


def take_share_as_known(first: int, second: int, m: int) -> tuple[float, float]:
    """McNemar's conditional interval times the share of rows that disagree, as if that were known: a bad method."""
    low, high = bound_share(first, first + second)
    share = (first + second) / m
    return (2 * low - 1) * share, (2 * high - 1) * share


def _of_few_disagreeing(studies: int) -> Iterator[Entry]:
    for (m, many), gained in product(DISAGREEING, (0.5, 0.8, 1.0)):
        rate = cover_discordant(studies, m, many, gained, estimate_rows)
        name = f"coverage, two models, {many:g} of {m:,} rows disagree, {gained:.0%} one way"
        yield bound_coverage(name, rate, studies, AT_LEAST)
    rate = cover_discordant(studies, 200, 2.0, 1.0, take_share_as_known)
    yield bound_coverage("control: share of disagreeing rows as known, coverage", rate, studies, AT_LEAST, True)


def judge_unchanged(studies: int, skill: float) -> tuple[float, float]:
    """A method that answers alike in each of 5 seeds, and is right in the share `skill` of 400 rows, beside a baseline
    that is right in 52 %: shares of studies in which `by 0.01` is supported, and in which a difference is found."""
    random = generator(0, "calibration", "unchanged", int(100 * skill))
    claim = parse_claim({"claim": f"a > {BEST_TRIVIAL} by 0.01 on accuracy", "looks": [5]})
    supported = different = 0
    for _ in range(studies):
        table = np.repeat((random.random((1, 400)) < skill).astype(float), 5, axis=0)
        other = (random.random((1, 400)) < CLOSE).astype(float)
        variants = {"a": Runs(tuple(range(5)), table), BEST_TRIVIAL: Runs((0,), other)}
        found = judge_claim(Outcomes(variants, seedless=frozenset({BEST_TRIVIAL})), claim)
        supported += found.verdict == "supported"
        different += found.relation in ("better", "worse")
    return supported / studies, different / studies


def _of_unchanged(studies: int) -> Iterator[Entry]:
    """Seeds that change nothing (statistics, rule 19)."""
    few = max(studies // 4, 100)
    supported, _ = judge_unchanged(few, 1.0)
    yield Entry("supported: solved by every seed on 400 rows, 48 points above", supported, few, 0.99, 1.0)
    _, different = judge_unchanged(studies, CLOSE)
    yield bound_alarms("false differences, a deterministic method, 5 seeds", different, studies)
    random = generator(0, "calibration", "no spread")
    differences = (random.binomial(400, CLOSE, studies) - random.binomial(400, CLOSE, studies)) / 400
    covered = float(np.mean([covers(estimate_over_seeds(np.full(5, d))) for d in differences.tolist()]))
    name = "control: equal seeds judged by their spread alone, coverage"
    yield bound_coverage(name, covered, studies, AT_LEAST, True)
