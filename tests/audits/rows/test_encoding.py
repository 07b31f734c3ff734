"""data.encoding: alphabets that are meant, and text that was broken, with its rows."""

import unicodedata
from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.audits.rows import spellings
from brittlestar.audits.rows.encoding import encoding, read_back
from brittlestar.audits.rows.spellings import cut, glued_rows, joined_tokens
from brittlestar.core.findings import Finding
from tests.audits.making import Made, make_analysis

CYRILLIC = str.maketrans("aeopcxyACE", "аеорсхуАСЕ")
LETTERS = list("abcdefghijkmnopqrstuvwxyzABCDEFG")
SHAPES = [shape + colour for shape in "▲■●◆" for colour in "rgby"]


def made(alphabet: list[str], sizes: tuple[int, ...] = (600, 200, 200), low: int = 6, high: int = 14) -> Made:
    random = np.random.default_rng(3)
    splits: Made = {}
    for name, size in zip(("train", "dev", "test"), sizes, strict=True):
        rows = [" ".join(random.choice(alphabet, random.integers(low, high + 1))) for _ in range(size)]
        splits[name] = rows, [f"c{k % 2}" for k in range(size)]
    return splits


def changed(splits: Made, name: str, change: Callable[[str], str], every: int) -> tuple[Made, set[str]]:
    """Every n-th row of one split changed; the ids of the rows that differ."""
    rows, labels = splits[name]
    after = [change(row) if k % every == 0 else row for k, row in enumerate(rows)]
    return {**splits, name: (after, labels)}, {str(k) for k in range(len(rows)) if after[k] != rows[k]}


def findings(splits: Made) -> list[Finding]:
    return list(encoding.function(make_analysis(splits)))


def of_kind(splits: Made, kind: str, split: str) -> Finding:
    (found,) = (
        finding
        for finding in findings(splits)
        if finding.where.get("kind") == kind and finding.where.get("split") == split
    )
    assert found.status == "present"
    return found


def ids(finding: Finding) -> set[str]:
    return {str(one) for one in finding.evidence["row_ids"]}


@pytest.mark.parametrize(
    "alphabet",
    [
        LETTERS,
        SHAPES,
        ["A", "a", "The", "the", "THE", "(", ")", ".", ",", "!", "'s", "``", "''", "i", "in", "to", "into", "of"],
        [str(number) for number in range(60)],
        [f"E{number}" for number in range(30)],
        list("αβγδεζηθικλμνοπρστυφχψω") + list("abcdefghijklmnop"),
        list("абвгдежзиклмнопрст") + list("abcdefghijklmnop"),
        ["é", "ö", "ñandú", "straße", "naïve", "x²", "…", "“", "”", "–"],
        ["你", "好", "，", ",", "。", "Ａ", "A"],
        ["❤\ufe0f", "👨\u200d👩\u200d👧", "می\u200cخواهم", "ok"],
    ],
)
def test_alphabets_that_are_meant_are_no_finding(alphabet: list[str]):
    (found,) = findings(made(alphabet))
    assert found.status == "absent"


@pytest.mark.parametrize("split", ["train", "test"])
@pytest.mark.parametrize("every", [1, 2, 10, 50])
def test_look_alike_letters_are_found_with_their_rows(split: str, every: int):
    splits, wrong = changed(made(LETTERS), split, lambda row: row.translate(CYRILLIC), every)
    found = of_kind(splits, "look-alike", split)
    assert found.severity == "warning"
    assert ids(found) == wrong
    assert all(finding.where["split"] == split for finding in findings(splits))


def test_one_symbol_in_another_size_is_a_look_alike():
    splits, wrong = changed(made(SHAPES), "test", lambda row: row.replace("●", "⚫"), 5)
    assert ids(of_kind(splits, "look-alike", "test")) == wrong


def test_two_symbols_that_are_both_frequent_in_train_may_be_meant():
    (train, dev, test) = (finding for finding in findings(made(["●", "⚫", "x", "z"])))
    assert {train.severity, dev.severity, test.severity} == {"info"}


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("normal form", lambda row: unicodedata.normalize("NFD", row)),
        ("width", lambda row: row.replace("a", "ａ")),
        ("invisible characters", lambda row: row.replace("ab", "a\u200bb")),
        ("misread encoding", lambda row: row.replace("é", "Ã©")),
        ("replacement characters", lambda row: row.replace("é", "\ufffd")),
        ("invisible characters", lambda row: row.replace("cd", "c\x08d")),
        ("invisible characters", lambda row: row.replace("cd", "c\x00d")),
    ],
)
def test_broken_text_is_found_by_its_kind(kind: str, change: Callable[[str], str]):
    splits, wrong = changed(made(["é", "à", "ab", "cd", "año", "x"]), "test", change, 4)
    assert ids(of_kind(splits, kind, "test")) == wrong


