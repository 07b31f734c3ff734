"""One stated setting, held against what was in effect."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

from brittlestar.records.reported.aliases import plain_name
from brittlestar.records.reported.effect import InEffect
from brittlestar.records.reported.fields import Field
from brittlestar.records.reported.numbers import (
    LENGTHS,
    find_unit,
    is_none,
    read_length,
    read_number,
    read_numbers,
    read_whether,
)
from brittlestar.records.reported.seeds import read_seeds
from brittlestar.records.reported.stated import Stated
from brittlestar.records.reported.values import plain_text, read_choice

OPTIMISER = "library.optimiser."
"""Before the names of settings that a library's optimiser has."""
WEIGHTS, CLIP, OWN = "training.class_weights", "training.clip", "model.own"
_TIMES = r"(\d{1,9})\s*(?:[×x*]|\\times|\\cdot)\s*(\d{1,9})"
BOTH, HIDDEN = "model.bidirectional", "model.hidden"


def compare_setting(effect: InEffect, path: str, one: Stated, actual: Any) -> Field:
    """The field of a setting that is stated, by its path, with what is in effect."""
    if path in effect.idle:
        why = "`trace` saw that another value changes no weight and no answer"
        return Field(path, "without-effect", one.text, actual, why, one.line)
    if not path.startswith("model.params.") and path in effect.values and path not in effect.read:
        return Field(
            path, "without-effect", one.text, actual, "nothing that this model or its training has reads it", one.line
        )
    same = _is_same(effect, path, one, actual)
    if same is None:
        return Field(
            path,
            "ambiguous",
            one.text,
            actual,
            f"nobody can say what it means; in effect is {show_value(actual)}",
            one.line,
        )
    why = "" if same else f"in effect is {show_value(actual)}"
    return Field(path, "match" if same else "misstated", one.text, actual, why, one.line)


def compare_weight(effect: InEffect, label: str, one: Stated) -> Field:
    """The weight of one class; one of which nothing is said weighs 1."""
    path = f"{WEIGHTS}.{label}"
    if effect.values.get(WEIGHTS) == "balanced":
        why = "balanced weights follow from the rows of train"
        return Field(path, "ambiguous", one.text, "balanced", why, one.line)
    return compare_setting(effect, path, one, effect.values.get(path, 1.0))


def compare_library(effect: InEffect, name: str, one: Stated) -> Field:
    """A setting of the optimiser that a library has, under the optimiser's own name: `library.Adam.eps`."""
    inner, place = ("betas", int(name[-1]) - 1) if name in ("beta1", "beta2") else (name, None)
    path = next((path for path in effect.values if re.fullmatch(rf"library\.[A-Z]\w*\.{inner}", path)), None)
    if path is None:
        why = "the optimiser of this training has no such setting"
        return Field(f"{OPTIMISER}{name}", "without-effect", one.text, None, why, one.line)
    actual = effect.values[path]
    if place is not None and isinstance(actual, list | tuple):
        actual = cast("list[Any]", actual)[place]
    return compare_setting(effect, path, one, actual)


def compare_several(effect: InEffect, paths: tuple[str, ...], one: Stated) -> Iterator[Field]:
    """One name for several settings: right where it is right of each that is read."""
    read = [path for path in paths if path in effect.read]
    read = [path for path in read if effect.values.get(path)] or read  # nobody speaks of one that is off beside others
    if not read:
        yield Field(one.name, "without-effect", one.text, None, "nothing that this model has reads it", one.line)
        return
    fields = [compare_setting(effect, path, one, effect.values.get(path)) for path in read]
    kinds = {field.kind for field in fields}
    if len(kinds) == 1:
        yield from fields
        return
    values = ", ".join(f"{field.name} {field.actual}" for field in fields)
    for field in fields:  # each was spoken of, though not clearly
        yield Field(field.name, "ambiguous", one.text, field.actual, f"it may be any of {values}", one.line)


