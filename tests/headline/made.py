"""Made studies whose truth is known: data with a trivial baseline of known skill, and models of known skill.

The label of a row says whether `a` before `b` and `c` before `d` agree, which no trivial baseline can read. A marker
agrees with it in a known share of rows: that share is what the best trivial baseline scores on new rows. A model knows
the rule and errs where a hash of row and seed says so, so that its skill on new rows is known, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from brittlestar.core.seeds import generator

KINDS = (
    "below chance",
    "at chance",
    "between",
    "above",
    "solved",
    "leaked",
    "collapsed",
    "falls on a shifted split",
    "holds on a shifted split",
)
"""What is true of a study; each kind is drawn with its own skills, seeds and rows."""
SEEDS = (1, 2, 3, 5, 7, 10, 20, 40)
ROWS = (300, 800, 1500)
TRAIN, DEV = 400, 150


@dataclass(frozen=True)
class Made:
    """A study with its truth: `marker` is the skill of the best trivial baseline on new rows and `skills` that of each
    run; `spread` the standard deviation of skill over new seeds, `copied` the share of test rows that are train's, and
    `shifted` the skill on a shifted split, None without one."""

    number: int
    kind: str
    marker: float
    skill: float
    spread: float
    skills: tuple[float, ...]
    rows: int
    copied: float
    shifted: float | None

    @property
    def seeds(self) -> int:
        """How many runs there are."""
        return len(self.skills)


def make_study(number: int) -> Made:
    """Draw one study: its kind goes round, everything else is random."""
    kind = KINDS[number % len(KINDS)]
    random = generator(number, "made study")
    marker = float(random.choice([0.5, 0.6, 0.75, 0.85]))
    seeds = int(random.choice(SEEDS))
    spread = float(random.choice([0.0, 0.005, 0.02]))
    skill = {
        "below chance": float(random.uniform(0.2, 0.42)),
        "at chance": 0.5,
        "between": float(random.uniform(0.5, max(marker, 0.52))),
        "solved": 1.0,
    }.get(kind, float(random.uniform(min(marker + 0.03, 0.95), 0.99)))
    spread = 0.0 if kind == "solved" else spread
    skills = np.clip(skill + spread * random.standard_normal(seeds), 0.02, 1.0)
    if kind == "collapsed":
        skills[random.random(seeds) < 0.3] = 0.5
    copied = float(random.choice([0.1, 0.4, 0.9])) if kind == "leaked" else 0.0
    shifted = {"falls on a shifted split": skill - 0.25, "holds on a shifted split": skill}.get(kind)
    rows = int(random.choice(ROWS))
    return Made(number, kind, marker, skill, spread, tuple(skills.tolist()), rows, copied, shifted)


def write_study(made: Made, folder: Path) -> tuple[Path, list[Path]]:
    """Write the splits and a file of predictions for each run; returns the data folder and the files."""
    random = generator(made.number, "made rows")
    data = folder / "data"
    data.mkdir(parents=True)
    sizes = {"train": TRAIN, "dev": DEV, "test": made.rows, **({} if made.shifted is None else {"shift_far": 800})}
    rows = {split: [_row(random, made.marker) for _ in range(many)] for split, many in sizes.items()}
    copies = int(made.copied * made.rows)
    for k in range(copies):
        rows["test"][k] = rows["train"][k % TRAIN]
    for split, lines in rows.items():
        text = "".join(f"{split}-{k},{words},{label}\n" for k, (words, label) in enumerate(lines))
        (data / f"{split}.csv").write_text(f"id,sequence,label\n{text}", encoding="utf-8")
    files: list[Path] = []
    for seed, skill in enumerate(made.skills):
        draws = generator(made.number, "made answers", str(seed))
        text = "id,split,variant,seed,prediction\n"
        for split in ("test", "shift_far"):
            here = skill if split == "test" or made.shifted is None else skill + made.shifted - made.skill
            for k, (_, label) in enumerate(rows.get(split, [])):
                right = draws.random() < (1.0 if split == "test" and k < copies else here)
                text += f"{split}-{k},{split},mine,{seed},{label if right else 1 - label}\n"
        files.append(folder / f"mine_{seed}.csv")
        files[-1].write_text(text, encoding="utf-8")
    return data, files


def _row(random: np.random.Generator, marker: float) -> tuple[str, int]:
    words = [str(word) for word in random.permutation([*"abcd", *random.choice(list("efghijkl"), 8)])]
    label = int((words.index("a") < words.index("b")) == (words.index("c") < words.index("d")))
    agrees = random.random() < marker
    return " ".join([*words, f"m{label if agrees else 1 - label}"]), label


def true_difference(made: Made, population: str) -> tuple[float, float]:
    """The true difference from the best trivial baseline on rows that are not in train, and its standard error as the
    design has it: for these very models, or for new seeds."""
    mean = float(np.mean(made.skills))
    fresh = made.rows * (1 - made.copied)
    chance = max(made.marker, 0.5)
    by_rows = (mean * (1 - mean) / made.seeds + chance * (1 - chance)) / max(fresh, 1)
    if population == "this-model":
        return mean - chance, float(np.sqrt(by_rows))
    spread = made.spread if made.kind != "collapsed" else float(np.std(made.skills, ddof=1)) if made.seeds > 1 else 0.5
    truth = made.skill if made.kind != "collapsed" else 0.7 * made.skill + 0.3 * 0.5
    return truth - chance, float(np.sqrt(by_rows + spread**2 / made.seeds))
