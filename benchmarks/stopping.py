"""When to stop adding seeds: this project's looks beside AdaStop, on the same simulated studies.

    pip install adastop
    python benchmarks/stopping.py [--studies 200] [--effects 0 0.5 0.75 1 1.5 3]

Two arms whose scores are Gaussian, with a difference of `effect` standard deviations of a seed's difference; up to 40
seeds an arm. brittlestar judges `a > b by 0` at 5, 10, 20 and 40 seeds, and at every seed from 5 on with intervals that
hold at any time; AdaStop 0.1 (Mathieu and others 2023: group sequential permutation tests) looks every 5 seeds. All
have 5 % to err with. Printed: how often a difference was found, how often on the wrong side, seeds an arm on average,
and milliseconds a study. Without AdaStop its rows are left out, and that is said.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec

import numpy as np
from machine import heading, text_table
from work import check_work

from brittlestar import judge

EFFECTS = (0.0, 0.5, 0.75, 1.0, 1.5, 3.0)
MOST = 40
Answer = tuple[int, int]
"""1, -1 or 0: which arm is better, or none; and seeds an arm."""


def at_looks(a: np.ndarray, b: np.ndarray) -> Answer:
    """The default plan."""
    return _judged(a, b, (5, 10, 20, 40), False)


def at_any_time(a: np.ndarray, b: np.ndarray) -> Answer:
    """A look at every seed."""
    return _judged(a, b, tuple(range(5, MOST + 1)), True)


def _judged(a: np.ndarray, b: np.ndarray, looks: tuple[int, ...], anytime: bool) -> Answer:
    for n in looks:
        outcomes = {name: {"seeds": range(n), "score": arm[:n]} for name, arm in (("a", a), ("b", b))}
        claim = {"claim": "a > b by 0 on return", "population": "fixed-test-set", "higher_is_better": True}
        found = judge(outcomes, claim, anytime=anytime)
        if found.relation in ("better", "worse"):
            return (1 if found.relation == "better" else -1), n
    return 0, MOST


def adastop(a: np.ndarray, b: np.ndarray) -> Answer:
    """AdaStop with a look every 5 seeds."""
    from adastop import MultipleAgentsComparator  # pyright: ignore

    comparator = MultipleAgentsComparator(n=5, K=MOST // 5, B=1_000, alpha=0.05, seed=0)
    for n in range(5, MOST + 1, 5):
        comparator.partial_compare({"a": a[:n], "b": b[:n]}, False)
        if comparator.is_finished:
            break
    decision = next(iter(comparator.decisions.values()))
    return {"larger": 1, "smaller": -1}.get(decision, 0), n


def main(argv: Sequence[str] | None = None) -> int:
    """Print a table. Raises DriftError."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--studies", type=int, default=200)
    parser.add_argument("--effects", type=float, nargs="+", default=EFFECTS)
    options = parser.parse_args(argv)
    studies = options.studies
    methods: dict[str, Callable[[np.ndarray, np.ndarray], Answer]] = {
        "looks at 5, 10, 20, 40": at_looks,
        "a look at every seed": at_any_time,
        "AdaStop, every 5 seeds": adastop,
    }
    if find_spec("adastop") is None:
        del methods["AdaStop, every 5 seeds"]
        print("left out: AdaStop is not installed (pip install adastop)")
    rows: list[list[str]] = []
    for effect in options.effects:
        random = np.random.default_rng(int(100 * effect))
        drawn = random.normal(0, np.sqrt(0.5), (studies, 2, MOST))
        drawn[:, 0] += effect
        for name, method in methods.items():
            began = time.process_time()
            answers = [method(*one) for one in drawn]
            spent = 1_000 * (time.process_time() - began) / studies
            found = np.mean([side != 0 for side, _ in answers])
            wrong = np.mean([side < 0 if effect else side != 0 for side, _ in answers])
            seeds = np.mean([n for _, n in answers])
            check_work(name, {"studies": studies}, {"studies": sum(5 <= n <= MOST for _, n in answers)})
            told = (f"{found:.1%}", f"{wrong:.1%}", f"{seeds:.1f}", f"{spent:.1f}")
            rows.append([f"{effect:.2f} SD, {name}", *told])
    print(heading(f"{studies} studies an effect, at most {MOST} seeds"))
    print(text_table(["", "found", "wrong", "seeds", "ms"], rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
