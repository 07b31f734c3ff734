"""Policies of a gate: what is read, and every mistake with its line."""

from pathlib import Path

import pytest

from brittlestar.core.errors import InputError
from brittlestar.study.gate_policy import GatePolicy, make_policy, read_policy

ROOT = Path(__file__).parents[2]


def test_the_example_is_read_with_paths_beside_it() -> None:
    folder = ROOT / "examples" / "ci"
    found = read_policy(folder / "gate.yaml")
    assert found == GatePolicy(
        require=("real", "sound"),
        absent=("leak.*", "label.conflict"),
        against=(folder / "released.csv",),
        no_worse_by=0.01,
        cannot_say="pass",
        data=folder / "data",
        predictions=(folder / "predictions.csv",),
    )


def test_options_take_the_place_of_keys_and_none_leaves_them() -> None:
    base = make_policy({"require": "real", "absent": ["leak.*"], "max_drop": {"shift": 0.03}})
    found = make_policy({"require": "Sound?,holds", "absent": None, "max_drop": "shift_a=0.1, shift_b=.2"}, base)
    assert found.require == ("sound", "holds") and found.absent == ("leak.*",)
    assert found.max_drop == {"shift_a": 0.1, "shift_b": 0.2}
    assert GatePolicy().is_empty and not found.is_empty


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("require", "reel", "no answer is named 'reel'; did you mean 'real'?"),
        ("require", 3, "3 is no list of names; choose from real, holds, sound, fair"),
        ("absent", [""], "is no list of names; write codes such as"),
        ("max_drop", "shift", "'' is no number from 0 on; write shift=0.03"),
        ("max_drop", {"shift": -1}, "-1 is no number from 0 on"),
        ("max_drop", {}, "names no split with its greatest loss"),
        ("max_drop", {"shift": True}, "True is no number from 0 on"),
        ("no_worse_by", "much", "'much' is no number from 0 on; write 0.01: a point"),
        ("claims", [], "[] is neither a file nor a list of claims"),
        ("against", "", "'' is no path"),
        ("predictions", 3, "3 is no list of files"),
        ("predictions_columns", "a", "'a' is no mapping; write {ROLE: COLUMN}"),
        ("against_columns", "a", "'a' is no mapping; write {ROLE: COLUMN}"),
        ("abstain", ["a", "b"], "['a', 'b'] is no label; write the one label"),
        ("columns", ["a"], "is no mapping; write {ROLE: COLUMN}, such as {sequence: text}"),
        ("cannot_say", "maybe", "an open requirement may pass or fail (got 'maybe'); choose pass or fail"),
        ("maxdrop", 1, "a policy has no key 'maxdrop'; did you mean 'max_drop'?"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_write(key: str, value: object, said: str) -> None:
    with pytest.raises(InputError) as error:
        make_policy({key: value})
    assert said in str(error.value)


def test_every_mistake_of_a_file_has_its_line(tmp_path: Path) -> None:
    place = tmp_path / "gate.yaml"
    place.write_text("require: [reel]\n\nabsent: 3\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_policy(place)
    first, second = str(error.value).splitlines()
    assert first.startswith(f"{place}:1:1: require: ") and second.startswith(f"{place}:3:1: absent: ")


@pytest.mark.parametrize("text", ["", "[]", "just words", "require: [real"])
def test_what_is_no_policy_is_refused(text: str, tmp_path: Path) -> None:
    place = tmp_path / "gate.yaml"
    place.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"gate\.yaml"):
        read_policy(place)


def test_a_policy_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the policy cannot be read"):
        read_policy(tmp_path / "gate.yaml")
