"""130 reports that people might write, each with what is right and what is not in it (`reports/expected.json`).

They are every fifth of 651 known ones, from the third on, of 40 studies, whose settings in effect stand in the same
file: `common` ones, and those of each study that differ.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from brittlestar.records.reported.classifying import classify_settings
from brittlestar.records.reported.effect import InEffect
from brittlestar.records.reported.reading import read_stated
from brittlestar.records.reported.stated import Field

REPORTS = Path(__file__).with_name("reports")
TABLE: dict[str, Any] = json.loads((REPORTS / "expected.json").read_text(encoding="utf-8"))
ALARMS = ("misstated", "omitted", "without-effect", "ambiguous")
UNSTATED = ("name", "data.path", "data.splits", "data.columns", "variants", "claims", "probes", "report", "execution")
"""Settings that reports leave out, whoever set them."""
UNREAD = {
    "fourth-02.md": "cells that are sentences: `2-layer bidirectional GRU`, `patience of 4 epochs on dev accuracy`"
}


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
    whole = {one.kind for one in fields if plain(one.name) == plain(name)}
    parts = {one.kind for one in fields if plain(one.name).startswith(f"{plain(name)} ")}
    return set(whole or (parts if parts == {"match"} else parts - {"match"}))


@pytest.mark.parametrize("name", sorted(TABLE["cases"]))
def test_a_known_report_is_read_rightly(name: str, request: pytest.FixtureRequest) -> None:
    if name in UNREAD:
        request.applymarker(pytest.mark.xfail(reason=UNREAD[name], strict=True))
    case = TABLE["cases"][name]
    fields = classify_settings(effect_of(case["study"]), read_stated(REPORTS / name).stated)
    expected = {**dict.fromkeys(case["matches"], "match"), **case["exceptions"]}
    assert {path: find_kinds(fields, path) for path in expected} == {path: {kind} for path, kind in expected.items()}
    named = {plain(path) for path in expected}
    assert not [
        one.name
        for one in fields
        if one.kind in ALARMS
        and not any(one.name == path or one.name.startswith(f"{path}.") for path in UNSTATED)
        and not any(plain(one.name) == path or plain(one.name).startswith(f"{path} ") for path in named)
    ]


def test_every_report_is_in_the_table_and_most_have_an_exception() -> None:
    files = {one.name for one in REPORTS.iterdir()} - {"expected.json"}
    assert files == TABLE["cases"].keys() and len(files) == 130
    assert {one.suffix for one in map(Path, files)} == {".yaml", ".json", ".toml", ".csv", ".md", ".tex"}
    assert sum(bool(case["exceptions"]) for case in TABLE["cases"].values()) > len(files) / 2
