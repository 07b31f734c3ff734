"""From a study file or a bare folder to a checked study: every problem is told at once, with its place."""

import copy
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.texts import suggest_file
from brittlestar.study.checks import Complaint, check_effect, check_report, check_variant
from brittlestar.study.draft import Draft, Mark, apply_overrides, draft_of, place_files
from brittlestar.study.names import BEST_TRIVIAL, MAIN
from brittlestar.study.normalising import merge_changes, normalise, override_variants
from brittlestar.study.paths import join_path, leaves
from brittlestar.study.schema import repair, validate
from brittlestar.study.settings import Study
from brittlestar.study.study_claims import check_claims
from brittlestar.study.variants import LoadedStudy, check_budgets
from brittlestar.study.yaml_reading import MAX_CHARACTERS, Location, read_yaml


def load_study(path: str | Path, overrides: Mapping[str, str] | None = None, *, with_data: bool = False) -> LoadedStudy:
    """Read and check a study file, with texts of `--set` by path; its data must be there, too, where `with_data` says
    so. Raises InputError with every problem found."""
    path = Path(path)
    document = read_yaml(_text(path), lambda line, column: f"{path}:{line}:{column}")
    if not document.complete:
        raise InputError(sorted(document.problems, key=_order))
    if not isinstance(document.value, Mapping | None):
        odd = Problem("a study file is a mapping of settings", f"{path}:1:1", "start with `name: …`")
        raise InputError(sorted([*document.problems, odd], key=_order))
    given = copy.deepcopy(document.value or {})
    return check_study(draft_of(document, str(path), path.name), given, path, overrides or {}, with_data=with_data)


def check_study(
    draft: Draft,
    given: Mapping[str, Any],
    path: Path | None,
    overrides: Mapping[str, str],
    *,
    with_data: bool = False,
) -> LoadedStudy:
    """Put the overrides in, check everything, and say where each setting comes from. Raises InputError."""
    in_variants = {name: text for name, text in overrides.items() if name.startswith("variants.")}
    in_study = {name: text for name, text in overrides.items() if name not in in_variants}
    draft = normalise(apply_overrides(draft, in_study, None if path is None else path.parent))
    draft = override_variants(draft, in_variants)
    draft, missing = (draft, {}) if path is None else place_files(draft, path.parent)
    study, wrong = validate(draft.values, lambda location: draft.mark(location).where)
    rest = study or repair(draft.values, ("data", "variants", "streams"))
    problems = [*draft.problems, *wrong, *check_variants(draft, study), *check_claims(draft, rest)]
    if study is None and rest is not None:
        problems += _place_complaints(draft, check_report(rest), ())
    if with_data and (problems or any(location[0] == "data" for location in missing)):
        problems += missing.values()
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
        hint = suggest_file(path, "the new command writes one from data")
        raise InputError(f"{path} cannot be read: {error.strerror}", hint=hint) from None
    if len(content) > 4 * MAX_CHARACTERS:
        raise InputError(f"{len(content):,} bytes are too many for a study file", str(path))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, len(before) - (before.rfind(b"\n") + 1) + 1
        what = f"the byte 0x{content[error.start]:02x} is not UTF-8"
        raise InputError(what, f"{path}:{line}:{column}", "save the file as UTF-8") from None


def _origins(study: Study, draft: Draft) -> dict[str, str]:
    values = study.model_dump(mode="json", exclude={"variants", "claims", "probes"})
    origins = {
        join_path(location): draft.marks[location].origin if location in draft.marks else "our default"
        for location in leaves(values)
    }
    for name in study.variants:
        origins[f"variants.{name}"] = draft.mark(("variants", name)).origin
    for position in range(len(study.claims)):
        origins[f"claims.{position}"] = draft.mark(("claims", position)).origin
    return origins


def bare_study(
    name: str,
    data_path: str | Path,
    *,
    tokens: str,
    factors: str | None,
    own: str | None = None,
    predictions: Sequence[str] = (),
    predictions_columns: Mapping[str, str] | None = None,
    splits: Collection[str] = ("train", "dev", "test"),
    columns: Mapping[str, str] | None = None,
    overrides: Mapping[str, str] | None = None,
) -> LoadedStudy:
    """`main` (the reference model, the own one, or given predictions) and `bag` on a folder, all else defaults.

    `tokens` and `factors` are what a look at the data proposed; `splits` names the splits there are: without `dev`
    the best checkpoint is chosen on train. Raises InputError.
    """
    model = {"own": own, "predictions": list(predictions), "predictions_columns": dict(predictions_columns or {})}
    model = {key: value for key, value in model.items() if value not in (None, [], {})}
    data: dict[str, Any] = {"path": str(data_path), **({"columns": dict(columns)} if columns else {})}
    typed = leaves({"data": data, **({"model": model} if model else {})})
    marks: dict[Location, Mark] = {
        location[:end]: Mark("the command", "--set") for location in typed for end in range(1, len(location) + 1)
    }
    seen = {"tokens": tokens, "factors": factors}
    values: dict[str, Any] = {"name": study_name(name), "data": data | seen, "model": model}
    values["variants"] = {"bag": {"model.family": "bag"}}
    if "dev" not in splits:
        values["training"] = {"selection": {"split": "train"}}
    return check_study(Draft(values, marks), {}, None, overrides or {})


def study_name(text: str) -> str:
    """A folder's or file's name as the name of a study: what is not allowed becomes `-`."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-._") or "study"


def check_variants(draft: Draft, study: Study | None) -> list[Problem]:
    """What is wrong with the variants. Changes of a variant are checked even when the study itself has problems."""
    problems: list[Problem] = []
    if study is not None:
        problems.extend(_place_complaints(draft, check_variant(study), ()))
    variants: dict[str, Study] = {} if study is None else {MAIN: study}
    written = draft.values.get("variants")
    reasons: dict[str, str | None] = {}
    for name, content in cast(Mapping[str, Any], written if isinstance(written, Mapping) else {}).items():
        changes = cast(Mapping[str, Any], content.get("set", {}))
        problems.extend(_check_name(draft, name, changes))
        merged = {**merge_changes(draft.values, changes), "variants": {}}
        variant, wrong = validate(merged, _in_variant(draft, name, changes))
        problems.extend(wrong)
        reasons[name] = content.get("unequal_budget")
        if variant is not None and study is not None and name != MAIN:
            variants[name] = variant
            known = {(complaint.path, complaint.what) for complaint in check_variant(study)}
            new = [complaint for complaint in check_variant(variant) if (complaint.path, complaint.what) not in known]
            new += list(check_effect(variant, list(changes)))
            problems.extend(_place_complaints(draft, new, ("variants", name, "set"), name))
    if study is not None:
        for name in variants:
            pair = {MAIN: study, name: variants[name]}
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
    related = (
        change for change in changes if path == change or path.startswith(f"{change}.") or change.startswith(f"{path}.")
    )
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
