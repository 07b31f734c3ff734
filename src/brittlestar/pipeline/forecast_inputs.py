"""What `forecast` and `gate` are given of rows without labels: the rows, the few labels, and predictions of them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import polars as pl

from brittlestar.core.cells import Cell
from brittlestar.core.errors import InputError, Problem
from brittlestar.core.results import StudyRecord
from brittlestar.core.splits import UNLABELLED, is_unlabelled
from brittlestar.core.texts import suggest, suggest_file
from brittlestar.data.files import read_file
from brittlestar.data.memory import Form, is_table, read_parts, table_of_object
from brittlestar.data.opening import open_data
from brittlestar.data.predictions.runs import read_predictions
from brittlestar.data.predictions.sources import PredictionSource, are_files
from brittlestar.data.tables import as_text, format_list
from brittlestar.data.unpacking import find_stem
from brittlestar.execution.evaluate_finished import any_weights
from brittlestar.execution.imported import find_variant_runs
from brittlestar.store.cell_outputs import find_predictions, read_probabilities, write_scored
from brittlestar.store.later_splits import NOT_LABELLED, read_stored
from brittlestar.store.layout import Store
from brittlestar.store.split_answers import read_rows
from brittlestar.store.study_document import read_cells, read_study, stored_cells
from brittlestar.study.settings import columns_of
from brittlestar.study.units import count
from brittlestar.training.trained import probabilities_record

Given = Mapping[str, Any]
"""{split: a path, or an object in memory}."""
Predicted = Mapping[tuple[str, str], tuple[np.ndarray, bool]]
"""{(hash of a run, split): float32 (n_rows, n_classes), and whether these are bare labels}."""
PLAIN_NAME = re.compile(rf"{UNLABELLED}\w(?:[\w .()+&'-]*[\w()+&'-])?")
"""What a record can carry to any system."""
UNNAMED = "rows"
"""The name of rows in memory that nobody named."""
ROWS = Form(
    "give a file, a frame with the column sequence, texts, or pairs (text, label); several by name: {'may': …}",
    alone=True,
)
LABELS = Form("give a file, a frame with the columns id and label, or pairs (id, label)")


def name_rows(store: Store, rows: Any, columns: Mapping[str, str] | None = None) -> dict[str, Any]:
    """{`new_NAME`: a file or a frame}, of one of these, several, or a mapping of names to them. Raises InputError."""
    roles = find_roles(stored_cells(store)[0], columns)
    form = replace(ROWS, columns=(roles["sequence"], roles["label"]))
    if isinstance(rows, Mapping) and not is_table(rows, form.columns.__contains__):
        pairs = [(str(name), one) for name, one in cast("Mapping[Any, Any]", rows).items()]
    else:
        given: Iterable[Any] = () if rows is None else rows if _are_paths(rows) else [rows]
        pairs = [(find_stem(str(one)) if isinstance(one, str | Path) else UNNAMED, one) for one in given]
    texts = ((unicodedata.normalize("NFC", name), one) for name, one in pairs)
    named = [(name if name.startswith(UNLABELLED) else f"{UNLABELLED}{name}", one) for name, one in texts]
    if twice := [name for name, _ in named if sum(name == other for other, _ in named) > 1]:
        raise InputError(f"two files are called {twice[0]}", "--rows", "rename one of them")
    for name, one in named:
        if isinstance(one, str | Path):
            _find_file(Path(one), ROWS.hint)
        if not PLAIN_NAME.fullmatch(name):
            place = str(one) if isinstance(one, str | Path) else "rows"
            raise InputError(f"'{name}' is no name of a split", place, "call it like march, or march.csv")
    return {
        name: one if isinstance(one, str | Path) else table_of_object(one, form, "rows").frame for name, one in named
    }


def name_labelled(labelled: Any) -> dict[str, Any]:
    """{split, or nothing where it is the only one: a file or an object}."""
    if labelled is None or not isinstance(labelled, Mapping) or is_table(labelled, {"id", "label"}.__contains__):
        return {} if labelled is None else {"": labelled}
    named = read_parts(cast("Mapping[Any, Any]", labelled), "labelled", "name each split: {'may': …}")
    return {(name if is_unlabelled(name) else f"{UNLABELLED}{name}"): one for name, one in named.items()}


def find_roles(cell: Cell, columns: Mapping[str, str] | None) -> dict[str, str]:
    """What the columns of a study's rows are called, by role, `columns` before those of any `cell` of it. Raises
    InputError."""
    return columns_of({**cell.settings["data"].get("columns", {}), **(columns or {})}).model_dump()


def _are_paths(given: Any) -> bool:
    """Whether these are files: a tuple of names, as a command has them, or a list of paths or of names with endings."""
    if isinstance(given, list):
        return are_files(given) or all(isinstance(one, Path) for one in given)
    return isinstance(given, tuple) and all(isinstance(one, str | Path) for one in given)


def _find_file(path: Path, taken: str) -> None:
    if path.is_file():
        return
    if path.is_dir():
        raise InputError("is a folder, not a file", str(path), suggest_file(path))
    hub = re.fullmatch(r"[\w.-]+/[\w-]+", str(path)) and not path.parent.is_dir()
    hint = f"of a hub, load it first (datasets.load_dataset) and give the split; else {taken}" if hub else ""
    raise InputError("there is no such file", str(path), hint or suggest_file(path))


def read_all_labels(
    store: Store,
    names: Sequence[str],
    labelled: Given,
    roles: Mapping[str, str],
    new: Mapping[str, pl.DataFrame | None] | None = None,
) -> dict[str, np.ndarray]:
    """The few labels of each split, of the only one of `names` where `labelled` names none; `roles` say what columns
    are called, and `new` are rows that the study is to take in. Raises InputError."""
    known: dict[str, np.ndarray] = {}
    for given, one in labelled.items():
        name = given or next(iter(names), "")
        if (not given and len(names) != 1) or name not in names:
            hint = f"name the one split that they are of: {', '.join(names) or '--rows, or --min-expected of a gate'}"
            raise InputError("labels are those of one file of rows", given or "--labelled", hint)
        rows = (new or {}).get(name)
        ids = (read_rows(store, name, ["id"]) if rows is None else rows)["id"].to_list()
        known[name] = _read_labels(open_data(store.data).classes, name, one, roles, ids)
    return known


def _read_labels(
    names: Sequence[str], name: str, given: Any, columns: Mapping[str, str], known: Sequence[str]
) -> np.ndarray:
    """int64 (n_rows,): classes (by their `names`) of the rows of a split, whose ids are `known`, that a file labels, -1
    for a label that train lacks, -2 for rows that it does not speak of. Raises InputError."""
    roles = {role: columns[role] for role in ("id", "label")}
    if isinstance(given, str | Path):
        _find_file(Path(given), LABELS.hint)
        table = read_file(Path(given), str(given))
    else:
        table = table_of_object(given, replace(LABELS, columns=(roles["id"], roles["label"])), "labelled")
    place = table.where
    there = table.frame.columns
    if lacking := [name for name in roles.values() if name not in there]:
        hint = suggest(lacking[0], there) or f"it has {format_list(there, 8)}; name it with --columns ROLE=NAME"
        raise InputError([Problem(f"no column '{one}'", place, hint) for one in lacking])
    read = {role: as_text(table.frame[column]) for role, column in roles.items()}
    ids, labels = ([] if one is None else one.fill_null("").to_list() for one in (read["id"], read["label"]))
    if not ids:
        raise InputError("it has no rows", place, "give some rows with their ids and labels")
    at = {one: row for row, one in enumerate(known)}
    strange = [row for row, one in enumerate(ids) if one not in at]
    if strange:
        what = f"{count(len(strange), 'row has', 'rows have')} an id that {name} lacks ({table.rows(strange)})"
        raise InputError(what, table.at(strange), "give labels of some of these rows, with their ids")
    if len(set(ids)) < len(ids):
        raise InputError("an id stands more than once", place, "label each row once")
    blank = [row for row, label in enumerate(labels) if not label.strip()]
    if blank:
        raise InputError(f"rows without a label ({table.rows(blank)})", table.at(blank), "leave these rows out")
    classes = {one: k for k, one in enumerate(names)}
    given = [classes.get(label, classes.get(label.strip(), -1)) for label in labels]
    if max(given) < 0:
        what = f"none of its labels is a class of train: {format_list(sorted(set(labels)), 5)}"
        hint = "write names of classes, not their numbers: " if table.frame[roles["label"]].dtype.is_numeric() else ""
        raise InputError(what, place, f"{hint}the classes are {format_list(list(names), 8)}")
    found = np.full(len(at), NOT_LABELLED, np.int64)
    found[[at[one] for one in ids]] = given
    return found


def match_predictions(
    store: Store,
    record: StudyRecord,
    names: Sequence[str],
    new: Mapping[str, pl.DataFrame | None],
    sources: Sequence[PredictionSource],
    columns: Mapping[str, str] | None,
    data_columns: Mapping[str, str] | None,
) -> Predicted:
    """Predictions of rows without labels, matched to main's runs by seed; what the study has already is left out.
    Raises InputError where rows or seeds do not fit, and where the study has others."""
    if not sources:
        return {}
    place, data = ", ".join(source.name for source in sources), open_data(store.data)
    runs = record.list_finished(record.main, record.held_out or "")
    cells = {cell.seed: cell for cell in read_cells(read_study(store)) if cell.hash in {run.hash for run in runs}}
    if any_weights(store, [*cells.values()]):
        raise InputError("the runs of this study answer the rows themselves", place, "leave --preds out")
    frames = {name: read_stored(store.rows(name)) if (rows := new.get(name)) is None else rows for name in names}
    alone = names[0] if len(names) == 1 else None
    given = read_predictions(
        [replace(source, split=source.split or alone) for source in sources],
        frames,
        data.classes,
        columns,
        columns_of(find_roles(stored_cells(store)[0], data_columns)),
    )
    variants = sorted({name for name, _ in given})
    variant = variants[0] if len(variants) == 1 else find_variant_runs(next(iter(cells.values())), given)
    seeds = sorted(seed for name, seed in given if name == variant)
    if seeds != sorted(cells):
        sentence = " and ".join(
            f"{count(len(some), 'seed')} ({format_list(some, 8)})" for some in (seeds, sorted(cells))
        )
        hint = "give one file for each seed of the study, in its order, or seeds in a column seed"
        raise InputError(f"predictions and runs of main have other seeds: {sentence}", place, hint)
    return {
        (cells[seed].hash, split): (values, split in one.hard)
        for (name, seed), one in given.items()
        if name == variant
        for split, values in one.probabilities.items()
        if new.get(split) is not None or not _is_known(store, cells[seed], split, values)
    }


def _is_known(store: Store, cell: Cell, name: str, values: np.ndarray) -> bool:
    """Whether a run has just these answers to a split of the study, or none. Raises InputError where it has others."""
    split = open_data(store.data).splits[name]
    folder = find_predictions(store, [cell.hash], name, split.fingerprint)[cell.hash]
    there = read_probabilities(store, folder, name, split.n_rows, sample=True)
    if there is not None and not np.allclose(there.values[0], values[there.places], atol=1e-6):
        what = f"the study has other predictions of {name}"
        raise InputError(what, f"seed {cell.seed}", f"take the rows out first: --forget {name}")
    return there is not None


def save_predictions(store: Store, cells: Iterable[Cell], predicted: Predicted) -> None:
    """Keep predictions of splits that a study has beside the runs that they are of. Raises StoreError."""
    data, by_hash = open_data(store.data), {cell.hash: cell for cell in cells}
    for (digest, name), (values, hard) in predicted.items():
        made = probabilities_record(
            data, {name: values}, {name} if hard else (), "imported", steps={}, read_back={}, timing={}
        )
        fingerprint = data.splits[name].fingerprint
        write_scored(store, by_hash[digest], name, fingerprint, made.outputs[name], made.scores[name])
