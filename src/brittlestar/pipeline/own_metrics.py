"""Metrics of the user's: found by name, kept in a study by name with what they declare, and found again."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.core.metrics import is_asked, is_own, metric_names, metric_of, register_metric, suggest_metric
from brittlestar.core.own_metrics import make_own_metric, read_declared
from brittlestar.core.results import StudyRecord
from brittlestar.core.texts import suggest
from brittlestar.models.importing import import_object
from brittlestar.pipeline.own_checks import is_beside
from brittlestar.store.layout import Store
from brittlestar.store.study_document import name_metrics, read_claims, read_study
from brittlestar.store.study_record import read_record

OPTION = "--metric"


def name_metric(metric: str | Callable[..., Any] | None) -> str | None:
    """The name of a metric; a function of the session is known by its module and its own name from now on. Raises
    InputError where it is of no metric, declares nothing, or has no name by which it can be found."""
    if metric is None:
        return None
    if isinstance(metric, str):
        if not metric_of(metric).is_known:
            refuse_unknown_metric(metric, ())
        return metric
    name = f"{metric.__module__}:{metric.__qualname__}"
    if not is_own(name):
        raise InputError(f"{name} is a function within another one", OPTION, "define it at the top of its module")
    register_metric(make_own_metric(name, metric, read_declared(metric, name)))
    return name


def load_metrics(names: Iterable[str], classes: Sequence[str], base: Path | None = None) -> None:
    """Find the functions that metrics name, in `base` if they are there, else in the working directory and among
    installed packages. Raises InputError where there is none, it declares nothing, or a metric is of a class that train
    lacks."""
    for name in dict.fromkeys(names):
        of_class = metric_of(name).of_class
        if of_class is not None and of_class not in classes:
            hint = suggest(of_class, classes) or f"classes: {', '.join(classes)}"
            raise InputError(f"there is no class {of_class!r} for {name}", OPTION, hint)
        if is_own(name) and not metric_of(name).is_known:
            folder = base.resolve() if base is not None and is_beside(name, base) else Path.cwd()
            function = import_object(name, folder, OPTION)
            register_metric(make_own_metric(name, function, read_declared(function, name)))


def refuse_unknown_metric(name: str, factors: Sequence[str]) -> None:
    """Raise InputError for a name that is of no metric of data with these factors."""
    known = metric_names(tuple(factors))
    if name not in known and not is_asked(name):
        raise InputError(f"there is no metric '{name}'", OPTION, suggest_metric(name, known))


def read_live_record(store: Store, metric: str | None = None, more: Sequence[str] = ()) -> StudyRecord:
    """A study that somebody works on, with the functions of its metrics found again and those of `more` computed, and
    headed by `metric` where it is named. Raises InputError, StoreError."""
    document = read_study(store)
    asked = [*([metric] if metric else []), *more]
    named = [*name_metrics(document, read_claims(store)), *asked]
    load_metrics((name for name in named if is_own(name)), (), (store.anchor / document["base"]).resolve())
    record = read_record(store, asked)
    if metric is None:
        return record
    refuse_unknown_metric(metric, record.factors)
    load_metrics([metric], record.classes)
    return replace(record, metric=metric)
