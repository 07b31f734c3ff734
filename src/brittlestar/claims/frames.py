"""Outcomes from a long table: a line for each variant, seed and example, or for each variant and seed."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from brittlestar.claims.outcomes import Outcomes, Runs, seed_rank
from brittlestar.core.errors import InputError, Problem
from brittlestar.core.metric_names import LOWER_IS_BETTER
from brittlestar.core.metrics import majority_scores
from brittlestar.data.outcome_columns import ROW, WEIGHT, type_columns
from brittlestar.data.tables import Table

MOST_NAMED = 5
RUN, CELL = ("variant", "seed"), ("variant", "seed", "example")


def of_table(table: Table, group: str | None = None) -> Mapping[str | None, Outcomes]:
    """Outcomes of a long table, by split where it has a column `split`, else under None.

    Columns are variant, seed, example and outcome (or label and prediction, with weight_FACTOR for weighted
    accuracies), or variant, seed and score. `group` names a column whose rows are one unit; a column `group`, else
    `sequence`, is one without being named. Raises InputError with everything that is wrong.
    """
    frame, grouped = type_columns(table, group)
    read = _read_rows if "example" in frame.columns else _read_scores
    if "split" not in frame.columns:
        return {None: read(table, frame, grouped)}
    parts = frame.partition_by("split", as_dict=True)
    return {str(name): read(table, part, grouped) for (name,), part in sorted(parts.items())}


def _read_scores(table: Table, frame: pl.DataFrame, _grouped: bool) -> Outcomes:
    """A score for each run."""
    runs = _find_runs(frame)
    _refuse_twice(table, frame, runs.code, RUN)
    line = np.argsort(runs.code)
    score = frame["score"].to_numpy()[line]
    return Outcomes({name: Runs(seeds, score=score[mine]) for name, seeds, mine in runs.list_variants()}, alike=True)


def _read_rows(table: Table, frame: pl.DataFrame, grouped: bool) -> Outcomes:
    """A line for each run and example."""
    runs = _find_runs(frame)
    examples, example = _code_values(frame["example"])
    cell = runs.code * len(examples) + example
    _refuse_twice(table, frame, cell, CELL)
    _refuse_holes(table, runs, example, examples)
    line = np.argsort(cell, kind="stable")

    def as_table(values: np.ndarray) -> np.ndarray:
        return values[line].reshape(runs.count, len(examples))

    first = np.full(len(examples), -1, np.int64)
    first[example[::-1]] = np.arange(len(example))[::-1]  # the first line of each example
    labels, n_classes, predicted = _read_classes(table, frame, first, example)
    weights = {
        name.removeprefix(WEIGHT): _read_weights(table, frame, name, first, example)
        for name in frame.columns
        if name.startswith(WEIGHT)
    }
    outcome = as_table(frame["outcome"].to_numpy()) if "outcome" in frame.columns else None
    chosen = None if predicted is None else as_table(predicted)
    found = {
        name: Runs(seeds, None if outcome is None else outcome[mine], None if chosen is None else chosen[mine])
        for name, seeds, mine in runs.list_variants()
    }
    groups = _read_groups(table, frame, first, example) if grouped else None
    chances = {} if labels is None else _score_majority(labels, weights, n_classes)
    return Outcomes(found, labels, n_classes, weights, groups, chances=chances, alike=True, examples=tuple(examples))


class _Runs:
    """The runs of a table, by variant and seed: `code` int64 (lines,) says which run a line is of."""

    def __init__(self, variants: list[str], variant: np.ndarray, seeds: list[Any], seed: np.ndarray) -> None:
        pairs, self.code = np.unique(variant * len(seeds) + seed, return_inverse=True)
        self.count = len(pairs)
        self._variants, self._seeds = variants, seeds
        self._variant, self._seed = np.divmod(pairs, len(seeds))

    def list_variants(self) -> list[tuple[str, tuple[Any, ...], slice]]:
        """Each variant with its seeds and its runs."""
        edges = np.searchsorted(self._variant, np.arange(len(self._variants) + 1)).tolist()
        seeds = [self._seeds[k] for k in self._seed.tolist()]
        mine = [slice(low, high) for low, high in pairwise(edges)]
        return [(name, tuple(seeds[part]), part) for name, part in zip(self._variants, mine, strict=True)]

    def describe(self, run: int) -> str:
        """`variant a, seed 3`."""
        return f"variant {self._variants[self._variant[run]]}, seed {self._seeds[self._seed[run]]}"


def _find_runs(frame: pl.DataFrame) -> _Runs:
    return _Runs(*_code_values(frame["variant"]), *_code_values(frame["seed"], natural=True))


def _read_groups(table: Table, frame: pl.DataFrame, first: np.ndarray, example: np.ndarray) -> np.ndarray:
    """int64 (examples,): the group of each example, one that has none by itself."""
    names, codes = _code_values(frame["group"])
    mine = codes[first]
    _refuse_several(table, frame, "group", mine[example] != codes, "group", first, example)
    if names and names[0] == "":
        alone = np.flatnonzero(mine == 0)
        mine = mine.copy()
        mine[alone] = len(names) + np.arange(len(alone))
    return mine


def _read_weights(table: Table, frame: pl.DataFrame, name: str, first: np.ndarray, example: np.ndarray) -> np.ndarray:
    """float64 (examples,). Raises InputError where lines of one example differ."""
    values = frame[name].to_numpy()
    mine = values[first]
    _refuse_several(table, frame, name, mine[example] != values, "weight", first, example)
    return mine


def _refuse_several(
    table: Table, frame: pl.DataFrame, name: str, differ: np.ndarray, what: str, first: np.ndarray, example: np.ndarray
) -> None:
    """Raise InputError at the first line whose value is not that of the first line of its example."""
    if not differ.any():
        return
    line = int(np.argmax(differ))
    before = int(first[example[line]])
    key = frame["example"][line]
    shown = [f"{frame[name][k]!r} ({table.rows([int(frame[ROW][k])])})" for k in (before, line)]
    raise InputError(
        f"example {key} has several values of '{name}': {' and '.join(shown)}",
        table.where,
        f"one {what} an example, the same for every variant and seed",
    )


def _score_majority(labels: np.ndarray, weights: dict[str, np.ndarray], n_classes: int) -> dict[str, float]:
    """The score of naming the most frequent label, under each metric of predictions."""
    found = majority_scores(labels, labels, weights, n_classes)
    return {name: value for name, value in found.items() if value is not None and name not in LOWER_IS_BETTER}


def _code_values(column: pl.Series, natural: bool = False) -> tuple[list[Any], np.ndarray]:
    """Distinct values, sorted (seeds as numbers), and int64 (n,) which each line has."""
    distinct = column.unique().sort()
    if natural and distinct.dtype == pl.String:
        distinct = pl.Series(sorted(distinct.to_list(), key=seed_rank), dtype=pl.String)
    lookup = pl.DataFrame({"value": distinct, "code": np.arange(len(distinct), dtype=np.int64)})
    joined = pl.DataFrame({"value": column}).join(lookup, on="value", how="left", maintain_order="left")
    return distinct.to_list(), joined["code"].to_numpy()


def _read_classes(
    table: Table, frame: pl.DataFrame, first: np.ndarray, example: np.ndarray
) -> tuple[np.ndarray | None, int, np.ndarray | None]:
    """Labels int64 (examples,) and predictions int64 (lines,) as classes, in one order."""
    if "prediction" not in frame.columns:
        return None, 0, None
    names, codes = _code_values(pl.concat([frame["label"], frame["prediction"].rename("label")]))
    label, prediction = codes[: frame.height], codes[frame.height :]
    mine = label[first]
    _refuse_several(table, frame, "label", mine[example] != label, "label", first, example)
    if not np.isin(prediction, np.unique(mine)).any():
        some = f"for example {frame['prediction'][0]!r} and {frame['label'][0]!r}"
        raise InputError("no prediction is one of the labels", table.where, f"write both alike; {some}")
    return mine, len(names), prediction


def _refuse_holes(table: Table, runs: _Runs, example: np.ndarray, examples: list[Any]) -> None:
    """Raise InputError where a run lacks examples."""
    has = np.bincount(runs.code, minlength=runs.count)
    problems: list[Problem] = []
    for run in np.flatnonzero(has < len(examples))[:MOST_NAMED].tolist():
        there = np.zeros(len(examples), np.bool_)
        there[example[runs.code == run]] = True
        missing = np.flatnonzero(~there)
        named = ", ".join(str(examples[k]) for k in missing[:MOST_NAMED].tolist())
        what = f"{runs.describe(run)} lacks {len(missing):,} of {len(examples):,} examples ({named} …)"
        problems.append(Problem(what, table.where, "score every run on the same rows, or leave the run out"))
    if problems:
        raise InputError(problems)


def _refuse_twice(table: Table, frame: pl.DataFrame, code: np.ndarray, keys: tuple[str, ...]) -> None:
    """Raise InputError where a run, or an example of a run, has several lines."""
    line = np.argsort(code, kind="stable")
    again = line[1:][code[line[1:]] == code[line[:-1]]]
    if not len(again):
        return
    row = frame.row(int(again.min()), named=True)
    what = (
        f"{len(again):,} duplicate ({', '.join(keys)}) rows"
        if len(again) > 1
        else f"1 duplicate ({', '.join(keys)}) row"
    )
    shown = ", ".join(str(row[key]) for key in keys)
    raise InputError(f"{what} (first: {table.rows([row[ROW]])}, {shown})", table.where, "keep one row for each")
