"""Policies of a gate: what is read, and every mistake with its line."""

from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from brittlestar import schema
from brittlestar.cli.commands import COMMANDS
from brittlestar.core.errors import InputError
from brittlestar.reports.gate.policy import ASKS, KEYS, make_policy, read_policy, write_key
from brittlestar.study.gate_policy import GatePolicy, GateSource, GateTerms, name_keys

ROOT = Path(__file__).parents[2]


def test_the_example_is_read_with_paths_beside_it() -> None:
    folder = ROOT / "examples" / "ci"
    found = read_policy(folder / "gate.yaml")
    assert found == GatePolicy(
        asked={
            "require": ("real", "sound"),
            "absent": ("leak.*", "label.conflict"),
            "against": (folder / "released.csv",),
        },
        terms=GateTerms(no_worse_by=0.01, cannot_say="pass"),
        source=GateSource(data=folder / "data", predictions=(folder / "predictions.csv",)),
    )


def test_options_take_the_place_of_keys_and_none_leaves_them() -> None:
    base = make_policy({"require": "real", "absent": ["leak.*"], "max_drop": {"shift": 0.03}})
    found = make_policy({"require": "Sound?,holds", "absent": None, "max_drop": "shift_a=0.1, shift_b=.2"}, base)
    assert found.asked["require"] == ("sound", "holds") and found.asked["absent"] == ("leak.*",)
    assert found.asked["max_drop"] == {"shift_a": 0.1, "shift_b": 0.2}
    assert [*found.asked] == ["require", "absent", "max_drop"], "decided in the order of their declarations"
    assert not make_policy({"require": [], "absent": []}, base).asked.keys() & {"require", "absent"}


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("require", "reel", "require must be some of real, holds, sound, fair (got 'reel'); did you mean 'real'?"),
        ("require", 3, "(got 3); require: real,sound"),
        ("absent", [""], "absent must be names of findings (got ''); absent: 'leak.*,padding.*'"),
        ("max_drop", "shift", "must be SPLIT=LOSS with a loss from 0 on (got '' for shift); max_drop: shift=0.03"),
        ("max_drop", {"shift": -1}, "(got -1 for shift)"),
        ("max_drop", {}, "(got {}); max_drop: shift=0.03"),
        ("max_drop", {"shift": True}, "(got True for shift)"),
        ("min_expected", {"new_may": 65}, "(got 65 for new_may); min_expected: 0.65=new_march"),
        ("min_expected", "0.5=shift_a", "a split without labels (got 'shift_a')"),
        ("no_shift", "0.5", "no_shift must be SHARE=SPLIT with a share between 0 and 1 (got '')"),
        ("no_worse_by", "much", "no_worse_by must be a number from 0 on (got 'much'); no_worse_by: 0.01"),
        ("no_worse_by", True, "(got True)"),
        ("min_score", float("nan"), "(got nan)"),
        ("min_recall", "0.6,1.8=billing", "must be from 0 to 1 (got '1.8' for billing)"),
        ("min_recall", [], "(got {})"),
        ("claims", [], "claims must be a file or a list of claims (got [])"),
        ("against", "", "against must be a study's folder or files (got '')"),
        ("predictions", 3, "predictions must be a list of files (got 3)"),
        ("predictions_columns", "a", "must be a mapping of roles to columns (got 'a'); predictions_columns: {pred"),
        ("against_columns", "a", "must be a mapping of roles to columns (got 'a'); against_columns: {prediction"),
        ("abstain", ["a", "b"], "abstain must be the one label that stands for no answer (got ['a', 'b'])"),
        ("columns", ["a"], "(got ['a']); columns: {sequence: text}"),
        ("set", "a=b", "set must be a mapping of settings to values (got 'a=b'); set: {trivial.linear: off}"),
        ("cannot_say", "maybe", "cannot_say must be pass or fail (got 'maybe'); cannot_say: pass"),
        ("maxdrop", 1, "a policy has no key 'maxdrop'; did you mean 'max_drop'?"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_write(key: str, value: object, said: str) -> None:
    with pytest.raises(InputError) as error:
        make_policy({key: value}, place_of=lambda _: "policy")
    assert said in str(error.value)


def test_an_option_is_named_as_it_was_typed() -> None:
    with pytest.raises(InputError) as error:
        make_policy({"max_drop": "shift", "min_score": None, "cannot_say": "never"})
    assert [str(problem) for problem in error.value.problems] == [
        "--max-drop must be SPLIT=LOSS with a loss from 0 on (got '' for shift); --max-drop shift=0.03",
        "--cannot-say must be pass or fail (got 'never'); --cannot-say pass",
    ]


@pytest.mark.parametrize(
    ("key", "written", "meant"),
    [
        ("max_drop", ["a=0.1", "b=.2"], {"a": 0.1, "b": 0.2}),
        ("min_recall", 0.6, {"": 0.6}),
        ("min_recall", "0.6,0.8=billing", {"": 0.6, "billing": 0.8}),
        ("min_recall", {"all": 0.5, 1: 0.2}, {"": 0.5, "1": 0.2}),
        ("no_shift", "0.1=a,.2=b", {"a": 0.1, "b": 0.2}),
        ("slices", "customer, length,customer", ("customer", "length")),
        (
            "set",
            {"seeds": 3, "trivial.linear": "off", "a.b": [1, None]},
            {"seeds": "3", "trivial.linear": "off", "a.b": "[1, null]"},
        ),
        ("columns", {"label": 3}, {"label": "3"}),
        ("against", "s3://bucket/a.study", (Path("s3://bucket/a.study"),)),
        ("against", ["a", "b"], (Path("there/a"), Path("there/b"))),
        (
            "labelled",
            {"new_a": "few.csv", "new_b": [("id", 1)]},
            {"new_a": Path("there/few.csv"), "new_b": [("id", 1)]},
        ),
        ("claims", "all.txt", Path("there/all.txt")),
    ],
)
def test_a_key_has_short_forms(key: str, written: object, meant: object) -> None:
    found = make_policy({key: written}, folder=Path("there"))
    part = found.terms if key in GateTerms.model_fields else found.source
    assert (found.asked[key] if key in ASKS else getattr(part, key)) == meant


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        (
            "name it with --preds-columns prediction=NAME,id=b; or",
            "name it with predictions_columns: {prediction: NAME, id: b}; or",
        ),
        ("which --preds-columns names as", "which predictions_columns names as"),
        ("no answer: --abstain 'not sure'", "no answer: abstain: 'not sure'"),
        ("--set training.epochs=3", "set: {training.epochs: 3}"),
        ("`brittlestar audit a --slices b`, or --columns id=a", "`brittlestar audit a --slices b`, or --columns id=a"),
    ],
)
def test_options_of_other_verbs_are_named_as_keys(told: str, meant: str) -> None:
    assert name_keys(told) == meant


