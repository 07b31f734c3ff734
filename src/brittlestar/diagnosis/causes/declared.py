"""Interventions on own models: parameters that their code declares, by the names that everybody gives them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from brittlestar.diagnosis.causes.interventions import DROPPED, LONGER, TIMES, TOO_HIGH, Intervention

NAMES: Mapping[str, tuple[str, ...]] = {
    "rate": ("lr", "learning_rate", "rate", "step_size", "eta0", "learning_rate_init"),
    "epochs": ("epochs", "n_epochs", "num_epochs", "max_epochs", "max_iter", "n_steps", "num_steps"),
    "dropout": ("dropout", "p_drop", "drop", "drop_rate", "dropout_rate"),
    "decay": ("weight_decay", "l2", "alpha"),
    "width": ("hidden", "hidden_size", "hidden_dim", "width", "dim", "units", "d_model", "channels", "embedding_dim"),
    "batch": ("batch_size", "batch"),
    "clip": ("clip", "max_norm", "grad_clip", "clip_norm"),
}
"""{what a parameter means: names that it has}."""
WIDER = 4  # convention: twice as wide shows little where a layer is far too narrow
PENALTY = 0.01  # convention: weight decay that a healthy model feels and survives


def list_declared(declared: Mapping[str, Any], given: Mapping[str, Any]) -> tuple[Intervention, ...]:
    """What the parameters of own code allow: `declared` are their defaults by name, `given` what main sets."""
    values = {name: given.get(name, default) for name, default in declared.items()}
    found: list[Intervention] = []
    for meaning, names in NAMES.items():
        name = next((one for one in names if one in values), None)
        if name is not None:
            found += _list_of(meaning, f"model.params.{name}", values[name])
    return tuple(found)


def _list_of(meaning: str, path: str, value: Any) -> Iterator[Intervention]:
    number = None if isinstance(value, bool) or not isinstance(value, int | float) else value
    if meaning == "clip":
        if not number:
            yield Intervention("clipping", {path: 1.0}, ("train.gradient-exploding", "train.nonfinite"))
        else:
            yield Intervention("looser-clipping", {path: number * TIMES}, ("train.clip-bound",))
    elif number is None:
        return
    elif meaning == "rate":
        yield Intervention("lower-rate", {path: number / TIMES}, TOO_HIGH)
        yield Intervention("far-lower-rate", {path: number / TIMES**2}, TOO_HIGH)
        yield Intervention("higher-rate", {path: number * TIMES}, ("train.rate-low",))
        yield Intervention("far-higher-rate", {path: number * TIMES**2}, ("train.rate-low",))
    elif meaning == "epochs" and number >= 1:
        yield Intervention("more-epochs", {path: int(number) * LONGER}, ("train.short", "train.rate-low"))
    elif meaning == "batch" and number >= 8:
        yield Intervention("smaller-batches", {path: int(number) // 4}, ("train.short",))
    elif meaning == "width" and number >= 1:
        yield Intervention("wider", {path: int(number) * WIDER}, ("train.capacity", "train.plateau"))
        if number >= 8:
            yield Intervention("narrower", {path: int(number) // 4}, ("train.overfit",), "overfit")
    elif meaning in ("dropout", "decay"):
        strong = DROPPED if meaning == "dropout" else PENALTY
        if number > 0:
            yield Intervention(f"no-{meaning}", {path: 0.0}, ("train.over-regularised",))
        if number < strong:
            yield Intervention(f"more-{meaning}", {path: strong}, ("train.overfit",), "overfit")
