"""Verdicts on a large table: seconds and peak memory, beside what one would write with SciPy.

    python benchmarks/judging.py [--variants 20] [--seeds 50] [--examples 10000] [--claims 20]

Outcomes of `variants` x `seeds` x `examples` rows are made here: right or wrong, with abilities by seed and
difficulties by example. Each part runs in a process of its own. brittlestar judges the claims for new examples:
`accuracy` from the table, and `macro_f1` (four classes) from labels and predictions, one claim, 10,000 draws of seeds
and rows. SciPy's part is a paired t test on the seeds' means for each claim, and `scipy.stats.bootstrap` with 1,000
draws of seeds and no rows: less than is asked, since both speak of these very rows alone. Each part says how many
claims it judged, which is held against how many it was to judge. Targets: 20 claims in under 20 s and 4 GB, macro-F1
in under 10 s a claim.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence

from machine import heading, text_table
from work import check_work

SHARED = """
import json, platform, resource, sys, time
import numpy as np
variants, seeds, examples, claims = map(int, sys.argv[1:5])
random = np.random.default_rng(0)
difficulty = random.normal(0, 0.1, examples)
def find_runs(k):
    ability = 0.75 + 0.002 * k + random.normal(0, 0.01, (seeds, 1))
    return random.random((seeds, examples), dtype=np.float32) < ability + difficulty
def told(seconds, claims, what):
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if platform.system() == "Darwin" else 1024) / 1e9
    print("ANSWER", json.dumps({"seconds": seconds, "memory": memory, "claims": claims, "what": what}))
asked = [(k % variants, (k % variants + 1 + k // variants % (variants - 1)) % variants) for k in range(claims)]
"""
OURS = """
from brittlestar import judge
places = {"seeds": range(seeds), "examples": range(examples)}
outcomes = {f"variant{k}": {**places, "outcome": find_runs(k)} for k in range(variants)}
began = time.perf_counter()
found = judge(outcomes, [f"variant{a} > variant{b} by 0.01 on accuracy" for a, b in asked])
told(time.perf_counter() - began, len(found), "claims on accuracy, new examples and new seeds")
"""
MACRO = """
from brittlestar.verbs.judge import judge
from brittlestar.claims.outcomes import Outcomes, Runs
from brittlestar.core.answers import Answers, Rows
labels = random.integers(0, 4, examples)
rows, runs = Rows(labels=labels, n_classes=4), {}
for k in range(2):
    wrong = (labels + random.integers(1, 4, (seeds, examples))) % 4
    answers = Answers(rows=rows, predicted=np.where(find_runs(k), labels, wrong))
    runs[f"variant{k}"] = Runs(tuple(range(seeds)), answers=answers)
outcomes = Outcomes(runs)
began = time.perf_counter()
found = judge(outcomes, "variant1 > variant0 by 0.01 on macro_f1")
told(time.perf_counter() - began, 1, "claim on macro-F1, new examples and new seeds")
"""
SCIPY = """
from scipy.stats import bootstrap, ttest_rel
tables = [find_runs(k) for k in range(variants)]
began = time.perf_counter()
means = [table.mean(axis=1) for table in tables]
found = [ttest_rel(means[a], means[b]) for a, b in asked]
told(time.perf_counter() - began, len(found), "paired t tests of SciPy, these rows alone")
began = time.perf_counter()
found = [bootstrap((means[a] - means[b],), np.mean, n_resamples=1_000, random_state=0) for a, b in asked]
told(time.perf_counter() - began, len(found), "bootstraps of SciPy over seeds, these rows alone")
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Print a table with a row for each part. Raises DriftError."""
    parser = argparse.ArgumentParser()
    for name, default in (("variants", 20), ("seeds", 50), ("examples", 10_000), ("claims", 20)):
        parser.add_argument(f"--{name}", type=int, default=default)
    given = parser.parse_args(argv)
    sizes = [str(value) for value in (given.variants, given.seeds, given.examples, given.claims)]
    rows: list[list[str]] = []
    for part, wanted in ((OURS, [given.claims]), (MACRO, [1]), (SCIPY, [given.claims, given.claims])):
        done = subprocess.run([sys.executable, "-c", SHARED + part, *sizes], capture_output=True, text=True, check=True)
        lines = [line for line in done.stdout.splitlines() if line.startswith("ANSWER ")]
        answers = [json.loads(line.removeprefix("ANSWER ")) for line in lines]
        judged = {answer["what"]: answer["claims"] for answer in answers}
        check_work("a part", dict(zip(judged, wanted, strict=True)), judged)
        rows += [
            [f"{answer['claims']} {answer['what']}", f"{answer['seconds']:.2f}", f"{answer['memory']:.2f}"]
            for answer in answers
        ]
    size = f"{given.variants} variants x {given.seeds} seeds x {given.examples:,} examples"
    print(heading(f"verdicts on {given.variants * given.seeds * given.examples:,} outcomes ({size}), once each"))
    print(text_table(["", "seconds", "peak GB"], rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
