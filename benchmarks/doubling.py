"""What grows faster than its data: seconds of `audit`, `split` and `check` as one thing after the other is made larger.

    python benchmarks/doubling.py [SOURCE …] [--rows 3000] [--steps 3] [--only token …] [--verbs audit split check]

Data are made here: rows of 20 tokens over 2,000 words, four classes, split 80/10/10. One thing at a time grows fourfold
a step: the characters of one token, those of a token in every row, the tokens of one row, tokens a row, rows, words,
classes, splits, columns that nobody reads. Each size runs in a process of its own, once, and times the call alone.
`power` is how seconds grow over the last step: 1 is as the thing that grows, 2 as its square; above 1.15, and a second,
it is marked. Each SOURCE (the package's `src`; that of this checkout without one) is a side, and sides take turns, so
that two commits can be compared: `git worktree add before COMMIT`, then `before/src src`.
"""

import argparse
import csv
import json
import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from machine import HERE, heading, text_table
from work import check_work

BASE = {"token": 16, "tokens everywhere": 16, "row": 20, "tokens": 5, "words": 1_000, "classes": 2, "splits": 1}
BASE |= {"columns": 1, "rows": 0}
FIRST = {"token": 4_000, "row": 1_000}
"""Sizes of all things where another one grows, and where a thing begins to grow if that is not there."""
FACTOR = 4
POWER, SECONDS = 1.15, 1.0
RUN = """
import json, sys, time
import brittlestar
verb, data = sys.argv[1:]
began = time.perf_counter()
if verb == "split":
    found = brittlestar.split(f"{data}/whole.csv", out=f"{data}/made", progress=False)
elif verb == "audit":
    found = brittlestar.audit(f"{data}/splits", progress=False)
else:
    found = brittlestar.check(f"{data}/splits", predictions=f"{data}/answers.csv", limits=False, progress=False)
seconds = time.perf_counter() - began
print(json.dumps({"seconds": seconds, "audits": int(any(one.code == "leak.exact" for one in found.findings))}))
"""


def generate(folder, rows, sizes):
    """`splits/`, the same rows in `whole.csv`, and `answers.csv` for test."""
    random = np.random.default_rng(rows)
    words = np.array([f"w{k}" for k in range(sizes["words"])])
    shares = 1 / np.arange(1, len(words) + 1)
    cuts = {"train": 0.8, "dev": 0.1, "test": 0.1, **{f"shift_{k}": 0.1 for k in range(sizes["splits"] - 1)}}
    header = ["id", "sequence", "label", *(f"more{k}" for k in range(sizes["columns"]))]
    letters = np.array(list("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGH-_+/"))
    (folder / "splits").mkdir(parents=True)
    with (folder / "whole.csv").open("w") as whole, (folder / "answers.csv").open("w") as answers:
        every, given = csv.writer(whole), csv.writer(answers)
        every.writerow(header)
        given.writerow(["id", "prediction"])
        for split, share in cuts.items():
            with (folder / "splits" / f"{split}.csv").open("w") as handle:
                one = csv.writer(handle)
                one.writerow(header)
                for k in range(int(rows * share)):
                    tokens = sizes["row"] if k == 0 else 4 * sizes["tokens"]
                    text = random.choice(words, tokens, p=shares / shares.sum()).tolist()
                    for long in (sizes["tokens everywhere"], sizes["token"] if k == 1 else 0):
                        text.insert(3, "".join(random.choice(letters, long)))
                    label = f"c{random.integers(sizes['classes'])}"
                    row = [f"{split}-{k}", " ".join(text), label, *["some text"] * sizes["columns"]]
                    one.writerow(row)
                    every.writerow(row)
                    if split == "test":
                        given.writerow([row[0], label if random.random() < 0.8 else "c0"])


def timed(source, verb, folder):
    """Seconds of one call in a process of its own. Raises DriftError where it did not audit."""
    environment = {**os.environ, "PYTHONPATH": str(source)}
    command = [sys.executable, "-c", RUN, verb, str(folder)]
    ran = subprocess.run(command, capture_output=True, text=True, env=environment)
    if ran.returncode:
        raise RuntimeError(f"{verb} failed: {ran.stderr.strip().splitlines()[-1]}")
    found = json.loads(ran.stdout.splitlines()[-1])
    check_work(verb, {"audits": 1}, {"audits": found["audits"]})
    return found["seconds"]


def describe_growth(seconds):
    """The power of the last step, marked where it is above what linear growth shows by chance."""
    power = math.log(seconds[-1] / seconds[-2]) / math.log(FACTOR)
    return f"{power:.2f}{' !' if power > POWER and seconds[-1] > SECONDS else ''}"


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sources", type=Path, nargs="*", default=[HERE.parent / "src"], metavar="SOURCE")
    parser.add_argument("--rows", type=int, default=3_000)
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=list(BASE), default=list(BASE), metavar="THING")
    parser.add_argument("--verbs", nargs="+", choices=["audit", "split", "check"], default=["audit", "split", "check"])
    options = parser.parse_args(argv)
    lines = []
    for thing in options.only:
        first = options.rows if thing == "rows" else FIRST.get(thing, BASE[thing])
        sizes = [first * FACTOR**k for k in range(options.steps)]
        spent = {(verb, source): [] for verb in options.verbs for source in options.sources}
        for size in sizes:
            rows = size if thing == "rows" else options.rows
            with tempfile.TemporaryDirectory() as scratch:
                for place, (verb, source) in enumerate(spent):
                    folder = Path(scratch) / str(place)
                    generate(folder, rows, {**BASE, thing: size})
                    spent[verb, source].append(timed(source.resolve(), verb, folder))
        for (verb, source), seconds in spent.items():
            side = [str(source)] if len(options.sources) > 1 else []
            grown = [f"{size:,}: {second:.1f}" for size, second in zip(sizes, seconds, strict=True)]
            lines.append([thing, verb, *side, *grown, describe_growth(seconds)])
            print(f"  {' '.join(lines[-1])}", file=sys.stderr, flush=True)
    print(heading(f"one call, once each, seconds as one thing grows in {options.rows:,} rows"))
    sides = ["source"] if len(options.sources) > 1 else []
    print(text_table(["grows", "verb", *sides, *[f"size {k + 1}" for k in range(options.steps)], "power"], lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
