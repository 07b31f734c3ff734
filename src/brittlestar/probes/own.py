"""Probes of the user's: a function on lists of tokens, with what a strength counts and what should hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, get_args

import numpy as np

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.probing import Expectation
from brittlestar.probes.probe import Probe
from brittlestar.probes.task import Task
from brittlestar.probes.token_rows import TokenRows, rows_of_strings

FAMILIES = ("order", "composition", "length", "factors", "noise", "tokenisation", "own")
Function = Callable[[list[list[str]], float, np.random.Generator], Sequence[Sequence[str]]]


def own_probe(
    name: str,
    *,
    unit: str,
    strengths: Sequence[float],
    expectation: Expectation,
    about: str = "",
) -> Callable[[Function], Probe]:
    """Make a probe of a function `(rows of tokens, strength, generator) -> as many rows of tokens`.

    `name` is `family.what`, lower case, of one of the families of the catalogue or of `own`; `unit` says what a
    strength counts; `expectation` is `invariant` (predictions should stay), `changes` (they should change) or `open`.
    Raises InputError, naming everything that is wrong, when the probe is made; a function that returns other things
    than rows of tokens is told when it is run.
    """
    family, _, what = name.partition(".")
    wrong = [
        (f"{name!r} is no name of a probe", "name it family.what", not what or name != name.lower() or " " in name),
        (f"{family!r} is no family of probes", f"families are {', '.join(FAMILIES)}", family not in FAMILIES),
        ("a probe needs a unit", 'say what a strength counts: unit="share of tokens"', not unit.strip()),
        ("a probe needs strengths", "give one or more numbers", not strengths or not all(map(_number, strengths))),
        (
            f"{expectation!r} is no expectation",
            f"it is one of {', '.join(get_args(Expectation))}",
            expectation not in get_args(Expectation),
        ),
    ]
    problems = [Problem(said, f"probe {name}", hint) for said, hint, bad in wrong if bad]
    if problems:
        raise InputError(problems)

    def made(function: Function) -> Probe:
        def change(rows: TokenRows, task: Task, strength: float, random: np.random.Generator) -> TokenRows:
            return _called(function, name, rows, strength, random)

        said = about or (function.__doc__ or name).strip().splitlines()[0]
        return Probe(name, unit, tuple(float(one) for one in strengths), change, said, expectation)

    return made


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and bool(np.isfinite(value))


def _called(function: Function, name: str, rows: TokenRows, strength: float, random: np.random.Generator) -> TokenRows:
    try:
        given = function(rows.strings(), strength, random)
        changed = [list(row) for row in given]
    except Exception as error:
        raise InputError(f"it raised {type(error).__name__}: {error}", f"probe {name} at {strength:g}") from error
    tokens: list[Any] = [token for row in changed for token in row]
    odd = next((token for token in tokens if not isinstance(token, str)), None)
    if len(changed) != rows.n_rows or odd is not None:
        what = f"it gave {len(changed):,} rows for {rows.n_rows:,}"
        what = what if odd is None else f"{odd!r} is no token: it is a {type(odd).__name__}"
        raise InputError(what, f"probe {name} at {strength:g}", "return one list of strings for each row")
    return rows_of_strings(changed, rows.lexicon)
