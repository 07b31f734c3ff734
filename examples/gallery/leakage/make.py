# Data with and without a leak, and what one learner predicts on both: python make.py made
import math
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import polars as pl

import brittlestar

LEAKED = 700
"""So many of the 1,000 rows of test get into train."""
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


def predict_rows(train: list[Row], test: list[Row]) -> pl.DataFrame:
    """A learner with a perfect memory: the label that it saw with a row, else the answer of naive Bayes."""
    memory = {row["sequence"]: row["label"] for row in train}
    answer = fit_bayes(train)
    answers = [memory.get(row["sequence"]) or answer(row["sequence"]) for row in test]
    return pl.DataFrame({"id": [row["id"] for row in test], "variant": "learner", "prediction": answers})


def main(folder: Path) -> None:
    clean, leaky = folder / "clean", folder / "leaky"
    brittlestar.generate(clean, rule="public-6", lengths="6", sizes="1000/300/1000", flip="all:0.1", seed=3)
    train, test = (pl.read_csv(clean / f"{split}.csv", infer_schema=False) for split in ("train", "test"))
    more = pl.concat([train, test.head(LEAKED).with_columns(id="more_" + pl.col("id"))])
    shutil.copytree(clean, leaky, ignore=shutil.ignore_patterns("train.csv", "generation.json"))
    more.write_csv(leaky / "train.csv")
    predict_rows(train.to_dicts(), test.to_dicts()).write_csv(folder / "clean.csv")
    predict_rows(more.to_dicts(), test.to_dicts()).write_csv(folder / "leaky.csv")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "made"))
