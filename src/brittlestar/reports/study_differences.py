"""What differs between two studies: settings, data, answers and verdicts."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from brittlestar.claims.judgement import Judgement
from brittlestar.core.headline import WORDS, Headline
from brittlestar.core.plain import plain
from brittlestar.core.results import StudyRecord
from brittlestar.reports.headline_text import QUESTIONS
from brittlestar.study.claims import format_claim
from brittlestar.study.in_effect import OF_OWN, list_in_effect

PLACES = ("name", "data.path", "data.splits", "data.columns.", "report.title", "seeds")
"""How paths of settings begin that say where data lie and what things are called, or that are told by themselves."""
NOT_SET, LIBRARY, CODE = "not set", "library.", "own code"
PREDICTIONS = "given predictions"


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


@dataclass(frozen=True)
class OwnCode:
    """What sets settings that no record has: where it stands, and the digest of its source, None where nobody kept
    it."""

    place: str
    digest: str | None

    def __str__(self) -> str:
        """`net.py:12 (source 02f4a5cb)`."""
        return self.place if self.digest is None else f"{self.place} (source {self.digest[:8]})"


def list_code_changes(first: Mapping[str, OwnCode], second: Mapping[str, OwnCode]) -> list[Changed]:
    """Variants whose own code has another source, or that have own code on one side alone."""
    both = ((name, first.get(name), second.get(name)) for name in dict.fromkeys((*first, *second)))
    return [
        Changed(CODE, str(one or NOT_SET), str(other or NOT_SET), (name,))
        for name, one, other in both
        if one is None or other is None or (one.digest and other.digest and one.digest != other.digest)
    ]


def list_untold(first: Mapping[str, OwnCode], second: Mapping[str, OwnCode]) -> tuple[str, ...]:
    """Variants of which nobody can tell whether own code sets the same: it is another one, or nobody kept it."""
    known = {
        name for name, code in first.items() if code.digest and name in second and code.digest == second[name].digest
    }
    return tuple(name for name in dict.fromkeys((*first, *second)) if name not in known)


def list_setting_changes(first: StudyRecord, second: StudyRecord) -> list[Changed]:
    """Settings of variants that both have, each once with its variants; variants that one alone has; seeds, streams,
    the headline metric, and versions of packages."""
    found = _compare_values(_facts(first), _facts(second))
    for name in dict.fromkeys((*first.variants, *second.variants)):
        if name not in first.variants or name not in second.variants:
            there = tuple("yes" if name in one.variants else "no" for one in (first, second))
            found.append(Changed(f"variant {name}", there[0], there[1]))
    changes: dict[str, Changed] = {}
    for name in first.variants:
        if name in second.variants:
            plain_here, plain_there = (_settings(one, name) for one in (first, second))
            here, there = _name_seen(plain_here, plain_there), _name_seen(plain_there, plain_here)
            own = [values for values, one in ((here, first), (there, second)) if one.variants[name].own]
            for value in _compare_values(here, there):
                if value.what.startswith(LIBRARY) and NOT_SET in (value.first, value.second):
                    continue  # it follows from another setting: what is not built has no default
                inside = value.what.startswith(("model.", "training.")) and not value.what.startswith(OF_OWN)
                if inside and any(value.what not in values for values in own):
                    continue  # own code sets it, which has a line of its own
                if value.what == "data.train_rows":  # none means all of them: what is in effect is their number
                    here_rows, there_rows = (one.splits["train"].rows for one in (first, second))
                    value = Changed(value.what, value.first or here_rows, value.second or there_rows)
                key = json.dumps([value.what, plain(value.first), plain(value.second)], sort_keys=True)
                known = changes.get(key, value)
                changes[key] = replace(known, variants=(*known.variants, name))
    return [*found, *changes.values(), *_compare_values(_versions(first), _versions(second))]


def _name_seen(values: dict[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
    """What was seen of own training, under the names of the settings that others trained by."""
    named = {path: f"training.{path.removeprefix('seen.')}" for path in values if path.startswith("seen.")}
    return {named[path] if named.get(path) in others else path: value for path, value in values.items()}


def _facts(record: StudyRecord) -> dict[str, Any]:
    streams = {f"streams.{name}": value for name, value in record.streams.items()}
    return {"seeds": list(record.seeds), "metric": record.metric, **streams}


def _settings(record: StudyRecord, variant: str) -> dict[str, Any]:
    every = {setting.path: setting.value for setting in list_in_effect(record, variant)}
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
