"""What each stated setting is against a record, and each setting of the record that nobody stated."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, cast

from brittlestar.core.suggesting import suggest
from brittlestar.records.reported.aliases import SEVERAL, find_paths, plain_name
from brittlestar.records.reported.effect import SILENT, InEffect
from brittlestar.records.reported.passing import states_no_setting
from brittlestar.records.reported.stated import Stated
from brittlestar.records.reported.unfolding import unfold_stated
from brittlestar.records.reported.values import (
    LENGTHS,
    find_unit,
    is_none,
    read_choice,
    read_length,
    read_number,
    read_numbers,
    read_seeds,
    read_whether,
)

OPTIMISER = "library.optimiser."
"""Before the names of settings that a library's optimiser has."""
CLIP, KIND, PRECISION = "training.clip", "training.schedule.kind", "training.precision"
FAMILY, OWN = "model.family", "model.own"
RATE, EVERY = "training.learning_rate", "training.schedule.every"
COMPUTED = ("training.device", "library.")
"""What nobody has to state, and is told as a default where nobody chose it."""
Kind = Literal["match", "misstated", "omitted-default", "omitted", "without-effect", "ambiguous"]
WORST: tuple[Kind, ...] = ("misstated", "without-effect", "omitted", "ambiguous", "omitted-default", "match")


CODES: Mapping[Kind, str] = {
    "misstated": "report.misstated", "omitted": "report.omitted", "without-effect": "report.inert",
}  # fmt: skip
"""The findings that fields of a report are."""


@dataclass(frozen=True)
class Field:
    """One setting: its path (or the name as stated, where nobody can say which it is), what it is, what was stated,
    under which name and on which line (None, empty and 0 where nothing was), what is in effect, and why, in a
    sentence."""

    name: str
    kind: Kind
    stated: str | None
    actual: Any
    why: str
    line: int = 0
    said: str = ""

    @property
    def code(self) -> str | None:
        """The finding that this is; None where nothing is wrong."""
        return CODES.get(self.kind)

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON values."""
        return {**asdict(self), "code": self.code}


def classify_settings(effect: InEffect, stated: Iterable[Stated]) -> tuple[Field, ...]:
    """Every stated setting, and every setting in effect that nobody stated, the worst first, then by name."""
    found: list[Field] = []
    said: set[str] = set()
    given = tuple(stated)
    listed = [*unfold_stated(one for one in given if one.name and not states_nothing(effect, one))]
    named = {paths[0] for one in listed if len(paths := find_paths(one.name)) == 1}
    for one in listed:
        fields = [replace(field, said=one.name) for field in _classify(effect, one, named)]
        found += fields
        said |= {field.name for field in fields}
    wrong = {one.name for one in found if one.kind == "misstated"}  # one of two numbers of a list may be right
    found = [one for one in found if one.kind != "match" or one.name not in wrong]
    unnamed = [one for one in given if not one.name]
    found += [_omit(effect, path, unnamed) for path in _list_omitted(effect, said)]
    return tuple(sorted(found, key=lambda one: (WORST.index(one.kind), one.name)))


def states_nothing(effect: InEffect, one: Stated) -> bool:
    """Whether a row of a table states a result, a cost, a machine or an option of a framework, and no setting."""
    return states_no_setting(one.name, one.text) and _find_own(effect, one) is None


def _find_own(effect: InEffect, one: Stated) -> str | None:
    """The parameter of an own model that is stated."""
    last = plain_name(re.split(r"\.|__", one.name)[-1])
    inside = [plain_name(text) for text in re.findall(r"\(`?(\w+)`?\)", one.name)]
    names = (last, last.removeprefix("param"), *inside)  # minimum samples per leaf (`min_samples_leaf`)
    return next((name for name in effect.params if plain_name(name) in names), None)


def _classify(effect: InEffect, one: Stated, named: Collection[str]) -> Iterator[Field]:
    if (own := _find_own(effect, one)) is not None:
        yield _compare(effect, f"model.params.{own}", one, effect.params[own])
        return
    whole = one.name.strip()
    paths = (whole,) if whole in effect.values else find_paths(one.name)
    if paths == ("training.schedule.gamma",) and read_number(one.text) is None and read_choice(KIND, one.text):
        paths = (KIND,)  # `lr decay: cosine`
    if paths == (FAMILY,) and effect.values.get(OWN):
        paths = (OWN,)
    if not paths:
        hint = suggest(one.name, effect.values) or "no setting of the record goes by this name"
        yield Field(one.name, "ambiguous", one.text, None, hint, one.line)
    elif paths[0].startswith(OPTIMISER):
        yield _compare_library(effect, paths[0].removeprefix(OPTIMISER), one)
    elif len(paths) == 1:
        yield _compare(effect, paths[0], one, effect.values.get(paths[0]))
    elif plain_name(one.name) in SEVERAL or plain_name(one.name.rpartition(".")[2]) in SEVERAL:
        left = tuple(path for path in paths if path not in named)  # `dropout` beside `classifier dropout`
        yield from _compare_several(effect, left or paths, one)
    elif RATE in paths and EVERY in paths and RATE in named:  # `step size` beside `learning rate`
        yield _compare(effect, EVERY, one, effect.values.get(EVERY))
    else:
        yield Field(one.name, "ambiguous", one.text, None, f"it may be {' or '.join(paths)}", one.line)


def _compare_library(effect: InEffect, name: str, one: Stated) -> Field:
    """A setting of the optimiser that a library has, under the optimiser's own name: `library.Adam.eps`."""
    inner, place = ("betas", int(name[-1]) - 1) if name in ("beta1", "beta2") else (name, None)
    path = next((path for path in effect.values if re.fullmatch(rf"library\.[A-Z]\w*\.{inner}", path)), None)
    if path is None:
        why = "the optimiser of this training has no such setting"
        return Field(f"{OPTIMISER}{name}", "without-effect", one.text, None, why, one.line)
    actual = effect.values[path]
    if place is not None and isinstance(actual, list | tuple):
        actual = cast("list[Any]", actual)[place]
    return _compare(effect, path, one, actual)


