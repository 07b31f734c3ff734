"""Finish a study from its store alone, in the environment that its finished cells were computed in."""

import os
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from brittlestar.core.cells import Cell
from brittlestar.core.commands import data_place
from brittlestar.core.errors import InputError, Problem, StoreError
from brittlestar.data.opening import check_arrays, open_data
from brittlestar.execution.environment import environment, environment_class
from brittlestar.execution.imported import is_given
from brittlestar.execution.inspecting import inspect
from brittlestar.execution.interruption import Interruption
from brittlestar.execution.jobs import Executor, Run, make_run
from brittlestar.execution.session import missing
from brittlestar.models.session_model import SessionModel, shown_name
from brittlestar.store.cell_folder import read_outcomes
from brittlestar.store.cell_outputs import read_environment
from brittlestar.store.layout import Store
from brittlestar.store.study_document import read_cells, read_study
from brittlestar.study.names import is_session


def resume(store: Store, session: SessionModel | None = None) -> tuple[Run, tuple[Cell, ...]]:
    """What is needed to go on, in the class that set the study up; `session` is the study's model where that is an
    object of the session. Raises InputError when own code changed since."""
    document = read_study(store)
    cells = read_cells(document)
    search_path = (store.anchor / document["search_path"]).resolve()
    _same_code(document["expanded"], document["own_digests"], search_path, store, session)
    data = open_data(store.data)
    check_arrays(store.data, data)
    run = replace(
        make_run(store, search_path, (store.anchor / document["base"]).resolve(), session),
        environment_class=environment_class(document["environment"], _device(cells)),
        fingerprints={name: split.fingerprint for name, split in data.splits.items()},
    )
    return run, cells


def computing_here(run: Run, cells: tuple[Cell, ...], executor: Executor, interruption: Interruption) -> Run:
    """The same with the environment class of this machine as it is now, if any of `cells` is still to be trained."""
    open_cells = missing(run.store, cells)
    if not open_cells:
        return run
    inspection = inspect(open_cells, run, executor, interruption)
    here = {**environment(), **inspection.environment}
    return replace(run, environment_class=environment_class(here, _device(cells)))


def _device(cells: tuple[Cell, ...]) -> str:
    return cells[0].settings["training"]["device"]


def _same_code(
    expanded: Mapping[str, Mapping[str, Any]],
    digests: Mapping[str, str | None],
    search_path: Path,
    store: Store,
    session: SessionModel | None,
) -> None:
    problems: list[Problem] = []
    for variant, digest in digests.items():
        model = expanded[variant]["model"]
        own = model["own"]
        if digest is None or own is None or (is_session(own) and session is None):
            continue  # of an object of a session nobody can tell; whoever needs it says that it is gone
        from brittlestar.models.own import load_own

        if load_own(own, model["kind"], search_path, session).digest != digest:
            what = f"the code of {shown_name(own)} (variant {variant}) changed since this study was set up"
            hint = f"{_set_up_again(store)}; unchanged variants are not trained twice"
            problems.append(Problem(what, str(store.root), hint))
    if problems:
        raise InputError(problems)


def _set_up_again(store: Store) -> str:
    """The command that set the study up, as it is given here; words where its input is not known as files."""
    asked = read_study(store).get("asked")
    if asked is None or asked["predictions"] or is_session(asked["model"]):
        return "run the study from its data or study file again"
    place = data_place(os.path.relpath(store.anchor / asked["data"]), asked["columns"], asked["settings"])
    model = ["--model", asked["model"]] if asked["model"] else []
    return f"set it up again: brittlestar run {place} {shlex.join([*model, '--out', store.nearby])}"


def other_environments(store: Store, cells: Sequence[Cell], here: str) -> dict[str, list[str]]:
    """Environment classes other than `here` that trained finished cells, and the variants whose cells they are."""
    found: dict[str, set[str]] = {}
    for cell, outcome in read_outcomes(store, cells):
        if outcome["state"] == "done" and not is_given(cell):
            computed = read_environment(store, cell.hash)
            if computed != here:
                found.setdefault(computed, set()).add(cell.variant)
    return {name: sorted(variants) for name, variants in sorted(found.items())}


def refuse_mixing(store: Store, others: dict[str, list[str]], here: str) -> None:
    """Raise StoreError when there are `other_environments`."""
    if others:
        variants = ", ".join(sorted({variant for variants in others.values() for variant in variants}))
        which = f"class {', '.join(others)}; this one is {here}"
        what = f"finished runs of {variants} were computed by another environment ({which})"
        hint = "start a fresh store with --out DIR, or mix them knowingly with --mix-environments"
        raise StoreError(f"{what}: other versions, processor or device", str(store.root), hint)


def mixing_note(others: dict[str, list[str]], here: str) -> list[str]:
    """What the study says of itself when they were mixed knowingly."""
    return [
        f"mixed environments: cells of {', '.join(variants)} were computed by class {name}, later ones by {here}; "
        "within a variant they are equivalent at best, not identical"
        for name, variants in others.items()
    ]
