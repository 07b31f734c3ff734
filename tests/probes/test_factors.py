"""One factor changed, the other as it was."""

import re
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from brittlestar.probes.factors import factor_probes, mask, permute, redraw
from brittlestar.probes.probe import Change
from brittlestar.probes.task import ProbeTask
from tests.data.spr.labelling import TOKEN_PATTERN

from .making import SEEDS, SPR_ROWS, SPR_TASK, TASK, Rows, changed, tokens_of

CHANGES = {"mask": mask, "permute": permute, "redraw": redraw}
FACTOR = st.sampled_from(["shape", "colour"])


def bound(name: str, factor: str) -> Change:
    return lambda rows, task, strength, random: CHANGES[name](factor, rows, task, strength, random)


def run(name: str, factor: str, rows: Rows, strength: float = 1.0, seed: int = 0, task: ProbeTask = SPR_TASK) -> Rows:
    return changed(bound(name, factor), rows, strength, seed, task)


def value(token: str, factor: str) -> str:
    """The value of a factor, read off the letters: a shape comes first, a colour last."""
    if token == "alien":
        return ""
    return next((letter for letter in token if letter in ("▲■●◆" if factor == "shape" else "rgby")), "")


def other(factor: str) -> str:
    return "colour" if factor == "shape" else "shape"


@given(SPR_ROWS, FACTOR, SEEDS, st.sampled_from(["mask", "permute", "redraw"]), st.sampled_from([0.5, 1.0]))
def test_the_other_factor_stays_and_so_do_aliens(
    rows: Rows, factor: str, seed: int, name: str, strength: float
) -> None:
    after = run(name, factor, rows, strength, seed)
    for a, b in zip(tokens_of(rows), tokens_of(after), strict=True):
        assert value(a, other(factor)) == value(b, other(factor))
        assert (a == "alien") == (b == "alien") and b
    assert [len(row) for row in after] == [len(row) for row in rows]


@given(SPR_ROWS, FACTOR)
def test_a_masked_factor_is_gone_unless_it_is_all_of_a_token(rows: Rows, factor: str) -> None:
    for a, b in zip(tokens_of(rows), tokens_of(run("mask", factor, rows)), strict=True):
        assert b == (a if a == "alien" else a.replace(value(a, factor), "") or a if value(a, factor) else a)


@given(SPR_ROWS, FACTOR, SEEDS)
def test_permuted_values_stay_in_their_row_and_in_places_that_have_one(rows: Rows, factor: str, seed: int) -> None:
    for before, after in zip(rows, run("permute", factor, rows, 1.0, seed), strict=True):
        values = [[value(token, factor) for token in row] for row in (before, after)]
        assert Counter(values[0]) == Counter(values[1])
        assert [bool(one) for one in values[0]] == [bool(one) for one in values[1]]


def test_redrawn_values_come_as_often_as_in_train() -> None:
    task = ProbeTask({"▲r": 6, "■g": 3, "▲g": 1}, 5, factors=TOKEN_PATTERN)
    after = tokens_of(run("redraw", "colour", [["◆b"] * 10_000], 0.5, 3, task))
    counts = Counter(after)
    assert set(counts) == {"◆b", "◆r", "◆g"}
    assert abs(counts["◆b"] - 5_000) < 250 and abs(counts["◆r"] - 3_000) < 250 and abs(counts["◆g"] - 2_000) < 250


def test_a_factor_in_the_middle_and_values_of_any_length() -> None:
    task = ProbeTask({"run-PAST-3": 2, "eat-NOW-1": 1}, 2, factors=r"(?P<verb>\w+)-(?P<tense>[A-Z]+)-(?P<person>\d)")
    assert run("mask", "tense", [["eat-NOW-1", "x"]], task=task) == [["eat--1", "x"]]
    assert all(
        re.fullmatch(task.factors or "", token)
        for token in tokens_of(run("redraw", "verb", [["eat-NOW-1"]], task=task))
    )


def test_only_factors_that_vary_in_train_are_changed() -> None:
    assert factor_probes(TASK) == ()
    task = ProbeTask({"▲r": 1, "▲g": 1}, 2, factors=TOKEN_PATTERN)
    assert {probe.name for probe in factor_probes(task)} == {f"factors.{name}:colour" for name in CHANGES}
    default = {probe.name for probe in factor_probes(SPR_TASK) if probe.strengths}
    assert default == {
        f"factors.{name}:{factor}" for name in ("mask", "permute", "redraw") for factor in ("shape", "colour")
    }
