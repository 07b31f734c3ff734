"""What can be changed in a training: settings, parameters that own code declares by usual names, and rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from brittlestar.core.experiments import Measure
from brittlestar.diagnosis.budget_checks import BUDGET
from brittlestar.diagnosis.variant_runs import VariantRuns
from brittlestar.study.in_effect import is_read

TOO_HIGH = (
    "train.rate-high", "train.nonfinite", "train.diverging", "train.dead-units", "train.saturated",
    "train.gradient-exploding",
)  # fmt: skip
"""What a lower rate cures."""
ORDERLESS = ("position.missing", "probe.order-blind")
"""What tokens in their order, and a model that reads it, cure."""
STARTS = ("train.saturated", "train.gradient-exploding", "train.dead-units")
"""What a usual size of weights at the start cures."""
TRIED_FACTOR = 10  # convention: what is off by less than a factor of three shows less
LONGER = 3  # convention: thrice the epochs show whether more would help
STRONG: Mapping[str, float] = {"decay": 0.01, "dropout": 0.4}
"""Weight decay that a healthy model feels and survives; dropout that is more than usual, and harmless (conventions)."""
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


SWITCHES: tuple[tuple[str, str, Any, Any, tuple[str, ...]], ...] = (
    ("kept-order", "data.order", "permuted", "kept", ORDERLESS),
    ("trained-embedding", "model.embedding.mode", "frozen-random", "trained", ("embedding.frozen",)),
    ("fine-tuned-embedding", "model.embedding.mode", "frozen-pretrained", "fine-tuned", ("embedding.frozen",)),
    ("positions", "model.positions", False, True, ORDERLESS),
    ("mean-pooling", "model.pooling", "last", "mean", ("train.gradient-vanishing", "train.plateau")),
)
"""Settings with another value: the name, the path, the value that is changed, the new one, and the codes."""


def list_interventions(variant: VariantRuns) -> tuple[Intervention, ...]:
    """All that the settings of a variant allow; none for models that train themselves, and for given predictions."""
    given = any(cell.outcome == "imported" for cell in variant.cells)
    if given or variant.fits_itself or variant.setting("training.learning_rate") is None:
        return ()
    own = _list_of_own(variant) if variant.record.own else ()
    switched = (
        Intervention(name, {path: value}, codes)
        for name, path, old, value, codes in SWITCHES
        if variant.setting(path) == old
    )
    return (*_list_of_steps(variant), *_list_of_regularisation(variant), *own, *switched)


READ_AS: tuple[tuple[str, str], ...] = (
    ("rate", "training.learning_rate"),
    ("epochs", "training.epochs"),
    ("batch", "training.batch_size"),
    ("clip", "training.clip"),
    ("width", "model.hidden"),
)
"""What settings of ours mean, as parameters of own code do."""


def _list_of_steps(variant: VariantRuns) -> Iterator[Intervention]:
    values = {setting.path: setting.value for setting in variant.record.settings}
    for meaning, path in READ_AS:
        if is_read(path, values, variant.record.own, itself=False, given=False):
            yield from _list_of(meaning, path, variant.setting(path))
    if variant.setting("training.optimiser") == "sgd":
        adam = {"training.optimiser": "adam", "training.learning_rate": 1e-3, "training.momentum": 0.0}
        yield Intervention("adam", adam, ("train.rate-low", "train.rate-high", "train.clip-bound"))
    if not variant.weights_classes:
        yield Intervention("balanced-loss", {"training.class_weights": "balanced"}, ("eval.constant",))
    else:
        yield Intervention("unweighted-loss", {"training.class_weights": "none"}, ("train.over-regularised",))


def _list_of_regularisation(variant: VariantRuns) -> Iterator[Intervention]:
    off = _find_dropout(variant)
    off |= {path: 0.0 for path in ("training.weight_decay", "training.label_smoothing") if variant.setting(path)}
    if off:
        yield Intervention("no-regularisation", off, ("train.over-regularised",))
    on: dict[str, Any] = {
        path: STRONG["dropout"] for path in _list_dropout(variant) if variant.setting(path) < STRONG["dropout"]
    }
    if variant.setting("training.weight_decay", 0.0) < STRONG["decay"]:
        decoupled = {"training.optimiser": "adamw"} if variant.setting("training.optimiser") == "adam" else {}
        on |= {"training.weight_decay": STRONG["decay"], **decoupled}
    if on:
        yield Intervention("more-regularisation", on, ("train.overfit",), "overfit")
    choice = variant.setting("training.selection.split", "dev")
    if variant.setting("training.early_stopping.patience") is None and choice != "train":
        rule = {"training.early_stopping.patience": PATIENCE}
        rule |= {} if choice == "dev" else {"training.early_stopping.split": choice}
        yield Intervention("early-stopping", rule, ("train.overfit",), "overfit")


def _list_of_own(variant: VariantRuns) -> Iterator[Intervention]:
    scale = float(variant.setting("model.initial_scale", 1.0))
    yield Intervention("smaller-start", {"model.initial_scale": scale / SMALLER}, STARTS)
    yield Intervention("larger-start", {"model.initial_scale": scale * SMALLER}, ("train.gradient-vanishing",))
    if variant.read_back("model.batch_statistics") == "batch":
        stored = {"model.batch_statistics": "stored"}
        yield Intervention("stored-statistics", stored, ("eval.train-mismatch", "padding.batch"))


def _find_dropout(variant: VariantRuns) -> dict[str, Any]:
    """{setting: none} of the dropout that main uses."""
    return {path: 0.0 for path in _list_dropout(variant) if float(variant.setting(path, 0.0)) > 0}


def _list_dropout(variant: VariantRuns) -> tuple[str, ...]:
    """The settings of dropout that a built-in model has."""
    paths = ("model.dropout.embedding", "model.dropout.encoder", "model.dropout.head")
    return () if variant.record.own else tuple(path for path in paths if variant.setting(path) is not None)


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
    if meaning == "clip" and number:
        yield Intervention("looser-clipping", {path: number * TRIED_FACTOR}, ("train.clip-bound",))
    elif meaning == "clip":
        thrown = ("train.gradient-exploding", "train.nonfinite", "train.diverging")
        yield Intervention("clipping", {path: 1.0}, thrown)
    elif number is None:
        return
    elif meaning == "rate":
        yield Intervention("lower-rate", {path: number / TRIED_FACTOR}, TOO_HIGH)
        yield Intervention("far-lower-rate", {path: number / TRIED_FACTOR**2}, TOO_HIGH)
        yield Intervention("higher-rate", {path: number * TRIED_FACTOR}, ("train.rate-low",))
        yield Intervention("far-higher-rate", {path: number * TRIED_FACTOR**2}, ("train.rate-low",))
    elif meaning == "epochs" and number >= 1:
        yield Intervention("more-epochs", {path: int(number) * LONGER}, ("train.short", "train.rate-low"))
    elif meaning == "batch" and number >= 8:
        yield Intervention("smaller-batches", {path: int(number) // 4}, ("train.short",))
    elif meaning == "width" and number >= 1:
        yield Intervention("wider", {path: int(number) * WIDER}, ("train.capacity", "train.plateau"))
        if number >= 8:
            yield Intervention("narrower", {path: int(number) // 4}, ("train.overfit",), "overfit")
    elif meaning in STRONG:
        if number > 0:
            yield Intervention(f"no-{meaning}", {path: 0.0}, ("train.over-regularised",))
        if number < STRONG[meaning]:
            yield Intervention(f"more-{meaning}", {path: STRONG[meaning]}, ("train.overfit",), "overfit")


FEW_ROWS = 32  # convention: a batch that any sound model of this size learns by heart
STEPS = 300  # convention: steps on it; ten times what such a batch usually takes
LEARNED_TRAIN = 0.9  # convention: a model that has learned so much of train needs no such question
LEFT = 40  # convention: fewer rows than this train nothing


@dataclass(frozen=True)
class TrainRows:
    """Rows of train: how many main has, how many of these another split has, too (`leaks`), and how many lack the most
    frequent label of their tokens (`conflicts`). `split` is the one whose score leaks raise: test, or else dev."""

    n: int
    leaks: int = 0
    conflicts: int = 0
    split: str = "dev"


def list_of_rows(variant: VariantRuns, rows: TrainRows, metric: str) -> Iterator[Intervention]:
    """Interventions on rows; none on predictions that were given."""
    if any(cell.outcome == "imported" for cell in variant.cells):
        return
    if rows.leaks and rows.n - rows.leaks >= LEFT and variant.setting("data.train_without", "none") == "none":
        measure = "test" if rows.split == "test" else "score"
        yield Intervention("as-many-rows", {"data.train_rows": rows.n - rows.leaks}, (), measure)
        without = {"data.train_without": "leaks"}
        yield Intervention("without-leaks", without, ("leak.exact",), measure, brings=True, beside="as-many-rows")
    if rows.conflicts and variant.setting("data.train_without", "none") == "none":
        yield Intervention("without-conflicts", {"data.train_without": "conflicts"}, ("label.conflict",))
    known = variant.scores("train", metric).values()
    if not variant.fits_itself and rows.n > 2 * FEW_ROWS and known and max(known) < LEARNED_TRAIN:
        batch = min(int(variant.setting("training.batch_size", FEW_ROWS)), FEW_ROWS)
        steps = {"training.epochs": max(1, STEPS * batch // FEW_ROWS), "training.batch_size": batch}
        yield Intervention("few-rows", {"data.train_rows": FEW_ROWS, **steps, **_find_dropout(variant)}, (), "train")