def test_every_mistake_of_a_file_has_its_line(tmp_path: Path) -> None:
    place = tmp_path / "gate.yaml"
    place.write_text("require: [reel]\n\nabsent: 3\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_policy(place)
    first, second = str(error.value).splitlines()
    assert first.startswith(f"{place}:1:1: require must ") and second.startswith(f"{place}:3:1: absent must ")


@pytest.mark.parametrize("text", ["", "[]", "just words", "require: [real"])
def test_what_is_no_policy_is_refused(text: str, tmp_path: Path) -> None:
    place = tmp_path / "gate.yaml"
    place.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"gate\.yaml"):
        read_policy(place)


def test_a_policy_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the policy cannot be read"):
        read_policy(tmp_path / "gate.yaml")


@pytest.mark.parametrize("key", KEYS)
def test_an_example_of_a_key_is_read_and_is_what_the_schema_allows(key: str) -> None:
    written = yaml.safe_load(write_key(key))
    make_policy(written, place_of=lambda _: "policy")
    allowed = Draft202012Validator(schema("gate-policy"))
    assert allowed.is_valid(written) and not allowed.is_valid({f"{key}_": 1})


def test_an_option_is_a_key_by_its_name_and_example() -> None:
    options = {option.flags for option in COMMANDS["gate"].options}
    declared = [key for key in KEYS if f"--{key.replace('_', '-')}" in options]
    assert {"require", "min_score", "against", "no_worse_by", "cannot_say"} <= {*declared}
    for key in set(declared) & {*ASKS}:
        with pytest.raises(InputError, match=f"^--{key.replace('_', '-')} must be .* --{key.replace('_', '-')} "):
            make_policy({key: True})
