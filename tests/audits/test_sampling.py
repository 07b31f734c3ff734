"""Splits so large that models see a sample of them: which checks still see every row, and what the others say."""

from dataclasses import replace

import numpy as np
import pytest

from brittlestar.audits import analysis
from brittlestar.audits.analysis import Analysis, draw_sample, take_sample
from brittlestar.audits.running import audit_dataset
from brittlestar.core.catalogue import find_checks
from brittlestar.core.checks import Check
from brittlestar.core.findings import Finding
from tests.answers import make_probabilities
from tests.audits.making import make_analysis, three_splits

SEES_A_SAMPLE = {code for code, check in find_checks("data").items() if check.rows == "sample"}


@pytest.fixture
def small_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """2,000 tokens of a split are looked at."""
    monkeypatch.setattr(analysis, "MOST_TOKENS_OF_SPLIT", 2_000)


def leaky() -> Analysis:
    """4,000 rows of train, of which one stands in test, and one with a token of its own."""
    splits = three_splits((4000, 200, 400))
    train, test = splits["train"], splits["test"]
    test[0][:8] = train[0][3990:3998]
    test[1][:8] = train[1][3990:3998]
    train[0][7] += " rare"
    return make_analysis(splits)


@pytest.mark.usefixtures("small_budget")
def test_the_sample_fits_the_budget_and_is_drawn_once():
    analysis = leaky()
    rows = analysis.drawn["train"]
    assert len(analysis.sampled.train.codes) <= 1.1 * 2_000
    assert (np.diff(rows) > 0).all()
    np.testing.assert_array_equal(rows, draw_sample(analysis)["train"])
    np.testing.assert_array_equal(analysis.sampled.train.hashes, analysis.train.hashes[rows])
    np.testing.assert_array_equal(analysis.sampled.train_hashes, analysis.train.hashes)


@pytest.mark.usefixtures("small_budget")
def test_counts_of_copies_and_unseen_tokens_rest_on_every_row():
    analysis = leaky()
    found = {(finding.code, finding.where.get("split")): finding for finding in audit_dataset(analysis)}
    assert found["leak.exact", "test"].evidence["shared"] >= 8
    assert "drawn" not in found["leak.exact", "test"].evidence
    assert found["shift.vocabulary", "test"].evidence["unseen"] == 0
    unseen = ~np.isin(analysis.sampled.splits["test"].hashes, analysis.train.hashes)
    assert analysis.baselines.trivial.unseen["test"] == int(unseen.sum())
    assert any("All were fitted on" in note for note in analysis.baselines.trivial.notes)


@pytest.mark.usefixtures("small_budget")
def test_every_finding_of_a_sample_says_so_and_no_other():
    for finding in audit_dataset(leaky()):
        drawn = finding.evidence.get("drawn")
        assert (drawn is not None) == (finding.code in SEES_A_SAMPLE and bool(finding.evidence)), finding.code
        if drawn is not None:
            train = drawn["train"]
            assert train["of"] == 4000
            assert train["missed_below"] == 3 / train["rows"]
            assert f"{train['rows']:,} of 4,000 rows of train" in finding.summary


def test_given_predictions_go_with_their_rows():
    analysis = leaky()
    table = make_probabilities(np.arange(800.0).reshape(400, 2))
    taken = take_sample(replace(analysis, predictions={"main": {"test": table}}), {"test": np.array([1, 5, 7])})
    assert taken.predictions is not None
    np.testing.assert_array_equal(taken.predictions["main"]["test"].values, table.values[:, [1, 5, 7]])
    assert taken.splits["test"].n_rows == 3


@pytest.mark.usefixtures("small_budget")
@pytest.mark.parametrize(("rows", "seen"), [("all", 4000), ("sample", None)])
def test_an_own_check_sees_what_it_asks_for(rows: str, seen: int | None):
    looked: list[int] = []

    def look(analysis: Analysis) -> list[Finding]:
        """Counts rows."""
        looked.append(analysis.train.n_rows)
        return [Finding("own.rows", "absent", "Nothing.", "None.", evidence={"of": analysis.train.n_rows})]

    analysis = leaky()
    (found,) = audit_dataset(analysis, own=[Check("own.rows", look, rows=rows)], only=["own.rows"])  # type: ignore[arg-type]
    assert looked == [seen or len(analysis.drawn["train"])]
    assert ("drawn" in found.evidence) == (seen is None)
