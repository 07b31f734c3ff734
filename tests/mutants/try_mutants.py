"""Tries mutants one by one and says of each whether a test noticed it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.mutants.choose_tests import choose_tests, find_importers
from tests.mutants.draw_sample import Mutant
from tests.mutants.mutate_tree import hold_mutant
from tests.mutants.run_tests import LATE, run_tests
from tests.mutants.tell_shares import Outcome
from tests.mutants.trace_tests import Trace

SLACK = 60.0
"""Seconds that a run of tests may take beyond five times what they took when traced."""


def try_mutants(tree: Path, mutants: Sequence[Mutant], trace: Trace, limit: float) -> Iterator[Outcome]:
    """The outcome of each mutant: killed, late (also noticed), survived, or unreached where no test runs its line.

    `limit` is how many traced seconds of tests one mutant gets.
    """
    for mutant in mutants:
        importers = [] if mutant.in_function else find_importers(tree, mutant.file)
        tests, cut = choose_tests(mutant, trace, importers, limit)
        began = time.perf_counter()
        outcome = _try_one(tree, mutant, tests, 5 * sum(trace.seconds[test] for test in tests) + SLACK)
        yield {
            "room": mutant.room,
            "kind": mutant.kind,
            "file": str(mutant.file),
            "line": mutant.line,
            "before": mutant.before,
            "after": mutant.after,
            "outcome": outcome,
            "tests": len(tests),
            "seconds": round(time.perf_counter() - began, 2),
            "cut": cut,
        }


def _try_one(tree: Path, mutant: Mutant, tests: Sequence[str], seconds: float) -> str:
    if not tests:
        return "unreached"
    with hold_mutant(tree, mutant):
        code = run_tests(tree, tests, seconds)
    return {0: "survived", LATE: "late"}.get(code, "killed")
