"""The history of a fit function as learning curves: what it says is kept, what cannot be read is told."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np

from brittlestar.core.metrics import metric_of

MOST_EPOCHS = 100_000  # budget: a curve is an array over all epochs
LOSS = "dev.log_loss"
"""What `dev.loss` is read as: the mean cross-entropy in nats, as every framework reports it for classifiers."""
_SHAPE = "return a list with a dict for each epoch: {'epoch': 1, 'train.loss': 0.7, 'dev.accuracy': 0.8}"
_MOST_NAMED = 5


@dataclass(frozen=True)
class History:
    """`curves[column]` is float64 (epochs + 1,), row 0 before any step: NaN where nothing was reported, infinite where
    a value that is not finite was. `notes` say what was left out."""

    curves: Mapping[str, np.ndarray] = field(default_factory=dict[str, np.ndarray])
    epochs: int | None = None
    notes: tuple[str, ...] = ()


def read_history(given: Any, metrics: Sequence[str]) -> History:
    """Curves of `epoch`, `learning_rate`, `train.loss`, `dev.loss` and `train.METRIC`, `dev.METRIC` of `metrics`. An
    entry without an epoch is the one after the last; several of one epoch complete each other. Never raises."""
    if given is None:
        return History()
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Sequence):
        return History(notes=(f"the history is a {type(given).__name__} and was left out; {_SHAPE}",))
    entries = cast("Sequence[Any]", given)
    if not all(isinstance(entry, Mapping) for entry in entries):
        odd = next(entry for entry in entries if not isinstance(entry, Mapping))
        return History(notes=(f"the history holds a {type(odd).__name__} and was left out; {_SHAPE}",))
    scored = {f"{part}.{metric}" for part in ("train", "dev") for metric in metrics}
    known = {"learning_rate", "train.loss", "dev.loss"} | scored
    values: dict[str, dict[int, float]] = {}
    odd: dict[str, list[str]] = {"epoch": [], "unknown": [], "number": [], "fraction": []}
    last = 0
    for number, entry in enumerate(entries):
        epoch = _epoch(entry.get("epoch", last + 1))
        if epoch is None:
            odd["epoch"].append(f"{entry['epoch']!r} in entry {number}")
            continue
        last = epoch
        for name, value in entry.items():
            if name == "epoch":
                continue
            if name not in known:
                odd["unknown"].append(str(name))
            elif (found := _number(value)) is None:
                odd["number"].append(f"{name} in epoch {epoch}")
            else:
                instead = name == "dev.loss" and LOSS not in entry
                values.setdefault(LOSS if instead else name, {})[epoch] = found
    values.pop("dev.loss", None)
    for name in [name for name, by_epoch in values.items() if _exceeds_one(name, by_epoch)]:
        odd["fraction"].append(name)
        del values[name]
    epochs = max((max(by_epoch) for by_epoch in values.values()), default=None)
    curves: dict[str, np.ndarray] = {}
    for name in sorted(values):
        curves[name] = np.full(1 + (epochs or 0), np.nan)
        curves[name][list(values[name])] = list(values[name].values())
    return History(curves, epochs, tuple(_notes(odd, known)))


def _epoch(given: Any) -> int | None:
    """The number of an epoch, None where it is none: those in between belong to no epoch."""
    value = _number(given)
    whole = value is not None and math.isfinite(value) and value == int(value) and 0 <= value <= MOST_EPOCHS
    return int(value) if whole and value is not None else None


def _number(given: Any) -> float | None:
    """A number, a NumPy scalar or a tensor of one element; infinite where it is not finite; None where it is none."""
    if isinstance(given, bool | str) or given is None:
        return None
    try:
        value = float(given.detach() if hasattr(given, "detach") else given)
    except Exception:
        return None
    return value if math.isfinite(value) else math.inf


def _exceeds_one(name: str, by_epoch: Mapping[int, float]) -> bool:
    values = np.array([value for value in by_epoch.values() if value < math.inf])
    return bool(metric_of(name.partition(".")[2]).is_outside(values).any())


def _notes(odd: Mapping[str, list[str]], known: set[str]) -> Iterator[str]:
    words = {
        "epoch": ("epochs that are no whole number from 0", "number epochs 1, 2, 3 …; 0 is before any step"),
        "unknown": ("entries by other names", f"known are epoch, {', '.join(sorted(known))}"),
        "number": ("values that are no numbers", "give numbers"),
        "fraction": ("scores outside [0, 1]", "give fractions, not per cent"),
    }
    for kind, (what, hint) in words.items():
        if named := list(dict.fromkeys(odd[kind])):
            more = ", …" * (len(named) > _MOST_NAMED)
            yield f"left out of the history: {what} ({', '.join(named[:_MOST_NAMED])}{more}); {hint}"
