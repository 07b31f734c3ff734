"""Sample logs of lm-evaluation-harness (`--log_samples`) as tables of predictions: multiple-choice tasks alone."""

import json
import shlex
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, cast

import numpy as np
import polars as pl

from brittlestar.core.errors import InputError, Problem
from brittlestar.data.columns import column_of_values
from brittlestar.data.tables import Table, format_list
from brittlestar.training.prediction_header import Header

NEEDED = ("doc_id", "arguments", "resps")
"""What every line of such a log has."""


def is_harness_log(path: Path) -> bool:
    """Whether the first line of a file is a sample of such a log."""
    if path.suffix.lower() not in (".jsonl", ".ndjson", ".json") or not path.is_file():
        return False
    try:
        with path.open(encoding="utf-8-sig") as lines:
            first = json.loads(next(line for line in lines if line.strip()))
    except (OSError, ValueError, StopIteration, RecursionError):
        return False
    return isinstance(first, dict) and all(name in first for name in NEEDED)


def read_harness_log(path: Path, where: str, header: Header) -> Table:
    """The log as a table with `p_CLASS` (the softmax of the log-likelihoods of the choices), `label` where the log says
    a target, and the data's column of sequences where `doc` has it, in the order of `doc_id`.

    A choice is the class of its text or of its number. Raises InputError where the lines are no multiple-choice task
    with the same choices in every row, and where the choices are no classes and no column was named for these.
    """
    lines = _read_samples(path, where)
    samples = [one for _, one in lines]
    places = [f"{where}:{number}" for number, _ in lines]
    choices = [_choices(one, place) for one, place in zip(samples, places, strict=True)]
    odd = next((k for k, one in enumerate(choices) if one != choices[0]), None)
    if odd is not None or len(set(choices[0])) < len(choices[0]):
        first = format_list(choices[0], 6)
        what = f"its choices are {first}" if odd is None else f"its choices are {format_list(choices[odd], 6)}"
        what += " and repeat" if odd is None else f", and {first} in the first row"
        raise InputError(what, places[odd or 0], "a classifier has the same classes in every row")
    names = _names(choices[0], header)
    if names is None:
        named = ",".join(f"p_{label}={one}" for label, one in zip(header.classes, choices[0], strict=False))
        what = f"its choices are {format_list(choices[0], 6)}, and classes are {format_list(header.classes, 6)}"
        raise InputError(what, where, f"say which is which: --preds-columns {shlex.quote(named)}")
    likelihoods = np.array([_likelihoods(one, place, len(names)) for one, place in zip(samples, places, strict=True)])
    shares = np.exp(likelihoods - likelihoods.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    columns = [pl.Series(name, shares[:, place]) for place, name in enumerate(names)]
    labels = [_target(one, choices[0], names) for one in samples]
    texts = [one["doc"].get(header.data.sequence) if isinstance(one.get("doc"), dict) else None for one in samples]
    for name, values in (("label", labels), (header.data.sequence, texts)):
        if None not in values:
            columns.append(column_of_values(name, values))
    return Table(where, pl.DataFrame(columns), "line", partial(_lines, [number for number, _ in lines]))


def _read_samples(path: Path, where: str) -> list[tuple[int, dict[str, Any]]]:
    """Every sample of the first filter with its line, in the order of the rows that were asked about."""
    found: list[tuple[int, dict[str, Any]]] = []
    with path.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                sample = json.loads(line)
            except (ValueError, RecursionError):
                sample = None
            if not isinstance(sample, dict) or any(name not in sample for name in NEEDED):
                raise InputError(f"the line is no sample with {', '.join(NEEDED)}", f"{where}:{number}")
            found.append((number, cast("dict[str, Any]", sample)))
    kept = [one for one in found if one[1].get("filter") == found[0][1].get("filter")]
    return sorted(kept, key=lambda one: one[1]["doc_id"] if isinstance(one[1]["doc_id"], int) else one[0])


def _lines(numbers: Sequence[int], rows: Sequence[int]) -> list[int]:
    return [numbers[row] for row in rows]


def _choices(sample: Mapping[str, Any], where: str) -> list[str]:
    """The continuations whose likelihood was asked for: `[[context, choice], …]`, or the same as numbered dicts."""
    given = sample["arguments"]
    pairs = [list(one.values()) if isinstance(one, dict) else one for one in _members(given)]
    if not pairs or any(not isinstance(pair, list) or len(pair) < 2 or not isinstance(pair[1], str) for pair in pairs):
        what = "its arguments are no pairs of a context and a choice"
        raise InputError(what, where, "only multiple-choice tasks answer with a likelihood for each class")
    return [pair[1].strip() for pair in pairs]


def _members(given: Any) -> list[Any]:
    return list(cast("dict[str, Any]", given).values()) if isinstance(given, dict) else list(given or [])


def _likelihoods(sample: Mapping[str, Any], where: str, many: int) -> list[float]:
    """The log-likelihood of each choice: `[[value, is greedy], …]`, one list deeper in `resps`; values may be texts."""
    given = sample.get("filtered_resps") or [one[0] if one else one for one in sample["resps"]]
    try:
        found = [float(one[0]) for one in given]
    except (TypeError, ValueError, IndexError, KeyError):
        found = []
    if len(found) != many or not np.isfinite(found).all():
        what = f"its responses are not {many} pairs of a log-likelihood and whether it is greedy"
        raise InputError(what, where, "only multiple-choice tasks answer with a likelihood for each class")
    return found


def _names(choices: Sequence[str], header: Header) -> list[str] | None:
    """The column of each choice: `p_CLASS`, where texts, texts in another case, or numbers name every class; the text
    where somebody named columns of probabilities; else None."""
    if any(role in header.given for role in header.probabilities):
        return list(choices)
    folded = {name.casefold(): name for name in header.classes}
    by_text = [folded.get(one.casefold(), "") for one in choices]
    by_number = [header.numbered[k] if k < len(header.numbered) else str(k) for k in range(len(choices))]
    for names in (list(choices), by_text, by_number):
        if sorted(names) == sorted(header.classes):
            return [f"p_{name}" for name in names]
    return None


def _target(sample: Mapping[str, Any], choices: Sequence[str], names: Sequence[str]) -> str | None:
    """The label of a row: the class of the target, which is the number of a choice or its text; None where columns have
    names that somebody gave."""
    if not all(name.startswith("p_") for name in names):
        return None
    given = str(sample.get("target", "")).strip()
    place = int(given) if given.isdecimal() else choices.index(given) if given in choices else -1
    return names[place].removeprefix("p_") if 0 <= place < len(names) else None


def problems_of(error: InputError) -> list[Problem]:
    """What is wrong, as problems of predictions."""
    return [Problem(f"the predictions cannot be read: {one.what}", one.where, one.hint) for one in error.problems]
