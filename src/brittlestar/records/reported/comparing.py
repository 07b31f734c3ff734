"""One stated setting, held against what was in effect."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from brittlestar.core.foreign_names import list_words
from brittlestar.records.reported.effect import InEffect
from brittlestar.records.reported.stated import Field, Kind, Stated
from brittlestar.records.reported.values import (
    LENGTHS,
    find_unit,
    is_none,
    plain_text,
    read_choice,
    read_number,
    read_numbers,
    read_seeds,
    read_whether,
)

OPTIMISER = "library.optimiser."
"""Before the names of settings that a library's optimiser has."""
WEIGHTS, CLIP, OWN, PRECISION = "training.class_weights", "training.clip", "model.own", "training.precision"
BOTH, MODE = "model.bidirectional", "model.embedding.mode"


def compare_setting(effect: InEffect, path: str, one: Stated, actual: Any) -> Field:
    """The field of a setting that is stated, by its path, with what is in effect."""

    def tell(kind: Kind, why: str = "") -> Field:
        return Field(path, kind, one.text, actual, why, one.line)

    if path in effect.idle:
        return tell("without-effect", "`trace` saw that another value changes no weight and no answer")
    if path == "seeds" and (failed := describe_failed(effect)):
        return _compare_seeds(effect, one, failed)
    if not path.startswith("model.params.") and effect.is_elsewhere(path):
        return compare_elsewhere(effect, path, one)
    if not path.startswith("model.params.") and path in effect.values and path not in effect.read:
        return tell("without-effect", "nothing that this model or its training has reads it")
    same = _is_same(effect, path, one, actual)
    if same is None:
        return tell("ambiguous", f"nobody can say what it means; in effect is {show_value(actual)}")
    return tell("match") if same else tell("misstated", f"in effect is {show_value(actual)}")


def compare_elsewhere(effect: InEffect, path: str, one: Stated) -> Field:
    """A setting that own code sets: right or wrong where its value was seen or read back."""
    if found := effect.seen.get(path):
        return compare_found(effect, path, found, one)
    return Field(path, "cannot-tell", one.text, None, effect.where, one.line)


def compare_found(effect: InEffect, path: str, found: Mapping[str, Any], one: Stated) -> Field:
    """A setting of which something was seen or read back, by the name of where: one value, or several."""
    told = {name: show_value(value) for name, value in found.items()}
    shown = ", ".join(value if name == path else f"{value} ({name})" for name, value in told.items())
    same = {_is_same(effect, path, one, value) for value in found.values()}
    actual = next(iter(found.values())) if len(found) == 1 else shown
    if same == {True}:
        return Field(path, "match", one.text, actual, "", one.line)
    kind = "misstated" if same == {False} else "cannot-tell"
    return Field(path, kind, one.text, actual, f"in effect is {shown}", one.line)


def describe_failed(effect: InEffect) -> str:
    """`5 were asked for: 4 finished, 1 failed (seed 3)`; empty where every run finished."""
    others: dict[str, list[int]] = {}
    for seed, state in effect.states.items():
        if state != "done":
            others.setdefault(state, []).append(seed)
    told = (f"{len(seeds)} {state} (seed {', '.join(map(str, seeds))})" for state, seeds in others.items())
    return f"{len(effect.seeds)} were asked for: {len(effect.finished)} finished, {', '.join(told)}" if others else ""


def _compare_seeds(effect: InEffect, one: Stated, failed: str) -> Field:
    """Seeds of which some gave nothing: right where the report states those that finished."""
    same = _is_same(replace(effect, seeds=effect.finished), "seeds", one, None)
    kind = "ambiguous" if same is None else "match" if same else "misstated"
    return Field("seeds", kind, one.text, [*effect.seeds], failed, one.line)


def compare_weight(effect: InEffect, label: str, one: Stated) -> Field:
    """The weight of one class; one of which nothing is said weighs 1."""
    path = f"{WEIGHTS}.{label}"
    if effect.values.get(WEIGHTS) == "balanced" and not effect.is_elsewhere(WEIGHTS):
        why = "balanced weights follow from the rows of train"
        return Field(path, "ambiguous", one.text, "balanced", why, one.line)
    return compare_setting(effect, path, one, effect.values.get(path, 1.0))


