"""From a study file to a checked study: every problem of the file is told at once, with its place."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

from brittlestar.core.errors import InputError, Problem
from brittlestar.study.checks import Complaint, check_arm
from brittlestar.study.draft import Draft, apply_overrides, draft_of
from brittlestar.study.loaded import LoadedStudy
from brittlestar.study.normalising import merged, normalise
from brittlestar.study.paths import dotted, leaves
from brittlestar.study.settings import Study
from brittlestar.study.validating import validate
from brittlestar.study.variants import BASELINE, LADDER, check_budgets
from brittlestar.study.yaml_reading import MAX_CHARACTERS, Location, read_yaml


def load_study(path: str | Path, overrides: Mapping[str, str] | None = None) -> LoadedStudy:
    """Read and check a study file; `overrides[path]` is the text of a `--set` value. Raises InputError with every
    problem found."""
    path = Path(path)
    document = read_yaml(_text(path), lambda line, column: f"{path}:{line}:{column}")
    problems = list(document.problems)
    if document.complete and not isinstance(document.value, Mapping | None):
        problems.append(Problem("a study file is a mapping of settings", f"{path}:1:1", "start with `name: …`"))
    if not document.complete or not isinstance(document.value, Mapping | None):
        raise InputError(sorted(problems, key=_order))
    given = copy.deepcopy(document.value or {})
    return checked(draft_of(document, str(path), path.name), given, path, overrides or {}, problems)


def checked(
    draft: Draft,
    given: Mapping[str, Any],
    path: Path | None,
    overrides: Mapping[str, str],
    found: Iterable[Problem] = (),
) -> LoadedStudy:
    """Put the overrides in, check everything, and say where each setting comes from. Raises InputError."""
    problems = list(found)
    draft, wrong = apply_overrides(draft, overrides, None if path is None else path.parent)
    problems.extend(wrong)
    draft, wrong = normalise(draft)
    problems.extend(wrong)
    study, wrong = validate(draft.values, lambda location: draft.mark(location).where)
    problems.extend(wrong)
    problems.extend(_check_arms(draft, study))
    if problems or study is None:
        raise InputError(sorted(dict.fromkeys(problems), key=_order))
    return LoadedStudy(study, _origins(study, draft), given, path)


def _order(problem: Problem) -> tuple[int, int]:
    """Problems of the file in the order of its lines, then those of the command."""
    place = re.search(r":(\d+):(\d+)$", problem.where)
    return (int(place[1]), int(place[2])) if place else (MAX_CHARACTERS + 1, 0)


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except IsADirectoryError:
        raise InputError(f"{path} is a folder", hint="name the study file in it") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", hint="`brittlestar new DATA` writes one") from None
    if len(content) > 4 * MAX_CHARACTERS:
        raise InputError(f"{len(content):,} bytes are too many for a study file", str(path))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, len(before) - (before.rfind(b"\n") + 1) + 1
        what = f"the byte 0x{content[error.start]:02x} is not UTF-8"
        raise InputError(what, f"{path}:{line}:{column}", "save the file as UTF-8") from None


def _check_arms(draft: Draft, study: Study | None) -> list[Problem]:
    """What is wrong with the arms. Changes of a variant are checked even when the study itself has problems."""
    problems: list[Problem] = []
    if study is not None:
        problems.extend(_placed(draft, check_arm(study), ()))
    arms: dict[str, Study] = {} if study is None else {BASELINE: study}
    variants = draft.values.get("variants")
    reasons: dict[str, str | None] = {}
    for name, content in cast(Mapping[str, Any], variants if isinstance(variants, Mapping) else {}).items():
        changes = cast(Mapping[str, Any], content.get("set", {}))
        problems.extend(_check_name(draft, name, changes))
        arm, wrong = validate({**merged(draft.values, changes), "variants": {}}, _in_variant(draft, name, changes))
        problems.extend(wrong)
        reasons[name] = content.get("unequal_budget")
        if arm is not None and study is not None and name != BASELINE:
            arms[name] = arm
            known = {(complaint.path, complaint.what) for complaint in check_arm(study)}
            new = [complaint for complaint in check_arm(arm) if (complaint.path, complaint.what) not in known]
            problems.extend(_placed(draft, new, ("variants", name, "set"), name))
    if study is not None:
        for name in arms:
            pair = {BASELINE: study, name: arms[name]}
            problems.extend(_placed(draft, check_budgets(pair, reasons), ("variants", name, "set")))
    return problems


def _check_name(draft: Draft, name: str, changes: Mapping[str, Any]) -> list[Problem]:
    where = draft.mark(("variants", name)).where
    if name == BASELINE and changes:
        return [Problem("baseline is the study unchanged", where, "give the variant another name")]
    if name == LADDER:
        return [Problem(f"{LADDER} is the name of the trivial rungs", where, "give the variant another name")]
    if not re.fullmatch("[A-Za-z0-9][A-Za-z0-9._-]*", name):
        hint = "use letters, digits, '.', '_' and '-', starting with a letter or digit"
        return [Problem(f"the variant name {name!r} is not allowed", where, hint)]
    return []


def _in_variant(draft: Draft, name: str, changes: Mapping[str, Any]) -> Any:
    def where(location: Location) -> str | None:
        path = _nearest(dotted(location), changes)
        return None if path is None else draft.mark(("variants", name, "set", path)).where

    return where


def _nearest(path: str, changes: Mapping[str, Any]) -> str | None:
    """The change of a variant that a path belongs to: the same, one above it, or one below it."""
    for change in changes:
        if path == change or path.startswith(f"{change}.") or change.startswith(f"{path}."):
            return change
    return None


def _placed(draft: Draft, complaints: Iterable[Complaint], above: Location, variant: str = "") -> list[Problem]:
    """Complaints with their places. In a variant, the changed path is the place, else the variant itself."""
    problems: list[Problem] = []
    for complaint in complaints:
        if above:
            written = {str(key[3]): None for key in draft.marks if len(key) == 4 and key[:3] == above}
            near = _nearest(complaint.path, written)
            location: Location = above[:2] if near is None else (*above, near)
        else:
            location = tuple(complaint.path.split("."))
        what = f"in variant '{variant}': {complaint.what}" if variant else complaint.what
        problems.append(Problem(what, draft.mark(location).where, complaint.hint))
    return problems


def _origins(study: Study, draft: Draft) -> dict[str, str]:
    """The origin of every leaf setting, and of each variant and claim."""
    values = study.model_dump(mode="json", exclude={"variants", "claims", "probes"})
    origins = {
        dotted(location): draft.marks[location].origin if location in draft.marks else "our default"
        for location in leaves(values)
    }
    for name in study.variants:
        origins[f"variants.{name}"] = draft.mark(("variants", name)).origin
    for position in range(len(study.claims)):
        origins[f"claims.{position}"] = draft.mark(("claims", position)).origin
    return origins
