"""Probes of the user's: a function on lists of tokens, with what a strength counts and what should hold."""

import re
import reprlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from brittlestar.core.errors import InputError, Problem, format_error
from brittlestar.core.expectations import EXPECTATIONS, is_expectation
from brittlestar.data.written_rows import WrittenRows, rows_of_strings
from brittlestar.probes.probe import Probe
from brittlestar.probes.task import ProbeTask

FAMILIES = ("order", "composition", "length", "factors", "noise", "tokenisation", "own")
Function = Callable[[list[list[str]], float, np.random.Generator], Sequence[Sequence[str]]]


def own_probe(
    name: str,
    *,
    unit: str = "",
    strengths: Sequence[float],
    expectation: str,
    about: str = "",
) -> Callable[[Function], Probe]:
    """Make a probe of a function `(rows of tokens, strength, generator) -> as many rows of tokens`.

    Args:
        name: `family.what` in lower-case letters, digits and hyphens; a family of the catalogue, or `own`.
        unit: What a strength counts: `share of tokens`. Not needed where the only strength is 1.
        strengths: Distinct numbers above 0.
        expectation: What should hold: `invariant` (predictions stay), `changes` (they change), `toward LABEL` or
            `away from LABEL` (those that change become that class, or leave it), or `open`.
        about: One line on what it does; the first line of the function's docstring without it.

    Returns:
        A decorator that turns the function into a probe. What the function returns is checked when it runs.

    Raises:
        InputError: The declaration is wrong, with every mistake.

    Example:
        >>> from brittlestar import own_probe
        >>> @own_probe("own.backwards", unit="share of rows", strengths=[1.0], expectation="changes")
        ... def backwards(rows, strength, random):
        ...     return [row[::-1] for row in rows]
        >>> backwards.name
        'own.backwards'
    """
    family = str(name).partition(".")[0]
    values = _strengths(strengths)
    wrong = [
        (f"{name!r} is no name of a probe", "name it family.what, in lower case", not NAME.fullmatch(str(name))),
        (f"{family!r} is no family of probes", f"families are {', '.join(FAMILIES)}", family not in FAMILIES),
        (
            "a probe needs a unit",
            'say what a strength counts: unit="share of tokens"',
            not str(unit or "").strip() and values != (1.0,),
        ),
        ("a probe needs strengths", "give a list of one or more distinct numbers above 0", not values),
        (
            f"{expectation!r} is no expectation",
            f"it is one of {', '.join(EXPECTATIONS)}",
            not is_expectation(expectation),
        ),
    ]
    problems = [Problem(said, f"probe {name}", hint) for said, hint, bad in wrong if bad]
    if problems:
        raise InputError(problems)

    def make_probe(function: Function) -> Probe:
        if not callable(function):
            raise InputError(f"{function!r} is no function", f"probe {name}", "write def below @own_probe(…)")

        def change(rows: WrittenRows, task: ProbeTask, strength: float, random: np.random.Generator) -> WrittenRows:
            return _call_probe(function, name, rows, strength, random)

        said = (about.strip() or (function.__doc__ or "").strip() or name).splitlines()[0]
        plain = said.replace("{", "{{").replace("}", "}}")
        return Probe(name, unit, values, change, plain, expectation, declared=expectation != "open")

    return make_probe


NAME = re.compile(r"[a-z]+\.[a-z0-9]+(-[a-z0-9]+)*")


def _strengths(given: Any) -> tuple[float, ...]:
    """The strengths as numbers; none where they are not distinct numbers above 0."""
    try:
        values = [] if isinstance(given, str) else list(given)
    except TypeError:
        return ()
    numbers = all(isinstance(value, int | float | np.number) and not isinstance(value, bool) for value in values)
    found = tuple(float(value) for value in values) if numbers else ()
    distinct = len({f"{one:g}" for one in found}) == len(found)
    return found if distinct and all(np.isfinite(one) and one > 0 for one in found) else ()


def _call_probe(
    function: Function, name: str, rows: WrittenRows, strength: float, random: np.random.Generator
) -> WrittenRows:
    try:
        given = [_make_list(row) for row in function(rows.strings(), strength, random)]
    except (Exception, SystemExit) as error:
        raise InputError(f"it raised {format_error(error)}", f"probe {name} at {strength:g}") from error
    wrong = _odd(given, rows.n_rows)
    if wrong:
        raise InputError(wrong, f"probe {name} at {strength:g}", "return one list of strings for each row")
    return rows_of_strings(given, rows.lexicon)


def _make_list(row: Any) -> Any:
    """A row as a list; what has no order, or is text, stays what it is."""
    return list(row) if isinstance(row, Iterable) and not isinstance(row, str | bytes | set | dict) else row


def _odd(rows: Sequence[Any], wanted: int) -> str:
    """Why these are not so many rows of tokens; nothing where they are."""
    if len(rows) != wanted:
        return f"it gave {len(rows):,} rows for {wanted:,}"
    for row in rows:
        if not isinstance(row, list):
            return f"{reprlib.repr(row)} is no row of tokens: it is a {type(row).__name__}"
        for token in row:
            if not isinstance(token, str):
                return f"{reprlib.repr(token)} is no token: it is a {type(token).__name__}"
            if not token.isascii() and any("\ud800" <= symbol <= "\udfff" for symbol in token):
                return f"{token!r} is no token: it holds half a character"
    return ""
