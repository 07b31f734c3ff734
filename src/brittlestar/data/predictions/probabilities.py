"""What one run answers on one split, as probabilities of every class: from labels, from probabilities, or both."""

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.scores import SUM_TOLERANCE
from brittlestar.core.texts import suggest
from brittlestar.data.predictions.header import Header, name_numbers
from brittlestar.data.predictions.places import SHOWN, Place
from brittlestar.data.predictions.row_matching import leave_out_removed, match_rows
from brittlestar.data.tables import Table, format_list

_NUMBER = re.compile(r"[0-9]*\.?[0-9]+(e-?[0-9]+)?")


@dataclass(frozen=True)
class GivenRun:
    """One variant under one seed, on some splits.

    `probabilities[split]` is float32 (n_rows, n_classes) in the order of the rows, and its argmax is the prediction
    of the file. `hard` names the splits for which the file gives no probabilities, so that rows are one-hot and log
    loss and calibration mean nothing. `notes` are sentences for the report.
    """

    name: str
    seed: int
    probabilities: Mapping[str, np.ndarray]
    hard: frozenset[str]
    notes: tuple[str, ...] = ()


def read_split(part: pl.DataFrame, header: Header, raw: Mapping[str, Table]) -> GivenRun:
    """A run on the one split that these rows are of. Raises InputError."""
    variant, seed, split = (part[name][0] for name in ("variant", "seed", "split"))
    run = f"variant {variant!r}, seed {seed}"
    place = Place(f"{part['file'][0]}, {run}, split {split!r}", raw)
    absent = [name for name in part.columns if part[name].null_count() == len(part)]  # which only other files have
    known = leave_out_removed(split, part.drop(absent), header.rows)
    rows, how = match_rows(split, known, header.rows.by_split, place)
    named = rows["prediction"] if "prediction" in rows.columns else None
    predicted = None if named is None else _read_classes(rows, header, place)
    abstained = np.zeros(len(rows), np.bool_)
    if named is not None and header.abstain is not None:
        abstained = (named == header.abstain).to_numpy()
    # a label that train lacks has no column: its row goes to the first class that is not the true one
    wrong = (rows["truth"] == header.classes[0]).fill_null(False).cast(pl.Int64).to_numpy()
    shares, lost = header.probabilities, 0
    if hard := not {*shares} <= {*rows.columns}:
        assert predicted is not None
        table = np.eye(len(shares), dtype=np.float32)[np.where(predicted < 0, wrong, predicted)]
        lost = int(((predicted < 0) & ~abstained).sum())
    else:
        table = _read_probabilities(rows, shares, place)
        if predicted is not None:
            table[abstained] = np.float32(1 / len(shares))
            _put_first(table, np.where(abstained, wrong, predicted), rows, place)
    notes = [f"predictions of {variant!r} on {split} have no ids: {how}"] if how else []
    if gone := len(part) - len(known):
        many = f"{gone:,} of {len(part):,} predictions of {variant!r} on {split}"
        notes.append(f"{many} are of rows that cleaning took out, and left out")
    if abstained.any():
        many = f"{abstained.sum():,} of {len(rows):,} predictions on {split}"
        notes.append(f"{run}: {many} abstain and count as wrong")
    if lost:
        many = f"{lost} of {len(rows)} predictions on {split}"
        notes.append(f"{run}: {many} name a label that train lacks and count as wrong")
    return GivenRun(variant, seed, {split: table}, frozenset([split] if hard else []), tuple(notes))


