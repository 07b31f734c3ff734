"""Kinds of files that state settings, and reports that people might write with what is right in each."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.core.errors import InputError
from brittlestar.models.declared import read_declared
from brittlestar.records.reported.classifying import classify_settings
from brittlestar.records.reported.effect import InEffect
from brittlestar.records.reported.reading import Field, read_stated


def read(folder: Path, suffix: str, text: str) -> dict[str, str]:
    place = folder / f"reported{suffix}"
    place.write_text(text)
    return {one.name: one.text for one in read_stated(place).stated}


def test_objects_of_a_list_are_sections_in_json_as_in_yaml(tmp_path: Path) -> None:
    json = '{"callbacks": [{"class_name": "keras.EarlyStopping", "config": {"patience": 3}}], "mixed": [1, {}]}'
    assert read(tmp_path, ".json", json) == {"callbacks.EarlyStopping.patience": "3", "mixed": "[1]"}
    yaml = "callbacks:\n- _target_: lightning.EarlyStopping\n  patience: 3\nlr: {desc: rate, value: 1e-3}\n"
    found = {name: text for name, text in read(tmp_path, ".yaml", yaml).items() if "_target_" not in name}
    assert found == {"callbacks.EarlyStopping.patience": "3", "lr": "1e-3"}


def test_defaults_of_a_class_and_of_its_other_name_are_declared(tmp_path: Path) -> None:
    made = "def __init__(self, info, drop=0.1, *, wide=True, late=None or 2):\n        pass"
    source = f"class Net:\n    {made}\n\nbuild = Net\n"
    (tmp_path / "nets.py").write_text(source + "loop = loop\n")
    for name in ("Net", "build"):
        assert read_declared(f"nets:{name}", tmp_path) == {"drop": 0.1, "wide": True}
    for name in ("loop", "none"):
        assert read_declared(f"nets:{name}", tmp_path) == {}


@given(st.sampled_from([".toml", ".yaml", ".json"]), st.text(max_size=300))
def test_any_file_is_read_or_refused_in_words(tmp_path_factory: pytest.TempPathFactory, suffix: str, text: str) -> None:
    place = tmp_path_factory.mktemp("any") / f"reported{suffix}"
    place.write_text(text, encoding="utf-8", errors="replace")
    try:
        found = read_stated(place)
    except InputError:
        return
    assert found.stated or found.scores is not None


# 125 reports that people might write, each with what is right and what is not in it (`reports/expected.json`)


REPORTS = Path(__file__).with_name("reports")
TABLE: dict[str, Any] = json.loads((REPORTS / "expected.json").read_text(encoding="utf-8"))
ALARMS = ("misstated", "omitted", "without-effect", "ambiguous")
UNSTATED = ("name", "data.path", "data.splits", "data.columns", "variants", "claims", "probes", "report", "execution")
"""Settings that reports leave out, whoever set them."""


@cache
def effect_of(study: str) -> InEffect:
    kept = TABLE["studies"][study]
    values = {**TABLE["common"], **kept["values"]}
    return InEffect(
        values=values,
        read=frozenset(values.keys() - {*kept["unread"]}),
        idle=frozenset(kept["idle"]),
        default=frozenset(kept["default"]),
        rows=kept["rows"],
        steps=kept["steps"],
        seeds=tuple(kept["seeds"]),
        params=kept["params"],
    )


def plain(name: str) -> str:
    return re.sub(r"[\W_]+", " ", name).strip().lower()


def find_kinds(fields: tuple[Field, ...], name: str) -> set[str]:
    """What a field was called; one that was told part by part, as weights of classes are, is right where each is."""
    whole = {field.kind for field in fields if plain(field.name) == plain(name)}
    parts = {field.kind for field in fields if plain(field.name).startswith(f"{plain(name)} ")}
    return set(whole or (parts if parts == {"match"} else parts - {"match"}))


@pytest.mark.parametrize("name", sorted(TABLE["cases"]))
def test_a_known_report_is_read_rightly(name: str) -> None:
    case = TABLE["cases"][name]
    fields = classify_settings(effect_of(case["study"]), read_stated(REPORTS / name).stated)
    expected = {**dict.fromkeys(case["matches"], "match"), **case["exceptions"]}
    assert {path: find_kinds(fields, path) for path in expected} == {path: {kind} for path, kind in expected.items()}
    named = {plain(path) for path in expected}
    assert not [
        field.name
        for field in fields
        if field.kind in ALARMS
        and not any(field.name == path or field.name.startswith(f"{path}.") for path in UNSTATED)
        and not any(plain(field.name) == path or plain(field.name).startswith(f"{path} ") for path in named)
    ]


def test_every_report_is_in_the_table_and_most_have_an_exception() -> None:
    files = {one.name for one in REPORTS.iterdir()} - {"expected.json"}
    assert files == TABLE["cases"].keys() and len(files) == 125
    assert {one.suffix for one in map(Path, files)} == {".yaml", ".json", ".toml"}
    assert sum(bool(case["exceptions"]) for case in TABLE["cases"].values()) > len(files) / 2
