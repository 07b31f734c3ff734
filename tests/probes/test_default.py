"""Which probes a suite has: names, families, strengths and expectations as a study file gives them."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from brittlestar.core.errors import InputError
from brittlestar.probes.default import chosen_extras, chosen_probes, known_probes
from brittlestar.probes.own import own_probe
from brittlestar.probes.probe import Probe
from brittlestar.probes.suite import EXTRAS
from brittlestar.probes.task import ProbeTask

from .making import ODD, SPR_TASK, TASK, changed


def probe(name: str = "own.mine", unit: str = "edits", strengths: Sequence[float] = (3,)) -> Probe:
    return own_probe(name, unit=unit, strengths=strengths, expectation="open")(lambda rows, strength, random: rows)


def names(task: ProbeTask = TASK, **options: Any) -> dict[str, tuple[float, ...]]:
    return {one.name: one.strengths for one in chosen_probes(task, **options)}


def test_by_default_every_probe_that_has_a_strength() -> None:
    assert names(SPR_TASK) == {one.name: one.strengths for one in known_probes(SPR_TASK) if one.strengths}


def test_names_families_and_factors_are_chosen_and_left_out() -> None:
    assert set(names(only=["noise.drop"])) == {"noise.drop"}
    assert {name.partition(".")[0] for name in names(only=["noise", "order"])} == {"noise", "order"}
    assert set(names(SPR_TASK, only=["factors.mask"])) == {"factors.mask:shape", "factors.mask:colour"}
    assert set(names(SPR_TASK, only=["factors"], skip=["factors.mask:shape", "factors.permute", "factors.redraw"])) == {
        "factors.mask:colour"
    }
    assert names(only=["length.sweep"]) == {} == names(skip=["order", "composition", "length", "noise", "tokenisation"])


def test_strengths_are_set_for_one_probe_or_for_every_factor() -> None:
    assert names(only=["order.window"], strengths={"order.window": [3, 5]}) == {"order.window": (3.0, 5.0)}
    found = names(SPR_TASK, only=["factors"], strengths={"factors.redraw": [0.5], "factors.mask:shape": [0.2]})
    assert found["factors.redraw:shape"] == found["factors.redraw:colour"] == (0.5,)
    assert found["factors.mask:shape"] == (0.2,) and found["factors.mask:colour"] == (1.0,)
    assert names(only=["order.pinned"], strengths={"order.pinned": [-1]}) == {"order.pinned": (-1.0,)}
    assert "order.shuffle" not in names(strengths={"order.shuffle": []})


def test_expectations_are_set_for_probes_and_families() -> None:
    found = {
        one.name: one.expectation for one in chosen_probes(TASK, expect={"order": "changes", "noise.drop": "invariant"})
    }
    assert found["order.shuffle"] == "changes" and found["noise.drop"] == "invariant"
    assert found["noise.duplicate"] == "open"


def test_own_probes_count_what_they_like() -> None:
    own = [probe("noise.mine"), probe("own.two")]
    found = names(own=own, only=["own", "noise.mine"], strengths={"noise.mine": [2.5, 40_000]})
    assert found == {"noise.mine": (2.5, 40_000.0), "own.two": (3.0,)}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"only": ["order.shufle"]},
            "probes.only: 'order.shufle' is no probe of these data; did you mean 'order.shuffle'?",
        ),
        ({"skip": ["gibberish"]}, "probes.skip: 'gibberish' is no probe of these data; there are composition.rename,"),
        ({"expect": {"odrer": "open"}}, "probes.expect: 'odrer' is no probe of these data; did you mean 'order'?"),
        ({"strengths": {"order": [0.5]}}, "probes.strengths: 'order' is no single probe"),
        ({"expect": {"contrast": "changes"}}, "probes.expect: 'contrast' is no single probe"),
        (
            {"strengths": {"noise.drop": [1.5]}},
            "probes.strengths.noise.drop: 1.5 is no share of tokens; it lies between 0",
        ),
        ({"strengths": {"noise.drop": [0]}}, "probes.strengths.noise.drop: 0 is no strength; give a number above 0"),
        ({"strengths": {"noise.drop": [-0.1]}}, "-0.1 is no strength"),
        ({"strengths": {"noise.drop": [float("nan")]}}, "nan is no strength"),
        ({"strengths": {"length.distract": [float("inf")]}}, "inf is no strength"),
        ({"strengths": {"order.window": [2.5]}}, "2.5 is no strength: it counts whole ones; write it whole"),
        ({"strengths": {"order.window": [0.5]}}, "0.5 is no strength: it counts whole ones"),
        ({"strengths": {"order.pinned": [0]}}, "0 is no strength"),
        ({"strengths": {"order.swaps": [1e9]}}, "1e+09 is too strong; write 10,000 at most"),
        (
            {"strengths": {"order.reverse": [0.5]}},
            "0.5 is no strength: this probe has but one; write 1, or leave it out",
        ),
        ({"strengths": {"noise.drop": [0.1, 0.1000000001]}}, "probes.strengths.noise.drop: 0.1 is given twice"),
        (
            {"only": ["order.pinned"]},
            "probes.only: 'order.pinned' has no strength by itself here; give --strength order.pinned=",
        ),
        ({"own": [probe(), probe()]}, "probes.own: two probes are named 'own.mine'"),
        ({"own": [probe()], "strengths": {"own.mine": [-1]}}, "probes.strengths.own.mine: -1 is no strength"),
    ],
    ids=lambda one: one if isinstance(one, str) else ", ".join(one),
)
def test_settings_that_cannot_be_meant(options: Mapping[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        chosen_probes(ProbeTask(TASK.frequency, TASK.longest), **options)
    assert len(caught.value.problems) == 1 and message in str(caught.value), str(caught.value)


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        chosen_probes(TASK, only=["x"], skip=["y"], strengths={"noise.drop": [2, 3], "z": [1]}, own=[probe(), probe()])
    assert len(caught.value.problems) == 6


def test_what_is_beside_probes_is_chosen_by_name_and_family() -> None:
    assert chosen_extras([], []) == EXTRAS
    assert chosen_extras(["order"], []) == () == chosen_extras([], ["contrast", "composition", "length"])
    assert chosen_extras(["contrast", "length.sweep"], ["contrast.one-token"]) == ("contrast.near-miss", "length.sweep")
    for name in (*EXTRAS, "contrast"):
        chosen_probes(TASK, only=[name], skip=[name])


@pytest.mark.parametrize(
    "train", [ProbeTask({"a": 2}, 2), ProbeTask({"a": 1}, 1), SPR_TASK], ids=["one token", "one row", "SPR"]
)
@pytest.mark.parametrize("what", ODD)
def test_every_probe_takes_odd_rows_under_odd_tasks(what: str, train: ProbeTask) -> None:
    for one in known_probes(train):
        for strength in one.strengths or (1.0,):
            changed(one.change, ODD[what], strength, task=train)
