"""Made tables of outcomes whose true difference is known, and how `judge` answers them on every surface."""

import contextlib
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
import polars as pl

from brittlestar.claims.judgement import Judgement
from brittlestar.cli.ending import show
from brittlestar.cli.endings.judge import judge_ending
from brittlestar.cli.guarding import Output
from brittlestar.core.seeds import generator
from brittlestar.verbs.judge import judge
from tests.headline.made import GONE

KINDS = ("worse", "equal", "better", "solved", "collapsed", "against a score", "scores alone")
SEEDS = (1, 3, 5, 7, 10, 13, 20, 40)
ROWS = (200, 600)
MARGIN = 0.01
POPULATIONS = ("new-examples", "fixed-test-set")


@dataclass(frozen=True)
class MadeTable:
    """A table with a claim and its truth: `difference` is new - old for the claim's population, and `error` its
    standard error as the design has it; `outcome` is (n_seeds, n_rows) for each variant, `best_trivial` the score that
    new is held against where old is none."""

    number: int
    kind: str
    population: str
    difference: float
    error: float
    outcome: dict[str, np.ndarray]
    best_trivial: float | None

    @property
    def claim(self) -> dict[str, Any]:
        """The claim in the form that `judge` takes."""
        other = "old" if self.best_trivial is None else "best-trivial"
        return {"claim": f"new > {other} by {MARGIN} on accuracy", "population": self.population}

    @property
    def frame(self) -> pl.DataFrame:
        """The table in long form; of scores alone one row a run."""
        parts: list[pl.DataFrame] = []
        for variant, outcome in self.outcome.items():
            n, m = outcome.shape
            if self.kind == "scores alone":
                parts.append(pl.DataFrame({"seed": np.arange(n), "score": outcome.mean(axis=1)}))
            else:
                columns = {"seed": np.repeat(np.arange(n), m), "example": np.tile(np.arange(m), n)}
                parts.append(pl.DataFrame({**columns, "outcome": outcome.ravel()}))
            parts[-1] = parts[-1].with_columns(variant=pl.lit(variant))
        return pl.concat(parts)


def make_table(number: int) -> MadeTable:
    """Draw one table. A row is as hard for both variants; new has a skill of its own on each row beside that."""
    random = generator(number, "made table")
    kind = KINDS[int(random.integers(len(KINDS)))]
    seeds, rows = int(random.choice(SEEDS)), int(random.choice(ROWS))
    population = "fixed-test-set" if kind == "scores alone" else str(random.choice(POPULATIONS))
    spread = float(random.choice([0.0, 0.005, 0.02]))
    gain = {"worse": -0.06, "equal": 0.0}.get(kind, float(random.choice([0.03, 0.06])))
    hard = random.uniform(0.45, 0.8, rows)
    own = random.uniform(-0.08, 0.08, rows)
    luck = {side: spread * random.standard_normal((seeds, 1)) for side in ("new", "old")}
    skill = {"new": hard + own + gain + luck["new"], "old": hard + luck["old"]}
    mean, of_seeds, of_rows = gain, 2 * spread**2, 0.16**2 / 12
    if kind == "solved":
        skill["new"] = np.ones((seeds, rows))
        mean, of_seeds, of_rows = 1 - 0.625, spread**2, 0.35**2 / 12
    if kind == "collapsed":
        skill["new"][random.random(seeds) < GONE] = 0.5
        mean = (1 - GONE) * gain + GONE * (0.5 - 0.625)
        of_seeds += GONE * (1 - GONE) * (gain + 0.125) ** 2
    outcome = {side: (random.random((seeds, rows)) < chances).astype(float) for side, chances in skill.items()}
    best = None
    if kind == "against a score":
        del outcome["old"]
        best, of_seeds, of_rows = 0.625, spread**2, 0.35**2 / 12 + 0.16**2 / 12
    noise = 0.625 * 0.375 * (1 if kind in ("solved", "against a score") else 2)
    if population == "fixed-test-set":
        mean += _on_these_rows(kind, hard, own)
        of_rows = 0.0
    error = float(np.sqrt(of_seeds / seeds + of_rows / rows + noise / seeds / rows))
    return MadeTable(number, kind, population, mean, error, outcome, best)


def _on_these_rows(kind: str, hard: np.ndarray, own: np.ndarray) -> float:
    """How much more the difference is on these very rows than on new ones."""
    hardness = float(hard.mean()) - 0.625
    if kind == "solved":
        return -hardness
    share = (1 - GONE) if kind == "collapsed" else 1.0
    collapse = -GONE * hardness if kind == "collapsed" else 0.0
    return share * float(own.mean()) + collapse + (hardness if kind == "against a score" else 0.0)


def judge_table(made: MadeTable, folder: Path) -> tuple[Judgement, list[str]]:
    """The judgement, and where surfaces contradict each other: a frame in Python, a file, JSON, text and a page."""
    frame, path = made.frame, folder / "table.csv"
    frame.write_csv(path)
    here = cast(Judgement, judge(frame, made.claim, best_trivial=made.best_trivial))
    sentence = str(made.claim["claim"])
    asked = {"claim": sentence, "population": made.population}
    found = judge(path, [asked], best_trivial=made.best_trivial)
    ending = judge_ending(found)
    said: dict[str, str] = {
        "a file": found[0].sentence,
        "JSON": ending.document["claims"][0]["sentence"],
        "text": repr(found),
        "HTML": found._repr_html_(),  # pyright: ignore[reportPrivateUsage]
        "the ending": printed(ending, "verbose"),
    }
    faults = [
        f"{name} of a table lacks {here.verdict}: {here.sentence}"
        for name, text in said.items()
        if squeezed(here.sentence) not in squeezed(text)
    ]
    quiet = (
        printed(ending, "quiet").split(":")[0].partition(" (")[0].strip()
    )  # what the models at hand say stands behind
    words = {"JSON": ending.document["claims"][0]["verdict"], "--quiet": quiet}
    faults += [
        f"{name} of a table says {word}, not {here.verdict}" for name, word in words.items() if word != here.verdict
    ]
    lines = printed(ending).splitlines()
    if len(lines) > 25 or not lines:
        faults.append(f"the ending of a table has {len(lines)} lines")
    return here, faults


def printed(ending: Any, how: Literal["", "json", "quiet", "verbose"] = "") -> str:
    """What a command prints with this ending, at 80 columns."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        show(ending, Output(**({how: True} if how else {})))
    return out.getvalue()


def squeezed(text: str) -> str:
    """Text without tags, spaces and the marks of code, which surfaces write otherwise."""
    import html

    return re.sub(r"[\s`]", "", html.unescape(re.sub(r"<[^<>]*>", " ", text)))
