"""What counts as an effect, as most of the work, as a class told and as a fall: just below each bound, and above it."""

from dataclasses import replace

import numpy as np
import pytest

from brittlestar.audits.shortcuts.bag import bag
from brittlestar.audits.shortcuts.effect import ClassEffect, ShortcutEffect
from brittlestar.audits.shortcuts.hold import Hold
from brittlestar.core.findings import Finding
from tests.answers import make_probabilities

from ..making import make_analysis, three_splits

HARD = ShortcutEffect(1_000, 0.5, 0.4, 1.0, "bag", better=200, worse=100)
"""A tenth of all rows above the majority class, a sixth of its errors and of the way to the best known."""


@pytest.mark.parametrize(
    ("score", "majority", "best", "counts", "works"),
    [
        (0.5999, 0.5, 0.7, False, False),  # less than 10 % of rows, and 20 % of the errors
        (0.6001, 0.5, 0.7, True, True),  # 10 % of rows
        (0.9199, 0.9, 0.95, False, False),
        (0.9201, 0.9, 0.95, True, False),  # 20 % of the errors
        (0.6001, 0.4, 1.41, False, False),  # less than 20 % of the way to the best known
        (0.6001, 0.4, 1.40, True, False),
        (0.6001, 0.4, 0.81, True, False),  # less than half of the way
        (0.6001, 0.4, 0.80, True, True),
        (0.5, 0.5, 0.5, False, False),  # there is no way to go
        (1.0, 1.0, 1.0, False, False),  # and no error
    ],
)
def test_an_effect_is_a_tenth_of_rows_or_a_fifth_of_errors_and_a_fifth_of_the_way(
    score: float, majority: float, best: float, counts: bool, works: bool
) -> None:
    found = replace(HARD, score=score, majority=majority, best=best)
    assert (found.counts, found.works) == (counts, works)


@pytest.mark.parametrize(
    ("own", "of_own", "others", "of_others", "counts"),
    [
        (50, 100, 0, 900, True),
        (49, 100, 0, 900, False),  # named in 49 points more of its own rows
        (60, 100, 60, 900, True),
        (60, 100, 61, 900, False),  # wrong more often than right
        (3, 3, 0, 0, False),  # nothing to compare with
    ],
)
def test_a_class_is_told_by_half_and_rightly_more_often_than_not(
    own: int, of_own: int, others: int, of_others: int, counts: bool
) -> None:
    assert ClassEffect(own, of_own, others, of_others).counts == counts


@pytest.mark.parametrize(
    ("train", "here", "falls"),
    [
        ((0.41, 0.0), (0.20, 0.0), True),
        ((0.41, 0.0), (0.22, 0.01), False),  # more than half is kept
        ((0.41, 0.0), (0.22, 0.02), True),
        ((0.39, 0.0), (0.195, 0.0), False),  # half, but less than 20 points
        ((0.39, 0.0), (0.18, 0.0), True),
        ((0.9, 0.2), (0.9, 0.6), True),  # by what is named elsewhere
    ],
)
def test_a_fall_is_20_points_and_half(train: tuple[float, float], here: tuple[float, float], falls: bool) -> None:
    assert Hold(train, here, 100, 3.0).falls == falls


def against_a_model(better: dict[str, float]) -> list[Finding]:
    """Labels that t0 tells in four rows of five, and a model that is right where the bag is, and on so many rows more:
    a share of the majority class's errors on test, of the rows on dev."""
    random, made = np.random.default_rng(1), three_splits((600, 200, 400))
    for name, (rows, labels) in made.items():
        other = random.random(len(rows)) < 0.2
        made[name] = (
            rows,
            [{"yes": "no", "no": "yes"}[label] if o else label for label, o in zip(labels, other, strict=True)],
        )
    whole, tables = make_analysis(made), {}
    for name, share in better.items():
        labels, answers = whole.splits[name].labels, whole.baselines.answers["bag of tokens"][name].predicted[0].copy()
        wrong = np.flatnonzero(answers != labels)
        more = int(share * (min(np.bincount(labels)) if name == "test" else len(labels)))
        answers[wrong[:more]] = labels[wrong[:more]]
        tables[name] = make_probabilities(np.eye(2)[answers], bare=True)
    return list(bag.function(replace(whole, predictions={"model": tables})))


def test_order_adds_from_a_twentieth_of_the_errors_on_and_on_another_split_from_a_tenth_of_the_rows() -> None:
    (absent,) = against_a_model({"test": 0.06, "dev": 0.0})
    assert absent.status == "absent" and absent.evidence["order"]["name"].endswith("model")
    only, errors = absent.evidence["order"]["only_order_right"], 400 * (1 - absent.evidence["majority"])
    assert 0.05 <= only / errors <= 0.06 and absent.evidence["only_bag_right"] == 0
    assert absent.evidence["added_by_order"] == pytest.approx(only / errors)
    (present,) = against_a_model({"test": 0.045, "dev": 0.095})
    assert (present.status, present.severity) == ("present", "info")
    _, warning = against_a_model({"test": 0.045, "dev": 0.105})
    assert (warning.severity, warning.where) == ("warning", {"split": "dev"})
