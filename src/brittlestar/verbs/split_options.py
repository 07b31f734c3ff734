"""Options of `split` that go together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from brittlestar.core.errors import InputError, Problem
from brittlestar.data.splitting import BY, COMPOSED, By, Composed, default_sizes, sizes_of
from brittlestar.verbs.options import near

WAYS: tuple[By | Composed, ...] = (*BY, *COMPOSED)


def checked(
    by: str,
    sizes: str | None,
    time: str | None,
    stratify: bool | None,
    seed: int,
    factors: str | None,
    held_out: Sequence[str],
) -> tuple[By | Composed, tuple[str, ...], np.ndarray]:
    """The way to split, and names and shares of the splits. Raises InputError with all options that do not go
    together."""
    if by not in WAYS:
        raise InputError(f"{by!r} is no way to split", "--by", near(by, WAYS) or f"use {', '.join(WAYS)}")
    kind: By | Composed = next(known for known in WAYS if known == by)
    problems: list[Problem] = []
    if kind == "time" and not time:
        problems.append(Problem("no column of times is named", "--by time", "name it: --time COLUMN"))
    if kind != "time" and time:
        problems.append(Problem(f"times are not used by {kind}", "--time", "add --by time, or leave --time out"))
    if kind == "time" and stratify:
        problems.append(Problem("stretches of time have the classes they have", "--stratify", "leave it out"))
    if seed < 0:
        problems.append(Problem(f"the seed is {seed}", "--seed", "use 0 or more"))
    if factors is not None and kind not in COMPOSED:
        ways = ", ".join(COMPOSED)
        problems.append(Problem(f"factors are not used by {kind}", "--factors", f"they decide --by {ways}"))
    if held_out and kind not in ("pairs", "predicates"):
        told = f"nothing is held out by name by {kind}"
        problems.append(Problem(told, "--held-out", "add --by pairs or --by predicates, or leave it out"))
    names, shares = (), np.empty(0)
    try:
        names, shares = sizes_of(default_sizes(kind) if sizes is None else sizes, kind)
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError(problems)
    return kind, names, shares
