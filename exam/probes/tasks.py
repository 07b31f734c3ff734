"""Tasks of which it is known what a model that has learned them must read, and rows drawn by trying until it fits."""

import csv
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from brittlestar.core.seeds import generator
from brittlestar.verbs.generate import generate
from exam.probes import rules

SHAPES, COLOURS = "▲■●◆", "rgby"
PAIRS = tuple(shape + colour for shape in SHAPES for colour in COLOURS)
SIZES = {"dev": 300, "test": 1000}
PINS = (1, 2, 3)
TIMES = (2, 4)
DRAWN = 1000
"""Rows at each greater length, and pairs: what the truth about lengths and contrasts is measured on."""
BATCH, BATCHES = 50_000, 120

Predicate = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""`predicate(shapes, colours)`, both int (n, length): bool (n,), which rows it holds of."""
Row = tuple[str, ...]


@dataclass(frozen=True)
class ProbeTask:
    """A task of the founding kind (`rule`, its `predicates` written anew in plain array code) or of letters (`label`
    names a function of `rules`). `reads` is what a model that has learned it reads of what is asked: `order`,
    `position p`, `factor f`; everything else that is asked it ignores. Rows of letters hold every one of `needed`."""

    name: str
    reads: frozenset[str]
    lengths: tuple[int, int]
    rule: str = ""
    predicates: tuple[Predicate, ...] = ()
    label: str = ""
    letters: str = ""
    needed: str = ""
    epochs: int = 12
    train: int = 2000

    def truth(self) -> Mapping[str, str]:
        """{what is asked: `reads` or `ignores`}, as it follows from the rule."""
        asked = ["order", *(f"position {place}" for place in PINS if "order" in self.reads)]
        asked += ["factor shape", "factor colour"] if self.rule else []

        def word(what: str) -> str:
            if what.startswith("position "):
                return "suffices" if what in self.reads else "does not suffice"
            return "reads" if what in self.reads else "ignores"

        return {what: word(what) for what in asked}


def written(task: ProbeTask, folder: Path, seed: int) -> dict[str, Path]:
    """Write train, dev and test of a task into `folder`/data, and beside them what else there is: {name: file}."""
    random = generator(seed, "probe exam", task.name)
    data = folder / "data"
    if task.rule:
        low, high = task.lengths
        sizes = "/".join(str(size) for size in (task.train, *SIZES.values()))
        generate(data, rule=task.rule, lengths=f"{low}-{high}", sizes=sizes, seed=seed)
        return _longer(task, folder, random)
    data.mkdir(parents=True)
    for split, size in {"train": task.train, **SIZES}.items():
        rows = letter_rows(task, size, random)
        _table(data / f"{split}.csv", rows, labels_of(task, rows))
    return _pairs(task, folder, random)


def labels_of(task: ProbeTask, rows: Sequence[Row]) -> list[str]:
    """The labels of rows of letters."""
    found: list[str] = getattr(rules, task.label)(rows)
    return found


def letter_rows(task: ProbeTask, n: int, random: np.random.Generator) -> list[Row]:
    """`n` rows of letters, drawn until half of them have each label, in random order."""
    waiting: dict[str, list[Row]] = {"yes": [], "no": []}
    while min(len(rows) for rows in waiting.values()) < n // 2:
        drawn: list[Row] = []
        for length in random.integers(task.lengths[0], task.lengths[1] + 1, 2000).tolist():
            row = tuple(task.letters[k] for k in random.integers(0, len(task.letters), length).tolist())
            drawn += [row] if set(task.needed) <= set(row) else []
        for row, label in zip(drawn, labels_of(task, drawn), strict=True):
            waiting[label].append(row)
    both = waiting["yes"][: n // 2] + waiting["no"][: n // 2]
    return [both[k] for k in random.permutation(len(both)).tolist()]


def edited(task: ProbeTask, row: Row, random: np.random.Generator) -> Row | None:
    """The row with one token replaced so that its label is the other one, a random one of all such; None without."""
    places = [(place, letter) for place in range(len(row)) for letter in task.letters if letter != row[place]]
    others = [(*row[:place], letter, *row[place + 1 :]) for place, letter in places]
    before, after = labels_of(task, [row])[0], labels_of(task, others)
    good = [other for other, label in zip(others, after, strict=True) if label != before]
    return good[int(random.integers(len(good)))] if good else None


def _pairs(task: ProbeTask, folder: Path, random: np.random.Generator) -> dict[str, Path]:
    """The file of pairs, and both sides as splits of their own."""
    rows = letter_rows(task, DRAWN, random)
    found = [(row, other) for row in rows for other in [edited(task, row, random)] if other is not None]
    left, right = [row for row, _ in found], [other for _, other in found]
    labels = labels_of(task, left), labels_of(task, right)
    files = {"shift_left": folder / "shift_left.csv", "shift_right": folder / "shift_right.csv"}
    _table(files["shift_left"], left, labels[0])
    _table(files["shift_right"], right, labels[1])
    with (folder / "pairs.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["left", "right", "left_label", "right_label"])
        out.writerows(zip(map(" ".join, left), map(" ".join, right), *labels, strict=True))
    return files


def _longer(task: ProbeTask, folder: Path, random: np.random.Generator) -> dict[str, Path]:
    """Rows of 2 and 4 times train's longest, as often accepted as not; no file where trying finds too few."""
    with (folder / "data" / "train.csv").open(encoding="utf-8", newline="") as file:
        counts = Counter(token for row in csv.DictReader(file) for token in row["sequence"].split())
    shares = np.array([counts.get(token, 0) for token in PAIRS], np.float64)
    files: dict[str, Path] = {}
    for times in TIMES:
        found = tried(task.predicates, times * task.lengths[1], shares / shares.sum(), DRAWN, random)
        if found is not None:
            files[f"shift_x{times}"] = folder / f"shift_x{times}.csv"
            _table(files[f"shift_x{times}"], *found)
    return files


