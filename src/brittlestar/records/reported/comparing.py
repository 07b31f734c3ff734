"""One stated setting, held against what was in effect."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from brittlestar.core.foreign_names import list_words
from brittlestar.records.reported.effect import InEffect
from brittlestar.records.reported.stated import Field, Stated
from brittlestar.records.reported.values import (
    LENGTHS,
    MOST_SEEDS,
    OTHER,
    find_unit,
    is_none,
    plain_text,
    read_choice,
    read_number,
    read_numbers,
    read_seeds,
    read_whether,
    unmark_text,
)
from brittlestar.study.default_values import UNKNOWN

OPTIMISER = "library.optimiser."
"""Before the names of settings that a library's optimiser has."""
WEIGHTS, CLIP, OWN, PRECISION = "training.class_weights", "training.clip", "model.own", "training.precision"
BOTH, MODE = "model.bidirectional", "model.embedding.mode"
PATTERNS = ("data.tokens", "data.factors")
"""Settings that may be patterns, of which every letter counts."""


def compare_setting(effect: InEffect, path: str, one: Stated, actual: Any) -> Field:
    """The field of a setting that is stated, by its path, with what is in effect."""
    if path in effect.idle:
        return one.judge(
            path, "without-effect", actual, "`trace` saw that another value changes no weight and no answer"
        )
    if not path.startswith("model.params."):
        if effect.is_elsewhere(path):
            return compare_found(effect, path, effect.seen.get(path, {}), one)
        if path in effect.values and path not in effect.read:
            return one.judge(path, "without-effect", actual, "nothing that this model or its training has reads it")
    return compare_found(effect, path, {path: actual}, one)


def compare_found(effect: InEffect, path: str, found: Mapping[str, Any], one: Stated) -> Field:
    """A setting of which this is known, by the name of where: one value, several, or none where own code sets it."""
    if not found:
        return one.judge(path, "cannot-tell", None, effect.where)
    same = {understand(effect, path, one, value)[0] for value in found.values()}
    shown = ", ".join(show_value(value) + ("" if name == path else f" ({name})") for name, value in found.items())
    actual = next(iter(found.values())) if len(found) == 1 else shown
    failed = effect.failed if path == "seeds" else ""
    told = failed or f"in effect is {shown}"
    if same == {True}:
        return one.judge(path, "match", actual, failed)
    if None in same:
        return one.judge(path, "ambiguous", actual, f"nobody can say what it means; {told}")
    return one.judge(path, "misstated" if same == {False} else "cannot-tell", actual, told)


def compare_weight(effect: InEffect, label: str, one: Stated) -> Field:
    """The weight of one class; one of which nothing is said weighs 1."""
    path = f"{WEIGHTS}.{label}"
    if effect.values.get(WEIGHTS) == "balanced" and not effect.is_elsewhere(WEIGHTS):
        why = "balanced weights follow from the rows of train"
        return one.judge(path, "ambiguous", "balanced", why)
    return compare_setting(effect, path, one, effect.values.get(path, 1.0))


def compare_library(effect: InEffect, name: str, one: Stated) -> Field:
    """A setting of the optimiser that a library has, under the optimiser's own name: `library.Adam.eps`."""
    inner, place = ("betas", int(name[-1]) - 1) if name in ("beta1", "beta2") else (name, None)
    path = next((path for path in effect.values if re.fullmatch(rf"library\.[A-Z]\w*\.{inner}", path)), None)
    if path is None and effect.is_elsewhere("training.optimiser"):
        return compare_found(effect, f"{OPTIMISER}{name}", {}, one)
    if path is None:
        return one.judge(
            f"{OPTIMISER}{name}", "without-effect", None, "the optimiser of this training has no such setting"
        )
    actual = effect.values[path]
    if place is not None and isinstance(actual, list | tuple):
        actual = cast("list[Any]", actual)[place]
    return compare_setting(effect, path, one, actual)


