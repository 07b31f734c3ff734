"""The short forms of a study file written out: `seeds: 5`, emptied sections, nested or dotted variants."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, cast

from brittlestar.core.errors import Problem
from brittlestar.study.draft import Draft, Mark, override
from brittlestar.study.names import VARIANT_ALIASES, canonical_split
from brittlestar.study.paths import find_setting, join_path, with_value
from brittlestar.study.schema import is_required_section, keys_at, node_at, suggest_path
from brittlestar.study.yaml_reading import Location, read_yaml

MAX_SEEDS = 10_000
VARIANT_SECTIONS = ("data", "model", "training")
SHARED_BY_ALL_ARMS = ("data.path", "data.splits", "data.columns")
TEXTS = {"title": "the title, as text", "unequal_budget": "the reason, as text"}
"""Fields of a variant that are no settings, and what they hold."""


def normalise(draft: Draft) -> Draft:
    """The draft in the shape of `Study`, with what is wrong with its short forms."""
    draft = _name_dev(_list_seeds(replace(draft, values=_fill_sections(draft.values, ()))))
    variants = draft.values.get("variants")
    if not isinstance(variants, Mapping):
        return draft
    written: dict[str, Any] = {}
    marks, problems = dict(draft.marks), list[Problem]()
    for given, content in cast(Mapping[str, Any], variants).items():
        name = VARIANT_ALIASES.get(given, given)
        problems += _find_second(draft, ("variants", given), name, written)
        reader = _VariantReader(draft, ("variants", given), ("variants", name))
        written[name] = reader.read(content)
        marks.update(reader.marks)
        problems += reader.problems
    return replace(draft, values={**draft.values, "variants": written}, marks=marks).add(problems)


def _name_dev(draft: Draft) -> Draft:
    """`data.splits.validation` and its other names as `data.splits.dev`."""
    splits: Any = find_setting(draft.values, "data.splits")
    if not isinstance(splits, Mapping):
        return draft
    named: dict[str, Any] = {}
    marks, problems = dict(draft.marks), list[Problem]()
    for given, path in cast(Mapping[str, Any], splits).items():
        location = ("data", "splits", given)
        name = canonical_split(given)
        problems += _find_second(draft, location, name, named)
        named[name] = path
        if name != given:
            marks["data", "splits", name] = draft.mark(location)
    return replace(draft, values=with_value(draft.values, ("data", "splits"), named), marks=marks).add(problems)


def _find_second(draft: Draft, location: Location, name: str, there: Collection[str]) -> list[Problem]:
    """What is wrong with a key that is another name of one that is `there`."""
    what = f"{location[-1]} is another name of {name}"
    return [Problem(what, draft.mark(location).where, "keep one of them")] if name in there else []


def _fill_sections(values: Any, location: tuple[str, ...]) -> Any:
    """A section whose every line is commented out reads as null in YAML; it means the defaults."""
    if values is None and location and is_required_section(location):
        return [] if keys_at(location) == () and location[-1] in ("claims", "predictions") else {}
    if not isinstance(values, Mapping) or location[:1] in (("variants",), ("probes",)) or len(location) > 2:
        return values
    section = cast(Mapping[str, Any], values)
    return {key: _fill_sections(inner, (*location, key)) for key, inner in section.items()}


def _list_seeds(draft: Draft) -> Draft:
    given: Any = draft.values.get("seeds")
    seeds, told = given, list[tuple[str, str]]()
    if isinstance(given, int) and not isinstance(given, bool):
        seeds = list(range(given)) if 1 <= given <= MAX_SEEDS else [0]
        if not 1 <= given <= MAX_SEEDS:
            told = [(f"seeds is {given}", f"allowed: a number of seeds from 1 to {MAX_SEEDS:,}, or a list of seeds")]
    elif isinstance(given, list) and len(given) > MAX_SEEDS:
        seeds, told = [0], [(f"seeds lists {len(given):,} numbers", f"allowed: at most {MAX_SEEDS:,}")]
    elif isinstance(given, list):
        many = Counter(seed for seed in given if isinstance(seed, int))
        twice = sorted(seed for seed, times in many.items() if times > 1)
        told = [(f"the seed {seed} is listed twice", "list each seed once") for seed in twice]
    values = draft.values if seeds is given else {**draft.values, "seeds": seeds}
    where = draft.mark(("seeds",)).where
    return replace(draft, values=values).add(Problem(what, where, hint) for what, hint in told)


def override_variants(draft: Draft, overrides: Mapping[str, str]) -> Draft:
    """The normalised draft with each `--set variants.NAME.PATH=VALUE` put in."""
    for path, text in overrides.items():
        mark = Mark(f"--set {path}", "--set")
        document = read_yaml(text, lambda _line, _column, mark=mark: mark.where)
        draft = draft.add(document.problems)
        variants = cast(Mapping[str, Any], draft.values.get("variants") or {})
        for other, right in VARIANT_ALIASES.items():
            path = f"variants.{right}.{path.removeprefix(f'variants.{other}.')}" if _names(path, other) else path
        name = next((name for name in variants if _names(path, name)), None)
        if name is None:
            hint = f"there are {', '.join(variants)}"
            draft = draft.add([Problem(f"'{path}' names no variant", mark.where, hint)])
            continue
        reader = _VariantReader(Draft({}, {(): mark}), ("variants", name), ("variants", name))
        read = reader.read({path.removeprefix(f"variants.{name}."): document.value})
        texts = {(field,): read[field] for field in TEXTS if read.get(field) is not None}
        for below, value in {**{("set", changed): value for changed, value in read["set"].items()}, **texts}.items():
            draft = override(draft, ("variants", name, *below), value, mark)
        draft = draft.add(reader.problems)
    return draft


def _names(path: str, variant: str) -> bool:
    return path.startswith(f"variants.{variant}.")


class _VariantReader:
    """Reads one variant at `location` of a draft: nested mappings and dotted paths alike become `set: {dotted path:
    value}`, marked below `kept`, where the variant will stand."""

    def __init__(self, draft: Draft, location: Location, kept: Location) -> None:
        self.draft, self.location, self.kept = draft, location, kept
        self.set: dict[str, Any] = {}
        self.marks: dict[Location, Mark] = {}
        self.problems: list[Problem] = []

    def read(self, content: Any) -> dict[str, Any]:
        """The variant as `VariantSettings` has it."""
        if content is None:
            content = {}
        if not isinstance(content, Mapping):
            self._refuse(self.location, f"{join_path(self.location)} is {content!r}", "allowed: a mapping of settings")
            return {}
        fields = dict(cast(Mapping[str, Any], content))
        texts = {name: fields.pop(name, None) for name in TEXTS}
        explicit = fields.pop("set", None)
        self._flatten(fields, self.location, ())
        if isinstance(explicit, Mapping):
            self._flatten(cast(Mapping[str, Any], explicit), (*self.location, "set"), ())
        for name, value in texts.items():
            if value is not None and (not isinstance(value, str) or not value.strip()):
                place = (*self.location, name)
                self._refuse(place, f"{join_path(place)} is {value!r}", f"allowed: {TEXTS[name]}")
                texts[name] = None
        return {"set": self.set, **texts}

    def _refuse(self, location: Location, what: str, hint: str) -> None:
        self.problems.append(Problem(what, self.draft.mark(location).where, hint))

    def _flatten(self, values: Mapping[str, Any], written: Location, path: tuple[str, ...]) -> None:
        for key, value in values.items():
            here = (*path, *key.split("."))
            place = (*written, key)
            if isinstance(value, Mapping) and value and keys_at(here):
                self._flatten(cast(Mapping[str, Any], value), place, here)
            else:
                self._take(join_path(here), here, value, place)

    def _take(self, name: str, here: tuple[str, ...], value: Any, place: Location) -> None:
        if here[0] not in VARIANT_SECTIONS and node_at(here) is not None:
            self._refuse(place, f"a variant cannot change {name}", f"it may change {', '.join(VARIANT_SECTIONS)}")
        elif node_at(here) is None:
            self._refuse(place, f"'{name}' is unknown", suggest_path(name, VARIANT_SECTIONS))
        elif any(name == shared or name.startswith(f"{shared}.") for shared in SHARED_BY_ALL_ARMS):
            self._refuse(place, f"a variant cannot change {name}", "all variants of a study see the same rows")
        elif name in self.set:
            self._refuse(place, f"{name} is given twice", "give it once, nested or dotted")
        else:
            self.set[name] = value
            self.marks[(*self.kept, "set", name)] = self.draft.mark(place)


def merge_changes(values: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The sections of a variant: `values` with every change put in at its path.

    A variant that names a built-in family means that family, so an own model or given predictions of the study are
    dropped unless the variant names them too.
    """
    result = dict(values)
    if "model.family" in changes and not any(path.startswith("model.own") for path in changes):
        cleared: dict[str, Any] = {"own": None, "kind": "auto", "params": {}}
        cleared |= {"predictions": [], "predictions_columns": {}, "variant": None}
        model = values.get("model")
        if isinstance(model, Mapping):  # anything else is refused where it stands
            result["model"] = {**model, **{key: empty for key, empty in cleared.items() if key in model}}
    for path, value in changes.items():
        result = with_value(result, tuple(path.split(".")), value)
    return result
