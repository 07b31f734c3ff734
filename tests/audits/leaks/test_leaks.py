"""The five checks of leaks on planted and on clean data, small data and odd data."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.leaks.near import near_copies
from brittlestar.audits.leaks.preprocess import detect_decided, preprocess
from brittlestar.audits.leaks.shared_rows import exact, group, selection
from brittlestar.audits.running import audit_dataset
from brittlestar.audits.vocabulary import GivenVocabulary
from brittlestar.core.findings import Finding
from tests.answers import make_probabilities

from ..making import Made, make_analysis, make_grouped, random_rows, three_splits


def of(found: Iterator[Finding], split: str) -> Finding:
    (one,) = [finding for finding in found if finding.where.get("split") == split]
    return one


def with_rows(splits: Made, name: str, rows: Sequence[str]) -> Made:
    """The splits with the first rows of one replaced."""
    old, labels = splits[name]
    return {**splits, name: ([*rows, *old[len(rows) :]], labels)}


def one_edit(row: str, random: np.random.Generator) -> str:
    tokens = row.split()
    place = int(random.integers(len(tokens)))
    tokens[place] = "t0" if tokens[place] != "t0" else "t1"
    return " ".join(tokens)


@pytest.fixture(scope="module")
def clean() -> Made:
    return three_splits((600, 200, 400), low=12, high=18)


def test_clean_splits_have_no_leak(clean: Made):
    found = audit_dataset(make_analysis(clean), only=["leak"])
    assert {f.status for f in found if f.code in ("leak.exact", "leak.near", "leak.selection")} == {"absent"}


def test_copies_are_found_with_their_ids(clean: Made):
    made = make_analysis(with_rows(clean, "test", clean["train"][0][:6]))
    found = of(exact.function(made), "test")
    assert (found.status, found.severity) == ("present", "warning")
    assert found.evidence["row_ids"] == made.splits["test"].ids[:6].to_list()
    assert of(exact.function(made), "dev").status == "absent"
    assert of(near_copies.function(made), "test").status == "absent"


def test_a_leak_says_what_the_score_is_without_it(clean: Made):
    made = replace(
        make_analysis(with_rows(clean, "test", clean["train"][0][:40])),
        predictions={"mine": {"test": make_probabilities(np.tile([0.9, 0.1], (400, 1)))}},
    )
    found = of(exact.function(made), "test")
    best, mine = found.evidence["scores"]
    rows = made.splits["test"]
    unseen = ~np.isin(rows.hashes, made.train.hashes)
    assert mine["name"] == "mine" and best["rows"] == mine["rows"] == unseen.sum() == 360
    assert mine["all"] == pytest.approx((rows.labels == 0).mean())
    assert mine["unseen"] == pytest.approx((rows.labels[unseen] == 0).mean())
    baseline = made.baselines.trivial.best("dev")
    assert best["unseen"] == baseline.score("test", "accuracy", "unseen").value
    assert f"({baseline.name}) is right on {100 * best['all']:.1f} % of all rows" in found.summary


def test_short_rows_that_obey_a_rule_collide_without_alarm():
    """Half the rows are of the few in which t0 stands once: no first-order model knows that."""
    random = np.random.default_rng(0)
    rows: list[str] = []
    while len(rows) < 900:
        row = random_rows(1, random, tokens=3, low=8, high=8)[0]
        if row.split().count("t0") == 1:
            rows.append(row)
    labels = [str(k % 2) for k in range(900)]
    made = make_analysis(
        {"train": (rows[:500], labels[:500]), "dev": (rows[500:700], labels[:200]), "test": (rows[700:], labels[:200])}
    )
    found = [*exact.function(made), *selection.function(made)]
    assert all(f.severity in (None, "info") for f in found)
    assert len(of(exact.function(made), "test").evidence["row_ids"]) > 20


def test_near_copies_are_found_with_their_ids_and_pairs(clean: Made):
    random = np.random.default_rng(0)
    planted = [one_edit(row, random) for row in clean["train"][0][:12]]
    made = make_analysis(with_rows(clean, "test", planted))
    found = of(near_copies.function(made), "test")
    assert (found.status, found.severity) == ("present", "warning")
    assert set(found.evidence["row_ids"]) == set(made.splits["test"].ids[:12].to_list())
    pair = found.evidence["pairs"][0]
    assert (pair["kind"], pair["distance"], pair["run"]) == ("edits", 1, None)
    assert pair["texts"] == [planted[0], clean["train"][0][0]]
    assert of(exact.function(made), "test").status == "absent"


def test_windows_of_one_text_are_a_leak_although_train_is_made_of_them():
    random = np.random.default_rng(1)
    windows = [
        " ".join(text[start : start + 20])
        for text in (row.split() for row in random_rows(200, random, low=44, high=44))
        for start in (0, 8, 16, 24)
    ]
    windows = [windows[k] for k in random.permutation(800)]
    labels = [str(k % 2) for k in range(800)]
    found = of(
        near_copies.function(
            make_analysis({"train": (windows[:600], labels[:600]), "test": (windows[600:], labels[:200])})
        ),
        "test",
    )
    assert (found.status, found.severity) == ("present", "warning")
    assert found.evidence["across"] > 100
    assert any(pair["kind"] == "window" for pair in found.evidence["pairs"])


def test_a_source_that_is_made_of_near_copies_is_information():
    random = np.random.default_rng(2)
    rows = [one_edit(row, random) for row in random_rows(300, random, low=14, high=18) for _ in range(3)]
    rows = [rows[k] for k in random.permutation(900)]
    labels = [str(k % 2) for k in range(900)]
    found = of(
        near_copies.function(make_analysis({"train": (rows[:600], labels[:600]), "test": (rows[600:], labels[:300])})),
        "test",
    )
    assert (found.status, found.severity) == ("present", "info")
    assert found.evidence["own"]["share"] > 0.5
    assert "the source itself is made of near copies" in found.summary


def test_augmented_rows_are_a_leak_where_they_could_have_been_kept_together():
    random = np.random.default_rng(2)
    parents = random_rows(700, random, low=16, high=24)
    labels = [str(k) for k in random.integers(0, 2, 700)]
    copies = random.choice(700, 210, replace=False).tolist()
    rows = [*parents, *(one_edit(parents[k], random) for k in copies)]
    labels += [labels[k] for k in copies]
    order = random.permutation(len(rows)).tolist()
    train, test = order[:600], order[600:]
    made = {
        name: ([rows[k] for k in part], [labels[k] for k in part]) for name, part in (("train", train), ("test", test))
    }
    found = of(near_copies.function(make_analysis(made)), "test")
    assert (found.status, found.severity) == ("present", "warning")
    assert "small families" in found.summary and found.evidence["families"]["small"][0] > 50
    both = {k for k in copies if (k in train) != (700 + copies.index(k) in train)}
    assert abs(len(found.evidence["row_ids"]) - len(both)) <= 3


def test_short_rows_cannot_be_told_from_chance():
    found = of(near_copies.function(make_analysis(three_splits(tokens=3, low=4, high=7))), "test")
    assert found.status == "inconclusive"
    assert "longer rows would do" in found.summary


def test_a_large_split_is_sampled(monkeypatch: pytest.MonkeyPatch, clean: Made):
    monkeypatch.setattr("brittlestar.audits.leaks.near_rates.SAMPLE", 150)
    random = np.random.default_rng(0)
    made = make_analysis(with_rows(clean, "test", [one_edit(row, random) for row in clean["train"][0][:40]]))
    found = of(near_copies.function(made), "test")
    assert found.evidence["sampled"]
    assert (found.status, found.evidence["of"]) == ("present", 150)
    assert set(found.evidence["row_ids"]) <= set(made.splits["test"].ids[:40].to_list())


def grouped(train: Sequence[str | None], test: Sequence[str | None]) -> Analysis:
    random = np.random.default_rng(0)

    def rows(groups: Sequence[str | None]) -> list[tuple[str, str, str | None]]:
        texts = random_rows(len(groups), random)
        return [(text, str(k % 2), group) for k, (text, group) in enumerate(zip(texts, groups, strict=True))]

    return make_grouped({"train": rows(train), "test": rows(test)})


def test_groups_on_both_sides_are_found():
    found = of(group.function(grouped([f"g{k // 2}" for k in range(200)], [f"g{k + 97}" for k in range(60)])), "test")
    assert (found.status, found.severity) == ("present", "warning")
    assert found.evidence["row_ids"] == ["0", "1", "2"]
    assert found.evidence["groups"] == {"both": 3, "of": 60, "train": 100}


def test_one_file_that_serves_as_dev_and_test_is_an_error(clean: Made):
    (found,) = selection.function(make_analysis({**clean, "test": (clean["dev"][0][::-1], clean["dev"][1][::-1])}))
    assert (found.status, found.severity) == ("present", "error")
    assert found.where == {"split": "test", "other": "dev"}


def test_dev_that_is_train_is_an_error_and_dev_against_test_is_still_looked_at(clean: Made):
    first, second = selection.function(make_analysis({**clean, "dev": clean["train"]}))
    assert first.where == {"split": "dev", "other": "train"}
    assert (first.status, second.status) == ("present", "absent")


def test_test_rows_in_dev_are_found(clean: Made):
    made = make_analysis(with_rows(clean, "test", clean["dev"][0][:8]))
    (found,) = selection.function(made)
    assert (found.status, found.severity) == ("present", "warning")
    assert found.evidence["row_ids"] == made.splits["test"].ids[:8].to_list()


def rare_words(seed: int = 0) -> Made:
    """Rows of a heavy-tailed vocabulary, so that every split has tokens of its own."""
    random = np.random.default_rng(seed)
    splits: Made = {}
    for name, size in (("train", 400), ("dev", 100), ("test", 100)):
        rows = [" ".join(f"w{min(k, 9_000)}" for k in random.zipf(1.4, 12)) for _ in range(size)]
        splits[name] = rows, [str(k % 2) for k in range(size)]
    return splits


def known(splits: Made, *names: str) -> set[str]:
    return {token for name in names for row in splits[name][0] for token in row.split()}


def counted(splits: Made, *names: str) -> dict[str, int]:
    tokens = [token for name in names for row in splits[name][0] for token in row.split()]
    return dict(zip(*(part.tolist() for part in np.unique(tokens, return_counts=True)), strict=True))


def test_a_vocabulary_fitted_on_all_splits_is_found():
    splits = rare_words()
    vocabulary = ("<pad>", "<unk>", *sorted(known(splits, "train", "dev", "test")))
    found = list(preprocess.function(replace(make_analysis(splits), vocabulary=GivenVocabulary.number(vocabulary))))
    assert [(f.status, f.severity, f.where["split"]) for f in found] == [
        ("present", "warning", "dev"),
        ("present", "warning", "test"),
    ]
    assert all(f.evidence["known"] == f.evidence["of"] for f in found)


def test_a_vocabulary_of_what_is_frequent_over_all_splits_is_found():
    splits = rare_words()
    frequent = tuple(token for token, count in counted(splits, *splits).items() if count >= 2)
    made = replace(make_analysis(splits), vocabulary=GivenVocabulary.number(frequent))
    present = [f for f in preprocess.function(made) if f.status == "present"]
    assert {f.where["split"] for f in present} == {"dev", "test"}


def test_a_filter_of_counts_over_more_than_train_is_found_in_the_splits_that_decided():
    splits = rare_words()
    frequent = [token for token, count in counted(splits, "train", "test").items() if count >= 4]
    made = replace(make_analysis(splits), vocabulary=GivenVocabulary.number(["<unk>", *frequent]))
    found = of(preprocess.function(made), "test")
    assert (found.status, found.severity) == ("present", "warning")
    assert "more often" in found.summary and found.evidence["p"] < 1e-4
    assert of(preprocess.function(made), "dev").status == "absent"


@pytest.mark.parametrize("size", [30, 80, 150])
def test_the_most_frequent_tokens_of_train_are_no_filter_over_more(size: int):
    splits = rare_words()
    ranked = sorted(counted(splits, "train").items(), key=lambda item: (-item[1], item[0]))
    made = replace(make_analysis(splits), vocabulary=GivenVocabulary.number(token for token, _ in ranked[:size]))
    assert {f.status for f in preprocess.function(made)} == {"absent"}


@given(st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_what_a_split_decided_is_the_stratified_rank_test(seed: int):
    random = np.random.default_rng(seed)
    train, split = random.integers(0, 2, 40), random.integers(0, 5, 40)
    knows = random.random(40) < 0.5
    inside = (train == 1) & (knows.any())
    one = np.where(inside, 1, np.where(knows, 7, 8))
    found = detect_decided(one, split, knows)
    first, second = split[inside & knows], split[inside & ~knows]
    if len(first) and len(second) and np.ptp(split[inside]):
        expected = mannwhitneyu(first, second, alternative="greater", use_continuity=False, method="asymptotic")
        assert found.p == pytest.approx(expected.pvalue)
        assert found.advantage == pytest.approx(expected.statistic / (len(first) * len(second)))


@pytest.mark.parametrize("more", [(), tuple(f"w{k}" for k in range(9_001))])
def test_a_vocabulary_of_train_or_of_the_language_is_none(more: tuple[str, ...]):
    splits = rare_words()
    words = GivenVocabulary.number(sorted(known(splits, "train") | set(more)))
    made = replace(make_analysis(splits), vocabulary=words)
    assert {f.status for f in preprocess.function(made)} == {"absent"}


def test_an_embedding_table_of_all_splits_is_found(tmp_path: Path):
    splits = rare_words()
    lines = [f"{token} 0.1 0.2" for token in sorted(known(splits, "train", "dev", "test"))]
    (tmp_path / "table.txt").write_text("\n".join(lines) + "\n")
    settings = {"model.embedding.table": str(tmp_path / "table.txt"), "model.embedding.dim": "2"}
    settings["model.embedding.mode"] = "frozen-pretrained"
    assert of(preprocess.function(make_analysis(splits, settings)), "test").status == "present"
    (tmp_path / "table.txt").write_text("w1 x\n")
    assert [f.status for f in preprocess.function(make_analysis(splits, settings))] == ["inconclusive"]


def without_rare(splits: Made, *names: str) -> Made:
    kept = {token for token, count in counted(splits, *names).items() if count >= 2}
    return {
        name: ([" ".join(t if t in kept else "<unk>" for t in row.split()) for row in rows], labels)
        for name, (rows, labels) in splits.items()
    }


def test_a_filter_that_counted_over_all_splits_is_found_and_one_of_train_is_not():
    splits = rare_words()
    for names in (("train", "dev", "test"), ("train", "test")):
        found = of(preprocess.function(make_analysis(without_rare(splits, *names))), "test")
        assert (found.status, found.severity) == ("present", "warning")
    assert {f.status for f in preprocess.function(make_analysis(without_rare(splits, "train")))} == {"absent"}


def test_a_filter_of_train_that_kept_some_words_of_test_is_found_in_test_alone():
    splits = rare_words()
    filtered = without_rare(splits, "train")
    kept = sorted(known(splits, "test") - known(splits, "train", "dev"))[:10]
    rows, labels = filtered["test"]
    filtered["test"] = ([f"{row} {kept[k % 10]}" if k < 20 else row for k, row in enumerate(rows)], labels)
    found = list(preprocess.function(make_analysis(filtered)))
    assert of(iter(found), "test").status == "present"
    assert of(iter(found), "test").evidence["tokens"] == kept
    assert of(iter(found), "dev").status == "absent"