def compare_library(effect: InEffect, name: str, one: Stated) -> Field:
    """A setting of the optimiser that a library has, under the optimiser's own name: `library.Adam.eps`."""
    inner, place = ("betas", int(name[-1]) - 1) if name in ("beta1", "beta2") else (name, None)
    path = next((path for path in effect.values if re.fullmatch(rf"library\.[A-Z]\w*\.{inner}", path)), None)
    if path is None and effect.is_elsewhere("training.optimiser"):
        return Field(f"{OPTIMISER}{name}", "cannot-tell", one.text, None, effect.where, one.line)
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
    if not read and effect.is_elsewhere(paths[0]):
        yield replace(compare_elsewhere(effect, paths[0], one), name=one.name)
        return
    if not read:
        yield Field(one.name, "without-effect", one.text, None, "nothing that this model has reads it", one.line)
        return
    fields = [compare_setting(effect, path, one, effect.values.get(path)) for path in read]
    if len({field.kind for field in fields}) == 1:
        yield from fields
        return
    values = ", ".join(f"{field.name} {field.actual}" for field in fields)
    for field in fields:  # each was spoken of, though not clearly
        yield Field(field.name, "ambiguous", one.text, field.actual, f"it may be any of {values}", one.line)


def _is_same(effect: InEffect, path: str, one: Stated, actual: Any) -> bool | None:
    """Whether a text states the value in effect; None where it cannot be read."""
    text, whether = one.text, read_whether(one.text)
    if path == OWN and actual:
        names = {"".join(list_words(name)) for name in (str(actual), *re.split(r"[.:]", str(actual)))}
        return True if "".join(list_words(text)) in names else None if ":" not in text else False
    if path == "seeds":
        stated = read_seeds(one.name, text)
        if stated is None or isinstance(stated, int):
            return None if stated is None else stated == len(effect.seeds)
        return {*stated} == {*effect.seeds}
    if path == "data.train_rows" and (number := read_number(text)) is not None:
        return number.is_same(effect.rows)
    if path == PRECISION and whether is not None and (named := {*list_words(one.name)} & {"fp16", "bf16", "fp32"}):
        return (actual in named) == whether if named != {"fp16"} else not whether
    if path == MODE and whether is not None:
        return (str(actual).startswith("frozen") == whether) == bool(re.search("fr(?:ee|o)ze", one.name.lower()))
    if path == BOTH and (both := re.search(r"\b(?:(bi|both|two|2)|(uni|one|single|1))", text.lower())):
        return (both[1] is not None) == actual
    return _is_same_value(effect, path, one, actual)


def _is_same_value(effect: InEffect, path: str, one: Stated, actual: Any) -> bool | None:
    """The same where the kind of the value alone says how it is compared."""
    text, whether = one.text, read_whether(one.text)
    if isinstance(actual, bool):
        return None if whether is None else whether == actual
    if isinstance(actual, int | float) or actual is None:
        return _states_number(effect, path, one, actual)
    if isinstance(actual, list | tuple):
        numbers, values = read_numbers(text), cast("list[Any]", actual)
        if numbers is None or len(numbers) != len(values):
            return None if numbers is None else False
        return all(number.is_same(value) for number, value in zip(numbers, values, strict=True))
    if plain_text(text) == plain_text(str(actual)):
        return True
    choice = read_choice(path, text)
    return None if choice is None else choice == str(actual).lower()


def _states_number(effect: InEffect, path: str, one: Stated, actual: float | None) -> bool | None:
    number = read_number(one.text)
    if number is None:
        return (actual is None or actual == 0) if is_none(one.text) else None
    if actual is None:
        return number.value == 0 and path in (CLIP, "training.early_stopping.patience")  # of libraries, 0 is none
    unit = find_unit(one.name, one.text) if path in LENGTHS else "epochs"
    if unit == "steps":
        return abs(number.value - actual * effect.steps) <= 0.5
    return number.is_same(actual / max(effect.epochs, 1) if unit == "share" else actual)


def show_value(value: Any) -> str:
    """A value in words."""
    return "none" if value is None else str(value)
