"""Which rows are taken out, and that the rest is clean."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brittlestar.audits.cleaning import RULES, Cleaned, clean, find_removals

from .making import Made, make_analysis, make_grouped, three_splits


def gone(found: Cleaned) -> dict[tuple[str, int], str]:
    return {(removal.split, row): removal.code for removal in found.removals for row in removal.rows.tolist()}


def warned(found: Cleaned) -> list[str]:
    return [finding.code for finding in found.findings if finding.severity in ("error", "warning")]


def test_every_rule_by_hand() -> None:
    splits = {
        "train": (["a b", "a b", "a b", "c d", "c d", "e f", "g h"], ["1", "1", "0", "0", "1", "0", "1"]),
        "dev": (["e f", "i j", "k l", "k l", "m n"], ["0", "1", "0", "0", "1"]),
        "test": (["i j", "a b", "o p", "o p", "o p"], ["1", "0", "1", "1", "0"]),
        "shift_x": (["m n", "g h", "q r", "i j"], ["1", "1", "0", "1"]),
    }
    found = clean(make_analysis(splits))
    assert gone(found) == {
        ("train", 1): "data.duplicates",
        ("train", 2): "label.conflict",
        ("dev", 0): "leak.exact",
        ("dev", 1): "leak.selection",
        ("dev", 3): "data.duplicates",
        ("dev", 4): "leak.selection",
        ("test", 1): "leak.exact",
        ("test", 3): "data.duplicates",
        ("test", 4): "label.conflict",
        ("shift_x", 1): "leak.exact",
    }
    because = {
        (removal.split, row): (removal.other, why)
        for removal in found.removals
        for row, why in zip(removal.rows.tolist(), removal.because.tolist(), strict=True)
    }
    assert because == {
        ("train", 1): ("train", 0),
        ("train", 2): ("train", 0),
        ("dev", 0): ("train", 5),
        ("dev", 1): ("test", 0),
        ("dev", 3): ("dev", 2),
        ("dev", 4): ("shift_x", 0),
        ("test", 1): ("train", 0),
        ("test", 3): ("test", 2),
        ("test", 4): ("test", 2),
        ("shift_x", 1): ("train", 6),
    }
    assert "1 sequence with several labels, none of them the most frequent: all are kept" in found.notes
    assert "dev has lost every row of 1 class: '1'" in found.notes


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_no_row_is_lost_and_what_stays_is_in_no_earlier_split(seed: int) -> None:
    random = np.random.default_rng(seed)
    splits: Made = {}
    for name in ("train", "dev", "test", "shift_y"):
        n = int(random.integers(4, 40))
        rows = [" ".join(f"t{k}" for k in random.integers(0, 4, random.integers(0, 4))) for _ in range(n)]
        splits[name] = rows, ["a", "b", *random.choice(["a", "b", "c"], n - 2).tolist()]
    given_rows = make_analysis(splits)
    found = clean(given_rows)
    kept = {name: given_rows.splits[name].hashes[rows] for name, rows in found.kept.items()}
    for name, rows in found.kept.items():
        out = sorted(row for (split, row) in gone(found) if split == name)
        assert sorted([*rows.tolist(), *out]) == list(range(given_rows.splits[name].n_rows))
        assert name == "train" or not np.isin(kept[name], given_rows.train.hashes).any()
        pairs = list(zip(kept[name].tolist(), given_rows.splits[name].labels[rows].tolist(), strict=True))
        assert len(pairs) == len(set(pairs))
    assert not np.isin(kept["dev"], kept["test"]).any()
    assert set(kept["train"].tolist()) == set(given_rows.train.hashes.tolist()), "train loses no sequence"
    assert sum(len(removal.rows) for removal in found.removals) == len(gone(found)), "each row is taken out once"
    assert {removal.code for removal in found.removals} <= set(RULES)


def test_clean_splits_lose_nothing_but_chance_copies() -> None:
    found = clean(make_analysis(three_splits((600, 200, 300), tokens=30)))
    assert found.removals == () and not warned(found) and found.notes == ()


@pytest.mark.parametrize("share", [0.02, 0.3])
def test_planted_near_copies_are_taken_out_and_nothing_else(share: float) -> None:
    splits = three_splits((900, 300, 300), tokens=40, low=14, high=20)
    random = np.random.default_rng(5)
    planted: dict[str, list[int]] = {"dev": [], "test": []}
    for name in planted:
        rows, labels = splits[name]
        for i in random.choice(len(rows), round(share * len(rows)), replace=False).tolist():
            source = int(random.integers(900))
            tokens = splits["train"][0][source].split()
            tokens[random.integers(len(tokens))] = f"t{random.integers(40)}"
            rows[i], labels[i] = " ".join(tokens), splits["train"][1][source]
            planted[name].append(i)
    found = clean(make_analysis(splits))
    for name, rows in planted.items():
        out = {row for (split, row) in gone(found) if split == name}
        assert out == set(rows)
    assert not warned(found)


def test_groups_on_both_sides_leave_the_evaluation_splits_and_categories_stay() -> None:
    random = np.random.default_rng(0)

    def rows(n: int, first: int, last: int) -> list[tuple[str, str, str]]:
        made = three_splits((n, 1, 1), seed=int(random.integers(1000)), tokens=40, low=12)["train"]
        return [(s, y, f"g{random.integers(first, last)}") for s, y in zip(*made, strict=True)]

    found = clean(make_grouped({"train": rows(400, 0, 80), "test": rows(200, 60, 120)}))
    assert {removal.code for removal in found.removals} == {"leak.group"} and not warned(found)
    topics = clean(make_grouped({"train": rows(900, 0, 3), "test": rows(200, 0, 3)}))
    assert topics.removals == ()
    assert any(note.startswith("left as it is: leak.group") for note in topics.notes)


def test_a_split_that_is_all_in_train_and_one_file_used_twice_are_told() -> None:
    splits = three_splits((300, 100, 100), tokens=30)
    splits["dev"] = splits["test"]
    found = clean(make_analysis(splits))
    assert len(found.kept["dev"]) == 0 and len(found.kept["test"]) == 100
    assert found.notes == ("dev has no row left and is not written: all of its rows are in other splits",)
    splits["test"] = (splits["train"][0][:50], splits["train"][1][:50])
    found = clean(make_analysis(splits))
    assert len(found.kept["test"]) == 0 and len(found.kept["dev"]) == 100


def test_train_alone_is_cleaned_of_repeats() -> None:
    found = clean(make_analysis({"train": (["a", "a", "b", ""], ["1", "1", "0", "0"])}))
    assert gone(found) == {("train", 1): "data.duplicates"}


def test_near_copies_of_test_leave_dev() -> None:
    splits = three_splits((600, 200, 200), tokens=40, low=14, high=20)
    for i in range(20):
        tokens = splits["test"][0][i].split()
        splits["dev"][0][i] = " ".join([*tokens[:5], "t39" if tokens[5] != "t39" else "t1", *tokens[6:]])
    found = find_removals(make_analysis(splits), near={"dev"})
    assert {(removal.split, removal.code, removal.other): removal.rows.tolist() for removal in found} == {
        ("dev", "leak.near", "test"): list(range(20))
    }
