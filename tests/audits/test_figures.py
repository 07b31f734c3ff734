"""Figures about rows and tokens are of all of them, or say of which: recomputed from the rows as they were written."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from brittlestar.audits.leaks import near_rates
from brittlestar.audits.leaks.near import near_copies
from brittlestar.audits.running import audit_dataset
from brittlestar.audits.shifts import tokens
from brittlestar.audits.showing import percent
from brittlestar.audits.tokens import mismatch
from brittlestar.core.findings import Finding

from .making import Made, make_analysis, random_rows

Rows = Sequence[tuple[str, ...]]


def make_odd() -> Made:
    """Rows with copies in a split and across splits, conflicts, rare and unseen tokens, and rows without any."""
    random = np.random.default_rng(11)
    weights = 1 / np.arange(1, 401)
    splits: Made = {}
    for name, size, start in (("train", 900, 0), ("dev", 200, 0), ("test", 300, 30)):
        drawn = (random.choice(400, random.integers(3, 12), p=weights / weights.sum()) for _ in range(size))
        rows = [" ".join(f"w{start + k}" for k in row) for row in drawn]
        splits[name] = rows, random.choice(["x", "y", "z"], size, p=[0.5, 0.3, 0.2]).tolist()
    train, test = splits["train"][0], splits["test"][0]
    train[:60] = [train[60]] * 30 + train[61:91]
    test[:40], test[40:45], test[45:50] = train[100:140], [""] * 5, [f"new{k} other{k} w3" for k in range(5)]
    test[50:53] = ["w1 w2 w3 w4 w5 w6 " * 3] * 3
    return splits


@pytest.fixture(scope="module")
def made() -> Made:
    return make_odd()


@pytest.fixture(scope="module")
def found(made: Made) -> dict[tuple[str, str], Finding]:
    every = audit_dataset(make_analysis(made))
    assert all("failure" not in finding.evidence for finding in every)
    return {(finding.code, finding.where.get("split", "")): finding for finding in every}


def split_rows(made: Made, name: str) -> Rows:
    return [tuple(row.split()) for row in made[name][0]]


def test_shares_of_tokens_are_of_all_tokens_in_all_rows(made: Made, found: Mapping[tuple[str, str], Finding]) -> None:
    one = found["shift.composition", "test"]
    counts = {name: Counter(token for row in split_rows(made, name) for token in row) for name in ("train", "test")}
    total = {name: sum(each.values()) for name, each in counts.items()}
    for token in one.evidence["tokens"]:
        for name in ("train", "test"):
            assert token[name] == pytest.approx(counts[name][token["token"]] / total[name])
    top = one.evidence["tokens"][0]
    assert f"{percent(top['test'])} of all tokens, {percent(top['train'])} in train" in one.summary


def test_the_tokens_compared_are_said(made: Made, found: Mapping[tuple[str, str], Finding]) -> None:
    one = found["shift.composition", "test"]
    sides = {name: sorted(set(split_rows(made, name))) for name in ("train", "test")}
    holding = {name: Counter(token for row in rows for token in set(row)) for name, rows in sides.items()}
    both = holding["train"] + holding["test"]
    able = {token for token in holding["train"] if both[token] >= tokens.FEWEST_ROWS_HOLDING}
    every = [token for row in split_rows(made, "test") for token in row]
    share = sum(token in able for token in every) / len(every)
    assert one.evidence["share_compared"] == pytest.approx(share, abs=0.01)
    assert one.evidence["share_compared"] < 0.9
    assert f"frequent tokens ({percent(one.evidence['share_compared'])} of all)" in one.summary
    shares = {name: Counter(token for row in rows for token in row if token in able) for name, rows in sides.items()}
    total = {name: sum(each.values()) for name, each in shares.items()}
    variation = sum(abs(shares["test"][t] / total["test"] - shares["train"][t] / total["train"]) for t in able) / 2
    assert one.evidence["variation"] == pytest.approx(variation, abs=0.01)


def test_rows_that_are_not_counted_are_said(made: Made, found: Mapping[tuple[str, str], Finding]) -> None:
    for code in ("shift.length", "shift.composition"):
        one = found[code, "test"]
        kept = one.evidence["sampled"]
        assert kept["train"] < len(made["train"][0])
        assert f"{kept['train']:,} of {len(made['train'][0]):,} rows of train (copies once)" in one.summary


def test_where_every_row_and_token_counts_the_sentence_says_so() -> None:
    random = np.random.default_rng(0)
    splits = {name: (random_rows(size, random, tokens=20), ["x", "y"] * (size // 2)) for name, size in SIZES.items()}
    for finding in audit_dataset(make_analysis(splits), only=["shift.composition", "shift.length", "shift.order"]):
        assert "counted in" not in finding.summary and "of all)" not in finding.summary


SIZES = {"train": 400, "test": 300}


def test_rows_and_tokens_unseen_in_train(made: Made, found: Mapping[tuple[str, str], Finding]) -> None:
    known = {token for row in split_rows(made, "train") for token in row}
    rows = split_rows(made, "test")
    unseen = [token for row in rows for token in row if token not in known]
    with_unseen = [row for row in rows if not known.issuperset(row)]
    for code in ("shift.vocabulary", "token.mismatch"):
        assert found[code, "test"].evidence["unseen"] == len(unseen)
    one = found["shift.vocabulary", "test"]
    assert (one.evidence["rows_with_unseen"], one.evidence["rows_concerned"]) == (len(with_unseen), len(with_unseen))
    assert (one.evidence["of"], one.evidence["of_rows"]) == (sum(map(len, rows)), len(rows))


def test_copies_conflicts_repeats_and_empty_rows(made: Made, found: Mapping[tuple[str, str], Finding]) -> None:
    train, test = split_rows(made, "train"), split_rows(made, "test")
    shared = [k for k, row in enumerate(test) if row in set(train)]
    one = found["leak.exact", "test"]
    assert one.evidence["shared"] == len(shared) and one.evidence["row_ids"] == [str(k) for k in shared]
    labels = defaultdict[tuple[str, ...], Counter[str]](Counter)
    for row, label in zip(train, made["train"][1], strict=True):
        labels[row][label] += 1
    wrong = sum(sum(each.values()) - max(each.values()) for each in labels.values())
    conflict = found["label.conflict", "train"].evidence
    assert conflict["wrong_for_every_model"]["rows"] == wrong
    assert conflict["rows_of_conflicting"] == sum(sum(each.values()) for each in labels.values() if len(each) > 1)
    repeated = found["data.duplicates", "train"].evidence
    assert (repeated["distinct"], repeated["rows_concerned"]) == (len(labels), len(train) - len(labels))
    empty = found["data.encoding", "test"].evidence
    assert (empty["rows_touched"], empty["rows_concerned"], empty["of_rows"]) == (5, 5, len(test))


def test_rows_that_are_longer_than_train(made: Made, found: Mapping[tuple[str, str], Finding]) -> None:
    longest = max(map(len, split_rows(made, "train")))
    beyond = sum(len(row) > longest for row in split_rows(made, "test"))
    assert found["shift.length", "test"].evidence["beyond"] == beyond
    assert found["position.overflow", "test"].evidence["rows_touched"] == beyond == 3


def test_every_finding_about_rows_says_how_many_they_are(made: Made, found: Mapping[tuple[str, str], Finding]) -> None:
    about_rows = {key: finding for key, finding in found.items() if "row_ids" in finding.evidence}
    assert {"leak.exact", "label.conflict", "data.encoding", "shift.vocabulary"} <= {code for code, _ in about_rows}
    for (_, split), row in about_rows.items():
        evidence = row.evidence
        assert len(evidence["row_ids"]) == evidence["rows_concerned"] <= evidence["of_rows"]
        assert evidence["of_rows"] == len(made[split or "train"][0])


def test_near_copies_of_a_sample_are_said_to_be_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(2)
    train, test = (random_rows(size, random, tokens=40, low=16) for size in (300, 240))
    near = [f"{row.rpartition(' ')[0]} t{(k + 3) % 40}" for k, row in enumerate(train[:120])]
    analysis = make_analysis({"train": (train, ["x", "y"] * 150), "test": (near + test[120:], ["x", "y"] * 120)})
    monkeypatch.setattr(near_rates, "_find_most", lambda *_: 100)
    (one,) = near_copies.function(analysis)
    assert "48 of 100 rows, drawn at random from the 235 that are not in train, (48 %) are near copies" in one.summary
    assert one.evidence["of_rows"] == round(240 * 100 / 235) and one.evidence["rows_concerned"] == one.evidence["near"]


def test_a_change_of_tokens_tried_on_some_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(3)
    words = [f"w{k}" for k in range(60)]
    rows = {name: [" ".join(random.choice(words, 8)) for _ in range(200)] for name in ("train", "test")}
    rows["test"] = [row.upper() for row in rows["test"]]
    monkeypatch.setattr(mismatch, "MOST_TYPES", 20)
    splits = {name: (its, ["x", "y"] * 100) for name, its in rows.items()}
    (one,) = mismatch.mismatch.function(make_analysis(splits))
    looked = one.evidence["occurrences_looked_at"]
    assert looked < 1_600 and f"100 % of the {looked:,} looked at are known after" in one.summary
