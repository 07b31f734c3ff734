"""Not applicable is what has nothing to look at, and nothing else; of tables, `tables/test_tables.py` shows it."""

from collections.abc import Sequence

import pytest

from brittlestar.audits.analysis import Analysis
from brittlestar.core.catalogue import find_checks
from brittlestar.core.findings import Status
from tests.audits.making import make_analysis, make_grouped, three_splits

BESIDE_TRAIN = [
    "leak.exact", "leak.near", "leak.preprocess", "leak.selection", "shift.label", "shift.length", "shift.vocabulary",
    "shift.composition", "shift.order", "shift.combination", "shift.overall", "label.missing", "token.mismatch",
    "position.overflow",
]  # fmt: skip


def statuses(code: str, analysis: Analysis) -> set[Status]:
    return {finding.status for finding in find_checks("data")[code].function(analysis)}


@pytest.mark.parametrize("code", BESIDE_TRAIN)
def test_without_a_second_split_there_is_nothing_to_compare(code: str) -> None:
    rows = three_splits((60, 6, 6))
    assert statuses(code, make_analysis({"train": rows["train"]})) == {"not-applicable"}
    few = statuses(code, make_analysis(rows))
    assert "not-applicable" not in few or code == "leak.preprocess", "six rows are too few, and are looked at"


def grouped(splits: Sequence[str]) -> Analysis:
    rows = [(f"a{k} b{k % 7}", str(k % 2), f"g{k // 2}") for k in range(80)]
    return make_grouped(
        {name: rows if name in splits else [(*row[:2], None) for row in rows] for name in ("train", "test")}
    )


def test_groups_need_a_column_in_both_splits() -> None:
    assert statuses("leak.group", make_analysis(three_splits((60, 6, 6)))) == {"not-applicable"}
    assert statuses("leak.group", grouped(["train", "test"])) == {"present"}
