"""Rows made shorter or longer, and what a probe is called."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.probes.default import known_probes
from brittlestar.probes.length import LONGEST_ROW, crop, distract, prefix, repeat, suffix
from brittlestar.probes.own import own_probe
from brittlestar.probes.task import ProbeTask
from tests.probes.making import ROWS, SEEDS, SPR_TASK, TASK, Rows, changed


@given(ROWS, st.floats(0.01, 1))
def test_a_crop_is_the_beginning_and_never_nothing(rows: Rows, share: float) -> None:
    wanted = [row[: max(int(np.round(share * len(row))), 1)] for row in rows]
    assert changed(crop, rows, share) == wanted
    assert changed(crop, rows, 1.0) == rows


@given(ROWS, st.integers(1, 5))
def test_repetition(rows: Rows, times: int) -> None:
    assert changed(repeat, rows, times) == [row * times for row in rows]


@given(ROWS, SEEDS, st.sampled_from([0.2, 1.0, 2.0, 3.5]))
def test_distractors_fill_rows_up_to_one_length(rows: Rows, seed: int, strength: float) -> None:
    for before, after in zip(rows, changed(distract, rows, strength, seed), strict=True):
        assert after[: len(before)] == before and set(after[len(before) :]) <= set(TASK.tokens)
        assert len(after) == max(len(before), round(strength * TASK.longest))


def test_distractors_are_drawn_as_often_as_train_has_them() -> None:
    task = ProbeTask({"a": 6, "b": 3, "c": 1}, 10_000)
    counts = Counter(changed(distract, [[]], 1.0, 7, task)[0])
    assert all(abs(counts[token] - 1_000 * n) < 200 for token, n in task.frequency.items())


@given(ROWS, st.integers(1, 6))
def test_prefix_and_suffix_are_trains_most_frequent_token(rows: Rows, n: int) -> None:
    assert changed(prefix, rows, n) == [["a"] * n + row for row in rows]
    assert changed(suffix, rows, n) == [row + ["a"] * n for row in rows]


def test_no_row_is_made_longer_than_ten_thousand_tokens() -> None:
    long, longer, rows = ["a"] * 4_000, ["b"] * (LONGEST_ROW + 5), [["a", "b"]]
    assert [len(row) for row in changed(repeat, [long, longer, *rows, []], 900)] == [8_000, LONGEST_ROW + 5, 1_800, 0]
    for change in (prefix, suffix):
        assert [len(row) for row in changed(change, [long, longer, *rows], 9_000)] == [
            LONGEST_ROW,
            LONGEST_ROW + 5,
            9_002,
        ]
    assert [len(row) for row in changed(distract, [long, longer], 3.0, task=ProbeTask({"a": 1}, 4_000))] == [
        LONGEST_ROW,
        LONGEST_ROW + 5,
    ]


# What a probe is called


def test_the_catalogue_has_distinct_names_in_its_families_and_says_what_happens() -> None:
    probes = known_probes(SPR_TASK)
    assert len({probe.name for probe in probes}) == len(probes)
    families = {"order", "composition", "length", "factors", "noise", "tokenisation"}
    assert {probe.family for probe in probes} == families
    assert all(probe.about and probe.name.startswith(f"{probe.family}.") for probe in probes)
    assert len([strength for probe in probes for strength in probe.strengths]) <= 40


def test_every_condition_has_words_of_its_own_and_no_name_in_them() -> None:
    titles = {
        f"{probe.name}@{strength:g}": probe.write_title(strength)
        for probe in known_probes(SPR_TASK)
        for strength in probe.strengths or (1.0,)
    }
    assert len({*titles.values()}) == len(titles)
    assert all(name.partition("@")[0] not in title and "{" not in title for name, title in titles.items())
    assert all(len(title.split()) <= 11 and not title.endswith(".") for title in titles.values())
    assert titles["order.window@4"] == "tokens shuffled within windows of 4"
    assert titles["order.swaps@1"] == "neighbouring tokens exchanged once"
    assert titles["order.rotate@1"] == "the first token moved to the end"
    assert titles["noise.drop@0.1"] == "10 % of tokens lost"
    assert titles["factors.mask:shape@1"] == "shape removed from tokens"


def test_words_follow_the_strength() -> None:
    by_name = {probe.name: probe for probe in known_probes(SPR_TASK)}
    told = {
        ("order.shuffle", 0.3): "30 % of tokens in random order",
        ("order.swaps", 3.0): "neighbouring tokens exchanged 3 times",
        ("order.rotate", 5.0): "the first 5 tokens moved to the end",
        ("order.pinned", -1.0): "tokens in random order but for the last position",
        ("order.pinned", -3.0): "tokens in random order but for position 3 from the end",
        ("length.repeat", 2.0): "each row written twice",
        ("length.crop", 0.25): "only the first 25 % of each row",
    }
    assert {key: by_name[key[0]].write_title(key[1]) for key in told} == told
    assert by_name["order.window"].write_about() == "tokens shuffled within windows of n"


def test_own_words_are_quoted_beside_their_strength() -> None:
    own = own_probe("noise.typos", unit="share of tokens", strengths=[0.1], expectation="invariant", about="Odd {x}.")
    probe = own(lambda rows, strength, random: rows)
    assert probe.write_title(0.1) == "'Odd {x}' (0.1 share of tokens)" and probe.write_about() == "Odd {x}."
    assert probe.declared