def test_accents_that_stand_alone_among_characters_are_found():
    splits = made(["é", "à", "b", "c"])
    splits, wrong = changed(splits, "test", lambda row: " ".join(unicodedata.normalize("NFD", row).replace(" ", "")), 4)
    assert ids(of_kind(splits, "normal form", "test")) == wrong


def glue(row: str) -> str:
    tokens = row.split()
    return " ".join([*tokens[:2], "".join(tokens[2:4]), *tokens[4:]])


@pytest.mark.parametrize("alphabet", [SHAPES, ["in", "to", "the", "a", "we", "of"], [f"t{k}" for k in range(40)]])
def test_lost_separators_are_found_with_their_rows(alphabet: list[str]):
    splits, wrong = changed(made(alphabet), "test", glue, 10)
    found = of_kind(splits, "missing separators", "test")
    assert (found.severity, ids(found)) == ("warning", wrong)


def test_a_rare_word_that_is_two_frequent_ones_is_no_lost_separator():
    splits = made(["in", "to", "of", "the", "an", "on"])
    for name, (rows, labels) in splits.items():
        splits[name] = [f"{row} into" if k % 12 == 0 else row for k, row in enumerate(rows)], labels
    assert not joined_tokens(make_analysis(splits))


WORDS = ["".join(made) for made in zip("abcdefgh" * 60, "aeiou" * 96, "klmnprst" * 60, "aiuoe" * 96, strict=True)]
"""Of four letters, more than single lost separators are looked for in."""


@pytest.mark.parametrize("split", ["train", "dev", "test"])
@pytest.mark.parametrize("mark", ["", ",", ";", "_"])
@pytest.mark.parametrize("alphabet", [SHAPES, [f"{word}{k}" for k, word in enumerate(WORDS)]], ids=["few", "many"])
def test_rows_that_lost_every_separator_or_have_another_are_found(alphabet: list[str], mark: str, split: str):
    splits, wrong = changed(made(alphabet), split, lambda row: row.replace(" ", mark), 10)
    found = of_kind(splits, "missing separators", split)
    assert (found.severity, ids(found)) == ("warning", wrong)
    assert "(10 %) hold tokens that are several tokens without train's separator" in found.summary
    assert all(finding.status != "present" or finding == found for finding in findings(splits)), "and nowhere else"


def test_rows_of_one_word_or_of_an_address_lost_no_separator():
    random = np.random.default_rng(9)
    splits = made([f"{word}{k}" for k, word in enumerate(WORDS)] + list("aeioklmnrst/:"))
    addresses = ["https://" + "".join(random.choice(list("aeioklmnrst/"), 30)) for _ in range(40)]
    words = [f"unfamiliar{k}" for k in range(40)]
    splits["train"] = splits["train"][0] + addresses + words, splits["train"][1] + ["c0", "c1"] * 40
    assert not len(glued_rows(make_analysis(splits)).codes)


