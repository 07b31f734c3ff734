"""What can be changed in a training that the study file sets, and which causes that speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from brittlestar.core.experiments import Measure
from brittlestar.diagnosis.arms import Arm
from brittlestar.diagnosis.claim_unequal_budget import BUDGET

TOO_HIGH = (
    "train.rate-high",
    "train.nonfinite",
    "train.diverging",
    "train.dead-units",
    "train.saturated",
    "train.gradient-exploding",
)
"""What a lower rate cures."""
ORDERLESS = ("position.missing", "probe.order-blind")
"""What tokens in their order, and a model that reads it, cure."""
STARTS = ("train.saturated", "train.gradient-exploding", "train.dead-units")
"""What a usual size of weights at the start cures."""
TIMES = 10  # convention: what is off by less than a factor of three shows less
LONGER = 3  # convention: thrice the epochs show whether more would help
STRONG = 0.01  # convention: weight decay that a healthy model feels and survives
DROPPED = 0.4  # convention: more than usual, and harmless
SMALLER = 5  # convention: what a start is off by before units saturate
PATIENCE = 2  # convention: epochs; a third one of rising loss would be what it is to remove


@dataclass(frozen=True)
class Intervention:
    """A named change of settings; `of` are the codes that it confirms where the symptom goes away.

    One that `brings` a loss predicts that the score falls, as without leaks. It is held against main, or against the
    variant named by `beside`.
    """

    name: str
    changes: Mapping[str, Any]
    of: tuple[str, ...]
    measure: Measure = "score"
    brings: bool = False
    beside: str = ""

    @property
    def variant(self) -> dict[str, Any]:
        """The same as a variant of a study file, which says why a budget is not that of main."""
        unequal = any(path.startswith(BUDGET) for path in self.changes)
        reason = {"unequal_budget": "an experiment on causes"} if unequal else {}
        return {**self.changes, **reason}


def list_interventions(arm: Arm) -> tuple[Intervention, ...]:
    """All that the settings of a variant allow; none for models that train themselves, and for given predictions."""
    given = any(cell.outcome == "imported" for cell in arm.cells)
    if given or arm.fits_itself or arm.setting("training.learning_rate") is None:
        return ()
    own = _list_of_own(arm) if arm.variant.own else _list_of_built_in(arm)
    return (*_list_of_steps(arm), *_list_of_regularisation(arm), *_list_of_reading(arm), *own)


def _list_of_steps(arm: Arm) -> Iterator[Intervention]:
    rate, epochs = float(arm.setting("training.learning_rate")), int(arm.setting("training.epochs", 20))
    batch, clip = int(arm.setting("training.batch_size", 64)), arm.setting("training.clip")
    thrown = ("train.gradient-exploding", "train.nonfinite", "train.diverging")
    yield Intervention("lower-rate", {"training.learning_rate": rate / TIMES}, TOO_HIGH)
    yield Intervention("far-lower-rate", {"training.learning_rate": rate / TIMES**2}, TOO_HIGH)
    yield Intervention("higher-rate", {"training.learning_rate": rate * TIMES}, ("train.rate-low",))
    yield Intervention("far-higher-rate", {"training.learning_rate": rate * TIMES**2}, ("train.rate-low",))
    yield Intervention("more-epochs", {"training.epochs": epochs * LONGER}, ("train.short", "train.rate-low"))
    if batch >= 8:
        yield Intervention("smaller-batches", {"training.batch_size": batch // 4}, ("train.short",))
    if clip is not None:
        yield Intervention("no-clipping", {"training.clip": None}, ("train.clip-bound",))
    else:
        yield Intervention("clipping", {"training.clip": 1.0}, thrown)
    if arm.setting("training.optimiser") == "sgd":
        adam = {"training.optimiser": "adam", "training.learning_rate": 1e-3, "training.momentum": 0.0}
        yield Intervention("adam", adam, ("train.rate-low", "train.rate-high", "train.clip-bound"))


def _list_of_regularisation(arm: Arm) -> Iterator[Intervention]:
    drops = [path for path in dropout_paths(arm) if float(arm.setting(path, 0.0)) > 0]
    decay, smoothing = float(arm.setting("training.weight_decay", 0.0)), arm.setting("training.label_smoothing", 0.0)
    off = dict.fromkeys(drops, 0.0)
    off |= {"training.weight_decay": 0.0} if decay else {}
    off |= {"training.label_smoothing": 0.0} if smoothing else {}
    if off:
        yield Intervention("no-regularisation", off, ("train.over-regularised",))
    on = {path: DROPPED for path in dropout_paths(arm) if float(arm.setting(path, 0.0)) < DROPPED}
    if decay < STRONG:
        decoupled = {"training.optimiser": "adamw"} if arm.setting("training.optimiser") == "adam" else {}
        on |= {"training.weight_decay": STRONG, **decoupled}
    if on:
        yield Intervention("more-regularisation", on, ("train.overfit",), "overfit")
    choice = arm.setting("training.selection.split", "dev")
    if arm.setting("training.early_stopping.patience") is None and choice != "train":
        rule = {"training.early_stopping.patience": PATIENCE}
        rule |= {} if choice == "dev" else {"training.early_stopping.split": choice}
        yield Intervention("early-stopping", rule, ("train.overfit",), "overfit")


def _list_of_reading(arm: Arm) -> Iterator[Intervention]:
    """What the loss makes of classes, and whether tokens come in their order."""
    if not arm.weights_classes:
        yield Intervention("balanced-loss", {"training.class_weights": "balanced"}, ("eval.constant",))
    else:
        yield Intervention("unweighted-loss", {"training.class_weights": "none"}, ("train.over-regularised",))
    if arm.setting("data.order") == "permuted":
        yield Intervention("kept-order", {"data.order": "kept"}, ORDERLESS)


def _list_of_own(arm: Arm) -> Iterator[Intervention]:
    scale = float(arm.setting("model.initial_scale", 1.0))
    yield Intervention("smaller-start", {"model.initial_scale": scale / SMALLER}, STARTS)
    yield Intervention("larger-start", {"model.initial_scale": scale * SMALLER}, ("train.gradient-vanishing",))
    if arm.read_back("model.batch_statistics") == "batch":
        stored = {"model.batch_statistics": "stored"}
        yield Intervention("stored-statistics", stored, ("eval.train-mismatch", "padding.batch"))


def _list_of_built_in(arm: Arm) -> Iterator[Intervention]:
    hidden = int(arm.setting("model.hidden", 64))
    yield Intervention("wider", {"model.hidden": 2 * hidden}, ("train.plateau",))
    if hidden >= 8:
        yield Intervention("narrower", {"model.hidden": hidden // 4}, ("train.overfit",), "overfit")
    mode, scale = arm.setting("model.embedding.mode"), float(arm.setting("model.embedding.scale", 1.0))
    if mode == "frozen-random":
        yield Intervention("trained-embedding", {"model.embedding.mode": "trained"}, ("embedding.frozen",))
    if mode == "frozen-pretrained":
        yield Intervention("fine-tuned-embedding", {"model.embedding.mode": "fine-tuned"}, ("embedding.frozen",))
    if mode in ("frozen-pretrained", "fine-tuned"):
        drawn = {"model.embedding.mode": "trained", "model.embedding.table": None}
        yield Intervention("drawn-embedding", drawn, ("embedding.misaligned",))
    if scale != 1:
        yield Intervention("usual-embedding", {"model.embedding.scale": 1.0}, STARTS)
    if arm.setting("model.family") == "transformer" and arm.setting("model.positions") is False:
        yield Intervention("positions", {"model.positions": True}, ORDERLESS)
    if arm.setting("model.pooling") == "last":
        yield Intervention("mean-pooling", {"model.pooling": "mean"}, ("train.gradient-vanishing", "train.plateau"))


def dropout_paths(arm: Arm) -> tuple[str, ...]:
    """The settings of dropout that a built-in model has."""
    paths = ("model.dropout.embedding", "model.dropout.encoder", "model.dropout.head")
    return () if arm.variant.own else tuple(path for path in paths if arm.setting(path) is not None)
