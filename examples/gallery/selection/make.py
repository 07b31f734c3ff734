# Data, and twenty candidates that differ in their random draw alone: python make.py made
import math
import random
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import polars as pl

import brittlestar

CANDIDATES, DRAWN = 20, 300
"""So many candidates; each sees so many of the 400 rows of train."""
Row = dict[str, str]


def read_signs(sequence: str) -> set[str]:
    """How often each shape and colour occurs, and which of them stands where."""
    tokens = sequence.split()
    counts = {f"{number} {sign}" for part in (0, 1) for sign, number in Counter(one[part] for one in tokens).items()}
    return counts | {f"{place}: {sign}" for place, token in enumerate(tokens) for sign in token}


def fit_bayes(rows: list[Row]) -> Callable[[str], str]:
    """Naive Bayes on signs that a row has or lacks."""
    sizes = Counter(row["label"] for row in rows)
    pairs = Counter((row["label"], sign) for row in rows for sign in read_signs(row["sequence"]))

    def weigh(label: str, signs: list[str]) -> float:
        return sizes[label] * math.prod((pairs[label, sign] + 1) / (sizes[label] + 2) for sign in signs)

    return lambda sequence: max(sorted(sizes), key=lambda label: weigh(label, sorted(read_signs(sequence))))


def main(folder: Path) -> None:
    data = folder / "data"
    brittlestar.generate(data, rule="founding-no-parity", lengths="8-12", sizes="400/100/300", seed=4)
    train, test = (pl.read_csv(data / f"{split}.csv", infer_schema=False).to_dicts() for split in ("train", "test"))
    tables: list[pl.DataFrame] = []
    for seed in range(CANDIDATES):
        answer = fit_bayes(random.Random(seed).sample(train, DRAWN))
        answers = [answer(row["sequence"]) for row in test]
        tables.append(pl.DataFrame({"id": [row["id"] for row in test], "seed": seed, "prediction": answers}))
    pl.concat(tables).write_csv(folder / "candidates.csv")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "made"))
