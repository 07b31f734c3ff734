"""Necessity: a cause that was removed is planted into a healthy configuration, where the symptom must come back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from brittlestar.core.experiments import Experiment
from brittlestar.diagnosis.arms import Arm
from brittlestar.diagnosis.causes.interventions import Intervention, dropout_paths
from brittlestar.study.settings import DropoutSettings, TrainingSettings

HEALTHY = "defaults"
"""The variant whose training has the settings that this package has by default."""
SAME = 1e-12
FEWEST_ROWS = 40  # convention: half of fewer rows trains nothing


def plant_causes(
    arm: Arm, train_rows: int, tried: Sequence[Intervention], experiments: Sequence[Experiment]
) -> tuple[Intervention, ...]:
    """What brings the symptom of the first confirmed cause back; empty where nothing was confirmed or can be planted.

    A score that a setting spoils is spoiled by the same value in a training whose other settings are those of this
    package. Where main differs from those in the cause alone, main itself is that training. Overfitting must grow with
    half of the rows, seen twice as often, and with no regularisation. `train_rows` are those of main.
    """
    first = next((one for one in experiments if one.removes), None)
    cause = next((one for one in tried if first is not None and one.name == first.name), None)
    if cause is None:
        return ()
    return _plant_overfitting(arm, train_rows, cause) if cause.measure == "overfit" else _plant_settings(arm, cause)


def _plant_settings(arm: Arm, cause: Intervention) -> tuple[Intervention, ...]:
    usual = {path: value for path, value in _list_defaults().items() if not (arm.variant.own and path[:6] == "model.")}
    other = {path: value for path, value in usual.items() if not _is_same(arm.setting(path, value), value)}
    planted = {path: arm.setting(path) for path in cause.changes if path in other}
    if not planted:
        return ()
    healthy = Intervention(HEALTHY, other, ())  # several changes at once confirm nothing
    name = f"planted-{cause.name}"
    if {*planted} == {*other}:
        return (healthy, Intervention(name, planted, cause.of, brings=True, beside=HEALTHY, shown_by=arm.name))
    changes = {path: value for path, value in other.items() if path not in planted}
    told = Intervention(name, planted, cause.of, brings=True, beside=HEALTHY, shown_by=name)
    return (healthy, replace(told, trained=changes))


def _plant_overfitting(arm: Arm, train_rows: int, cause: Intervention) -> tuple[Intervention, ...]:
    found: list[Intervention] = []
    if train_rows >= 2 * FEWEST_ROWS:
        epochs = 2 * int(arm.setting("training.epochs", TrainingSettings().epochs))
        fewer = {"data.train_rows": train_rows // 2, "training.epochs": epochs}
        found.append(Intervention("half-the-rows", fewer, cause.of, "overfit", brings=True))
    off = {path: 0.0 for path in (*dropout_paths(arm), "training.weight_decay") if arm.setting(path, 0.0)}
    if off:
        found.append(Intervention("unregularised", off, cause.of, "overfit", brings=True))
    return tuple(found)


def _list_defaults() -> Mapping[str, Any]:
    """What this package trains with where nothing is stated, by path: of settings that decide what is learned."""
    plain = TrainingSettings().model_dump(mode="json")
    kept = ("epochs", "batch_size", "optimiser", "learning_rate", "momentum", "weight_decay", "label_smoothing", "clip")
    dropout = DropoutSettings().model_dump(mode="json")
    return {
        **{f"training.{name}": plain[name] for name in kept},
        **{f"training.schedule.{name}": value for name, value in plain["schedule"].items()},
        **{f"model.dropout.{name}": value for name, value in dropout.items()},
    }


def _is_same(one: Any, other: Any) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) <= SAME
    return one == other
