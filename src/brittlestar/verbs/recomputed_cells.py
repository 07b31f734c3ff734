"""What each run of a record says of itself, held against what else the record says of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from brittlestar.core.cells import Cell
from brittlestar.core.errors import InputError
from brittlestar.execution.environment import environment_class
from brittlestar.execution.given import is_given
from brittlestar.records.outcomes import Checked, conclude
from brittlestar.store.backend import OUTCOME
from brittlestar.store.cell_outputs import SETTINGS
from brittlestar.store.study_document import read_variants
from brittlestar.study.expand import expand
from brittlestar.study.settings import Study
from brittlestar.verbs.recomputed_curves import check_curves
from brittlestar.verbs.rerunning import RERUN
from brittlestar.verbs.unpacked import Unpacked, name_run

DEFAULT_SEEDS: tuple[int, ...] = Study.model_fields["seeds"].default
ENDS = ("done", "failed")
"""How a run ends that is in a record: what was lost has no outcome."""


def check_told(what: str, record: Unpacked) -> Checked:
    """Whether each run ended as attempts.jsonl says, in the environment of its study, with settings of the study in
    what it built, and with the best checkpoint that its curves have; and whether code/study.yaml makes these runs."""
    document, cells = record.document, record.cells
    ended = {one["cell"]: one["event"] for one in record.attempts if one["event"] in ENDS}
    built = {one.name: {s.path: s.read_back for s in one.settings} for one in read_variants(document)}
    wrong: list[str] = []
    for cell in cells:
        folder = record.store.path(record.store.cell(cell.hash))
        if not (folder / OUTCOME).exists():
            continue
        outcome, described = (json.loads((folder / name).read_bytes()) for name in (OUTCOME, SETTINGS))
        told = [
            *_check_end(outcome["state"], ended.get(cell.hash)),
            *_check_class(described["environment_class"], document, cell),
            *_check_built(described["read_back"] or {}, built[cell.variant]),
            *([] if outcome.get("outcome") != "trained" else check_curves(cell, folder, outcome)),
        ]
        wrong += [f"{name_run(cell)}: {one}" for one in told]
    return conclude(what, [*wrong, *list_missing(document, cells), *_check_study_file(record, document, cells)])


def _check_end(state: str, event: str | None) -> Iterator[str]:
    if state not in ENDS:
        yield f"its outcome is {state!r}, and runs in a record are done or have failed"
    elif event is not None and event != state:
        yield f"its outcome is {state}, and by attempts.jsonl it is {event}"


def _check_class(name: str, document: Mapping[str, Any], cell: Cell) -> Iterator[str]:
    """Runs of another environment are mixed in knowingly, and a note of the study names it."""
    device = cell.settings["training"]["device"]
    known = {environment_class(document["environment"], one) for one in ("cpu", device)}
    if name not in known and not any(f"class {name}" in note for note in document["notes"]):
        yield f"its environment is of class {name}, which is not that of study.json"


def _check_built(read_back: Mapping[str, Any], built: Mapping[str, Any]) -> Iterator[str]:
    for path, value in read_back.items():
        if path.startswith("training.") and built.get(path) is not None and built[path] != value:
            yield f"it was trained with {path} {value!r}, and study.json has {built[path]!r}"


def list_missing(document: Mapping[str, Any], cells: tuple[Cell, ...]) -> Iterator[str]:
    """Every variant was planned with each seed that was given; more seeds go to some of them later."""
    planned = _read_planned(document) & {*document["seeds"]}
    if any(is_given(cell) for cell in cells):
        return
    for variant in dict.fromkeys(cell.variant for cell in cells):
        seeds = {cell.seed for cell in cells if cell.variant == variant}
        for seed in sorted(planned - seeds):
            yield f"{variant} seed {seed} is in no list of runs, and every variant was planned with that seed"


def _read_planned(document: Mapping[str, Any]) -> set[int]:
    """The seeds that a study was begun with; none where nobody can say."""
    asked = (document.get("asked") or {}).get("settings", {}).get("seeds")
    try:
        given = document["given"].get("seeds", [*DEFAULT_SEEDS]) if asked is None else json.loads(asked)
        return {*range(given)} if isinstance(given, int) else {int(seed) for seed in given}
    except (AttributeError, KeyError, TypeError, ValueError):
        return set()


def _check_study_file(record: Unpacked, document: Mapping[str, Any], cells: tuple[Cell, ...]) -> Iterator[str]:
    if not (record.folder / RERUN).exists():
        return
    try:
        _, opened = record.rerun
        made = {one.hash: one for one in expand(opened.loaded, opened.fingerprints, document["own_digests"])}
    except InputError as error:
        yield f"{RERUN} makes no runs: {error.problems[0]}"
        return
    for variant in dict.fromkeys(cell.variant for cell in cells if cell.hash not in made):
        yield f"{RERUN} makes other runs of {variant} than are in the record"
    known = {cell.variant for cell in cells}
    for variant in dict.fromkeys(cell.variant for cell in made.values() if cell.variant not in known):
        yield f"{RERUN} makes runs of {variant}, and the record has none"
