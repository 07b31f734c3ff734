"""Tasks, each cut so that many rows of the same source, and of its shift, are never shown: the fresh ones."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from exam.training.tasks import TASKS, Row

FRESH, FRESH_SHIFT = "fresh", "fresh_shift"
"""Splits that nobody is given. A shifted split that is given is called `shift_other`."""
SHIFT = "shift_other"
REAL: Mapping[str, str | None] = {
    "customer_reviews": "movie_reviews",
    "sst2_reviews": "customer_reviews",
    "subjectivity": None,
    "sms_spam": None,
    "places": "americas",
    "code_language": "libraries",
    "splice_junction": None,
    "scan_last_action_jump": "new_primitive",
    "methylation": "rice",
    "authors": "books",
    "brain_barrier": "others",
    "hdfs_logkeys": None,
    "listops_depth": "depth20",
    "names_nationality": None,
}
"""{folder below the data: which of its shifted splits is used}."""
MADE = ("moods", "verdicts", "tickets", "commands", "names", "votes", "pairs", "counts", "order")
"""Tasks of the exam of training; where they shift, each token is lost with a chance of `LOST`."""
LOST, NOISE, MANY = 0.25, 0.03, 3_000
LARGEST, SIZES = 1_500, {"train": (500, 1_200), "dev": (300,), "test": (300, 600), SHIFT: (400,)}


@dataclass(frozen=True)
class Rows:
    """Rows of one split. Ids tell across splits which rows are the same."""

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    labels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, places: Sequence[int] | np.ndarray) -> "Rows":
        """These rows, in this order."""
        return Rows(*(tuple(column[int(place)] for place in places) for column in (self.ids, self.texts, self.labels)))

    def add(self, more: "Rows") -> "Rows":
        """These rows and more."""
        return Rows(self.ids + more.ids, self.texts + more.texts, self.labels + more.labels)

    def renamed(self, word: str) -> "Rows":
        """The same rows with ids of their own."""
        return Rows(tuple(f"{word}{place}-{one}" for place, one in enumerate(self.ids)), self.texts, self.labels)


Splits = Mapping[str, Rows]


def list_tasks() -> tuple[str, ...]:
    """The names of all tasks."""
    return (*REAL, *MADE)


def cut_task(name: str, data: Path | None, random: np.random.Generator) -> Splits:
    """Train, dev, test and a shifted split of drawn sizes, and all other rows as fresh ones. A task has no shift where
    its source has none."""
    pool, shifted = _read(name, data) if name in REAL else _make(name, random)
    sizes = {split: int(random.choice(many)) for split, many in SIZES.items()}
    kept = _cut(pool, {split: sizes[split] for split in ("train", "dev", "test")}, FRESH, random)
    return kept if shifted is None else kept | _cut(shifted, {SHIFT: sizes[SHIFT]}, FRESH_SHIFT, random)


def _cut(rows: Rows, sizes: Mapping[str, int], rest: str, random: np.random.Generator) -> dict[str, Rows]:
    order, found, start = random.permutation(len(rows)), dict[str, Rows](), 0
    for split, size in {**sizes, rest: LARGEST}.items():
        found[split] = rows.take(order[start : start + size])
        start += size
    return found


def _read(name: str, data: Path | None) -> tuple[Rows, Rows | None]:
    """The pooled rows of a real set, and those of its shift."""
    if data is None:
        raise FileNotFoundError(f"{name} is a real set: say with --data where its folder lies")
    pool = Rows((), (), ())
    for split in ("train", "dev", "test"):
        pool = pool.add(_read_file(data / name / f"{split}.csv"))
    shift = REAL[name]
    return pool, None if shift is None else _read_file(data / name / f"shift_{shift}.csv").renamed("s")


def _read_file(file: Path) -> Rows:
    with file.open(encoding="utf-8", newline="") as lines:
        found = [
            (f"{file.stem}{place}", row["sequence"], row["label"]) for place, row in enumerate(csv.DictReader(lines))
        ]
    return Rows(*zip(*found, strict=True))


def _make(name: str, random: np.random.Generator) -> tuple[Rows, Rows]:
    """Rows of a made task, and others of which tokens are lost; some labels are drawn anew."""
    task = TASKS[name]
    pool = _label([task.draw(random) for _ in range(MANY)], "m", random)
    lost = [
        (label, [one for one in tokens if random.random() > LOST] or tokens)
        for label, tokens in (task.draw(random) for _ in range(1_000))
    ]
    return pool, _label(lost, "s", random)


def _label(rows: Sequence[Row], word: str, random: np.random.Generator) -> Rows:
    classes = sorted({label for label, _ in rows})
    labels = tuple(str(random.choice(classes)) if random.random() < NOISE else label for label, _ in rows)
    return Rows(tuple(f"{word}{place}" for place in range(len(rows))), tuple(" ".join(one) for _, one in rows), labels)
