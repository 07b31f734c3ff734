from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.core.errors import InputError
from brittlestar.core.splits import UNKNOWN_ID, EncodedData
from brittlestar.data.transform import transform
from brittlestar.study.settings import DataSettings

from .folders import encoded

SHAPES = "(?P<shape>[▲■●])?(?P<colour>[rgb])?"
TRAIN = [("▲r ■g ● b ▲r", 1, "p"), ("▲g ■", 0, "q"), ("", 0, "q"), ("■g ■r ▲b", 1, "r")]
TEST = [("▲r ▲q ● ■b", 1, "p"), ("■g", 7, "z")]


def data() -> EncodedData:
    return encoded(factors=SHAPES, train=TRAIN, test=TEST)


def words(changed: EncodedData, name: str) -> list[list[str]]:
    split = changed.splits[name]
    names = [changed.vocabulary.tokens[token] for token in split.codes]
    return [names[start:end] for start, end in zip(split.offsets[:-1], split.offsets[1:], strict=True)]


def assert_rows_kept(changed: EncodedData, before: EncodedData) -> None:
    for name, split in before.splits.items():
        assert changed.splits[name].labels.tolist() == split.labels.tolist()
        assert changed.splits[name].groups.tolist() == split.groups.tolist()
        for factor, weights in split.factor_weights.items():
            assert changed.splits[name].factor_weights[factor].tolist() == weights.tolist()
        assert changed.splits[name].fingerprint != split.fingerprint


def test_permuted_rows_hold_the_same_tokens_in_another_order():
    rows = [(" ".join(f"t{i}" for i in range(n)), n % 2) for n in range(30)]
    before = encoded(train=rows, dev=rows)
    changed = transform(before, DataSettings(order="permuted"))
    for name in ("train", "dev"):
        pairs = list(zip(words(before, name), words(changed, name), strict=True))
        assert all(Counter(old) == Counter(new) for old, new in pairs)
        assert sum(old != new for old, new in pairs) > 20
    assert words(changed, "train") != words(changed, "dev")
    again = transform(before, DataSettings(order="permuted"))
    assert words(again, "train") == words(changed, "train")


def test_every_order_is_as_likely_as_another():
    changed = transform(encoded(train=[("a b c", 0), ("a b c", 1)] * 3_000), DataSettings(order="permuted"))
    counts = Counter(map("".join, words(changed, "train")))
    assert len(counts) == 6
    assert max(abs(n - 1_000) for n in counts.values()) < 5 * np.sqrt(6_000 * 5 / 36)


def test_one_factor_remains_and_no_value_is_information():
    before = data()
    changed = transform(before, DataSettings(factors=SHAPES, factor="shape"))
    assert changed.vocabulary.tokens == ("<pad>", "<unknown>", "∅", "■", "▲", "●")
    assert words(changed, "train") == [["▲", "■", "●", "∅", "▲"], ["▲", "■"], [], ["■", "■", "▲"]]
    # ▲q and ■b do not occur in train: unknown tokens stay unknown.
    assert words(changed, "test") == [["▲", "<unknown>", "●", "<unknown>"], ["■"]]
    assert changed.vocabulary.factor_values == {"shape": ("", "■", "▲", "●")}
    assert changed.vocabulary.factors["shape"].tolist() == [0, 0, 0, 1, 2, 3]
    assert_rows_kept(changed, before)
    assert transform(before, DataSettings(factors=SHAPES)) is before
    with pytest.raises(InputError, match=r"data\.factor: there is no factor 'size'; the data has shape, colour"):
        transform(before, DataSettings(factor="size"))


def test_a_factor_that_every_token_has_needs_no_token_for_none():
    before = encoded(factors="(?P<shape>.)(?P<mark>.)?", train=[("a∅ b", 1), ("a", 0)])
    shape = transform(before, DataSettings(factor="shape"))
    assert shape.vocabulary.tokens == ("<pad>", "<unknown>", "a", "b")
    mark = transform(before, DataSettings(factor="mark"))
    assert words(mark, "train") == [["∅", "<∅>"], ["<∅>"]]
    assert mark.vocabulary.factors["mark"].tolist() == [0, 0, 0, 1]


