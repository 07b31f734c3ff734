"""What a shallow model scores where the key of a shortcut is taken out of every row."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from brittlestar.baselines.linear import answer_linearly
from brittlestar.baselines.rows import BaselineRows
from brittlestar.baselines.table import ScoredBaselines
from brittlestar.core.token_rows import TokenRows, offsets_of
from brittlestar.statistics.scores import estimate_score

Places = Callable[[TokenRows], np.ndarray]
"""bool (n_tokens,): the tokens of rows that a shortcut reads."""


@dataclass(frozen=True)
class ScoreWithout:
    """Accuracy of the baseline linear on `n` rows that lack what a shortcut reads, as train does; `interval` at 95 % is
    None below two units."""

    n: int
    score: float
    interval: tuple[float, float] | None

    def as_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {"name": "linear", "rows": self.n, "accuracy": self.score, "interval": self.interval}


def score_without(scored: ScoredBaselines, split: str, places: Places, n_tokens: int, n_classes: int) -> ScoreWithout:
    """Fit linear to train without these tokens, as it is fitted with them, and score it on a split without them; train
    out of fold."""
    kept = {name: scored.splits[name] for name in ("train", "dev", split) if name in scored.splits}
    taken = {name: replace(one, tokens=take_out(one.tokens, places)) for name, one in kept.items()}
    right = answer_linearly(taken, n_tokens, n_classes).answers[split].predicted[0] == kept[split].labels
    interval = estimate_score(right[None].astype(np.float64), kept[split].units, (0.0, 1.0))
    return ScoreWithout(len(right), float(right.mean()), interval)


def take_out(rows: BaselineRows, places: Places) -> BaselineRows:
    """The rows without these tokens."""
    stay = ~places(rows)
    lengths = np.bincount(rows.owners[stay], minlength=rows.n_rows)
    return replace(rows, codes=rows.codes[stay], offsets=offsets_of(lengths))


def places_of_token(token: int) -> Places:
    """Wherever one token stands."""
    return lambda rows: rows.codes == token


def place_of_position(position: int) -> Places:
    """One position, counted from 1, or from -1 backwards."""
    if position > 0:
        return lambda rows: rows.places == position - 1
    return lambda rows: rows.places - np.repeat(rows.lengths, rows.lengths) == position
