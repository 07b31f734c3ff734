"""Checks of the variants of a draft: every change of every variant, with the place where it was written."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

from brittlestar.core.errors import Problem
from brittlestar.study.checks import Complaint, check_arm, check_effect
from brittlestar.study.draft import Draft
from brittlestar.study.names import BEST_TRIVIAL, MAIN
from brittlestar.study.normalising import merge_changes
from brittlestar.study.paths import join_path
from brittlestar.study.schema import validate
from brittlestar.study.settings import Study
from brittlestar.study.variants import check_budgets
from brittlestar.study.yaml_reading import Location


def check_arms(draft: Draft, study: Study | None) -> list[Problem]:
    """What is wrong with the variants. Changes of a variant are checked even when the study itself has problems."""
    problems: list[Problem] = []
    if study is not None:
        problems.extend(_place_complaints(draft, check_arm(study), ()))
    arms: dict[str, Study] = {} if study is None else {MAIN: study}
    variants = draft.values.get("variants")
    reasons: dict[str, str | None] = {}
    for name, content in cast(Mapping[str, Any], variants if isinstance(variants, Mapping) else {}).items():
        changes = cast(Mapping[str, Any], content.get("set", {}))
        problems.extend(_check_name(draft, name, changes))
        merged = {**merge_changes(draft.values, changes), "variants": {}}
        arm, wrong = validate(merged, _in_variant(draft, name, changes))
        problems.extend(wrong)
        reasons[name] = content.get("unequal_budget")
        if arm is not None and study is not None and name != MAIN:
            arms[name] = arm
            known = {(complaint.path, complaint.what) for complaint in check_arm(study)}
            new = [complaint for complaint in check_arm(arm) if (complaint.path, complaint.what) not in known]
            new += list(check_effect(arm, changes))
            problems.extend(_place_complaints(draft, new, ("variants", name, "set"), name))
    if study is not None:
        for name in arms:
            pair = {MAIN: study, name: arms[name]}
            problems.extend(_place_complaints(draft, check_budgets(pair, reasons), ("variants", name, "set")))
    return problems


def _check_name(draft: Draft, name: str, changes: Mapping[str, Any]) -> list[Problem]:
    what, hint = "", "give the variant another name"
    if name == MAIN and changes:
        what = "main is the study unchanged"
    elif name == BEST_TRIVIAL:
        what = f"{BEST_TRIVIAL} is the name of the best trivial baseline"
    elif not re.fullmatch("[A-Za-z0-9][A-Za-z0-9._-]*", name):
        what = f"the variant name {name!r} is not allowed"
        hint = "use letters, digits, '.', '_' and '-', starting with a letter or digit"
    return [Problem(what, draft.mark(("variants", name)).where, hint)] if what else []


def _in_variant(draft: Draft, name: str, changes: Mapping[str, Any]) -> Any:
    def where(location: Location) -> str | None:
        path = _nearest(join_path(location), changes)
        return None if path is None else draft.mark(("variants", name, "set", path)).where

    return where


def _nearest(path: str, changes: Mapping[str, Any]) -> str | None:
    """The change of a variant that a path belongs to: the same, one above it, or one below it."""
    related = (one for one in changes if path == one or path.startswith(f"{one}.") or one.startswith(f"{path}."))
    return next(related, None)


def _place_complaints(
    draft: Draft, complaints: Iterable[Complaint], above: Location, variant: str = ""
) -> list[Problem]:
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