def _is_same(effect: InEffect, path: str, one: Stated, actual: Any) -> bool | None:
    """Whether a text states the value in effect; None where it cannot be read."""
    text = one.text
    if path == OWN and actual:
        names = {plain_name(name) for name in (str(actual), *re.split(r"[.:]", str(actual)))}
        return True if plain_name(text) in names else None if ":" not in text else False
    if path == "seeds":
        return _states_seeds(effect.seeds, one)
    if path == "training.early_stopping.patience" and actual is None:
        return is_none(text)
    if path == "data.train_rows":
        number = read_number(text)
        return is_none(text) or text.strip().lower() == "all" if number is None else number.is_same(effect.rows)
    if path == "training.precision" and (whether := read_whether(text)) is not None and plain_name(one.name) in (
        "fp16", "bf16", "fp32", "amp", "mixedprecision"):  # fmt: skip
        return (actual == plain_name(one.name)) == whether if plain_name(one.name) in ("bf16", "fp32") else not whether
    if path == "training.precision" and re.search("mixed|amp", text.lower()):
        return None if actual == "bf16" else False
    if path == WEIGHTS and actual is None and any(name.startswith(f"{WEIGHTS}.") for name in effect.values):
        return None if read_choice(path, text) is None else False
    if path == "model.embedding.mode" and (whether := read_whether(text)) is not None:
        frozen = str(actual).startswith("frozen")
        return frozen == whether if re.search("fr(?:ee|o)ze", one.name.lower()) else frozen != whether
    if path == BOTH and (both := re.search(r"\b(?:(bi|both|two|2)|(uni|one|single|1))", text.lower())):
        return (both[1] is not None) == actual
    if isinstance(actual, bool):
        whether = read_whether(text)
        if whether is None and path == "model.positions":  # which ones there are, are there
            whether = True if re.search("sinus|learn|absolute|relative|rotary", text.lower()) else None
        return None if whether is None else whether == actual
    if isinstance(actual, int | float) or actual is None:
        return _states_number(effect, path, one, actual)
    if isinstance(actual, list | tuple):
        numbers, values = read_numbers(text), cast("list[Any]", actual)
        if numbers is None or len(numbers) != len(values):
            return None if numbers is None else False
        return all(number.is_same(value) for number, value in zip(numbers, values, strict=True))
    if isinstance(actual, str):
        if plain_text(text) == plain_text(actual):
            return True
        choice = read_choice(path, text)
        return None if choice is None else choice == actual.lower()
    return plain_name(text) == plain_name(str(actual))


def _states_number(effect: InEffect, path: str, one: Stated, actual: float | None) -> bool | None:
    number = read_length(one.text) if path in LENGTHS else read_number(one.text)
    if number is None and (listed := read_numbers(one.text)) and len({part.value for part in listed}) == 1:
        number = listed[0]  # one for each layer
    if path == HIDDEN and actual and (sizes := re.fullmatch(_TIMES, one.text.strip(" $"))):
        times = {effect.values.get("model.layers"), 2 if effect.values.get(BOTH) else 1}  # 2 × 64
        return any(int(size) == actual and int(many) in times for many, size in (sizes.groups(), sizes.groups()[::-1]))
    if number is None:
        return (actual is None or actual == 0) if is_none(one.text) else None
    if actual is None:
        return path == CLIP and number.value == 0  # as a limit of libraries, 0 is none
    unit = find_unit(one.name, one.text) if path in LENGTHS else "epochs"
    if unit == "steps":
        return abs(number.value - actual * effect.steps) <= 0.5
    return number.is_same(actual / max(effect.epochs, 1) if unit == "share" else actual)


def _states_seeds(seeds: tuple[int, ...], one: Stated) -> bool | None:
    stated = read_seeds(one.name, one.text)
    if stated is None or isinstance(stated, int):
        return None if stated is None else stated == len(seeds)
    return stated == seeds or {*stated} == {*seeds}


def show_value(value: Any) -> str:
    """A value in words."""
    return "none" if value is None else str(value)
