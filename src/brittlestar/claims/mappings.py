"""`{variant: {"seeds", "examples", "outcome"}}` as the long table that judging reads."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

import numpy as np
import polars as pl

from brittlestar.core.errors import InputError
from brittlestar.data.outcome_columns import short
from brittlestar.data.tables import Table, as_they_are, column_of_values

FORM = "give {'variant': {'seeds': …, 'examples': …, 'outcome': …}}"
Column = tuple[list[Any], np.ndarray] | np.ndarray
"""Values of a variant, and int64 (lines,) which of them each line has; or an array of one value a line."""


def tabulate_mapping(variants: Mapping[Any, Any]) -> Table:
    """The table of `{variant: {"seeds", "examples", "outcome": seeds x examples}}` or `{variant: {"seeds", "score"}}`;
    `"group"` may name the group of each example. What it holds is read as of any table. Raises InputError where the
    form is another one."""
    parts = [_read_variant(name, given) for name, given in variants.items()]
    if not parts:
        raise InputError("there are no variants", "outcomes", FORM)
    if len({"example" in one for one in parts}) > 1:
        what = "some variants have scores alone, and others outcomes row by row"
        raise InputError(what, "outcomes", "give outcome, or score, for all of them")
    names = [name for name in parts[0] if all(name in one for one in parts)]
    try:
        frame = pl.DataFrame([_join(name, [one[name] for one in parts]) for name in names])
    except OverflowError as error:
        raise InputError("a number has more than 64 bits", "outcomes", "write smaller ones, or names") from error
    return Table("outcomes", frame, "row", as_they_are)


def _read_variant(name: Any, given: Any) -> dict[str, Column]:
    """The columns of one variant, its runs one after the other."""
    if not isinstance(name, str) or not name.strip() or not isinstance(given, Mapping):
        raise InputError(f"{name!r}: {type(given).__name__} is no variant with its runs", "outcomes", FORM)
    given, where = cast("Mapping[str, Any]", given), f"outcomes['{name}']"
    kind = "score" if "score" in given else "outcome"
    if kind not in given:
        hint = "give outcome (seeds x examples) or score (one a seed)"
        raise InputError(f"variant '{name}' has neither", where, hint)
    values, wide = _make_array(given[kind], kind, where), kind == "outcome"
    seeds = _list_values(given.get("seeds"), f"{where}.seeds")
    _refuse_odd_seeds(seeds, f"{where}.seeds")
    examples = [*range(values.shape[-1] if values.ndim else 0)]
    if given.get("examples") is not None:
        examples = _list_values(given["examples"], f"{where}.examples")
    shape = (len(seeds), len(examples)) if wide else (len(seeds),)
    if values.shape != shape:
        hint = "seeds x examples" if wide else "one a seed"
        raise InputError(f"{kind} has shape {values.shape}, not {shape}", where, hint)
    each = len(examples) if wide else 1
    found: dict[str, Column] = {
        "variant": ([name], np.zeros(values.size, np.int64)),
        "seed": (seeds, np.repeat(np.arange(len(seeds)), each)),
        kind: values.ravel(),
    }
    if wide:
        found["example"] = examples, np.tile(np.arange(each), len(seeds))
    if wide and given.get("group") is not None:
        groups = _list_values(given["group"], f"{where}.group")
        if len(groups) != each:
            what = f"{len(groups)} groups are given for {each} examples"
            raise InputError(what, f"{where}.group", "name the group of each example")
        found["group"] = groups, np.tile(np.arange(each), len(seeds))
    return found


def _list_values(given: Any, where: str) -> list[Any]:
    if given is None or isinstance(given, str | bytes | Mapping) or not isinstance(given, Iterable):
        raise InputError(f"it is a {type(given).__name__}, not a list", where, "name each in a list")
    found = list(cast("Iterable[Any]", given))
    if not found:
        raise InputError("it is empty", where, "name each in a list")
    return found


def _refuse_odd_seeds(seeds: list[Any], where: str) -> None:
    """Among other values a seed would be taken for its text."""
    for one in seeds:
        whole = isinstance(one, int | float | np.integer | np.floating) and one == one and abs(one) < 2**63
        if isinstance(one, bool) or not (isinstance(one, str) or (whole and one == int(one))):
            what = f"seeds contain a value that is no seed (first: {short(one)})"
            raise InputError(what, where, "a seed is a whole number below 2**63, or a name")


def _make_array(given: Any, what: str, where: str) -> np.ndarray:
    """The values as one array of any type. Raises InputError where rows differ in length."""
    try:
        return np.asarray(given)
    except (TypeError, ValueError, RuntimeError) as error:
        raise InputError(f"{what} is no table of numbers: {error}", where, "seeds x examples") from None


def _join(name: str, parts: list[Column]) -> pl.Series:
    """One column of all variants."""
    if isinstance(parts[0], np.ndarray):
        arrays = cast("list[np.ndarray]", parts)
        if all(one.dtype.kind in "fiub" for one in arrays):
            return pl.Series(name, np.concatenate(arrays))
        return column_of_values(name, [value for one in arrays for value in one.tolist()])
    pairs = cast("list[tuple[list[Any], np.ndarray]]", parts)
    known = column_of_values(name, [value for values, _ in pairs for value in values])
    starts = np.cumsum([0, *(len(values) for values, _ in pairs[:-1])])
    return known[np.concatenate([start + at for start, (_, at) in zip(starts, pairs, strict=True)])]
