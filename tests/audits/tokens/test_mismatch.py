import unicodedata
from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import binom

from brittlestar.audits.tokens.mismatch import changes, mean_above, mismatch
from brittlestar.core.findings import Finding
from tests.audits.making import Made, make_analysis

SHAPES = [shape + colour for shape in "▲■●◆" for colour in "rgby"]
WORDS = ["star", "moon", "river", "stone", "cloud", "grass", "house", "light", "paper", "water"]


def made(alphabet: list[str], n: int = 800) -> Made:
    random = np.random.default_rng(7)
    splits: Made = {}
    for name, size in (("train", n), ("dev", n // 4), ("test", n // 4)):
        rows = [" ".join(random.choice(alphabet, random.integers(6, 14))) for _ in range(size)]
        splits[name] = rows, [f"c{k % 2}" for k in range(size)]
    return splits


def in_split(splits: Made, change: Callable[[str], str], split: str = "test", every: int = 1) -> dict[str, Finding]:
    rows, labels = splits[split]
    after = [" ".join(map(change, row.split())) if k % every == 0 else row for k, row in enumerate(rows)]
    found = mismatch.function(make_analysis({**splits, split: (after, labels)}))
    return {finding.where["split"]: finding for finding in found}


@pytest.mark.parametrize(
    ("alphabet", "change", "name"),
    [
        (WORDS, str.upper, "lower case"),
        ([word.upper() for word in WORDS], str.lower, "upper case"),
        ([word.capitalize() for word in WORDS], str.lower, "a capital at the start"),
        (["é", "àb", "ñu", "ö"], lambda token: unicodedata.normalize("NFD", token), "Unicode normal form NFC"),
        (WORDS, lambda token: token + ".", "removing punctuation at the ends of tokens"),
        (WORDS, lambda token: "▁" + token, "changing a mark of word pieces (▁, ##, Ġ, @@, …)"),
        (["▁" + word for word in WORDS], lambda token: token[1:], "changing a mark of word pieces (▁, ##, Ġ, @@, …)"),
        (WORDS, lambda token: token[:-1], "adding an ending (cut off as by a stemmer)"),
        (
            ["internationally", "/var/log/system.log"],
            lambda t: f"{t[:3]} {t[3:6]} {t[6:9]} {t[9:]}",
            "joining neighbours",
        ),
        (SHAPES, lambda token: token[::-1], "reversing the order of a token's parts"),
        (["red", "blue", "square", "star"], lambda token: f"{token}_red", "splitting at punctuation"),
        (list("abcdefgh"), lambda token: token + "a", "splitting into known tokens"),
        (SHAPES, lambda token: token + "▲r", "splitting into known tokens"),
        (SHAPES, " ".join, "joining neighbours"),
    ],
)
def test_a_split_tokenised_in_another_way_is_found_and_the_change_named(
    alphabet: list[str], change: Callable[[str], str], name: str
):
    found = in_split(made(alphabet), change)
    assert (found["test"].status, found["test"].severity) == ("present", "error")
    assert found["test"].where["change"] == name
    assert found["test"].evidence["p"] < 1e-6
    assert found["dev"].status == "absent"


def test_words_against_characters_are_found_though_every_letter_is_known():
    splits = made([*WORDS, *"abcdefghijklmnopqrstuvwxyz"[:4]])
    letters = sorted({letter for word in WORDS for letter in word})
    rows, labels = splits["train"]
    splits["train"] = [*rows, " ".join(letters)], [*labels, "c0"]
    found = in_split(splits, lambda token: " ".join(token))["test"]
    assert (found.status, found.where["change"]) == ("present", "joining neighbours")


def test_a_split_in_one_case_is_found_where_train_has_both_cases_of_every_letter():
    alphabet = [*"ABCDEFGH", *"abcdefgh"]
    found = in_split(made(alphabet), str.lower, every=3)
    assert (found["test"].status, found["test"].where["change"]) == ("present", "lower case")
    assert found["test"].evidence["pairs"] == 8
    assert found["test"].evidence["less"] == pytest.approx(1 / 3, abs=0.12)
    assert found["dev"].status == "absent"


def test_new_words_are_no_mismatch():
    random = np.random.default_rng(0)
    frequency = 1 / np.arange(1, 4_001)
    names = ["".join(random.choice(list("abcdefghijklmnop"), random.integers(1, 9))) for _ in range(4_000)]
    words = list(dict.fromkeys([*"abcdefghijklmnop", *names]))
    weights = frequency[: len(words)] / frequency[: len(words)].sum()
    splits: Made = {}
    for name, size in (("train", 600), ("test", 300)):
        rows = [" ".join(random.choice(words, 12, p=weights)) for _ in range(size)]
        splits[name] = rows, [f"c{k % 2}" for k in range(size)]
    (found,) = mismatch.function(make_analysis(splits))
    assert found.status == "absent"
    assert found.evidence["unseen_share"] > 0.01


def test_a_split_declared_as_shifted_gets_info_and_a_small_one_is_inconclusive():
    splits = made(WORDS)
    splits["shift_loud"] = [row.upper() for row in splits["test"][0]], splits["test"][1]
    splits["shift_small"] = splits["dev"][0][:5], splits["dev"][1][:5]
    found = {finding.where["split"]: finding for finding in mismatch.function(make_analysis(splits))}
    assert found["shift_loud"].severity == "info"
    assert found["shift_small"].status == "inconclusive"
    assert "20 would do" in found["shift_small"].summary


def test_single_rows_in_another_normal_form_are_left_to_the_encoding():
    found = in_split(made(["é", "àb", "ñu", "ö"]), lambda token: unicodedata.normalize("NFD", token), every=10)["test"]
    assert found.evidence["unseen_share"] > 0.01
    assert found.status == "absent"


@pytest.mark.parametrize("token", ["", " ", "_", "a", "##", "▁", "…", "a" * 500, "a_b", "\u0301"])
def test_every_change_bears_odd_tokens(token: str):
    known = frozenset({"a", "b", "##a", "ab"})
    for change in changes(known):
        assert change.explains(token, known) in (True, False)


@pytest.mark.parametrize("length", [12, 33, 90])
@pytest.mark.parametrize(("alphabet", "change"), [("ACGT", str.lower), ("acdefghiklmnpqrstvwy", str.upper)])
def test_long_rows_over_a_closed_alphabet_are_no_weaker_evidence(
    length: int, alphabet: str, change: Callable[[str], str]
):
    random = np.random.default_rng(length)
    splits: Made = {
        name: ([" ".join(random.choice(list(alphabet), length)) for _ in range(n)], [f"c{k % 2}" for k in range(n)])
        for name, n in (("train", 200), ("dev", 60), ("test", 60))
    }
    found = in_split(splits, change)
    assert (found["test"].status, found["test"].severity) == ("present", "error")
    assert found["test"].evidence["p"] < 1e-12
    assert found["dev"].status == "absent"


@pytest.mark.parametrize("mark", list(":_-/"))
def test_a_split_cut_at_a_separator_that_is_gone_is_found(mark: str):
    notes = [f"{note}{octave}{mark}{length}" for note in "ABC" for octave in "34" for length in "248"]
    found = in_split(made(notes), lambda token: token.replace(mark, " "))
    assert (found["test"].status, found["test"].where["change"]) == ("present", f"joining neighbours with {mark!r}")
    assert found["test"].evidence["explained_share"] > 0.99
    assert found["dev"].status == "absent"


@pytest.mark.parametrize("split", ["train", "test"])
@pytest.mark.parametrize("token", ["a", "star"])
def test_one_row_of_a_hundred_thousand_tokens_decides_nothing(split: str, token: str):
    splits = made(WORDS)
    rows, labels = splits[split]
    splits[split] = [*rows, f"{token} " * 100_000], [*labels, "c0"]
    assert {finding.status for finding in mismatch.function(make_analysis(splits))} == {"absent"}


def test_the_bound_over_rows_is_never_below_the_binomial_probability():
    random = np.random.default_rng(0)
    for _ in range(50):
        n, chance = int(random.integers(1, 60)), float(random.uniform(0.01, 0.9))
        k = int(random.integers(0, n + 1))
        bound = mean_above(np.repeat([1.0, 0.0], [k, n - k]), chance)
        assert binom.sf(k - 1, n, chance) <= bound * (1 + 1e-9) <= 1 + 1e-9
