import numpy as np
import pytest
from scipy.stats import binom

from brittlestar.audits.rows.truncation import kappa, pile_of, truncation
from brittlestar.core.findings import Finding
from tests.audits.making import Made, make_analysis


def made(n: int = 2_000, low: int = 6, high: int = 24, last: bool = False) -> Made:
    """Labels by the last token, or by whether t0 stands anywhere."""
    random = np.random.default_rng(5)
    splits: Made = {}
    for name, size in (("train", n), ("dev", n // 4), ("test", n // 4)):
        rows = [random.integers(0, 20, random.integers(low, high + 1)) for _ in range(size)]
        labels = [f"c{int(row[-1] % 2 if last else (row == 0).any())}" for row in rows]
        splits[name] = [" ".join(f"t{k}" for k in row) for row in rows], labels
    return splits


def cut(splits: Made, limit: int, *names: str) -> Made:
    def shorter(row: str) -> str:
        return " ".join(row.split()[:limit])

    return {n: ([shorter(row) if n in names else row for row in rows], y) for n, (rows, y) in splits.items()}


def findings(splits: Made) -> dict[str, Finding]:
    return {finding.where.get("split", ""): finding for finding in truncation.function(make_analysis(splits))}


@pytest.mark.parametrize("name", ["train", "test"])
def test_a_split_that_was_cut_while_others_are_longer_is_found_with_its_rows(name: str):
    splits = cut(made(), 18, name)
    found = findings(splits)[name]
    assert (found.status, found.severity) == ("present", "warning")
    whole = [k for k, row in enumerate(splits[name][0]) if len(row.split()) == 18]
    assert [int(one) for one in found.evidence["row_ids"]] == whole


def test_rows_that_lost_the_token_that_decides_are_found_where_all_splits_were_cut():
    found = findings(cut(made(last=True), 18, "train", "dev", "test"))["train"]
    assert found.status == "present"
    assert found.evidence["signal"]["model"] == "last token"
    assert found.evidence["signal"]["kappa_below"] > 0.9
    assert found.evidence["p"] < 1e-6


def test_a_pile_that_loses_nothing_is_not_called_a_cut():
    random = np.random.default_rng(1)
    splits: Made = {}
    for name, size in (("train", 2_000), ("test", 500)):
        rows = [random.integers(0, 20, min(random.geometric(0.1) + 2, 16)) for _ in range(size)]
        splits[name] = [" ".join(f"t{k}" for k in row) for row in rows], [f"c{row[-1] % 2}" for row in rows]
    assert {finding.status for finding in findings(splits).values()} == {"inconclusive"}


@pytest.mark.parametrize(
    "lengths",
    [
        np.full(500, 60),
        np.repeat(np.arange(8, 25), 30),
        np.repeat([5, 10, 20], 200),
        np.round(np.exp(np.random.default_rng(0).normal(3, 0.7, 2_000))).astype(np.int64),
        np.asarray([1, 2, 3, 4] * 200),
        np.zeros(50, np.int64),
        np.zeros(0, np.int64),
    ],
)
def test_lengths_without_a_pile(lengths: np.ndarray):
    assert pile_of(lengths) is None


def test_longer_rows_in_a_split_declared_as_shifted_are_info():
    splits = cut(made(), 18, "train", "dev")
    splits["shift_long"] = splits.pop("test")
    splits["train"] = splits["train"][0], [f"c{k % 2}" for k in range(2_000)]
    assert findings(splits)["train"].severity == "info"


def test_kappa_is_that_of_the_formula():
    random = np.random.default_rng(2)
    labels = random.integers(0, 3, 400)
    answers = np.where(random.random(400) < 0.6, labels, random.integers(0, 3, 400))
    found = kappa(answers, labels)
    assert found is not None
    table = np.histogram2d(labels, answers, bins=[range(4), range(4)])[0] / 400
    expected = float(table.sum(axis=0) @ table.sum(axis=1))
    assert found[0] == pytest.approx((np.trace(table) - expected) / (1 - expected))
    assert kappa(answers[:10], labels[:10]) is None
    assert kappa(np.zeros(50, np.int64), np.zeros(50, np.int64)) is None


def test_p_of_longer_rows_is_that_of_all_of_them_falling_into_one_split():
    splits = cut(made(400), 20, "train", "dev")
    found = findings(splits)["train"]
    longer = sum(len(row.split()) > 20 for row in splits["test"][0])
    assert found.evidence["longer"]["p"] == pytest.approx(binom.pmf(longer, longer, 100 / 500))


def without_labels(lengths: np.ndarray) -> Made:
    random = np.random.default_rng(5)
    rows = [" ".join(f"t{k}" for k in random.integers(0, 20, n)) for n in lengths]
    labels = [f"c{k}" for k in random.integers(0, 2, len(lengths))]
    return {name: (rows[start::2], labels[start::2]) for start, name in enumerate(("train", "test"))}


@pytest.mark.parametrize("maximum", [24, 60])
def test_a_pile_of_half_of_the_rows_stands_out_though_every_split_is_cut(maximum: int):
    random = np.random.default_rng(maximum)
    lengths = np.minimum(random.normal(maximum, maximum / 2.5, 1_600).clip(2).astype(np.int64), maximum)
    found = findings(without_labels(lengths))
    assert {(one.status, one.severity) for one in found.values()} == {("present", "warning")}
    assert all(one.evidence["p"] < 1e-6 for one in found.values())


def test_windows_with_shorter_last_pieces_are_not_called_cut():
    random = np.random.default_rng(2)
    lengths = np.where(random.random(1_600) < 0.6, 50, random.integers(1, 50, 1_600))
    assert {finding.status for finding in findings(without_labels(lengths)).values()} == {"inconclusive"}