def _read_classes(rows: pl.DataFrame, header: Header, place: Place) -> np.ndarray:
    """int64 (n_rows,): the class of each prediction, -1 for a label that train lacks but some split has. Raises
    InputError where no split knows one."""
    unknown = rows.filter(~pl.col("prediction").is_in(sorted(header.known)))
    if len(unknown):
        names: list[str] = unknown["prediction"].unique(maintain_order=True).to_list()
        if fault := _explain_numbers(names, header, place):
            raise InputError([fault])
        said = f"a label that no split has ({', '.join(map(repr, names[:SHOWN]))}), with"
        what = f"row predicts {said} id", f"rows predict {said} ids"
        raise InputError(place.find_problems(unknown, what, _spell_label(names[0], header)))
    places = {name: place for place, name in enumerate(header.classes)}
    return rows["prediction"].replace_strict(places, default=-1, return_dtype=pl.Int64).to_numpy()


def _explain_numbers(names: Sequence[str], header: Header, place: Place) -> Problem | None:
    """What is wrong where predictions that no split has are numbers: probabilities of one class, or numbers of
    classes."""
    numbers = [float(name) if _NUMBER.fullmatch(name) else np.nan for name in names]
    low, high = min(numbers), max(numbers)
    if low >= 0 and high <= 1 and any(number % 1 for number in numbers):
        what = f"predictions are numbers from {low:.3g} to {high:.3g}, such as one column of probabilities, not labels"
        hint = (
            f"give the labels, or a column for each of the {len(header.classes)} classes: predict_proba(X), not [:, 1]"
        )
        return Problem(what, place.where, hint)
    whole = {str(int(number)) for number in numbers if not number % 1}
    if len(whole) == len(names) and whole <= {*map(str, range(len(header.classes)))} - header.known:
        what = f"predictions are numbers of classes ({format_list(sorted(whole), SHOWN)}), and the data has names"
        return Problem(what, place.where, f"write the names: {name_numbers(header.classes)}")
    return None


def _spell_label(label: str, header: Header) -> str:
    known = sorted(header.known)
    try:
        same = [name for name in header.classes if float(name) == float(label)]
    except ValueError:
        same = [name for name in known if name.casefold() == label.casefold()]
    if same:
        return f"write {same[0]!r}, as the data does"
    listed = f"labels are {', '.join(known[:SHOWN])}"
    return suggest(label, known) or f"{listed}; one that stands for no answer: --abstain {shlex.quote(label)}"


def _read_probabilities(rows: pl.DataFrame, shares: Sequence[str], place: Place) -> np.ndarray:
    """float32 (n_rows, n_classes) of these columns. Raises InputError where rows hold no probabilities."""
    table = rows.select(shares).to_numpy().astype(np.float64)
    inside: np.ndarray = np.logical_and.reduce((table >= 0) & (table <= 1), axis=1)  # NaN is not
    sums = np.abs(np.where(inside[:, None], table, 0).sum(axis=1) - 1) <= SUM_TOLERANCE
    said = "a probability outside [0, 1]"
    outside = place.find_problems(rows.filter(~inside), (f"row has {said}", f"rows have {said}"), "give softmax")
    what = "row does not sum to 1", "rows do not sum to 1"
    if problems := [*outside, *place.find_problems(rows.filter(inside & ~sums), what, "normalise each row")]:
        raise InputError(problems)
    return np.clip(table, 0.0, 1.0).astype(np.float32)


def _put_first(table: np.ndarray, predicted: np.ndarray, rows: pl.DataFrame, place: Place) -> None:
    """Each prediction must be a most probable class; where it is one of several, `table` puts it a rounding step ahead,
    so that its argmax is what the file says. Raises InputError where it is none."""
    places, chosen = np.arange(len(table)), np.maximum(predicted, 0)
    best: np.ndarray = np.max(table, axis=1)
    what = "row predicts another class than its most probable", "rows predict another class than their most probable"
    hint = "leave the p_ columns out if another rule than the most probable class decides"
    apart = rows.filter((predicted < 0) | (table[places, chosen] < best))
    if problems := place.find_problems(apart, what, hint):
        raise InputError(problems)
    tied = table.argmax(axis=1) != chosen
    table[places[tied], chosen[tied]] = np.nextafter(best[tied], np.float32(2))
