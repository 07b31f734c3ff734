"""How often rules that nobody picked show the founding story: a question about the task, answered by drawing rules.

For each k, rules are drawn from seeds 1, 2, …; each gets its own data (lengths 8–24, near-miss rejects) and the
reference model under the settings of examples/founding.yaml. A rule shows the story when `train.overfit` is present and
held-out accuracy stays below .95. A rule that cannot be drawn is counted as such. What each study left is held against
what it was to do (`work.py`): all stages of a run.

    python benchmarks/story_share.py [--rules 10] [--k 1 2 3 4] [--seeds 5] [--epochs 20] [--sizes 2000/500/1000]
"""

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

from machine import heading, text_table
from work import check_work, read_work, work_sentence

from brittlestar import InputError, generate, run


def work(seeds, epochs):
    """What a study of one variant does."""
    trained = {"cells trained": seeds, "epochs": seeds * epochs, "cells probed": seeds}
    return {**trained, "audits": 1, "claims": 1, "suites of probes": 1, "pages": 1}


def verdict(folder, out, seeds, epochs):
    """Whether a study overfits, and its accuracy on test. Raises DriftError."""
    settings = {"training.learning_rate": "3e-3", "training.epochs": str(epochs), "variants": "{}"}
    result = run(folder, out=out, seeds=seeds, settings=settings)
    check_work("the study", work(seeds, epochs), read_work(out))
    (name,) = result.document["variants"]
    findings = {(f["code"], f["where"].get("variant")): f["status"] for f in result.document["findings"]}
    accuracy = result.document["variants"][name]["splits"]["test"]["accuracy"]["mean"]
    return findings["train.overfit", name], accuracy


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rules", type=int, default=10)
    parser.add_argument("--k", type=int, nargs="+", default=[1, 2, 3, 4])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--sizes", default="2000/500/1000")
    options = parser.parse_args(argv)
    rows = []
    for k in options.k:
        counts = Counter()
        for seed in range(1, options.rules + 1):
            with tempfile.TemporaryDirectory() as scratch:
                folder = Path(scratch) / "data"
                try:
                    rule = generate(folder, k=k, seed=seed, sizes=options.sizes)["rule"]["text"]
                except InputError as error:
                    counts["not drawn"] += 1
                    print(f"k {k} seed {seed}: {error}")
                    continue
                overfit, accuracy = verdict(folder, Path(scratch) / "out", options.seeds, options.epochs)
                shown = overfit == "present" and accuracy < 0.95
                counts["story" if shown else "solved" if accuracy >= 0.95 else "other"] += 1
                print(f"k {k} seed {seed}: accuracy {accuracy:.3f}, train.overfit {overfit}: {rule}", flush=True)
        rows.append([str(k), *(str(counts[name]) for name in ("story", "solved", "other", "not drawn"))])
    size = f"{options.seeds} seeds x {options.epochs} epochs, {options.sizes} rows"
    print(heading(f"{options.rules} rules for each k, {size}"))
    print(text_table(["k", "story", "solved", "other", "not drawn"], rows))
    print(f"each study {work_sentence(work(options.seeds, options.epochs))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
