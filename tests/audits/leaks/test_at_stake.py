"""What a leak is worth before any model is there: its share at most, and what the best trivial baseline proves."""

import numpy as np
import pytest

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.checking import observe
from brittlestar.audits.leaks.at_stake import compare_without, grade_leak
from brittlestar.audits.leaks.shared_rows import exact
from brittlestar.claims.effects import weigh_alone
from brittlestar.core.findings import Finding
from tests.audits.making import make_analysis


def make_copies(copies: int, remembered: bool) -> Analysis:
    """Train's rows have a token of their own, and labels that nothing tells; `copies` of test's 400 rows are copies,
    with train's label where they are `remembered`, with a random one else."""
    random = np.random.default_rng(4)
    labels = random.choice(["x", "y"], 600).tolist()
    rows = [" ".join([f"own{k}", *(f"t{j}" for j in random.integers(0, 60, 12))]) for k in range(600)]
    test = [" ".join(f"t{j}" for j in random.integers(0, 60, 13)) for _ in range(400)]
    of_test = random.choice(["x", "y"], 400).tolist()
    if remembered:
        of_test[:copies] = labels[:copies]
    return make_analysis({"train": (rows, labels), "test": (rows[:copies] + test[copies:], of_test)})


def find_copies(made: Analysis) -> Finding:
    (found,) = exact.function(made)
    return found


@pytest.mark.parametrize(
    ("copies", "remembered", "severity"),
    [(3, True, "info"), (8, True, "warning"), (100, True, "error"), (100, False, "warning")],
)
def test_copies_are_an_error_where_a_trivial_baseline_lives_on_them(
    copies: int, remembered: bool, severity: str
) -> None:
    found = find_copies(make_copies(copies, remembered))
    (weighed,) = weigh_alone([found], "test")
    assert (weighed.status, weighed.severity) == ("present", severity)
    assert (found.evidence["rows_concerned"], found.evidence["of_rows"]) == (copies, 400)
    assert ("without_rows" in found.evidence) == (copies >= 4)
    assert "where a point of score" in found.threshold


def test_the_change_is_that_of_two_scores_and_its_interval_that_of_drawing_rows() -> None:
    made = make_copies(100, True)
    rows = made.splits["test"]
    found = compare_without(made, rows, np.arange(100))
    assert found is not None
    answers = made.baselines.answers[found["baseline"]]["test"]
    right = answers.predicted[0] == rows.labels
    clean = np.arange(400) >= 100

    def change(some: np.ndarray) -> float:
        """Of drawn rows: class by class, as many as there are of all."""
        mine = [some[rows.labels[some] == label] for label in np.unique(rows.labels)]
        return 100 * sum(len(one) / len(some) * (right[one][clean[one]].mean() - right[one].mean()) for one in mine)

    assert found["points"] == pytest.approx(change(np.arange(400)))
    random = np.random.default_rng(0)
    changes = [change(random.integers(0, 400, 400)) for _ in range(2_000)]
    assert found["interval"] == pytest.approx(np.quantile(changes, (0.025, 0.975)).tolist(), abs=1.0)


def test_where_all_rows_are_copies_all_of_the_score_rests_on_them() -> None:
    made = make_copies(400, False)
    assert compare_without(made, made.splits["test"], np.arange(400)) is None
    assert find_copies(made).severity == "error"
    one_left = grade_leak(made, made.splits["test"], np.arange(399), observe("Copies"))
    assert (one_left.severity, one_left.evidence) == ("warning", {}), "one row tells nothing"


def test_of_a_part_that_was_looked_at_the_share_counts() -> None:
    made = make_copies(3, True)
    rows, found = made.splits["test"], observe("Copies")
    assert grade_leak(made, rows, np.arange(3), found).severity == "info"
    assert grade_leak(made, rows, np.arange(3), found, looked_at=0.5).severity == "warning"
