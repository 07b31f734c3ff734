"""Finding `shortcut.position`."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.shortcuts.reporting import BEATS, MOST_TELLERS, Shortcut, Teller, report_shortcut
from brittlestar.audits.showing import Rule, percent
from brittlestar.baselines.readings import NONE, at_position, token_at
from brittlestar.core.findings import Finding
from brittlestar.core.ladder import place_words

CODE = "shortcut.position"
SEES = "sample"
THRESHOLD = f"One position alone {BEATS}"
LEAST_LISTED = 0.05  # chosen, not measured
LEAST_TELLING = 0.2  # chosen, not measured
MOST_LISTED = 6  # budget: room in a sentence


def check(analysis: Analysis) -> Iterator[Finding]:
    """The token at one fixed position does much of the work.

    **What it means.** A model that reads one place of each row and nothing else gets a large part of the score. Where
    one place is the rule this is as it should be, so it is information; it is a warning where the tie between the place
    and the class holds on train and breaks on another split.

    **How it is decided.** Up to 64 positions from the left (counted from 1) and 64 from the end (from -1 backwards)
    that at least 5 % of rows reach are tried on train (on 50,000 rows of it, if there are more), out of fold; not to
    reach the position counts as one more value of it. The best of them is scored on test (else dev, else out of fold on
    train). Positions that alone gain 5 % of rows or more on train, by a token that is 20 points more frequent in one
    class than in the others, are listed with that token. On every other split it is asked how much more often the class
    that the position tells best on train is named in rows of that class than in other rows, with train's other classes
    weighted to that split's, over rows whose token there occurs there in train.

    **Thresholds.** Present: at least 10 % of rows right above the majority class, or 20 % of its errors removed,
    and 20 % of the way to the best known; or one class named in 50 points more of its own rows than of others, and
    rightly more often than not. Broken: that difference falls by 20 points and to half of train's or less, where
    the position does half of the work on train or has a difference of 50 points there.

    **What it cannot see.** Combinations of positions (the trivial baselines' token × position show what they reach
    together), positions beyond the 64th, and whether the position is the rule or an accident.

    **What to do.** If it is an accident (a header, a template), cut it off or spread it alike over the classes.
    """
    climb = analysis.baselines
    rung = climb.ladder.rung("position")
    if rung is None:
        yield Rule(CODE, THRESHOLD).abstain("Train has no position to read; 50 rows with tokens would do.")
        return
    listed = _list_positions(analysis)
    shown = "; ".join(
        f"{place_words(one['position'])} ({one['token']!r} in {percent(one['in_class'])} of {one['class']!r}, "
        f"{percent(one['in_others'])} of others)"
        for one in listed
    )
    more = f"; single positions that are informative on train: {shown}" if listed else ""
    evidence = {"positions": listed, "tried": len(climb.ladder.positions)}
    name, where = f"position {place_words(rung.detail)} alone", {"position": rung.detail}
    shortcut = Shortcut(name, where, climb.answers[rung.name], evidence, more)
    yield from report_shortcut(Rule(CODE, THRESHOLD), analysis, shortcut, _tellers(analysis, int(rung.detail)))


def _tellers(analysis: Analysis, best: int) -> list[Teller]:
    """The position that is right most often, then those that tell a class best."""
    found = analysis.baselines.chosen.positions
    order = sorted(found, key=lambda position: (position != best, -found[position].informed))[:MOST_TELLERS]
    n = len(analysis.tokens)
    tellers: list[Teller] = []
    for place in order:
        name, where, one = f"position {place_words(place)} alone", {"position": str(place)}, found[place]
        if one.label is not None:
            tellers.append(Teller(name, where, at_position(place, n), one.label, one.informed))
    return tellers


def _list_positions(analysis: Analysis) -> list[dict[str, Any]]:
    """Positions that alone gain something on train, best first, each with the token that tells a class best."""
    split, positions = analysis.baselines.splits["train"], analysis.baselines.ladder.positions
    counts = np.bincount(split.labels, minlength=analysis.n_classes)
    base = counts.max() / max(counts.sum(), 1)
    best = sorted(positions, key=lambda position: -positions[position])[:MOST_LISTED]
    found: list[dict[str, Any]] = [
        {
            "position": position,
            "accuracy_on_train": positions[position],
            **_telling(analysis, token_at(split.rows, int(position)), split.labels, counts),
        }
        for position in best
        if positions[position] - base >= LEAST_LISTED
    ]
    return [one for one in found if one["in_class"] - one["in_others"] >= LEAST_TELLING]


def _telling(dataset: AuditDataset, tokens: np.ndarray, labels: np.ndarray, counts: np.ndarray) -> dict[str, Any]:
    """The token and class with the largest difference between its share in the class and in the others."""
    has = np.flatnonzero(tokens != NONE)
    pairs, rows = np.unique(tokens[has] * dataset.n_classes + labels[has], return_counts=True)
    token, label = np.divmod(pairs, dataset.n_classes)
    everywhere = np.bincount(tokens[has], minlength=len(dataset.tokens))[token]
    inside = rows / counts[label]
    outside = (everywhere - rows) / np.maximum(counts.sum() - counts[label], 1)
    best = int((inside - outside).argmax())
    return {
        "token": dataset.tokens[int(token[best])],
        "class": dataset.labels[int(label[best])],
        "in_class": float(inside[best]),
        "in_others": float(outside[best]),
    }
