"""Which settings were in effect: those that what trained a variant has read, what was seen instead where own code
decides, and where that code is."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from statistics import median
from typing import Any

from brittlestar.core.results import REPORTED, SET, CellRecord, Setting, StudyRecord, VariantRecord
from brittlestar.study.names import show_reference

OF_OWN = ("model.own", "model.kind", "model.params")
"""What an own model is: all that a fit function reads of `model`."""
OF_FACTORIES = (*OF_OWN, "model.initial_scale", "model.batch_statistics")
OF_PREDICTIONS = ("model.own", "model.predictions", "model.variant")
"""What says that predictions were given, and which."""
HELD = ("estimator", "trainer.")
"""How paths of settings begin that objects of own code have."""
SEEN = "set in your code, as seen"
"""The origin of what nobody stated, and watching saw."""


_UNUSED = {
    "lstm": ("heads", "positions"),
    "gru": ("heads", "positions"),
    "transformer": ("bidirectional",),
    "mean": ("hidden", "layers", "bidirectional", "heads", "positions", "pooling", "dropout.encoder"),
    "bag": ("embedding", "hidden", "layers", "bidirectional", "heads", "positions", "pooling", "dropout"),
}


def fits_itself(variant: VariantRecord, cells: Iterable[CellRecord]) -> bool:
    """Whether a variant's model trains itself: no setting of training reaches it."""
    kind = next((setting.read_back for setting in variant.settings if setting.path == "model.kind"), None)
    return kind in ("fit", "estimator") or any(cell.outcome in REPORTED for cell in cells if cell.state == "done")


def list_in_effect(record: StudyRecord, variant: str) -> tuple[Setting, ...]:
    """The settings of a variant that were in effect, and, of one that trains itself, what was seen of its training."""
    about, cells = record.variants[variant], record.cells_of(variant)
    read = (setting for setting in about.settings if reads_setting(record, variant, setting.path))
    shown = (
        replace(setting, value=show_reference(setting.value)) if setting.path == "model.own" else setting
        for setting in read
    )
    return (*shown, *((*_list_held(cells), *_list_seen(cells)) if fits_itself(about, cells) else ()))


def reads_setting(record: StudyRecord, variant: str, path: str) -> bool:
    """Whether what trained a variant of a study has read a setting, or would."""
    about, cells = record.variants[variant], record.cells_of(variant)
    given = any(cell.outcome == "imported" for cell in cells)
    values = {setting.path: setting.value for setting in about.settings}
    return is_read(path, values, bool(about.own), fits_itself(about, cells), given)


def describe_seen(settings: Iterable[Setting]) -> list[str]:
    """What was seen of own training, a few words each; nothing where nothing was, or where settings trained."""
    found = {
        setting.path.removeprefix("seen."): setting.value for setting in settings if setting.path.startswith("seen.")
    }
    words = {
        "optimiser": "the optimiser {}",
        "learning_rate": "learning rate {:g}",
        "batch_size": "batches of {:g}",
        "epochs": "{:g} epochs",
        "loss": "the loss {}",
        "parameters": "{:,} parameters",
        "trainable_parameters": "{:,} of them trainable",
        "moved_parameters": "{:,} of them moved",
    }
    return [told.format(found[name]) for name, told in words.items() if name in found]


def describe_held(settings: Iterable[Setting]) -> list[str]:
    """What own code set of its estimator or Trainer, `logisticregression.max_iter 1000`; classes, and no defaults."""
    held = [setting for setting in settings if setting.path.startswith(HELD) and setting.origin.startswith(SET)]
    whole = {setting.path for setting in held if any(other.path.startswith(f"{setting.path}.") for other in held)}
    named = [(setting, setting.path.partition(".")[2]) for setting in held]
    return [
        f"{name} {str(one.value).partition('(')[0] if one.path in whole else one.value}".strip() for one, name in named
    ]


def is_read(path: str, values: Mapping[str, Any], own: bool, itself: bool, given: bool) -> bool:
    """Whether a setting is read by what trains a variant with these `values`, by path: a model that is `own`, that
    trains `itself`, or whose predictions were `given`."""
    section = path.partition(".")[0]
    if section not in ("model", "training"):
        return True
    if given:
        return path in OF_PREDICTIONS
    if section == "training":
        return not itself and _is_read_of_training(path, values)
    if own:
        return path.startswith(OF_OWN if itself else OF_FACTORIES)
    unused = unused_settings(values.get("model.family", "lstm"), values.get("model.layers", 2))
    return not f"{path}.".startswith(tuple(f"model.{one}." for one in unused))


def unused_settings(family: str, layers: int) -> tuple[str, ...]:
    """Paths below `model` that have no effect on a built-in family."""
    lone = family in ("lstm", "gru") and layers == 1
    return (*_UNUSED[family], "batch_statistics", *(("dropout.encoder",) if lone else ()))


def _is_read_of_training(path: str, values: Mapping[str, Any]) -> bool:
    kind, optimiser = values.get("training.schedule.kind"), values.get("training.optimiser")
    if path in ("training.schedule.every", "training.schedule.gamma"):
        return kind == "step"
    return path != "training.momentum" or optimiser == "sgd"


def _list_held(cells: Iterable[CellRecord]) -> Iterable[Setting]:
    """What own code set itself, in the runs that say so."""
    runs = [{setting.path: setting for setting in cell.held} for cell in cells if cell.held]
    for path, one in runs[0].items() if runs else ():
        alike = all(run.get(path) == one for run in runs)
        yield one if alike else replace(one, value="not the same in every run")


def _as_whole(number: float) -> float:
    return int(number) if number == int(number) else number


def _list_seen(cells: Iterable[CellRecord]) -> Iterable[Setting]:
    """Optimiser, first rate, rows of a batch, epochs and loss as they were seen, the median of several runs; and of how
    many values its modules are, how many ask for gradients, and how many are of parameters that steps moved."""
    seen = [cell.seen for cell in cells if cell.seen is not None]
    if not seen:
        return
    rates = [one.rate[0] or one.usual_rate or 0.0 for one in seen if one.rate]  # a warm-up begins at 0
    batches = [one.batch for one in seen if one.batch]
    epochs = [cell.epochs for cell in cells if cell.epochs]
    found = {
        "optimiser": next((one.optimiser for one in seen if one.optimiser), None),
        "learning_rate": median(rates) if rates else None,
        "batch_size": _as_whole(median(batches)) if batches else None,
        "epochs": median(epochs) if epochs else None,
        "loss": next((one.loss.function for one in seen if one.loss is not None), None),
        "parameters": seen[0].parameters or None,
        "trainable_parameters": seen[0].trainable,
        "moved_parameters": seen[0].moved if seen[0].parameters else None,
    }
    where = {
        "optimiser": next((one.stepped_at for one in seen if one.stepped_at), ""),
        "loss": next((one.loss.where for one in seen if one.loss is not None), ""),
    }
    for name, value in found.items():
        if value is not None:
            place = where.get(name, "")
            yield Setting(f"seen.{name}", value, f"{SEEN} ({place})" if place else SEEN)