def _compare_several(effect: InEffect, paths: tuple[str, ...], one: Stated) -> Iterator[Field]:
    """One name for several settings: right where it is right of each that is read."""
    read = [path for path in paths if path in effect.read]
    read = [path for path in read if effect.values.get(path)] or read  # nobody speaks of one that is off beside others
    if not read:
        yield Field(one.name, "without-effect", one.text, None, "nothing that this model has reads it", one.line)
        return
    fields = [_compare(effect, path, one, effect.values.get(path)) for path in read]
    kinds = {field.kind for field in fields}
    if len(kinds) == 1:
        yield from fields
        return
    values = ", ".join(f"{field.name} {field.actual}" for field in fields)
    for field in fields:  # each was spoken of, though not clearly
        yield Field(field.name, "ambiguous", one.text, field.actual, f"it may be any of {values}", one.line)


def _compare(effect: InEffect, path: str, one: Stated, actual: Any) -> Field:
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
            path, "ambiguous", one.text, actual, f"nobody can say what it means; in effect is {_show(actual)}", one.line
        )
    why = "" if same else f"in effect is {_show(actual)}"
    return Field(path, "match" if same else "misstated", one.text, actual, why, one.line)


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
    if path == "model.embedding.mode" and (whether := read_whether(text)) is not None:
        frozen = str(actual).startswith("frozen")
        return frozen == whether if re.search("fr(?:ee|o)ze", one.name.lower()) else frozen != whether
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
        choice = read_choice(path, text)
        return None if choice is None else choice == actual.lower()
    return plain_name(text) == plain_name(str(actual))


def _states_number(effect: InEffect, path: str, one: Stated, actual: float | None) -> bool | None:
    number = read_length(one.text) if path in LENGTHS else read_number(one.text)
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


def _list_omitted(effect: InEffect, said: set[str]) -> Iterator[str]:
    for path in sorted(effect.read):
        silent = any(path == one or path.startswith(f"{one}.") for one in SILENT)
        told = path == PRECISION or (path in effect.default and path.startswith(COMPUTED))
        plain = path not in said and (told or not silent)
        spoken = path == "training.early_stopping" and any(one.startswith(path) for one in said)
        if plain and not spoken:
            yield path
    params = (f"model.params.{name}" for name in sorted(effect.params))
    yield from (path for path in params if path not in said and path not in effect.idle)


def _omit(effect: InEffect, path: str, unnamed: Sequence[Stated]) -> Field:
    """A setting that no name states: what was chosen may stand in a sentence as its number alone."""
    own = path.removeprefix("model.params.") if path.startswith("model.params.") else None
    actual = effect.values.get(path) if own is None else effect.params[own]
    if path in effect.default:
        return Field(
            path, "omitted-default", None, actual, f"nobody chose it: it is {_show(actual)} where nothing is said"
        )
    if isinstance(actual, int | float) and (one := next((one for one in unnamed if _is_number(one, actual)), None)):
        return Field(path, "match", one.text, actual, "by its value alone: no name beside it is known", one.line)
    return Field(
        path, "omitted", None, actual, f"it was set to {_show(actual)}, and is not what it would be by default"
    )


def _is_number(one: Stated, actual: float) -> bool:
    number = read_number(one.text)
    return number is not None and number.is_same(actual)


def _show(value: Any) -> str:
    return "none" if value is None else str(value)
