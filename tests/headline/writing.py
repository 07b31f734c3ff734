"""Made studies as files: splits, prediction files, and modules with models that know the rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from brittlestar.core.seeds import generator
from tests.headline.made import DEV, GONE, SHIFT, TRAIN, Made

Rows = Mapping[str, Sequence[tuple[str, int]]]
"""For each split its sequences with their labels."""
BROKEN = "broken"
"""While this file lies beside a module, some of its runs fail or are killed: it stands for what a user mends."""


@dataclass(frozen=True)
class Written:
    """What lies in a study's folder, named as a command there names it: prediction files, or a model's reference.
    `scores` are those of the runs on test, counted here."""

    predictions: tuple[str, ...]
    model: str | None
    scores: tuple[float, ...]


def write_study(made: Made, folder: Path) -> Written:
    """Write the splits into `data`, and a file of predictions for each run or a module beside them."""
    rows = _draw_rows(made)
    (folder / "data").mkdir(parents=True)
    for split, lines in rows.items():
        text = "".join(f"{split}-{k},{words},{label}\n" for k, (words, label) in enumerate(lines))
        (folder / "data" / f"{split}.csv").write_text(f"id,sequence,label\n{text}", encoding="utf-8")
    if made.source == "predictions":
        return _write_predictions(made, rows, folder)
    module = f"own_{made.number}"
    (folder / f"{module}.py").write_text(_module_of(made), encoding="utf-8")
    if made.kind in ("failed", "lost"):
        (folder / BROKEN).write_text("", encoding="utf-8")
    return Written((), f"{module}:fit", ())


def _draw_rows(made: Made) -> Rows:
    random = generator(made.number, "made rows")
    sizes = {"train": TRAIN, "dev": DEV, "test": made.rows, **({} if made.shifted is None else {"shift_far": SHIFT})}
    rows = {split: [_row(random, made.marker) for _ in range(many)] for split, many in sizes.items()}
    for k in range(_copies(made)):
        rows["test"][k] = rows["train"][k % TRAIN]
    return rows


def _copies(made: Made) -> int:
    return int(made.copied * made.rows)


def _row(random: np.random.Generator, marker: float) -> tuple[str, int]:
    words = [str(word) for word in random.permutation([*"abcd", *random.choice(list("efghijkl"), 8)])]
    label = int((words.index("a") < words.index("b")) == (words.index("c") < words.index("d")))
    agrees = random.random() < marker
    return " ".join([*words, f"m{label if agrees else 1 - label}"]), label


def _write_predictions(made: Made, rows: Rows, folder: Path) -> Written:
    if made.kind == "no predictions":
        return Written((), None, ())
    variants = {"mine": 0.0, **({"other": -0.04} if made.kind == "two variants" else {})}
    files: list[str] = []
    scores: list[float] = []
    for seed, skill in enumerate(made.skills):
        draws = generator(made.number, "made answers", str(seed))
        text = "id,split,variant,seed,prediction\n"
        for variant, change in variants.items():
            for split in ("test", "shift_far"):
                here = skill if split == "test" or made.shifted is None else skill + made.shifted - made.skill
                known = _copies(made) if split == "test" else 0
                lines = rows.get(split, ())
                right = [k < known or draws.random() < here + change for k in range(len(lines))]
                if (variant, split) == ("mine", "test"):
                    scores.append(sum(right) / len(right))
                for k, (_, label) in enumerate(lines):
                    text += f"{split}-{k},{split},{variant},{seed},{label if right[k] else 1 - label}\n"
        files.append(f"mine_{seed}.csv")
        (folder / files[-1]).write_text(text, encoding="utf-8")
    return Written(tuple(files), None, tuple(scores))


_MODULE = '''"""A model of known skill: it knows the rule, and errs where a hash of row and seed says so."""

import os
import signal
from pathlib import Path
from zlib import crc32

import numpy as np

SKILL, SPREAD, GONE, KIND = {skill!r}, {spread!r}, {gone!r}, {kind!r}


def stumble(draw, first):
    """Fail or be killed, as long as what is to be mended lies beside this file."""
    if KIND in ("failed", "lost") and (first or draw < GONE) and Path(__file__).with_name("broken").exists():
        if KIND == "lost":
            os.kill(os.getpid(), signal.SIGKILL)
        raise RuntimeError("broken")


def answers(rows, seed, known):
    """The probabilities of rows: right with the skill that this seed draws, and for each row of `known`."""
    draws = np.random.default_rng(seed)
    skill = min(max(SKILL + SPREAD * draws.standard_normal(), 0.02), 1.0)
    if KIND == "collapsed" and draws.random() < GONE:
        skill = 0.5
    salt = int(draws.integers(2**31))
    found = np.zeros((len(rows), 2))
    for number, row in enumerate(rows):
        place = {{word: row.index(word) if word in row else 0 for word in "abcd"}}
        label = int((place["a"] < place["b"]) == (place["c"] < place["d"]))
        text = " ".join(row)
        right = text in known or np.random.default_rng([salt, crc32(text.encode())]).random() < skill
        found[number] = (0.1, 0.9) if label == int(right) else (0.9, 0.1)
    return found


def fit(train, dev, seed):
    stumble(np.random.default_rng([seed, 1]).random(), seed % 5 == 0)
    known = {{" ".join(row) for row in train.tokens}}
    return lambda rows: answers(rows, seed, known)
'''


def _module_of(made: Made) -> str:
    body = _MODULE.replace("{{", "{").replace("}}", "}")
    for name, value in {"skill": made.skill, "spread": made.spread, "gone": GONE, "kind": made.kind}.items():
        body = body.replace(f"{{{name}!r}}", repr(value))
    return body