def test_of_more_rows_than_are_looked_at_the_sentence_says_how_many(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(spellings, "MOST_LOOKED_AT", 10)
    splits, wrong = changed(
        made([f"{word}{k}" for k, word in enumerate(WORDS)]), "test", lambda row: row.replace(" ", ","), 10
    )
    found = of_kind(splits, "missing separators", "test")
    assert ids(found) == wrong and "10 of 20 such tokens were looked at" in found.summary


@pytest.mark.parametrize(("every", "severity"), [(50, "info"), (10, "warning"), (2, "warning"), (1, "error")])
@pytest.mark.parametrize("split", ["train", "test"])
def test_empty_rows_are_graded_by_their_share(split: str, every: int, severity: str):
    splits, wrong = changed(made(LETTERS), split, lambda row: "", every)
    found = of_kind(splits, "empty sequences", split)
    assert (found.severity, ids(found)) == (severity, wrong)
    assert found.evidence["of"] == len(splits[split][0])
    assert "data.tokens" in str(found.remedy)
    assert ("the splitter finds nothing" in found.summary) == (severity == "error")


def test_identifiers_of_syllables_are_no_lost_separators():
    random = np.random.default_rng(3)
    syllables = [first + second for first in "bdfgklmnprst" for second in "aeiou"]
    names = ["".join(random.choice(syllables, 2 + k % 2)) for k in range(400)]
    words = [f"{k}{mark}" for k, mark in enumerate("=+;(){}<>*" * 8)]
    frequent = [*syllables, *words]
    splits = made(frequent, (1_500, 300, 300))
    for name, (rows, labels) in splits.items():
        # A syllable stands between two words, and so never beside another one.
        rows = [" ".join(random.choice(words) + " " + token for token in row.split()) for row in rows]
        rows = [f"{row} {random.choice(names)}" if random.random() < 0.2 else row for row in rows]
        splits[name] = rows, labels
    assert len(make_analysis(splits).tokens) > 300
    assert not joined_tokens(make_analysis(splits))


def test_a_split_declared_as_shifted_gets_info():
    splits, _ = changed(made(LETTERS), "test", lambda row: row.translate(CYRILLIC), 2)
    splits["shift_typed"] = splits.pop("test")
    assert of_kind(splits, "look-alike", "shift_typed").severity == "info"


@given(st.text(max_size=8))
def test_a_skeleton_is_its_own_skeleton(token: str):
    once = spellings.skeleton(token)
    assert spellings.skeleton(once) == once


@given(st.text(alphabet="abcxyz ▲■é", max_size=8))
def test_what_has_no_look_alike_is_its_own_skeleton(token: str):
    assert spellings.skeleton(token) == unicodedata.normalize("NFC", token)


def test_mojibake_is_read_back():
    for word in ("é", "’", "über", "привет", "日本"):
        assert read_back(word.encode().decode("latin-1")) == word
        assert read_back(word) is None


@pytest.mark.parametrize("character", ["\u200b", "\u2060", "\ufeff", "\u00ad"])
def test_characters_without_width_inside_tokens_are_named_once(character: str):
    words = [f"{a}{b}" for a in "abcdef" for b in "uvwxyz"]
    splits, planted = changed(made(words), "test", lambda row: row.replace(" ", character, 1), 7)
    (found,) = (finding for finding in findings(splits) if finding.status == "present")
    assert (found.where["kind"], found.severity) == ("invisible characters", "warning")
    assert ids(found) == planted
    (name,) = found.evidence["characters"]
    assert name == f"U+{ord(character):04X} {unicodedata.name(character)}"


@pytest.mark.parametrize(
    ("kind", "change", "name"),
    [
        ("spaces", lambda row: row.replace(" ", "\u2009", 1), "U+2009 THIN SPACE"),
        ("spaces", lambda row: row.replace(" ", "\u00a0"), "U+00A0 NO-BREAK SPACE"),
        ("spaces", lambda row: row.replace(" ", "\u3000"), "U+3000 IDEOGRAPHIC SPACE"),
        ("escapes", lambda row: row.replace('"', "&quot;"), "&quot;"),
        ("escapes", lambda row: row.replace("'", "&#39;"), "&#39;"),
        ("escapes", lambda row: row.replace("é", "&eacute;"), "&eacute;"),
    ],
)
def test_spaces_and_escapes_that_one_split_has_are_a_warning_there(kind: str, change: Callable[[str], str], name: str):
    alphabet = ['"', "don't", "né", "ab", "cd", "x"]
    for split in ("train", "test"):
        splits, wrong = changed(made(alphabet), split, change, 4)
        found = of_kind(splits, kind, split)
        assert (ids(found), found.severity, list(found.evidence["characters"])) == (wrong, "warning", [name])
        assert f"{'dev' if split == 'train' else 'train'} has them in 0 % of its rows" in found.summary


def test_spaces_and_escapes_that_a_source_has_everywhere_are_information():
    splits = made(["fish&amp;chips", "don\u2009t", *LETTERS])
    seen = {(one.where["kind"], one.where["split"]): one.severity for one in findings(splits) if one.severity}
    assert seen == {(kind, split): "info" for kind in ("spaces", "escapes") for split in splits}


def test_a_shifted_split_without_a_sources_escapes_makes_no_warning_of_train():
    splits = made(["fish&amp;chips", *LETTERS])
    shifted = {"shift_plain": made(LETTERS)["test"], **splits}
    assert {one.severity for one in findings(shifted) if one.status == "present"} == {"info"}


def test_addresses_and_operators_of_programs_are_no_escapes():
    (found,) = findings(made(["f(&sub;", "a&&b;", "&x;", "R&D", *LETTERS]))
    assert found.status == "absent"


def every_way(text: str) -> list[list[str]]:
    inner = range(1, len(text))
    ways = [places for k in range(len(text)) for places in combinations(inner, k)]
    return [[text[a:b] for a, b in zip((0, *places), (*places, len(text)), strict=True)] for places in ways]


@given(st.text("ab", min_size=1, max_size=7), st.sets(st.text("ab", min_size=1, max_size=4)))
def test_no_way_of_cutting_has_fewer_parts(text: str, known: set[str]) -> None:
    def cost(parts: list[str]) -> float:
        return sum(1.0 if part in known else float("inf") for part in parts)

    found = cut(text, 4, known.__contains__)
    least = min(map(cost, every_way(text)))
    assert found == [] if least == float("inf") else "".join(found) == text and cost(found) == least