def compare_several(effect: InEffect, paths: tuple[str, ...], one: Stated) -> Iterator[Field]:
    """One name for several settings: right where it is right of each that is read."""
    read = [path for path in paths if path in effect.read]
    read = [path for path in read if effect.values.get(path)] or read  # nobody speaks of one that is off beside others
    if not read and effect.is_elsewhere(paths[0]):
        yield replace(compare_setting(effect, paths[0], one, None), name=one.name)
        return
    if not read:
        yield one.judge(one.name, "without-effect", None, "nothing that this model has reads it")
        return
    fields = [compare_setting(effect, path, one, effect.values.get(path)) for path in read]
    if len({field.kind for field in fields}) == 1:
        yield from fields
        return
    values = ", ".join(f"{field.name} {field.actual}" for field in fields)
    for field in fields:  # each was spoken of, though not clearly
        yield replace(field, kind="ambiguous", why=f"it may be any of {values}")


def understand(effect: InEffect, path: str, one: Stated, actual: Any) -> tuple[bool | None, Any]:
    """Whether a text states the value in effect, None where it cannot be read; and the value that it states, UNKNOWN
    where that cannot be run."""
    text, whether = one.text, read_whether(one.text)
    if path == OWN and actual:
        names = {"".join(list_words(name)) for name in (str(actual), *re.split(r"[.:]", str(actual)))}
        return True if "".join(list_words(text)) in names else None if ":" not in text else False, unmark_text(text)
    if path == "seeds":
        return _understand_seeds(effect, one)
    if path == PRECISION and whether is not None and (named := {*list_words(one.name)} & {"fp16", "bf16", "fp32"}):
        same = (actual in named) == whether if named != {"fp16"} else not whether
        return same, "bf16" if actual == "fp32" else "fp32"
    if path == MODE and whether is not None:
        frozen = whether == bool(re.search("fr(?:ee|o)ze", one.name.lower()))
        return str(actual).startswith("frozen") == frozen, "frozen-random" if frozen else "trained"
    if path == BOTH and (both := re.search(r"\b(?:(bi|both|two|2)|(uni|one|single|1))", text.lower())):
        whether = both[1] is not None
    if isinstance(actual, bool):
        return None if whether is None else whether == actual, UNKNOWN if whether is None else whether
    if isinstance(actual, int | float) or actual is None:
        return _understand_number(effect, path, one, actual)
    if isinstance(actual, list | tuple):
        numbers, values = read_numbers(text), cast("list[Any]", actual)
        same = numbers is not None and len(numbers) == len(values)
        same = same and all(number.is_same(value) for number, value in zip(numbers or (), values, strict=True))
        return None if numbers is None else same, UNKNOWN
    choice = read_choice(path, text)
    value = unmark_text(text) if path in PATTERNS else UNKNOWN if choice in (None, OTHER) else choice
    if plain_text(text) == plain_text(str(actual)):
        return True, value
    return None if choice is None else choice == str(actual).lower(), value


def _understand_seeds(effect: InEffect, one: Stated) -> tuple[bool | None, Any]:
    """Right where it states those that finished; those that failed would fail again."""
    stated = read_seeds(one.name, one.text)
    if stated is None:
        return None, UNKNOWN
    same = stated == len(effect.seeds) if isinstance(stated, int) else {*stated} == {*effect.seeds}
    if not stated or (isinstance(stated, int) and stated > MOST_SEEDS):
        return same, UNKNOWN
    listed = list(range(stated)) if isinstance(stated, int) else list(dict.fromkeys(stated))
    return same, UNKNOWN if {*listed} == {*effect.asked} else listed


def _understand_number(effect: InEffect, path: str, one: Stated, actual: float | None) -> tuple[bool | None, Any]:
    number = read_number(one.text)
    if number is None:
        none = is_none(one.text)
        return (not actual if none else None), None if none else UNKNOWN
    if path == "data.train_rows":
        actual = effect.rows
    if path in LENGTHS and actual is not None:
        unit = find_unit(one.name, one.text)
        value = number.value * {"steps": 1 / max(effect.steps, 1), "share": effect.epochs, "epochs": 1}[unit]
        whole = round(value) if isinstance(actual, int) and value == round(value) else value
        if unit == "steps":
            return abs(number.value - actual * effect.steps) <= 0.5, whole
        return number.is_same(actual / max(effect.epochs, 1) if unit == "share" else actual), whole
    value = int(number.value) if number.value == int(number.value) and not isinstance(actual, float) else number.value
    if actual is None:  # of libraries, 0 is none
        return number.value == 0 and path in (CLIP, "training.early_stopping.patience"), value
    return number.is_same(actual), value


def show_value(value: Any) -> str:
    """A value in words."""
    return "none" if value is None else str(value)
