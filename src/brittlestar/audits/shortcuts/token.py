"""Finding `shortcut.token`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from brittlestar.audits.material import Material
from brittlestar.audits.shortcuts.occurrences import has_token
from brittlestar.audits.shortcuts.reporting import RULE, Shortcut, reported
from brittlestar.audits.shortcuts.scoring import Answers
from brittlestar.core.findings import Finding

CODE = "shortcut.token"
THRESHOLD = f"Whether one token stands in the row. {RULE}"


def check(material: Material) -> Iterator[Finding]:
    """Whether one marker token stands in a row does much of the work.

    **What it means.** A model that looks for one token and reads nothing else gets a large part of the score, or
    recognises one class altogether. Where that token is the rule this is as it should be, so it is information; it is
    a warning where the tie between token and class holds on train and breaks on another split.

    **How it is decided.** On train (50,000 rows of it, if there are more) two tokens are chosen: the one whose presence
    or absence is right about most rows, and, with more than two classes, the one that tells a single class from the
    rest with fewest errors. Both are then scored on test (else dev, else out of fold on train), and on every other
    split it is asked how much more often the token's class is named in rows of the class than in other rows, with
    train's other classes weighted to that split's, so that changed class shares alone do not count as a break.

    **Thresholds.** Present: at least 10 % of rows right above the majority class, or 20 % of its errors removed,
    and 20 % of the way to the best known; or half of the errors removed at telling one class from the rest, for a class
    of at least half the average size. Broken: the difference falls by .2 and to half of train's or less, for a token
    that does half of the work, or decides its class, on train.

    **What it cannot see.** Markers of several tokens, and counts; whether the token is the rule or an accident.

    **What to do.** If it is an accident (an id, a unit, a quotation mark), take the token out or spread it alike.
    """
    climb = material.climb
    rung, chosen = climb.ladder.rung("marker"), climb.markers
    if rung is None or chosen.best is None:
        yield Finding(CODE, "inconclusive", "Train has no tokens; 50 rows with tokens would do.", THRESHOLD)
        return
    yield from reported(CODE, THRESHOLD, material, _shortcut(material, chosen.best, climb.answers[rung.name]))
    if material.n_classes > 2 and chosen.marker is not None and chosen.marked is not None and chosen.room >= 0.5:
        if chosen.marker == chosen.best:
            return
        answers = _marking(material, chosen.marker, chosen.marked)
        yield from reported(CODE, THRESHOLD, material, _shortcut(material, chosen.marker, answers, chosen.marked))


def _shortcut(material: Material, token: int, answers: Mapping[str, Answers], label: int | None = None) -> Shortcut:
    name = material.tokens[token]
    return Shortcut(f"token {name!r} alone", {"token": name}, answers, label)


def _marking(material: Material, token: int, label: int) -> dict[str, Answers]:
    """Answers that name the class where the token stands, else the most frequent other class of train."""
    counts = np.bincount(material.train.labels, minlength=material.n_classes)
    counts[label] = -1
    other = int(counts.argmax())
    found: dict[str, Answers] = {}
    for name, split in material.climb.splits.items():
        predicted = np.where(has_token(split.rows, token), label, other).astype(np.int32)
        ones = np.ones(len(predicted))
        found[name] = Answers(predicted, ones, (predicted == split.labels) * 1.0, ones > 0, hard=True)
    return found
