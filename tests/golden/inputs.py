"""What the scenes read: three folders of splits, prediction files and an outcome table, from fixed draws."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

Row = tuple[str, ...]
STUDY = """
name: golden
data: {path: spr, factors: "(?P<shape>[▲■●◆])(?P<colour>[rgby])?"}
model: {layers: 1, hidden: 12, embedding: {dim: 8}}
training: {epochs: 4, batch_size: 32, learning_rate: 1e-2}
seeds: 3
variants:
  order-permuted: {data.order: permuted}
  bag: {model.family: bag}
claims:
  - main > bag by 0.01 on hwa
  - order-permuted < main by 0.05 on accuracy
"""
WORDS = [f"w{number}" for number in range(60)]


def write_inputs(folder: Path) -> None:
    """Write every input of the scenes but the data of the founding task, which the command itself generates."""
    generator = np.random.default_rng(7)
    _write_splits(folder / "sound", _word_rows(generator))
    _write_splits(folder / "faulty", _with_faults(_word_rows(generator), generator))
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    _write_predictions(folder, generator)
    _write_outcomes(folder / "outcomes.csv", generator)


def _word_rows(generator: np.random.Generator) -> dict[str, list[Row]]:
    """Rows of four to twelve words; the label says whether more than one word is of the first twenty."""
    splits: dict[str, list[Row]] = {}
    for name, size in {"train": 300, "dev": 150, "test": 150, "shift_long": 150}.items():
        longest = 24 if name == "shift_long" else 12
        rows = [generator.integers(0, 60, generator.integers(4, longest + 1)) for _ in range(size)]
        splits[name] = [
            (f"{name}-{place}", " ".join(WORDS[token] for token in row), str(int((row < 20).sum() > 2)))
            for place, row in enumerate(rows)
        ]
    return splits


def _with_faults(splits: dict[str, list[Row]], generator: np.random.Generator) -> dict[str, list[Row]]:
    """Copies of train rows in test, labels flipped in train, and a word that gives the label away in train and dev."""
    train, test = splits["train"], splits["test"]
    copies = [(f"copy-{place}", *train[row][1:]) for place, row in enumerate(generator.integers(0, 300, 60))]
    flipped = set(generator.choice(300, 45, replace=False).tolist())
    noisy = [
        (id_, text, str(1 - int(label)) if row in flipped else label) for row, (id_, text, label) in enumerate(train)
    ]
    marked = [(id_, f"mark {text}" if label == "1" else text, label) for id_, text, label in noisy]
    return {**splits, "train": marked, "test": test[:90] + copies}


def _write_splits(folder: Path, splits: dict[str, list[Row]]) -> None:
    folder.mkdir(parents=True)
    for name, rows in splits.items():
        _write(folder / f"{name}.csv", ("id", "sequence", "label"), rows)


def _write_predictions(folder: Path, generator: np.random.Generator) -> None:
    """Three files over dev, test and the shifted split of `sound`, right on 8 rows in 10."""
    for seed in range(3):
        rows: list[Row] = []
        for split in ("dev", "test", "shift_long"):
            for line in (folder / "sound" / f"{split}.csv").read_text(encoding="utf-8").splitlines()[1:]:
                id_, _, label = line.split(",")
                answer = label if generator.random() < 0.8 else str(1 - int(label))
                rows.append((id_, split, "mine", str(seed), answer))
        _write(folder / f"predictions-{seed}.csv", ("id", "split", "variant", "seed", "prediction"), rows)


def _write_outcomes(file: Path, generator: np.random.Generator) -> None:
    """Right or wrong of two variants, eight seeds, eighty rows; `better` is 12 points better."""
    rows = [
        (variant, str(seed), f"e{row}", str(int(generator.random() < rate)))
        for variant, rate in {"better": 0.82, "other": 0.7}.items()
        for seed in range(8)
        for row in range(80)
    ]
    _write(file, ("variant", "seed", "example", "outcome"), rows)


def _write(file: Path, header: Row, rows: Sequence[Row]) -> None:
    file.write_text("".join(",".join(row) + "\n" for row in [header, *rows]), encoding="utf-8")
