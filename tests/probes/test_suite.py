"""A suite: under every condition the rows that its change makes, equal ones once, and nothing of chance."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brittlestar import generate, run
from brittlestar.core.errors import InputError
from brittlestar.core.probing import Condition
from brittlestar.core.seeds import generator
from brittlestar.data.spr import parse_rule
from brittlestar.data.written_rows import rows_of_strings, stack_token_rows
from brittlestar.probes.contrasts import Contrast, near_misses, one_token
from brittlestar.probes.default import known_probes
from brittlestar.probes.length import SWEEP, draw_by_length
from brittlestar.probes.probe import Probe
from brittlestar.probes.relabelling import by_rule
from brittlestar.probes.suite import EXTRAS, Suite, pieces
from brittlestar.probes.task import ProbeTask
from tests.data.spr.labelling import label_rows

from .making import ODD, ROWS, SPR_ROWS, SPR_TASK, TASK, Rows, sound

RULE = parse_rule("at least 1 ▲ AND colour 2 is r")


def suite_of(
    rows: Rows,
    task: ProbeTask = TASK,
    probes: Sequence[Probe] | None = None,
    *,
    ruled: bool = False,
    extras: Sequence[str] = EXTRAS,
    contrasts: Sequence[Contrast] = (),
) -> Suite:
    """The suite of rows with labels 0, 1, 0, 1 …, of every probe unless others are given."""
    labels = np.arange(len(rows), dtype=np.int32) % 2
    task = replace(task, relabel=by_rule(RULE, ["0", "1"])) if ruled else task
    return whole(
        rows,
        labels,
        task,
        known_probes(task) if probes is None else probes,
        rule=RULE if ruled else None,
        extras=extras,
        contrasts=contrasts,
    )


def whole(rows: Rows, labels: np.ndarray, task: ProbeTask, probes: Sequence[Probe], **options: Any) -> Suite:
    """All pieces of a suite in memory."""
    made = list(pieces(rows_of_strings(rows), labels, task, probes, **options))
    notes = tuple(note for one in made for note in one.notes)
    conditions = tuple(one.condition for one in made)
    return Suite("test", np.arange(len(rows)), stack_token_rows([one.rows for one in made]), conditions, notes)


def texts(suite: Suite, numbers: np.ndarray) -> Rows:
    return suite.rows.rows(numbers).strings()


def by_name(suite: Suite) -> dict[str, Condition]:
    return {condition.name: condition for condition in suite.conditions}


def as_bytes(suite: Suite) -> list[bytes]:
    """Everything that a suite holds."""
    parts = [suite.rows.codes, suite.rows.offsets, suite.sample]
    for condition in suite.conditions:
        parts += [condition.before, condition.after, condition.labels_before, condition.labels_after]
        parts += [] if condition.weights is None else [condition.weights]
    names = [
        repr((condition.probe, condition.strength, condition.unit, condition.about, condition.expectation))
        for condition in suite.conditions
    ]
    return [part.tobytes() for part in parts] + [repr((suite.rows.lexicon, names, suite.notes)).encode()]


def is_whole(suite: Suite, rows: Rows) -> None:
    """Rows of a condition and those as they are are distinct, and all are used; the first condition is the rows as they
    are; numbers are numbers of rows."""
    sound(suite.rows)
    strings = [tuple(row) for row in suite.rows.strings()]
    plain = set(suite.conditions[0].after.tolist())
    for condition in suite.conditions:
        numbers = plain | {number for number in (*condition.before.tolist(), *condition.after.tolist()) if number >= 0}
        assert len({strings[number] for number in numbers}) == len(numbers)
    used = {
        number
        for condition in suite.conditions
        for numbers in (condition.before, condition.after)
        for number in numbers.tolist()
    }
    assert used - {-1} == set(range(len(strings)))
    first = suite.conditions[0]
    assert (
        first.name == "plain@0" and texts(suite, first.before) == rows and first.after.tolist() == first.before.tolist()
    )
    assert len(by_name(suite)) == len(suite.conditions)
    for condition in suite.conditions:
        n = len(condition.after)
        assert len(condition.before) == len(condition.labels_before) == len(condition.labels_after) == n
        assert condition.weights is None or (
            len(condition.weights) == n and condition.weights.mean() == pytest.approx(1)
        )


@given(st.booleans(), ROWS)
@settings(max_examples=30, deadline=None)
def test_every_condition_is_the_change_applied_directly(factored: bool, rows: Rows) -> None:
    task = SPR_TASK if factored else TASK
    suite = suite_of(rows, task)
    is_whole(suite, rows)
    found = by_name(suite)
    for probe in known_probes(task):
        for strength in probe.strengths:
            one = found[f"{probe.name}@{strength:g}"]
            random = generator(0, "probe", probe.name, f"{strength:g}")
            assert texts(suite, one.before) == rows
            assert texts(suite, one.after) == probe.change(rows_of_strings(rows), task, strength, random).strings()
            assert (one.probe, one.unit, one.expectation) == (probe.name, probe.unit, probe.expectation)
            assert one.labels_before.tolist() == [k % 2 for k in range(len(rows))]
            assert one.labels_after.tolist() == [-1] * len(rows)


@given(SPR_ROWS)
@settings(max_examples=10, deadline=None)
def test_true_labels_are_those_of_the_rule(rows: Rows) -> None:
    rows = [[token for token in row if token != "alien"] for row in rows]
    suite = suite_of(rows, SPR_TASK, ruled=True)
    is_whole(suite, rows)
    lossless = {probe.name for probe in known_probes(SPR_TASK) if probe.lossless}
    rebuilt = [0, 0]
    for condition in suite.conditions:
        assert condition.labels_before.tolist() == (
            [-1] * len(condition.after)
            if condition.probe == "length.sweep"
            else label_rows(RULE, texts(suite, condition.before)).tolist()
        )
        if condition.probe in lossless:
            assert condition.labels_after.tolist() == condition.labels_before.tolist()
            rebuilt[0] += 1
        elif condition.probe.partition(".")[0] in ("plain", "order", "contrast") or condition.probe == "length.sweep":
            assert condition.labels_after.tolist() == label_rows(RULE, texts(suite, condition.after)).tolist()
            rebuilt[1] += 1
    assert rebuilt[0] >= 4 and rebuilt[1] >= 10


ABC: Rows = [list("abca"), list("bb"), [], list("acabd"), list("d"), list("aab")] * 5


def test_the_same_input_gives_the_same_bytes() -> None:
    state = np.random.get_state(legacy=False)["state"]["pos"]  # pyright: ignore
    assert as_bytes(suite_of(ABC)) == as_bytes(suite_of(ABC))
    assert np.random.get_state(legacy=False)["state"]["pos"] == state  # pyright: ignore


def test_a_condition_does_not_depend_on_the_other_probes() -> None:
    whole = suite_of(ABC)
    for probe in known_probes(TASK):
        alone = suite_of(ABC, probes=[probe], extras=())
        assert len(alone.conditions) == 1 + len(probe.strengths)
        for condition in alone.conditions:
            same = by_name(whole)[condition.name]
            assert texts(alone, condition.after) == texts(whole, same.after)
            assert condition.labels_after.tolist() == same.labels_after.tolist()
    backwards = suite_of(ABC, probes=known_probes(TASK)[::-1])
    for name, file in by_name(whole).items():
        assert texts(whole, file.after) == texts(backwards, by_name(backwards)[name].after)


def test_tilts_are_the_rows_with_weights_or_a_note() -> None:
    suite = suite_of(ABC)
    tilts = [condition for condition in suite.conditions if condition.probe.startswith("composition.tilt:")]
    assert {tilt.strength for tilt in tilts} == {0.01, 0.05} and len({tilt.probe for tilt in tilts}) == 1
    assert all(texts(suite, tilt.after) == ABC and tilt.weights is not None and tilt.unit == "nats" for tilt in tilts)
    assert all(tilt.labels_after.tolist() == suite.conditions[0].labels_before.tolist() for tilt in tilts)
    same = suite_of([["a", "b"]] * 4)
    assert not [condition for condition in same.conditions if condition.weights is not None]
    assert len(same.notes) == 2 and "'a' cannot be made 0.01 nats more frequent by weights of these rows" in same.notes


def test_the_tokens_that_vary_most_are_tilted() -> None:
    rows = [["a", "b", "c", "c"], ["b", "b", "b", "c"], ["a", "a", "c", "c"], ["a", "b", "c", "c"]] * 9
    shares = {token: np.var([row.count(token) / len(row) for row in rows]) for token in "abc"}
    wanted = sorted(shares, key=lambda token: -shares[token])[:1]
    found = [condition.probe for condition in suite_of(rows).conditions if condition.strength == 0.01]
    assert found == [f"composition.tilt:{token}" for token in wanted]


def test_rules_bring_near_misses_and_longer_rows_functions_single_tokens() -> None:
    rows = [["▲", "▲r", "●"], ["■", "●r", "▲g", "◆"]] * 20
    ruled = suite_of(rows, SPR_TASK, ruled=True)
    task = replace(SPR_TASK, relabel=by_rule(RULE, ["0", "1"]))
    labels = label_rows(RULE, rows).astype(np.int32)
    misses = near_misses(RULE, rows_of_strings(rows), labels, task, generator(0, "probe", "contrast"))
    assert len(misses) == 2
    for miss in misses:
        one = by_name(ruled)[f"{miss.name}@1"]
        assert texts(ruled, one.before) == miss.left.strings() and texts(ruled, one.after) == miss.right.strings()
        assert one.expectation == "changes"
    for strength in SWEEP:
        one = by_name(ruled)[f"length.sweep@{strength:g}"]
        wanted = draw_by_length(RULE, task, strength, generator(0, "probe", "length.sweep", f"{strength:g}"))
        assert wanted is not None and texts(ruled, one.after) == wanted.strings()
        assert set(one.before.tolist()) == {-1} == set(one.labels_before.tolist())
    function = whole(rows, labels, task, [])
    single = one_token(rows_of_strings(rows), labels, task, generator(0, "probe", "contrast"))
    assert single is not None
    one = by_name(function)["contrast.one-token@1"]
    assert texts(function, one.after) == single.right.strings()
    assert not [
        condition for condition in function.conditions if condition.probe.startswith(("length.sweep", "contrast.near"))
    ]


def test_given_contrasts_are_taken_as_they_are() -> None:
    left, right = rows_of_strings([["a", "x"], ["b"]]), rows_of_strings([["y", "x"], []])
    labels = np.array([0, 1], np.int32)
    pairs = Contrast("contrast.given", "2 pairs", left, right, labels, labels[::-1])
    suite = suite_of(ABC, probes=[], extras=(), contrasts=[pairs])
    is_whole(suite, ABC)
    one = by_name(suite)["contrast.given@1"]
    assert texts(suite, one.before) == left.strings() and texts(suite, one.after) == right.strings()
    assert one.labels_before.tolist() == [0, 1] and one.labels_after.tolist() == [1, 0]


@pytest.mark.parametrize("ruled", [False, True])
@pytest.mark.parametrize("what", ODD)
def test_odd_rows_have_suites(what: str, ruled: bool) -> None:
    is_whole(suite_of(ODD[what], SPR_TASK, ruled=ruled), ODD[what])


def test_a_probe_that_loses_rows_is_told() -> None:
    lossy = Probe("own.lossy", "x", (2.0,), lambda rows, *_: rows.rows(np.arange(1)), "loses rows")
    with pytest.raises(
        InputError, match=r"probe own.lossy at 2: it gave 1 rows for 2; make it with brittlestar.own_pro"
    ):
        suite_of([["a"], ["b"]], probes=[lossy])


def test_the_default_suite_of_the_largest_rule_has_forty_conditions_at_most(tmp_path: Path) -> None:
    generate(tmp_path / "d", sizes="300/60/120")
    result = run(tmp_path / "d", out=tmp_path / "s", seeds=1, settings={"training.epochs": "0"}, executor="serial")
    assert result.record.probes is not None
    n = len(result.record.probes.conditions) - 1
    assert 30 <= n <= 40, f"{n} conditions: give a new probe no strength by default, strengths=()"