@given(st.lists(st.lists(st.text(alphabet="ab▲", max_size=3), max_size=4), min_size=2, max_size=5))
def test_spelled_tokens_are_their_characters(rows: list[list[str]]):
    before = encoded(tokens="list", train=[(row, i % 2) for i, row in enumerate(rows)], test=[(["zz", *rows[0]], 1)])
    changed = transform(before, DataSettings(tokens="list", spelling="characters"))
    assert words(changed, "train") == [list("".join(row)) for row in rows]
    assert words(changed, "test") == [["<unknown>", *"".join(rows[0])]]
    assert list(changed.vocabulary.tokens[2:]) == sorted({c for row in rows for token in row for c in token})
    assert len(changed.splits["train"].offsets) == len(rows) + 1


def test_a_subset_of_train_is_fixed_stratified_and_touches_nothing_else():
    rows = [(f"w{i}", "ab"[i % 5 == 0]) for i in range(100)]
    before = encoded(train=rows, dev=rows)
    changed = transform(before, DataSettings(train_rows=20))
    train = changed.splits["train"]
    assert (train.n_rows, int((train.labels == 1).sum())) == (20, 4)
    assert len(set(words(changed, "train")[0])) == 1
    assert changed.vocabulary is before.vocabulary
    assert changed.splits["dev"] is before.splits["dev"]
    assert train.fingerprint != before.splits["train"].fingerprint
    again = transform(before, DataSettings(train_rows=20)).splits["train"]
    assert (again.codes.tolist(), again.fingerprint) == (train.codes.tolist(), train.fingerprint)
    assert np.all(np.diff([int(token[1:]) for [token] in words(changed, "train")]) > 0)
    with pytest.raises(InputError, match=r"train has 100 rows, 101 were asked for"):
        transform(before, DataSettings(train_rows=101))


def test_changes_combine_factor_first_then_spelling_then_order():
    before = encoded(factors="(?P<word>[a-z]+)-(?P<n>[0-9]+)", train=[("ab-1 cd-2", 1), ("ef-1", 0)], test=[("q-9", 1)])
    settings = DataSettings(factor="word", spelling="characters", order="permuted")
    changed = transform(before, settings)
    assert [sorted(row) for row in words(changed, "train")] == [["a", "b", "c", "d"], ["e", "f"]]
    assert changed.splits["test"].codes.tolist() == [UNKNOWN_ID]


@given(
    st.lists(st.tuples(st.text("ab", max_size=3), st.sampled_from("pqr")), max_size=30),
    st.lists(st.text("ab", max_size=3), min_size=1, max_size=10),
)
def test_rows_are_taken_out_by_their_tokens(train: list[tuple[str, str]], others: list[str]) -> None:
    train = [*train, ("c", "p"), ("d", "q")]
    before = encoded(
        train=[(" ".join(word), label) for word, label in train], dev=[(" ".join(one), "p") for one in others]
    )
    for what in ("leaks", "conflicts"):
        if what == "leaks":
            keep = [row for row, (word, _) in enumerate(train) if word not in others]
        else:
            of = {word: Counter(label for other, label in train if other == word) for word, _ in train}
            best = {word: min(counts, key=lambda label: (-counts[label], label)) for word, counts in of.items()}
            keep = [row for row, (word, label) in enumerate(train) if best[word] == label]
        changed = transform(before, DataSettings(train_without=what))
        assert words(changed, "train") == [words(before, "train")[row] for row in keep]
        assert changed.splits["train"].labels.tolist() == before.splits["train"].labels[keep].tolist()
        assert changed.splits["dev"] is before.splits["dev"] and changed.vocabulary is before.vocabulary
        assert changed.splits["train"].fingerprint != before.splits["train"].fingerprint


def test_rows_are_chosen_first_and_taken_out_by_what_they_were_and_some_have_to_stay() -> None:
    same = [("a", "p"), ("b", "q")]
    with pytest.raises(InputError, match="every row of train stands in another split"):
        transform(encoded(train=same, dev=same), DataSettings(train_without="leaks"))
    rows = [(f"w{i} x", "ab"[i % 2]) for i in range(40)]
    before = encoded(train=rows, dev=rows[:20])
    chosen = {row[0] for row in words(transform(before, DataSettings(train_rows=30)), "train")}
    changed = transform(before, DataSettings(train_rows=30, train_without="leaks", spelling="characters"))
    left = {"".join(row[:-1]) for row in words(changed, "train")}
    assert left == {word for word in chosen if int(word[1:]) >= 20} and 0 < len(left) < 20
