"""What the columns of a log are, by the names that training code gives them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from brittlestar.core.foreign_names import list_names

PARTS = {part: list_names("splits", part) for part in ("train", "dev", "test")}
METRICS = {"loss": list_names("metrics", "log_loss")} | {
    metric: list_names("metrics", metric) for metric in ("accuracy", "balanced_accuracy", "macro_f1", "f1")
}
PLACES = {role: list_names("columns", role) for role in ("epoch", "step", "seed")}
RATES = list_names("columns", "learning_rate")
ROLES = (*PLACES, "learning_rate", *(f"{part}.{metric}" for part in ("train", "dev") for metric in METRICS))
"""What a column may be taken for."""
_BESIDE = {"epoch", "step", "mean", "avg", "average"}
"""Words beside a split and a metric that change neither."""


@dataclass(frozen=True)
class ColumnRoles:
    """`taken`: the column of each role; `left_out`: every other column, with the reason where there is one to say.
    `test` are those that are a curve on test, by the role that they would have on dev."""

    taken: Mapping[str, str]
    left_out: tuple[str, ...]
    test: Mapping[str, str]


def choose_columns(filled: Mapping[str, int], given: Mapping[str, str]) -> ColumnRoles:
    """The columns of a log by role: as somebody said (`given`, by role), else by their names.

    `filled` are the columns with how many values each has. An average over an epoch comes before the value of a step;
    of equals the commoner name is taken, and then the column with more values.
    """
    names = list(filled)
    free = [name for name in names if name not in given.values()]
    wanted = {name: role for name in free if (role := _name_role(name)) is not None}
    keras = any(role.startswith("dev.") for role in (*wanted.values(), *given))
    taken, left = dict(given), dict[str, str]()
    for name in sorted(free, key=lambda one: (*_rank(one), -filled[one])):
        role = wanted.get(name, "")
        if role.startswith("any."):  # Keras names no split for train, and says `val_` for dev
            role = role.replace("any.", "train.") if keras or role == "any.loss" else role
        if role.startswith("test."):
            left[name] = "a test curve is not dev"
        elif role.startswith("any."):
            left[name] = "it names no split"
        elif not role:
            left[name] = ""
        elif role in taken:
            left[name] = f"{role} is {taken[role]}"
        else:
            taken[role] = name
    ordered = {role: taken[role] for role in ROLES if role in taken}
    test = {wanted[one].replace("test.", "dev."): one for one in left if wanted.get(one, "").startswith("test.")}
    shown = (f"{one} ({left[one]})" if left[one] else one for one in names if one in left)
    return ColumnRoles(ordered, tuple(shown), test)


def _name_role(name: str) -> str | None:
    """The role that a name speaks of; `any.METRIC` where it names no split, `test.METRIC` for a test curve."""
    words = _words(name)
    whole = "_".join(words)
    for role, known in (*PLACES.items(), ("learning_rate", RATES)):
        if whole in known:
            return role
    if words[:1] == ["lr"] or words[:2] == ["learning", "rate"]:
        return "learning_rate"
    parts = {part for word in words for part, known in PARTS.items() if word in known}
    _, known = _find_metric(words)
    metric = next((metric for metric, names in METRICS.items() if names == known), None)
    if metric is None or len(parts) > 1:
        return None
    return f"{parts.pop() if parts else 'any'}.{metric}"


def _find_metric(words: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """What is left of a name without its split, where that is a metric, with all names of this metric; else nothing."""
    rest = [word for word in words if word not in _BESIDE and not any(word in known for known in PARTS.values())]
    name = "_".join(dict.fromkeys(rest))
    return next(((name, known) for known in METRICS.values() if name in known), ("", ()))


def _rank(name: str) -> tuple[int, int]:
    """What comes first of columns that mean the same: averages of epochs, steps last; then by how common a name is."""
    words = _words(name)
    kind = 0 if words[-1:] == ["epoch"] else 2 if words[-1:] == ["step"] and len(words) > 1 else 1
    metric, known = _find_metric(words)
    return kind, known.index(metric) if metric else 0


def _words(name: str) -> list[str]:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip()).lower()
    return [word for word in re.split(r"[^a-z0-9]+", spaced) if word]


def describe_columns(taken: Mapping[str, str]) -> str:
    """`dev loss from val_loss, train loss from loss`: roles in words, each with its column."""
    return ", ".join(f"{role.replace('.', ' ').replace('_', ' ')} from {name}" for role, name in taken.items())
