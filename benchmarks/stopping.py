"""When to stop adding seeds: this project's looks beside AdaStop, at equal false differences.

    pip install adastop
    python benchmarks/stopping.py [--studies 400]

Two variants whose scores are Gaussian and share nothing, with a difference of `effect` standard deviations of a seed's
difference; up to 40 seeds a variant. brittlestar judges whether they differ at 5, 10, 20 and 40 seeds, at every fifth
seed, and at every seed from 5 on with intervals that hold at any time; sides are `independent`, as its rule has it for
different models, or paired. AdaStop 0.1 (Mathieu and others 2023: group sequential permutation tests) looks every 5
seeds; its alpha is tuned until it errs as often as the looks at 5, 10, 20 and 40 on the studies without a difference,
and is also shown as it comes. Printed: how often a difference was found, how often on the wrong side, seeds a variant
on average, and milliseconds a study. Without AdaStop its lines are left out.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec

import numpy as np
from machine import heading, text_table
from work import check_work

from brittlestar import judge

EFFECTS = (0.5, 1.0)
MOST = 40
ALPHA = 0.05
STEPS = 7
"""Halvings of the range in which AdaStop's alpha is looked for: to 0.001."""
Answer = tuple[int, int]
"""1, -1 or 0: which variant is better, or none; and seeds a variant."""
Method = Callable[[np.ndarray, np.ndarray], Answer]


def judge_at(looks: Sequence[int], pairing: str, anytime: bool, a: np.ndarray, b: np.ndarray) -> Answer:
    """Look at these numbers of seeds, and stop at the first that shows a difference."""
    claim = {"claim": "a > b by 0 on return", "population": "fixed-test-set", "higher_is_better": True}
    for n in looks:
        outcomes = {name: {"seeds": range(n), "score": variant[:n]} for name, variant in (("a", a), ("b", b))}
        plan = {} if anytime else {"looks": list(looks)}
        found = judge(outcomes, {**claim, **plan, "pairing": pairing}, anytime=anytime)
        if found.relation in ("better", "worse"):
            return (1 if found.relation == "better" else -1), n
    return 0, MOST


def adastop(alpha: float, a: np.ndarray, b: np.ndarray) -> Answer:
    """AdaStop with a look every 5 seeds."""
    from adastop import MultipleAgentsComparator  # pyright: ignore

    comparator = MultipleAgentsComparator(n=5, K=MOST // 5, B=1_000, alpha=alpha, seed=0)
    n = 5
    for n in range(5, MOST + 1, 5):
        comparator.partial_compare({"a": a[:n], "b": b[:n]}, False)
        if comparator.is_finished:
            break
    decision = next(iter(comparator.decisions.values()))
    return {"larger": 1, "smaller": -1}.get(decision, 0), n


def draw_studies(effect: float, studies: int) -> np.ndarray:
    """Scores of both variants, float64 (studies, 2, 40)."""
    drawn = np.random.default_rng(int(100 * effect)).normal(0, np.sqrt(0.5), (studies, 2, MOST))
    drawn[:, 0] += effect
    return drawn


def find_share(method: Method, drawn: np.ndarray) -> float:
    """Share of studies in which a difference is found."""
    return float(np.mean([method(*one)[0] != 0 for one in drawn]))


def tune_alpha(wanted: float, null: np.ndarray) -> float:
    """AdaStop's alpha at which it finds a difference in the wanted share of studies without one, or in no more."""
    low, high = 0.0, 2 * ALPHA
    for _ in range(STEPS):
        middle = (low + high) / 2
        if find_share(partial(adastop, middle), null) <= wanted:
            low = middle
        else:
            high = middle
    return low


def main(argv: Sequence[str] | None = None) -> int:
    """Print a table. Raises DriftError."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--studies", type=int, default=400)
    parser.add_argument("--effects", type=float, nargs="+", default=(0.0, *EFFECTS))
    options = parser.parse_args(argv)
    studies: int = options.studies
    default, fifths, each = (5, 10, 20, 40), tuple(range(5, MOST + 1, 5)), tuple(range(5, MOST + 1))
    methods: dict[str, Method] = {
        "looks at 5, 10, 20, 40, independent": partial(judge_at, default, "independent", False),
        "looks at 5, 10, 20, 40, paired": partial(judge_at, default, "paired", False),
        "looks every 5 seeds, independent": partial(judge_at, fifths, "independent", False),
        "a look at every seed, paired": partial(judge_at, each, "paired", True),
    }
    if find_spec("adastop") is None:
        print("left out: AdaStop is not installed (pip install adastop)")
    else:
        null = draw_studies(0.0, studies)
        alpha = tune_alpha(find_share(next(iter(methods.values())), null), null)
        methods[f"AdaStop, every 5 seeds, alpha {alpha:.4f} (errs alike)"] = partial(adastop, alpha)
        methods[f"AdaStop, every 5 seeds, alpha {ALPHA:g} (as it comes)"] = partial(adastop, ALPHA)
    rows: list[list[str]] = []
    for effect in options.effects:
        drawn = draw_studies(effect, studies)
        for name, method in methods.items():
            began = time.process_time()
            answers = [method(*one) for one in drawn]
            spent = 1_000 * (time.process_time() - began) / studies
            found = np.mean([side != 0 for side, _ in answers])
            wrong = np.mean([side < 0 if effect else side != 0 for side, _ in answers])
            seeds = np.mean([n for _, n in answers])
            check_work(name, {"studies": studies}, {"studies": sum(5 <= n <= MOST for _, n in answers)})
            shown = (f"{found:.1%}", f"{wrong:.1%}", f"{seeds:.1f}", f"{spent:.1f}")
            rows.append([f"{effect:.2f} SD, {name}", *shown])
    print(heading(f"{studies} studies an effect, at most {MOST} seeds"))
    print(text_table(["", "found", "wrong", "seeds", "ms"], rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
