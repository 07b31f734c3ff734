"""Calibration of claims over the best of several trivial baselines, which is chosen on rows of dev (rule 25)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import product

import numpy as np

from brittlestar.baselines.scoring import list_in_reach
from brittlestar.claims.outcomes import Outcomes, Runs
from brittlestar.claims.several import judge_all
from brittlestar.core.answers import Answers, Rows
from brittlestar.core.seeds import generator
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.names import BEST_TRIVIAL
from exam.calibration.entry import Entry, bound_alarms

BEST, STEP, ALIKE = 0.80, 0.01, 0.6
"""The best baseline's share of right answers, by how much each next one is worse, and the share of rows that are easy
for all or hard for all."""
ROWS, SEEDS, SPREAD = 1_000, 5, 0.01
CLAIM = parse_claim("main > best-trivial by 0 on accuracy")
Choose = Callable[[Mapping[str, np.ndarray]], tuple[str, ...]]


def support(studies: int, dev: int, baselines: int, gain: float, choose: Choose) -> float:
    """How often a claim of more than the best trivial baseline is supported for a model that is `gain` better than the
    best of so many; `choose` takes rows of dev, right or wrong, and names those that the claim is judged against."""
    random = generator(0, "calibration", "baselines", dev, baselines, int(1000 * gain))
    truth = BEST - STEP * np.arange(baselines)
    found = 0
    for _ in range(studies):
        labels = random.integers(0, 2, dev + ROWS)
        ease = np.where(random.random(dev + ROWS) < ALIKE, random.random(dev + ROWS), np.nan)

        def answer(skills: np.ndarray, ease: np.ndarray = ease, labels: np.ndarray = labels) -> np.ndarray:
            own = random.random((len(skills), len(labels)))
            return np.where(np.where(np.isnan(ease), own, ease) < skills[:, None], labels, 1 - labels)

        answers = answer(truth)
        tables = {str(k): (row[:dev] == labels[:dev]).astype(np.float64) for k, row in enumerate(answers)}
        main = answer(BEST + gain + random.normal(0, SPREAD, SEEDS))
        rows = Rows(labels=labels[dev:], n_classes=2)
        trivial = {
            name: Runs((0,), answers=Answers(rows=rows, predicted=answers[int(name)][None, dev:]))
            for name in choose(tables)
        }
        variants = {
            "main": Runs(tuple(range(SEEDS)), answers=Answers(rows=rows, predicted=main[:, dev:])),
            BEST_TRIVIAL: next(iter(trivial.values())),
        }
        read = Outcomes(variants, seedless=frozenset({BEST_TRIVIAL}), trivial=trivial)
        read = replace(read.choose_baseline(next(iter(trivial))), trivial=trivial)
        found += judge_all([(read, CLAIM)])[0].verdict == "supported"
    return found / studies


def choose_best(tables: Mapping[str, np.ndarray]) -> tuple[str, ...]:
    """The bad method: the one that is best on dev, and no other."""
    return (max(tables, key=lambda name: float(tables[name].mean())),)


def calibrate_baselines(studies: int) -> Iterator[Entry]:
    """False support, and power at 6 points, against every baseline that dev cannot tell from the best."""
    few = max(studies // 4, 100)
    for dev, baselines in product((100, 500, 2_000), (3, 6, 12)):
        name = f"{baselines} trivial baselines, {dev:,} rows of dev"
        rate = support(few, dev, baselines, 0.0, lambda tables: list_in_reach(tables, "accuracy", None))
        yield bound_alarms(f"no better than the best of {name}: supported", rate, few)
        rate = support(few, dev, baselines, 0.06, lambda tables: list_in_reach(tables, "accuracy", None))
        yield Entry(f"6 points better than the best of {name}: supported", rate, few, 0.5, 1.0)
    rate = support(studies, 100, 12, 0.0, choose_best)
    yield bound_alarms("control: the baseline that is best on 100 rows of dev, false support", rate, studies, True)
