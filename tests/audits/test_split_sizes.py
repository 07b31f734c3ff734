"""What a split is too small to decide is said with numbers that hold."""

import re

import numpy as np
import pytest

from brittlestar import audit, check, split
from brittlestar.audits.split_sizes import note_small_splits
from brittlestar.core.trivial_baselines import Score, TrivialBaseline, TrivialBaselines
from brittlestar.statistics.power import rows_for
from brittlestar.statistics.proportions import wilson_interval
from brittlestar.statistics.row_bounds import SplitRows, estimate_over_rows
from brittlestar.statistics.t_intervals import t_quantile
from tests.audits.making import Made, make_analysis

Rows = tuple[list[str], list[str]]


def told(seed: int, size: int) -> Rows:
    """Rows of which one word in three tells the class nine times of ten."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 2, size)
    words = np.where(random.random(size) < 0.9, labels, 1 - labels)
    rows = [f"a{word} b{random.integers(40)} c{random.integers(40)}" for word in words]
    return rows, [f"c{label}" for label in labels]


def baselines(made: Made) -> TrivialBaselines:
    return make_analysis(made).baselines.trivial


def test_a_small_split_says_what_it_tells_and_how_many_rows_would_tell_five_points() -> None:
    found = baselines({"train": told(0, 600), "dev": told(1, 2000), "test": told(2, 58)})
    (note,) = note_small_splits(found)
    score = max((one.score("test", "accuracy") for one in found.members), key=lambda score: score.value or 0.0)
    low, high = score.interval or (0.0, 0.0)
    assert f"test decides little: the 95 % interval of {100 * (score.value or 0):.1f} on 58 rows" in note
    assert f"±{50 * (high - low):.1f} points" in note
    points, rows = re.search(r"by about (\d+) points; about ([\d,]+) rows would tell 5", note).groups()  # type: ignore[union-attr]
    middle = (low + high) / 2
    assert float(rows.replace(",", "")) == pytest.approx(rows_for(0.05, middle), rel=0.06)
    assert rows_for(int(points) / 100, middle) <= 58 < rows_for((int(points) - 1) / 100, middle)


def test_splits_that_know_their_score_within_five_points_say_nothing() -> None:
    assert [*note_small_splits(baselines({"train": told(0, 600), "test": told(2, 400)}))] == []


def test_rows_that_are_drawn_four_together_need_to_be_four_times_as_many() -> None:
    interval = wilson_interval(0.8, 100, t_quantile(0.975, 399))
    known = TrivialBaseline("linear", "linear", scores={"all": {"test": {"accuracy": Score(0.8, interval, 400)}}})
    (note,) = note_small_splits(TrivialBaselines((known,), {}, ("accuracy",), {"test": 400}, {}))
    rows = int(re.findall(r"about ([\d,]+) rows", note)[0].replace(",", ""))
    assert rows == pytest.approx(4 * rows_for(0.05, sum(interval) / 2), rel=0.06)


@pytest.mark.parametrize(("share", "difference"), [(0.6, 0.05), (0.8, 0.1), (0.8, 0.2), (0.95, 0.05)])
def test_so_many_rows_reach_the_power_by_the_interval_that_decides(share: float, difference: float) -> None:
    random, n, found = np.random.default_rng(4), int(np.ceil(rows_for(difference, share))), 0
    for _ in range(300):
        one, other = (random.random(n) < share + shift for shift in (difference / 2, -difference / 2))
        values = one.astype(float) - other
        estimate = estimate_over_rows([SplitRows((), values, None, (-1.0, 1.0), (one * 1.0, other * 1.0))])
        found += estimate.interval(0.05)[0] > 0
    assert 0.73 <= found / 300 <= 0.93  # 80 %, three standard errors, and whole rows


def test_split_check_and_audit_say_it() -> None:
    rows, labels = told(3, 300)
    frame = [{"sequence": row, "label": label} for row, label in zip(rows, labels, strict=True)]
    made = split(frame, progress=False)
    assert made.notes[-1].startswith("test decides little") and made.document["notes"][-1] == made.notes[-1]
    data = {"train": told(0, 600), "test": told(2, 58)}
    for found in (audit(data, progress=False), check(data, progress=False)):
        assert [note for note in found.notes if note.startswith("test decides little")]
    predictions = {"test": ["c1", *told(2, 58)[1][:-1]]}
    assert any("decides little" in note for note in check(data, predictions=predictions, progress=False).notes)
