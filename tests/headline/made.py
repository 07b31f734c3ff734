"""Made studies whose truth is known: data with a trivial baseline of known skill, and models of known skill.

The label of a row says whether `a` before `b` and `c` before `d` agree, which no trivial baseline can read. A marker
agrees with it in a known share of rows: that share is what the best trivial baseline scores on new rows. A model knows
the rule and errs where a hash of row and seed says so, so that its skill on new rows is known, too.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from brittlestar.core.seeds import generator

Source = Literal["predictions", "fit"]

GIVEN = (
    "below chance", "at chance", "between", "above", "solved", "leaked", "collapsed", "falls on a shifted split",
    "holds on a shifted split", "two variants", "no predictions",
)  # fmt: skip
"""What is true of a study with given predictions; each kind is drawn with its own skills, seeds and rows."""
TRAINED = ("above", "failed", "lost", "between", "collapsed", "below chance", "leaked", "solved", "at chance")
"""The same for studies that train a fit function."""
SEEDS = (1, 2, 3, 5, 7, 10, 20, 40)
TRAINED_SEEDS = (1, 2, 3, 5, 6, 10)
ROWS = (300, 800, 1500)
TRAINED_ROWS = (300, 600)
TRAIN, DEV, SHIFT = 400, 150, 800
COPIED = (0.005, 0.02, 0.1, 0.4, 0.9, 0.97)
GONE = 0.3
"""The share of runs that collapse, fail or are lost, where a kind has such runs."""
UNEVEN = ("collapsed", "failed", "lost")
"""Kinds with such runs: they have at least five seeds."""
CYCLE, GIVEN_OF = 15, 13
"""Of each 15 studies 13 have given predictions, and 2 are trained."""


@dataclass(frozen=True)
class Made:
    """A study with its truth, as it is drawn before anything is made of it.

    Args:
        marker: The skill of the best trivial baseline on new rows.
        skill: The model's skill over new seeds, `spread` its standard deviation, without the runs that are `gone`.
        skills: The skill of each run; of a trained study, whose model draws its own, `skill` for each.
        copied: The share of test rows that are train's.
        shifted: The skill on a shifted split, None without one.
        stated: `a run` where the score of one run is stated, `the mean` of all runs, `another` where 10 points beyond
            all of them, else "".
    """

    number: int
    source: Source
    kind: str
    marker: float
    skill: float
    spread: float
    skills: tuple[float, ...]
    rows: int
    copied: float
    shifted: float | None
    stated: str

    @property
    def seeds(self) -> int:
        """How many runs there are."""
        return len(self.skills)


def make_study(number: int) -> Made:
    """Draw one study: its kind goes round, everything else is random."""
    turn, place = divmod(number, CYCLE)
    trained = place >= GIVEN_OF
    kinds, nth = (
        (TRAINED, (CYCLE - GIVEN_OF) * turn + place - GIVEN_OF) if trained else (GIVEN, GIVEN_OF * turn + place)
    )
    kind = kinds[nth % len(kinds)]
    random = generator(number, "made study")
    marker = float(random.choice([0.5, 0.6, 0.75, 0.85]))
    seeds = int(random.choice(TRAINED_SEEDS if trained else SEEDS))
    spread = float(random.choice([0.0, 0.005, 0.02]))
    skill = {
        "below chance": float(random.uniform(0.2, 0.42)),
        "at chance": 0.5,
        "between": float(random.uniform(0.5, max(marker, 0.52))),
        "solved": 1.0,
    }.get(kind, float(random.uniform(min(marker + 0.03, 0.95), 0.99)))
    if trained and kind in UNEVEN:
        seeds = max(seeds, 5)
    if kind == "solved" or (trained and seeds < 5):
        spread = 0.0  # below five seeds the answer is about these very models, whose skills must be known
    skills = np.clip(skill + spread * random.standard_normal(seeds), 0.02, 1.0)
    if kind == "collapsed" and not trained:
        skills[random.random(seeds) < GONE] = 0.5
    return Made(
        number,
        "fit" if trained else "predictions",
        kind,
        marker,
        skill,
        spread,
        tuple(skills.tolist()),
        rows=int(random.choice(TRAINED_ROWS if trained else ROWS)),
        copied=float(random.choice(COPIED)) if kind == "leaked" else 0.0,
        shifted={
            "falls on a shifted split": skill - float(random.choice([0.05, 0.12, 0.25])),
            "holds on a shifted split": skill,
        }.get(kind),
        stated="" if trained or kind == "no predictions" else str(random.choice(["", "a run", "the mean", "another"])),
    )


def true_difference(made: Made, population: str) -> tuple[float, float]:
    """The true difference from the best trivial baseline on rows that are not in train, and its standard error as the
    design has it: for these very models, or for new seeds."""
    chance = max(made.marker, 0.5)
    fresh = max(made.rows * (1 - made.copied), 1)
    uneven = made.kind == "collapsed"
    if population == "this-model":
        truth, between = float(np.mean(made.skills)), 0.0
    else:
        truth = (1 - GONE) * made.skill + GONE * 0.5 if uneven else made.skill
        mixed = GONE * (1 - GONE) * (made.skill - 0.5) ** 2 if uneven else 0.0
        between = (made.spread**2 + mixed) / made.seeds
    by_rows = (truth * (1 - truth) / made.seeds + chance * (1 - chance)) / fresh
    return truth - chance, float(np.sqrt(by_rows + between))


def true_loss(made: Made) -> tuple[float, float]:
    """The true change from test to the shifted split, and its standard error as the design has it: the rows of the two
    splits are different ones."""
    assert made.shifted is not None
    here, there = made.skill * (1 - made.skill) / made.rows, made.shifted * (1 - made.shifted) / SHIFT
    return made.shifted - made.skill, float(np.sqrt((here + there) / made.seeds))
