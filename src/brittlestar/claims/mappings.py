"""Outcomes from `{variant: {"seeds", "examples", "outcome"}}`: matrices of seeds x examples, or one score a seed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from numbers import Real
from typing import Any, cast

import numpy as np

from brittlestar.claims.outcomes import Outcomes, Runs, Seed, seed_rank
from brittlestar.core.errors import InputError
from brittlestar.data.outcome_columns import drop_traces, find_unusable, number_hint, short


def of_mapping(variants: Mapping[Any, Any]) -> Outcomes:
    """Outcomes of `{variant: {"seeds", "examples", "outcome": seeds x examples}}` or `{variant: {"seeds", "score"}}`;
    `"group"` may name the group of each example. Raises InputError."""
    found: dict[str, Runs] = {}
    examples: list[Any] | None = None
    groups: np.ndarray | None = None
    first = ""
    for name, given in variants.items():
        if not isinstance(name, str) or not name.strip() or not isinstance(given, Mapping):
            hint = "give {'variant': {'seeds': …, 'examples': …, 'outcome': …}}"
            raise InputError(f"{name!r}: {type(given).__name__} is no variant with its runs", "outcomes", hint)
        given = cast("Mapping[str, Any]", given)
        seeds = _read_seeds(name, given.get("seeds"))
        order = sorted(range(len(seeds)), key=lambda k: seed_rank(seeds[k]))
        ordered = tuple(seeds[k] for k in order)
        if "score" in given:
            scores = _read_numbers(name, given["score"], (len(seeds),), "score", seeds, ())
            found[name] = Runs(ordered, score=scores[order])
            continue
        table, own = _read_table(name, given, seeds)
        if examples is None:
            examples, first = sorted(own, key=str), name
        lacking, more = set(examples) - set(own), set(own) - set(examples)
        if lacking or more:
            some = [", ".join(map(str, sorted(part, key=str)[:5])) or "none" for part in (lacking, more)]
            what = f"'{name}' lacks {len(lacking)} examples of '{first}' ({some[0]})"
            hint = "score both on the same rows"
            raise InputError(f"{what} and has {len(more)} others ({some[1]})", "outcomes", hint)
        at = {example: k for k, example in enumerate(own)}
        place = [at[example] for example in examples]
        if given.get("group") is not None:
            mine = _read_groups(name, given["group"], place)
            if groups is not None and not np.array_equal(groups, mine):
                hint = "an example has one group, the same in every variant"
                raise InputError("its groups are not those of another variant", f"outcomes['{name}'].group", hint)
            groups = mine
        found[name] = Runs(ordered, table[order][:, place])
    return Outcomes(_check_sizes(found), groups=groups, alike=True, examples=tuple(examples or ()))


def _check_sizes(found: Mapping[str, Runs]) -> dict[str, Runs]:
    """Runs without values that are nothing beside the largest of all. Raises InputError where the largest is too small
    to compute with."""
    values = {name: runs.score if runs.outcome is None else runs.outcome for name, runs in found.items()}
    known = {name: table for name, table in values.items() if table is not None}
    largest = max((float(np.abs(table).max(initial=0.0)) for table in known.values()), default=0.0)
    sized: dict[str, Runs] = {}
    for name, table in known.items():
        wrong, told, hint = find_unusable(table, largest)
        if wrong.any():
            raise InputError(f"there are {told} (first: {float(table[wrong][0])!r})", f"outcomes['{name}']", hint)
        runs, settled = found[name], drop_traces(table, largest)
        sized[name] = replace(runs, score=settled) if runs.outcome is None else replace(runs, outcome=settled)
    return sized


def _read_table(name: str, given: Mapping[str, Any], seeds: Sequence[Seed]) -> tuple[np.ndarray, list[Any]]:
    """float64 (seeds, examples), and the examples: numbered where they are not named. Raises InputError."""
    where, hint = f"outcomes['{name}']", "give outcome (seeds x examples) or score (one a seed)"
    if "outcome" not in given:
        raise InputError(f"variant '{name}' has neither", where, hint)
    raw = _make_array(given["outcome"], "outcome", where)
    own = given.get("examples")
    try:
        own = list(range(raw.shape[-1] if raw.ndim else 0) if own is None else own)
        known = {one.item() if isinstance(one, np.generic) else one for one in own}
    except TypeError:
        what = "examples are not ids"
        raise InputError(what, f"{where}.examples", "name each example with a number or a text") from None
    if not own:
        raise InputError("there are no examples", where, "give outcome as seeds x examples")
    if len(known) < len(own) or any(one != one for one in known):
        raise InputError("an example stands there twice, or has no name", f"{where}.examples", "name each once")
    table = _read_numbers(name, raw, (len(seeds), len(own)), "outcome", seeds, own)
    return table, [one.item() if isinstance(one, np.generic) else one for one in own]


def _read_groups(name: str, given: Any, order: Sequence[int]) -> np.ndarray:
    try:
        groups = [str(one) for one in given]
    except TypeError:
        groups = []
    if len(groups) != len(order):
        what = f"{len(groups)} groups are given for {len(order)} examples"
        raise InputError(what, f"outcomes['{name}'].group", "name the group of each example")
    _, numbers = np.unique([groups[k] for k in order], return_inverse=True)
    return numbers.reshape(-1)


def _read_seeds(name: str, given: Any) -> list[Seed]:
    """Seeds as whole numbers, also where all are written as text, else as they are. Raises InputError."""
    where = f"outcomes['{name}'].seeds"
    if given is None:
        raise InputError("no seeds are given", f"outcomes['{name}']", "name the seed of each run under `seeds`")
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Iterable):
        raise InputError(f"seeds are a {type(given).__name__}, not a list", where, "name the seed of each run")
    seeds = [_read_seed(one, place, where) for place, one in enumerate(cast("Iterable[Any]", given))]
    if not seeds:
        raise InputError("there are no seeds", where, "name the seed of each run")
    if all(isinstance(seed, str) and seed_rank(seed)[0] is False for seed in seeds):
        numbers: list[Seed] = [int(seed) for seed in seeds]
        seeds = numbers if len(set(numbers)) == len(set(seeds)) else seeds
    known: set[Seed] = set()
    for seed in seeds:
        if seed in known:
            raise InputError(f"seed {seed} stands there twice", where, "one run a seed")
        known.add(seed)
    return seeds


def _read_seed(given: Any, place: int, where: str) -> Seed:
    one = given.item() if isinstance(given, np.generic) else given
    if isinstance(one, float) and one.is_integer():
        one = int(one)
    if isinstance(one, int) and not isinstance(one, bool) and abs(one) < 2**63:
        return one
    if isinstance(one, str) and one.strip():
        return one
    what = f"seeds contain a value that is no seed (first: place {place}, {short(given)})"
    raise InputError(what, where, "a seed is a whole number below 2**63, or a name")


def _make_array(given: Any, what: str, where: str) -> np.ndarray:
    """The values as one array of any type. Raises InputError where rows differ in length."""
    try:
        return np.asarray(given)
    except (TypeError, ValueError, RuntimeError) as error:
        raise InputError(f"{what} is no table of numbers: {error}", where, "seeds x examples") from None


def _read_numbers(
    name: str, given: Any, shape: tuple[int, ...], what: str, seeds: Sequence[Seed], examples: Sequence[Any]
) -> np.ndarray:
    """float64 of this shape. Raises InputError with the first value that is no number, or none that can be computed
    with; True and False are outcomes, and no scores."""
    where = f"outcomes['{name}']"
    raw = _make_array(given, what, where)
    if raw.shape != shape:
        hint = "seeds x examples" if len(shape) > 1 else "one a seed"
        raise InputError(f"{what} has shape {raw.shape}, not {shape}", where, hint)

    values = _read_floats(raw, truths=what == "outcome")
    wrong = np.isnan(values) & (raw.dtype.kind != "f")
    if wrong.any():
        told, hint = "non-numeric values", number_hint(str(raw[wrong][0]))
    else:
        wrong, told, hint = find_unusable(values, float(np.maximum(1.0, np.abs(values).max(initial=0.0))))
    if wrong.any():
        at = np.unravel_index(int(np.argmax(wrong)), raw.shape)
        keys = [f"seed {seeds[int(at[0])]}"] + ([f"example {examples[int(at[1])]}"] if len(at) > 1 else [])
        raise InputError(f"{what} contains {told} (first: {', '.join(keys)}, {short(raw[at])})", where, hint)
    return values


def _read_floats(raw: np.ndarray, truths: bool) -> np.ndarray:
    """float64 of the same shape, NaN where a value is no number; True and False are numbers where `truths` says so."""
    if raw.dtype.kind in "fiu" or (truths and raw.dtype.kind == "b"):
        with np.errstate(over="ignore"):
            return raw.astype(np.float64)
    return np.asarray([_read_float(one, truths) for one in raw.flat], np.float64).reshape(raw.shape)


def _read_float(given: Any, truths: bool) -> float:
    one: Any = given.item() if isinstance(given, np.generic) else given
    kinds = (bool, Real, Decimal) if truths or not isinstance(one, bool) else ()
    if not isinstance(one, kinds):
        return float("nan")
    try:
        return float(one)
    except OverflowError:
        return float("inf")