def tried(
    predicates: Sequence[Predicate], length: int, shares: np.ndarray, n: int, random: np.random.Generator
) -> tuple[list[Row], list[str]] | None:
    """`n` rows of independent tokens and their labels: half of them rows of which all predicates hold, the others
    break exactly one, each as often. None where so many draws do not bring them."""
    wanted = {0: n // 2} | {k + 1: n // 2 // len(predicates) for k in range(len(predicates))}
    kept: dict[int, list[np.ndarray]] = {kind: [] for kind in wanted}
    for _ in range(BATCHES):
        codes = random.choice(len(PAIRS), (BATCH, length), p=shares).astype(np.int8)
        broken = np.stack([~holds(codes // 4, codes % 4) for holds in predicates], axis=1)
        for kind in wanted:
            pattern = np.arange(1, len(predicates) + 1) == kind
            kept[kind] += list(codes[(broken == pattern).all(axis=1)])[: wanted[kind] - len(kept[kind])]
        if all(len(kept[kind]) == many for kind, many in wanted.items()):
            rows = [tuple(PAIRS[code] for code in row.tolist()) for own in kept.values() for row in own]
            return rows, ["1" if kind == 0 else "0" for kind, own in kept.items() for _ in own]
    return None


def _table(file: Path, rows: Sequence[Row], labels: Sequence[str]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        out = csv.writer(opened)
        out.writerow(["id", "sequence", "label"])
        out.writerows((k, " ".join(row), label) for k, (row, label) in enumerate(zip(rows, labels, strict=True)))


MODELS: Mapping[str, dict[str, Any]] = {
    "gru": {"model.family": "gru"},
    "bilstm": {"model.bidirectional": True},
    "transformer": {"model.family": "transformer", "training.learning_rate": 3e-3},
    "mean": {"model.family": "mean", "training.learning_rate": 1e-2},
}
"""The variants beside main, which is an LSTM."""


def study_file(task: ProbeTask, folder: Path, seeds: Sequence[int]) -> Path:
    """Write the study of a task: every model from every seed, probed as `run` does by itself, with the positions and
    the factors that are asked about set."""
    strengths: dict[str, list[float]] = {"order.pinned": list(PINS)}
    probes: dict[str, Any] = {"strengths": strengths}
    data: dict[str, Any] = {"path": "data"}
    if task.rule:
        data["factors"] = "(?P<shape>[▲■●◆])(?P<colour>[rgby])?"
        strengths["factors.redraw"] = [1.0]
    else:
        probes |= {"relabel": f"exam.probes.rules:{task.label}", "pairs": "pairs.csv"}
    study = {
        "name": task.name,
        "data": data,
        "model": {"family": "lstm", "hidden": 32, "layers": 1, "dropout": {"encoder": 0, "head": 0}},
        "training": {"epochs": task.epochs, "learning_rate": 5e-3},
        "seeds": list(seeds),
        "variants": dict(MODELS),
        "probes": probes,
        "report": {"metric": "accuracy"},
    }
    file = folder / "study.yaml"
    file.write_text(json.dumps(study, ensure_ascii=False), encoding="utf-8")
    return file
