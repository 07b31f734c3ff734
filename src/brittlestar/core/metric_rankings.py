"""Metrics of how classes are ranked: what each is, and what every row adds to it; NumPy only."""

from collections.abc import Callable

import numpy as np

from brittlestar.core.answers import Run

OfRanking = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""What each row adds, from the scores of a class, float64 (m,), and whether each row is of it, bool (m,)."""


def list_ranked_classes(run: Run, name: str | None) -> list[int]:
    """The classes whose ranking is averaged: one that is named; of two the second; of more each that has rows, and rows
    of others."""
    if name is not None:
        return [run.rows.classes.index(name)] if name in run.rows.classes else []
    n = run.rows.n_classes
    if n == 2:
        return [1]
    counts = np.bincount(run.rows.labels[run.rows.labels >= 0], minlength=n)
    return np.flatnonzero((counts > 0) & (counts < len(run.rows.labels))).tolist()


def spread_ranking(run: Run, name: str | None, of_class: OfRanking) -> np.ndarray:
    """A metric of how a class is ranked against the rest, averaged over classes, plus each row's influence on it; not a
    number where no class has rows on both sides."""
    assert run.whole is not None
    found = list[np.ndarray]()
    for k in list_ranked_classes(run, name):
        inside = run.rows.labels == k
        if inside.any() and not inside.all():
            found.append(of_class(np.asarray(run.whole[:, k], np.float64), inside))
    return np.mean(found, axis=0) if found else np.full(len(run.rows.labels), np.nan)


def spread_area(scores: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """The area under the ROC curve, and each row's influence: where its score stands among those of the other side
    (DeLong, DeLong and Clarke-Pearson 1988)."""
    found = np.empty(len(scores))
    area = 0.0
    for mine in (inside, ~inside):
        other = np.sort(scores[~mine])
        below, at_most = (np.searchsorted(other, scores[mine], side) for side in ("left", "right"))
        beaten = (below + at_most) / 2 / len(other)
        placed = beaten if mine is inside else 1 - beaten
        area = float(placed.mean())
        found[mine] = area + len(scores) / mine.sum() * (placed - area)
    return found


def spread_average_precision(scores: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Average precision as scikit-learn has it, the mean precision at the score of each row of the class, and each
    row's influence: its derivative by the row's weight times the number of rows."""
    order = np.argsort(-scores, kind="stable")
    ranked, mine = scores[order], inside[order]
    last = np.searchsorted(-ranked, -ranked, side="right") - 1  # of rows with an equal score
    first = np.searchsorted(-ranked, -ranked, side="left")
    among = last + 1.0
    precise = np.cumsum(mine)[last] / among
    of_class = mine.sum()
    value = float(precise[mine].mean())
    # rows of the class at this score or below: a row there counts among those that each of them is held against
    gained, held = (np.cumsum((mine * each)[::-1])[::-1][first] for each in (1 / among, precise / among))
    found = np.empty(len(scores))
    found[order] = value + len(scores) / of_class * (mine * (precise - value + gained) - held)
    return found
