"""One fact about a split is told once, by the shortcut that tells most of it."""

import numpy as np

from brittlestar.audits.running import audit_dataset
from brittlestar.core.findings import Finding
from tests.audits.making import Made, make_analysis, random_rows

SIZES = {"train": 1500, "dev": 300, "test": 400}


def made(place: int | None, seed: int = 0, broken: bool = False, elsewhere: float = 0.0) -> Made:
    """Rows of which one class carries a marker: at a fixed place, or anywhere where that is None; a share of the other
    class carries it `elsewhere`. On test the marker stands in random rows where it is `broken`."""
    random = np.random.default_rng(seed)
    found: Made = {}
    for name, size in SIZES.items():
        rows = [row.split() for row in random_rows(size, random, 12, 9, 15)]
        labels = random.integers(0, 2, size)
        tied = random.permutation(labels) if broken and name == "test" else labels
        for row, label in zip(rows, tied, strict=True):
            if label == 1:
                row[int(random.integers(len(row))) if place is None else place] = "mark"
            elif random.random() < elsewhere:
                row[7] = "mark"
        found[name] = [" ".join(row) for row in rows], [f"c{label}" for label in labels]
    return found


def present(splits: Made, severity: str) -> list[Finding]:
    found = audit_dataset(make_analysis(splits), only=["shortcut.token", "shortcut.position", "shortcut.length"])
    return [finding for finding in found if finding.severity == severity]


def test_a_marker_at_one_position_is_one_finding_that_names_the_other() -> None:
    (found,) = present(made(3), "warning")
    assert found.code == "shortcut.token", "the simpler of two that are as strong"
    assert any(one["code"] == "shortcut.position" for one in found.evidence["same_fact"])


def test_the_stronger_tells_it() -> None:
    (found,) = present(made(3, elsewhere=0.08), "warning")
    assert found.code == "shortcut.position"
    assert [one["code"] for one in found.evidence["same_fact"]] == ["shortcut.token"]


def test_what_another_check_tells_is_said_to_be_told_there() -> None:
    found = audit_dataset(make_analysis(made(3)), only=["shortcut.token", "shortcut.position"])
    (position,) = (finding for finding in found if finding.code == "shortcut.position")
    assert position.status == "absent"
    assert position.evidence["told_by"] == {"code": "shortcut.token", "where": {"split": "test", "token": "mark"}}


def test_different_facts_about_one_split_stay_apart() -> None:
    splits = made(None)
    random = np.random.default_rng(1)
    for name, (rows, labels) in splits.items():
        mostly = [label == "c1" if random.random() < 0.85 else label != "c1" for label in labels]
        splits[name] = [f"{'open' if one else 'shut'} {row}" for one, row in zip(mostly, rows, strict=True)], labels
    (first,), (second,) = present(splits, "warning"), present(splits, "info")
    assert first.where["token"] == "mark" != second.where["token"]
    assert [one["code"] for one in second.evidence["same_fact"]] == ["shortcut.token", "shortcut.position"]


def test_positions_that_only_repeat_the_length_are_told_with_it() -> None:
    random, splits = np.random.default_rng(0), {}
    for name, size in SIZES.items():
        labels = random.integers(0, 2, size)
        lengths = [int(random.integers(6, 13)) + 5 * int(label) for label in labels]
        rows = [" ".join(random.choice(list("abcdefghij"), length)) for length in lengths]
        splits[name] = rows, [f"c{label}" for label in labels]
    (found,) = present(splits, "info")
    assert found.code == "shortcut.length"
    assert {one["code"] for one in found.evidence["same_fact"]} == {"shortcut.position"}


def test_a_token_at_a_position_that_short_rows_lack_is_no_length() -> None:
    random, splits = np.random.default_rng(0), {}
    for name, size in SIZES.items():
        labels = random.integers(0, 2, size)
        rows = [list(random.choice(list("abcdefghij"), random.integers(6, 16))) for _ in labels]
        for row, label in zip(rows, labels, strict=True):
            if len(row) > 8:
                row[8] = "k" if label else "l"
        splits[name] = [" ".join(row) for row in rows], [f"c{label}" for label in labels]
    found = [one for severity in ("info", "warning") for one in present(splits, severity)]
    assert "shortcut.length" not in {one.code for one in found}
    assert {one.where.get("position", one.where.get("token")) for one in found} & {"9", "k", "l"}
