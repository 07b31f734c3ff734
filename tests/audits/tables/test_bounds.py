"""Where a table's norms, cosines and empty rows become a finding, and rows too long or padded elsewhere: both sides."""

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr

from brittlestar.audits.tables.places import padding_side, position_overflow
from brittlestar.audits.tables.vectors import collapsed_vectors, exploding
from brittlestar.core.findings import Finding
from tests.audits.making import Made, make_analysis

TOKENS = 41
"""So many that the 5th and the 95th percentile are the third and the third to last."""


def of_table(check: object, vectors: np.ndarray, folder: Path, more: int = 0) -> Finding:
    """Tokens t0, t1, … of which each is one more time in train than the one before, and so many more in the table."""
    names = [f"t{k}" for k in range(len(vectors) - more)]
    tokens = [name for k, name in enumerate(names) for _ in range(k + 1)]
    np.random.default_rng(0).shuffle(tokens)
    rows = [" ".join(tokens[start : start + 10]) for start in range(0, len(tokens), 10)]
    every = [*names, *(f"other{k}" for k in range(more))]
    lines = [f"{name} {' '.join(f'{x:.9g}' for x in row)}" for name, row in zip(every, vectors, strict=True)]
    (folder / "table.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    settings = {"model.embedding.table": str(folder / "table.txt"), "model.embedding.mode": "frozen-pretrained"}
    labels = [f"c{k % 2}" for k in range(len(rows))]
    (found,) = check.function(make_analysis({"train": (rows, labels)}, settings))  # type: ignore[attr-defined]
    return found


def of_norms(norms: np.ndarray, folder: Path) -> Finding:
    directions = np.random.default_rng(1).normal(size=(len(norms), 8))
    return of_table(exploding, norms[:, None] * directions / np.linalg.norm(directions, axis=1)[:, None], folder)


def spread_norms(ratio: float, correlation: float) -> np.ndarray:
    """Norms whose 95th percentile is `ratio` times the 5th, which grow or fall with the tokens' frequency save that
    the shortest stand the other way round: as many as bring the rank correlation nearest to the asked one."""
    places = np.arange(TOKENS)
    orders = [np.r_[places[:many][::-1], places[many:]] for many in places]
    found = [float(spearmanr(order, places).statistic) for order in orders]
    order = orders[int(np.argmin(np.abs(np.array(found) - abs(correlation))))]
    return ratio ** ((order if correlation > 0 else TOKENS - 1 - order) / (TOKENS - 5))


@pytest.mark.parametrize(
    ("ratio", "correlation", "status"),
    [
        (4.9, 0.55, "absent"),
        (5.1, 0.55, "present"),
        (5.1, 0.45, "absent"),
        (2.45, 0.85, "absent"),
        (2.55, 0.85, "present"),
        (2.55, 0.75, "absent"),
        (14.5, -0.55, "absent"),  # healthy tables give rare tokens longer rows
        (15.5, -0.55, "present"),
        (15.5, -0.45, "absent"),
    ],
)
def test_norms_explode_by_their_ratio_and_how_they_follow_frequency(
    ratio: float, correlation: float, status: str, tmp_path: Path
) -> None:
    found = of_norms(spread_norms(ratio, correlation), tmp_path)
    assert found.evidence["ratio"] == pytest.approx(ratio)
    assert found.evidence["rank_correlation_with_frequency"] == pytest.approx(correlation, abs=0.04)
    assert found.status == status


@pytest.mark.parametrize(("times", "status"), [(99, "absent"), (101, "present")])
def test_one_row_explodes_from_a_hundred_times_the_median_on(times: float, status: str, tmp_path: Path) -> None:
    found = of_norms(np.where(np.arange(TOKENS) == 20, times, 1.0), tmp_path)
    assert found.status == status and found.evidence["longest_tokens"][0] == "t20"


@pytest.mark.parametrize(
    ("cosine", "found"),
    [
        (0.94, ("absent", None)),
        (0.96, ("present", "warning")),
        (0.985, ("present", "warning")),
        (0.995, ("present", "warning")),
    ],
)
def test_rows_collapse_from_a_mean_cosine_of_95_hundredths_on(
    cosine: float, found: tuple[str, str | None], tmp_path: Path
) -> None:
    """One shared direction, and one of its own for each row, at right angles to all others."""
    own = np.eye(TOKENS, TOKENS + 1) * np.sqrt(1 - cosine)
    own[:, -1] = np.sqrt(cosine)
    one = of_table(collapsed_vectors, own, tmp_path)
    assert one.evidence["mean_cosine"] == pytest.approx(cosine, abs=1e-6)
    assert (one.status, one.severity) == found


@pytest.mark.parametrize(("token", "status"), [(7, "absent"), (8, "present")])
def test_empty_rows_collapse_from_one_per_cent_of_tokens_on(token: int, status: str, tmp_path: Path) -> None:
    """Token k stands k + 1 times among 861."""
    vectors = np.eye(TOKENS)
    vectors[token] = 0
    found = of_table(collapsed_vectors, vectors, tmp_path)
    assert found.evidence["dead"]["share"] == pytest.approx((token + 1) / 861)
    assert found.status == status


@pytest.mark.parametrize(("twins", "status"), [(10, "absent"), (12, "present")])
def test_near_twins_collapse_from_a_quarter_of_the_tokens_on(twins: int, status: str, tmp_path: Path) -> None:
    vectors = np.eye(TOKENS)
    vectors[1:twins:2] = vectors[0:twins:2]
    found = of_table(collapsed_vectors, vectors, tmp_path)
    assert (found.evidence["twins"], found.status) == (twins, status)


@pytest.mark.parametrize(
    ("longer", "n", "status"), [(4, 100, "absent"), (5, 100, "present"), (5, 501, "absent"), (6, 501, "present")]
)
def test_positions_overflow_from_one_per_cent_and_five_rows_on(longer: int, n: int, status: str) -> None:
    def rows(lengths: list[int]) -> tuple[list[str], list[str]]:
        return [" ".join(["a"] * length) for length in lengths], ["x", "y"] * (len(lengths) // 2) + ["x"] * (n % 2)

    train = (["a b c d"] * 50, ["x", "y"] * 25)
    (found,) = position_overflow.function(
        make_analysis({"train": train, "test": rows([5] * longer + [4] * (n - longer))})
    )
    assert (found.status, found.evidence["longest_in_train"]) == (status, 4)


def padded(starts: dict[str, int], n: dict[str, int]) -> dict[str, Finding]:
    """Rows of four tokens and two of padding: so many at the start, the rest at the end."""
    splits: Made = {}
    for name, size in n.items():
        rows = [
            f"<pad> <pad> a b c d{k % 7}" if k < starts[name] else f"a b c d{k % 7} <pad> <pad>" for k in range(size)
        ]
        splits[name] = rows, [f"c{k % 2}" for k in range(size)]
    return {finding.where.get("split", ""): finding for finding in padding_side.function(make_analysis(splits))}


@pytest.mark.parametrize(
    ("train", "test", "found"),
    [
        (0, 19, ("absent", None)),
        (0, 21, ("present", "warning")),  # 2 % of the split's padded rows
        (0, 100, ("present", "warning")),  # 10 %
        (40, 59, ("absent", None)),  # beyond train's 4 %
        (40, 61, ("present", "warning")),
        (200, 301, ("present", "warning")),  # 80 % of train on one side
        (201, 400, ("absent", None)),  # train has no side
    ],
)
def test_another_side_is_2_points_more_than_in_train(train: int, test: int, found: tuple[str, str | None]) -> None:
    one = padded({"train": train, "test": test}, {"train": 1_000, "test": 1_000})["test"]
    assert (one.status, one.severity) == found


@pytest.mark.parametrize(
    ("start", "n", "status"),
    [(49, 1_000, "absent"), (50, 1_000, "present"), (950, 1_000, "present"), (5, 19, "absent")],
)
def test_train_is_mixed_from_5_per_cent_of_twenty_rows_on(start: int, n: int, status: str) -> None:
    assert padded({"train": start, "test": 0}, {"train": n, "test": 30})["train"].status == status
