"""What differs between two studies: settings, data, answers and verdicts."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from brittlestar.claims.judgement import Judgement
from brittlestar.core.headline import WORDS, Headline
from brittlestar.core.plain import plain
from brittlestar.core.results import StudyRecord
from brittlestar.reports.headline_text import QUESTIONS
from brittlestar.study.claims import format_claim
from brittlestar.study.in_effect import list_in_effect

PLACES = ("name", "data.path", "data.splits", "data.columns.", "report.title", "seeds")
"""How paths of settings begin that say where data lie and what things are called, or that are told by themselves."""
NOT_SET, LIBRARY = "not set", "library."


@dataclass(frozen=True)
class Changed:
    """One thing that is not the same on both sides; `variants` are those that it is about, none where it is about the
    study."""

    what: str
    first: Any
    second: Any
    variants: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {**plain(vars(self)), "variants": list(self.variants)}


@dataclass(frozen=True)
class SplitChange:
    """One split that differs: its rows on each side, None where it is not there, and how many both have."""

    split: str
    first: int | None
    second: int | None
    both: int


def list_setting_changes(first: StudyRecord, second: StudyRecord) -> list[Changed]:
    """Settings of variants that both have, each once with its variants; variants that one alone has; seeds, streams,
    the headline metric, and versions of packages."""
    found = _compare_values(_facts(first), _facts(second))
    for name in dict.fromkeys((*first.variants, *second.variants)):
        if name not in first.variants or name not in second.variants:
            there = tuple("yes" if name in one.variants else "no" for one in (first, second))
            found.append(Changed(f"variant {name}", there[0], there[1]))
    changes: dict[str, list[Changed]] = {}
    for name in first.variants:
        if name in second.variants:
            here, there = (_settings(one, name) for one in (first, second))
            for one in _compare_values(here, there):
                if one.what.startswith(LIBRARY) and NOT_SET in (one.first, one.second):
                    continue  # it follows from another setting: what is not built has no default
                key = json.dumps([one.what, plain(one.first), plain(one.second)], sort_keys=True)
                changes.setdefault(key, []).append(Changed(one.what, one.first, one.second, (name,)))
    for same in changes.values():
        found.append(Changed(same[0].what, same[0].first, same[0].second, tuple(one.variants[0] for one in same)))
    return found + _compare_values(_versions(first), _versions(second))


def _facts(record: StudyRecord) -> dict[str, Any]:
    streams = {f"streams.{name}": value for name, value in record.streams.items()}
    return {"seeds": list(record.seeds), "metric": record.metric, **streams}


def _settings(record: StudyRecord, variant: str) -> dict[str, Any]:
    every = {one.path: one.value for one in list_in_effect(record, variant)}
    return {path: value for path, value in every.items() if not path.startswith((*PLACES, "streams.", "report.metric"))}


def _versions(record: StudyRecord) -> dict[str, Any]:
    packages: Mapping[str, Any] = record.environment.get("packages") or {}
    named = {name: record.environment.get(name) for name in ("python", "machine", "cuda_device")}
    return {**named, **packages}


def _compare_values(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[Changed]:
    names = dict.fromkeys((*first, *second))
    both = ((name, first.get(name, NOT_SET), second.get(name, NOT_SET)) for name in names)
    return [Changed(*one) for one in both if plain(one[1]) != plain(one[2])]


def list_answer_changes(first: Headline, second: Headline) -> list[Changed]:
    """Questions of the headline that are answered otherwise."""
    found: list[Changed] = []
    for name, question in QUESTIONS.items():
        words = [WORDS[one.answers[name].answer] if name in one.answers else "not asked" for one in (first, second)]
        if words[0] != words[1]:
            found.append(Changed(question, words[0], words[1]))
    return found


def list_verdict_changes(first: Iterable[Judgement], second: Iterable[Judgement]) -> list[Changed]:
    """Claims that both have with another verdict, and claims that one alone has."""
    here, there = ({format_claim(one.claim): one.verdict for one in side} for side in (first, second))
    names = dict.fromkeys((*here, *there))
    both = ((name, here.get(name, "not claimed"), there.get(name, "not claimed")) for name in names)
    return [Changed(*one) for one in both if one[1] != one[2]]
