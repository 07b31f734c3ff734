"""Options of `split` that go together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.suggesting import suggest
from brittlestar.data.splitting import BY, COMPOSED, By, Composed, default_sizes, sizes_of

WAYS: tuple[By | Composed, ...] = (*BY, *COMPOSED)


def check_options(
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
        raise InputError(f"--by must be one of {', '.join(WAYS)} (got {by!r})", "", suggest(by, WAYS))
    kind: By | Composed = next(known for known in WAYS if known == by)
    problems: list[Problem] = []
    if kind == "time" and not time:
        problems.append(Problem("--by time needs a column of times", "", "add --time COLUMN"))
    if kind != "time" and time:
        what = f"--time applies to --by time (got --by {kind})"
        problems.append(Problem(what, "", "add --by time, or leave --time out"))
    if kind == "time" and stratify:
        problems.append(Problem("--stratify does not apply to --by time", "", "leave it out"))
    if seed < 0:
        problems.append(Problem(f"--seed must be 0 or more (got {seed})"))
    if factors is not None and kind not in COMPOSED:
        problems.append(Problem(f"--factors applies to --by {', '.join(COMPOSED)} (got --by {kind})"))
    if held_out and kind not in ("pairs", "predicates"):
        problems.append(Problem(f"--held-out applies to --by pairs and --by predicates (got --by {kind})"))
    names, shares = (), np.empty(0)
    try:
        names, shares = sizes_of(default_sizes(kind) if sizes is None else sizes, kind)
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError(problems)
    return kind, names, shares
