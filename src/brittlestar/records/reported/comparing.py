"""What each stated setting is against a study, and each setting of the study that nobody stated."""

import math
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from numbers import Real
from typing import Any, cast

from brittlestar.records.reported.effect import WEIGHTS, InEffect, list_omitted
from brittlestar.records.reported.reading import UNTOLD, WORST, Field, Stated, show_value
from brittlestar.study.paths import with_value
from brittlestar.study.schema import describe_allowed, known_paths, suggest_among, validate

SPELT_ALIKE = 0.8
"""From this similarity on, as difflib counts it, one name is another one that is spelt otherwise; below, a setting is
suggested only where the value may be its own (convention)."""
STOPPING = "training.early_stopping"
PLACES = ("name", "data.path", "report.title")
"""What a run is called and where its files lie differs from machine to machine."""
KINDS: Mapping[type, str] = {
    bool: "true or false", Real: "a number", str: "text", list: "a list", Mapping: "a mapping", type(None): "null",
}  # fmt: skip
SMALLEST: Mapping[str, Any] = {"name": "a", "data": {"path": "a"}}
"""A study in which a value can be tried."""


def compare_settings(effect: InEffect, stated: Iterable[Stated]) -> tuple[Field, ...]:
    """Every stated setting, and every setting in effect that nobody stated, the worst first, then by name."""
    found = [_compare(effect, one) for one in stated if one.path not in PLACES]
    if all(field.kind in UNTOLD for field in found):
        return tuple(found)  # of what nobody read, nothing is left out
    omitted = (_omit(effect, path) for path in list_omitted(effect, {field.name for field in found}))
    return tuple(sorted([*found, *omitted], key=lambda one: (WORST.index(one.kind), one.name)))


def _compare(effect: InEffect, one: Stated) -> Field:
    path, actual = one.path, _find_actual(effect, one.path)
    if path in effect.idle:
        why = "`diagnose` saw that another value changes no weight and no answer"
        return one.judge("without-effect", effect.values.get(path), why)
    if actual is None:
        known = {**effect.values, **effect.held, **effect.facts}
        ends = {name.rpartition(".")[2] for name in known}
        same = get_close_matches(path.rpartition(".")[2], ends, cutoff=SPELT_ALIKE)
        alike = [
            name
            for name, value in known.items()
            if name.rpartition(".")[2] in same or not _explain_kind(name, one.value, value)
        ]
        hint = suggest_among(path, alike)
        return one.judge("not-compared", None, f"no setting of this study{f'; {hint}' if hint else ''}")
    if effect.is_elsewhere(path):
        if path not in effect.seen:
            return one.judge("cannot-tell", None, effect.where)
        return _compare_value(one, *effect.seen[path])
    if path in effect.values and path not in effect.read and one.value is not None:
        return one.judge("without-effect", *actual, "nothing that this model or its training has reads it")
    if path == "seeds":
        return _compare_seeds(effect, one)
    return _compare_value(one, effect.rows if path == "data.train_rows" and one.value else actual[0])


def _find_actual(effect: InEffect, path: str) -> tuple[Any] | None:
    """What is in effect of a path of the study; None where the study has none of this name."""
    for known in (effect.values, effect.held, effect.facts):
        if path in known:
            return (known[path],)
    if path.startswith(f"{WEIGHTS}.") and effect.values.get(WEIGHTS) != "balanced":
        return (1.0,) if path.removeprefix(f"{WEIGHTS}.") in effect.classes else None
    if path.startswith(f"{STOPPING}.") and path in known_paths():
        return (None,)
    inner = {one.removeprefix(f"{path}."): value for one, value in effect.values.items() if one.startswith(f"{path}.")}
    return (inner,) if inner and path in (WEIGHTS, STOPPING) else None


def _compare_value(one: Stated, actual: Any, origin: str = "") -> Field:
    if wrong := _explain_kind(one.path, one.value, actual):
        return one.judge("not-compared", actual, wrong)
    shown = show_value(actual) + (f" ({origin})" if origin else "")
    return (
        one.judge("match", actual)
        if is_same(one.value, actual)
        else one.judge("misstated", actual, f"in effect is {shown}")
    )


def _compare_seeds(effect: InEffect, one: Stated) -> Field:
    """A number says how many, a list which: right where it states those that finished."""
    actual, value = [*effect.seeds], one.value
    if _find_kind(value) == "a list":
        same = {*map(str, value)} == {*map(str, actual)}
    elif _find_kind(value) == "a number":
        same = value == len(actual)
    else:
        return one.judge("not-compared", actual, "write how many, or a list: [0, 1, 2]")
    why = effect.failed or ("" if same else f"in effect is {show_value(actual)}")
    return one.judge("match" if same else "misstated", actual, why)


def is_same(value: Any, actual: Any) -> bool:
    """Whether two values are one: numbers as numbers, lists part by part, and text letter by letter."""
    kind = _find_kind(value)
    if kind != _find_kind(actual):
        return False
    if kind == "a list":
        first, second = cast("Sequence[Any]", value), cast("Sequence[Any]", actual)
        return len(first) == len(second) and all(map(is_same, first, second))
    return math.isclose(value, actual, rel_tol=1e-9) if kind == "a number" else value == actual


def _explain_kind(path: str, value: Any, actual: Any) -> str:
    """What to write where a value is of another kind than the setting may be; empty where it may be."""
    kind, known = _find_kind(value), _find_kind(actual)
    if kind in (known, "null"):
        return ""
    if path in known_paths():
        where = path.split(".")
        wrong, allowed = validate(with_value(SMALLEST, (*where,), value), str)[1], describe_allowed((*where,))
    else:
        wrong, allowed = actual is not None, known
    return f"it is {kind}: write {allowed}" if wrong else ""


def _find_kind(value: Any) -> str:
    return next((name for kind, name in KINDS.items() if isinstance(value, kind)), "a list")


def _omit(effect: InEffect, path: str) -> Field:
    actual = effect.values.get(path)
    if path in effect.default:
        who = "the study sets it to what it is by default" if path in effect.chosen else "nobody chose it"
        return Field(path, "omitted-default", None, actual, f"{who}: it is {show_value(actual)} where nothing is said")
    other = ", and is not what it would be by default" if effect.has_default(path) else ""
    return Field(path, "omitted", None, actual, f"it was set to {show_value(actual)}{other}")
