"""What a model of train can know of changed rows, and the same text cut otherwise."""

import unicodedata
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from brittlestar.core.probing import MOST_FREQUENT
from brittlestar.data.written_rows import rows_of_strings
from brittlestar.probes.task import ProbeTask, compare_familiarity
from brittlestar.probes.tokenisation import (
    Form,
    characters,
    merge_pairs,
    normal_form,
    split_factors,
    tokenisation_probes,
)
from tests.probes.making import ROWS, SPR_ROWS, SPR_TASK, TASK, Rows, changed

PAIRS = st.tuples(ROWS, ROWS).map(lambda two: (two[0], [*two[1], *[["a"]] * len(two[0])][: len(two[0])]))


def by_hand(before: Rows, after: Rows, task: ProbeTask) -> tuple[float | None, float | None, list[bool]]:
    """The same with counters of strings."""
    total, many = sum(task.frequency.values()), sum(map(len, after))
    counts = Counter(token for row in after for token in row)

    def usual(token: str) -> bool:
        share = task.frequency.get(token, 0) / total
        return share > 0 and counts[token] / many <= MOST_FREQUENT * share

    gone = [Counter(old) - Counter(new) for old, new in zip(before, after, strict=True)]
    come = [Counter(new) - Counter(old) for old, new in zip(before, after, strict=True)]
    left = [token for row in gone for token in row.elements()]
    new = [token for row in come for token in row.elements()]
    shares = (
        sum(token in task.frequency for token in left) / len(left) if left else None,
        sum(map(usual, new)) / len(new) if new else None,
    )
    rows = [all(t in task.frequency for t in old) and all(map(usual, new)) for old, new in zip(gone, come, strict=True)]
    return *shares, rows


@given(PAIRS)
def test_shares_and_rows_are_those_of_counting(pair: tuple[Rows, Rows]) -> None:
    before, after = pair
    found = compare_familiarity(rows_of_strings(before), rows_of_strings(after), TASK)
    assert (found.before, found.after, found.rows.tolist()) == by_hand(before, after, TASK)


def test_letters_of_words_are_unknown_even_where_some_are_words() -> None:
    """`a` and `i` are words of train; in words that are cut up they stand more than ten times as often."""
    words = ["a", "i", *(f"{x}a{y}i" for x in "bcdfgh" for y in "klmnprst")]
    task = ProbeTask({word: 20 if len(word) == 1 else 100 for word in words}, 8)
    rows = [words[k : k + 8] for k in range(2, 42)]
    cut = [list("".join(row)) for row in rows]
    found = compare_familiarity(rows_of_strings(rows), rows_of_strings(cut), task)
    assert found.before == 1.0 and found.after == 0.0 and not found.rows.any() and found.unknown


# The same text cut into other tokens or in another normal form: nothing of it is lost


WORDS = st.lists(st.lists(st.text("abéÅ한 ﬁ", max_size=4), max_size=5), max_size=5)


@given(WORDS)
def test_characters(rows: Rows) -> None:
    assert changed(characters, rows) == [[piece for token in row for piece in (list(token) or [""])] for row in rows]


@given(SPR_ROWS)
def test_factored_tokens_are_their_values(rows: Rows) -> None:
    wanted = [[piece for token in row for piece in (["alien"] if token == "alien" else token)] for row in rows]
    assert changed(split_factors, rows, task=SPR_TASK) == wanted


def test_a_token_that_its_factors_do_not_make_up_stays() -> None:
    task = ProbeTask({"a-b": 1}, 1, factors="(?P<left>.)-(?P<right>.)")
    assert changed(split_factors, [["a-b", "c-d"]], task=task) == [["a-b", "c-d"]]


@given(ROWS)
def test_every_two_tokens_are_one(rows: Rows) -> None:
    assert changed(merge_pairs, rows) == [["".join(row[k : k + 2]) for k in range(0, len(row), 2)] for row in rows]


@given(WORDS, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_normal_forms(rows: Rows, form: Form) -> None:
    assert changed(normal_form(form).change, rows) == [
        [unicodedata.normalize(form, token) for token in row] for row in rows
    ]


def test_only_what_would_change_tokens_is_tried() -> None:
    names = {probe.name for probe in tokenisation_probes(TASK)}
    assert names == {"tokenisation.merged"}
    names = {probe.name for probe in tokenisation_probes(SPR_TASK)}
    assert names == {"tokenisation.merged", "tokenisation.characters"}, "▲r is its two characters and its two values"
    long = ProbeTask({"red-cat": 1}, 3, factors=r"(?P<colour>\w+)-(?P<beast>\w+)")
    assert "tokenisation.factored" in {probe.name for probe in tokenisation_probes(long)}
    names = {probe.name for probe in tokenisation_probes(ProbeTask({"é": 1}, 1))}
    assert names == {"tokenisation.merged", "tokenisation.nfd", "tokenisation.nfkd"}
