"""How often rules that nobody picked show the founding story: a question about the task, answered by drawing rules.

For each k, rules are drawn from seeds 1, 2, …; each gets its own data (2,000/500/1,000 rows, lengths 8–24, near-miss
rejects) and the reference model under the settings of examples/founding.yaml. A rule shows the story when
`train.overfit` is present and held-out accuracy stays below .95. A rule that cannot be drawn is counted as such.

    python benchmarks/story_share.py [--rules 10] [--k 1 2 3 4] [--seeds 5]
"""

import argparse
import tempfile
from collections import Counter
from pathlib import Path

from brittlestar import InputError, generate, run


def verdict(folder, out, seeds):
    settings = {"training.learning_rate": "3e-3", "variants": "{}"}
    result = run(folder, out=out, seeds=seeds, settings=settings)
    findings = {(f["code"], f["where"].get("variant")): f["status"] for f in result.document["findings"]}
    accuracy = result.document["variants"]["baseline"]["splits"]["test"]["accuracy"]["mean"]
    overfit = findings["train.overfit", "baseline"]
    return overfit, accuracy


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rules", type=int, default=10)
    parser.add_argument("--k", type=int, nargs="+", default=[1, 2, 3, 4])
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    for k in options.k:
        counts = Counter()
        for seed in range(1, options.rules + 1):
            with tempfile.TemporaryDirectory() as scratch:
                folder = Path(scratch) / "data"
                try:
                    rule = generate(folder, k=k, seed=seed)["rule"]["text"]
                except InputError as error:
                    counts["not drawn"] += 1
                    print(f"k {k} seed {seed}: {error}")
                    continue
                overfit, accuracy = verdict(folder, Path(scratch) / "out", options.seeds)
                story = overfit == "present" and accuracy < 0.95
                counts["story" if story else "solved" if accuracy >= 0.95 else "other"] += 1
                print(f"k {k} seed {seed}: accuracy {accuracy:.3f}, train.overfit {overfit}: {rule}", flush=True)
        print(f"k {k}: {dict(counts)} of {options.rules}", flush=True)


if __name__ == "__main__":
    main()
