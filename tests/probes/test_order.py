"""Token order: what each change keeps, and what it does in plain Python."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from brittlestar.probes.composition import order_probes, pin_position, reverse, rotate, shuffle, swaps, windows
from brittlestar.probes.task import ProbeTask

from .making import ROWS, SEEDS, TASK, Rows, changed, multisets

PROBES = {
    "shuffle": shuffle,
    "window": windows,
    "swaps": swaps,
    "reverse": reverse,
    "rotate": rotate,
    "pinned": pin_position,
}


@given(ROWS, st.integers(1, 6), SEEDS, st.sampled_from(sorted(PROBES)))
def test_each_row_keeps_its_tokens(rows: Rows, strength: int, seed: int, name: str) -> None:
    assert multisets(changed(PROBES[name], rows, strength, seed)) == multisets(rows)


@given(ROWS, st.integers(1, 6), SEEDS)
def test_each_window_keeps_its_tokens(rows: Rows, width: int, seed: int) -> None:
    def cut(row: list[str]) -> list[Counter[str]]:
        return multisets([row[start : start + width] for start in range(0, len(row), width)])

    assert list(map(cut, changed(windows, rows, width, seed))) == list(map(cut, rows))


@given(ROWS, st.integers(-7, 7).filter(bool), SEEDS)
def test_the_pinned_position_keeps_its_token(rows: Rows, place: int, seed: int) -> None:
    for before, after in zip(rows, changed(pin_position, rows, place, seed), strict=True):
        at = place - 1 if place > 0 else len(before) + place
        assert at < 0 or at >= len(before) or after[at] == before[at]


def test_all_but_the_pinned_position_move() -> None:
    row = list("abcdefgh")
    found = [changed(pin_position, [row], -2, seed)[0] for seed in range(60)]
    for place in range(8):
        assert (len({one[place] for one in found}) == 1) == (place == 6)


@given(ROWS)
def test_reverse_is_reversal_and_twice_nothing(rows: Rows) -> None:
    once = changed(reverse, rows)
    assert once == [row[::-1] for row in rows] and changed(reverse, once) == rows


@given(ROWS, st.integers(1, 30))
def test_rotation(rows: Rows, by: int) -> None:
    wanted = [row[by % len(row) :] + row[: by % len(row)] if row else [] for row in rows]
    assert changed(rotate, rows, by) == wanted


@given(st.integers(0, 8), SEEDS)
def test_k_swaps_move_no_token_further_than_k(k: int, seed: int) -> None:
    row = list("abcdefgh")
    after = changed(swaps, [row], k or 1, seed)[0]
    assert max(abs(row.index(token) - place) for place, token in enumerate(after)) <= (k or 1)


def test_every_order_has_the_same_chance() -> None:
    found = Counter("".join(row) for row in changed(shuffle, [list("abc")] * 12_000, 1.0, seed=5))
    assert len(found) == 6 and all(abs(n - 2_000) < 220 for n in found.values())


def test_a_share_of_tokens_moves() -> None:
    row = [str(k) for k in range(2_000)]
    moved = sum(a != b for a, b in zip(row, changed(shuffle, [row], 0.3, seed=1)[0], strict=True))
    assert 520 < moved < 680


def test_windows_are_shorter_than_rows_and_telling_positions_are_pinned() -> None:
    strengths = {probe.name: probe.strengths for probe in order_probes(ProbeTask({"a": 1}, 3, (3, 1)))}
    assert strengths["order.window"] == (2.0,) and strengths["order.pinned"] == (3.0, 1.0)
    names = {probe.name for probe in order_probes(TASK)}
    assert names == {f"order.{name}" for name in PROBES}, "name it in PROBES above"
    assert not any(probe.lossless for probe in order_probes(TASK))
