"""Probes as a stage of a run: what the study asks for, on the cells that are finished."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from brittlestar.core.cells import Cell
from brittlestar.core.errors import InputError
from brittlestar.core.texts import suggest
from brittlestar.execution.evaluate_finished import Rescoring, Tell, any_answers, any_weights, probe_cells
from brittlestar.execution.imported import is_given
from brittlestar.execution.interruption import Interruption
from brittlestar.execution.jobs import Executor, Run
from brittlestar.execution.probe_suites import make_suite, prepare_suite
from brittlestar.pipeline.open import Opened, source_of
from brittlestar.pipeline.prepare import Prepared
from brittlestar.probes.relabelling import rule_beside
from brittlestar.probes.suite import MOST_PROBED_ROWS, sample_size
from brittlestar.store.layout import Store
from brittlestar.store.study_document import read_study
from brittlestar.study.settings import ProbeSettings


def asked_probes(opened: Opened) -> ProbeSettings:
    """The probes of a study; where it names no rule and its data were generated, with the rule that lies beside."""
    settings = opened.study.probes
    if settings.rule is not None or settings.relabel is not None or opened.request is None:
        return settings
    source = source_of(opened.request.data, opened.loaded)
    folder = Path(str(next(iter(source.values())))).parent if isinstance(source, dict) else Path(str(source))
    rule = rule_beside(folder)
    return settings if rule is None else settings.model_copy(update={"rule": str(rule)})


def fitting_probes(prepared: Prepared, store: Store) -> ProbeSettings:
    """The probes of a study whose data stand in the store, tried before anything is trained: the suite is made. `auto`
    rows become the number that fits main's training. A rule that was only found beside the data, and does not fit them
    as they are read, is left out. Studies of which nothing is trained have no suite. Raises InputError where what the
    study itself says does not fit the data."""
    opened, search_path = prepared.opened, prepared.search_path
    settings = _fit_rows(asked_probes(opened), prepared)
    if not prepared.trainable:
        return settings
    factors = opened.study.data.factors
    try:
        make_suite(store, resolve_pairs(settings, opened.base), factors, search_path)
    except InputError:
        given = _fit_rows(opened.study.probes, prepared)
        if settings == given:
            raise
        make_suite(store, resolve_pairs(given, opened.base), factors, search_path)
        return given
    return settings


def _fit_rows(settings: ProbeSettings, prepared: Prepared) -> ProbeSettings:
    """`auto` rows as a number: by the rows and epochs of main's training, the most where nobody knows these."""
    if settings.rows != "auto":
        return settings
    main = prepared.cells[0]
    if is_given(main) or prepared.own_kinds.get(main.variant, "factory") != "factory":
        return settings.model_copy(update={"rows": MOST_PROBED_ROWS})
    there, wanted = prepared.opened.data.splits["train"].n_rows, main.settings["data"]["train_rows"]
    train_rows = there if wanted is None else min(there, wanted)
    return settings.model_copy(update={"rows": sample_size(train_rows, main.settings["training"]["epochs"])})


def resolve_pairs(settings: ProbeSettings, base: Path) -> ProbeSettings:
    """The same settings with the path of a file of pairs seen from here; paths are relative to `base`."""
    return settings if settings.pairs is None else settings.model_copy(update={"pairs": str(base / settings.pairs)})


def probe_study(
    run: Run,
    cells: Sequence[Cell],
    executor: Executor,
    interruption: Interruption,
    changed: Mapping[str, Any] | None = None,
    tell: Tell = lambda name, done, total: None,
) -> Rescoring:
    """Make the suite that study.json asks for, or with `changed` settings one that stands beside what was asked before,
    and run it on the finished cells that have not met it; `tell` is called with each. Raises InputError where it does
    not fit the data."""
    document = read_study(run.store)
    settings = ProbeSettings.model_validate(document.get("probes") or {"suite": "none"})
    if changed:
        settings = changed_settings({"suite": "default", **changed}, settings)
    store, kept = run.store, any_weights(run.store, cells)
    if changed and not kept:
        return Rescoring()
    factors = cells[0].settings["data"]["factors"]
    from_command = bool(changed and {"own", "relabel"} & changed.keys())
    folder = Path.cwd() if from_command else Path(run.search_path)
    settings = resolve_pairs(settings, Path(run.base))
    if not kept and all(map(is_given, cells)):
        return Rescoring()
    if not kept and not any_answers(store, cells, make_suite(store, settings, factors, folder)):
        return Rescoring()
    suite = prepare_suite(store, settings, factors, folder, keep=bool(changed))
    if suite is None:
        return Rescoring()
    return probe_cells(run, cells, suite, executor, interruption, tell)


def suite_name(run: Run, cells: Sequence[Cell]) -> str | None:
    """The suite that models without weights are asked right after their training; None where there is none, or none
    of them. What does not fit the data is told later, when all models are asked."""
    if not any(cell.settings["model"]["own"] for cell in cells):
        return None
    settings = ProbeSettings.model_validate(read_study(run.store).get("probes") or {"suite": "none"})
    factors = cells[0].settings["data"]["factors"]
    try:
        settings = resolve_pairs(settings, Path(run.base))
        suite = make_suite(run.store, settings, factors, Path(run.search_path))
    except InputError:
        return None
    return None if suite is None else suite.id


def changed_settings(given: Mapping[str, Any], base: ProbeSettings) -> ProbeSettings:
    """Settings of probes with some of them changed. Raises InputError."""
    unknown = [name for name in given if name not in ProbeSettings.model_fields]
    if unknown:
        hint = suggest(unknown[0], list(ProbeSettings.model_fields))
        raise InputError(f"probes has no setting '{unknown[0]}'", f"probes.{unknown[0]}", hint)
    try:
        rules = {"rule": None, "relabel": None} if {"rule", "relabel"} & given.keys() else {}
        return ProbeSettings.model_validate({**base.model_dump(), **rules, **given})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in ("probes", *first["loc"]))
        raise InputError(str(first["msg"]).removeprefix("Value error, "), where) from error
