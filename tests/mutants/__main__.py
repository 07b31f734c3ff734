"""`make mutants`, or `python -m tests.mutants [--sample N] [--seed S] [--rooms …]`: changes no test notices.

Draws a sample of small changes of the rooms (numbers, comparisons, arithmetic, logic), makes each in a copy of the tree
and runs the tests that reach it. What survives is a line whose tests are thin, or a change that makes no difference.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.mutants.draw_sample import Mutant, draw_sample
from tests.mutants.mutate_tree import copy_tree
from tests.mutants.rooms import PACKAGE, ROOMS, find_files, find_tests
from tests.mutants.tell_shares import SURVIVED, count_share, split_rooms, tell_mutant, tell_shares
from tests.mutants.trace_tests import trace_tests
from tests.mutants.try_mutants import try_mutants

HERE = Path(__file__).parents[2]


def main(argv: Sequence[str]) -> int:
    asked = _read_options(argv)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name).resolve()
        tree = copy_tree(asked.tree.resolve(), scratch / "tree")
        mutants = draw_sample(tree, find_files(tree, asked.rooms), asked.sample, asked.seed)
        if asked.again is not None:
            mutants = [mutant for mutant in mutants if _place(mutant) in _survivors(asked.again)]
        tests = asked.tests or find_tests(tree)
        print(f"{len(mutants)} mutants; tracing {', '.join(tests)}", flush=True)
        trace = trace_tests(tree, tests, PACKAGE, asked.trace or scratch)
        print(f"traced {len(trace.seconds)} tests in {time.perf_counter() - began:.0f} s", flush=True)
        outcomes: list[dict[str, Any]] = []
        for outcome in try_mutants(tree, mutants, trace, asked.limit):
            outcomes.append(outcome)
            print(f"{len(outcomes):>4}/{len(mutants)} {outcome['seconds']:>5.1f} s  {tell_mutant(outcome)}", flush=True)
    survivors = [outcome for outcome in outcomes if outcome["outcome"] in SURVIVED]
    print("", *map(tell_mutant, survivors), "", *tell_shares(outcomes), sep="\n")
    seconds = time.perf_counter() - began
    print(f"{seconds / 60:.1f} minutes")
    if asked.out is not None:
        told = {
            "options": {key: str(value) for key, value in vars(asked).items()},
            "seconds": round(seconds),
            "shares": {name: count_share(own) for name, own in split_rooms(outcomes).items()},
            "mutants": outcomes,
        }
        asked.out.write_text(json.dumps(told, indent=1, ensure_ascii=False), encoding="utf-8")
    return 0


def _read_options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--sample", type=int, default=180, help="how many mutants (default: 180)")
    parser.add_argument("--seed", type=int, default=0, help="of the draw (default: 0)")
    parser.add_argument("--rooms", nargs="+", default=list(ROOMS), help="NAME, or NAME=PATH,PATH inside the package")
    parser.add_argument("--tree", type=Path, default=HERE, help="another checkout")
    parser.add_argument("--limit", type=float, default=5.0, help="processor seconds of tests for a mutant (default: 5)")
    parser.add_argument("--tests", nargs="+", help="folders or files of tests (default: those of the rooms)")
    parser.add_argument("--trace", type=Path, help="a folder that has, or gets, what the tests of this tree run")
    parser.add_argument("--again", type=Path, help="only what survived in these results of the same sample")
    parser.add_argument("--out", type=Path, help="a JSON file for the results")
    return parser.parse_args(argv)


def _place(mutant: Mutant) -> tuple[str, int, str]:
    return str(mutant.file), mutant.line, mutant.after


def _survivors(results: Path) -> set[tuple[str, int, str]]:
    told = json.loads(results.read_text("utf-8"))["mutants"]
    return {(one["file"], one["line"], one["after"]) for one in told if one["outcome"] in SURVIVED}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
