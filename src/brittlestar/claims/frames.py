"""Outcomes from a long table: a line for each variant, seed and example, or for each variant and seed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import numpy as np
import polars as pl

from brittlestar.claims.outcomes import Outcomes, Runs, seed_rank
from brittlestar.core.answers import Answers, Rows
from brittlestar.core.errors import InputError, Problem
from brittlestar.core.metrics import metric_of
from brittlestar.core.scores import majority_scores
from brittlestar.data.outcome_columns import ROW, WEIGHT, take_metric, type_columns
from brittlestar.data.tables import Table

MOST_MISSING_NAMED = 5  # a sentence that a person reads
RUN, CELL = ("variant", "seed"), ("variant", "seed", "example")


def of_table(table: Table, metric: str, group: str | None = None) -> Mapping[str | None, Outcomes]:
    """Outcomes of a long table under a metric, by split where it has a column `split`, else under None.

    Columns are variant, seed, example and outcome (or label and prediction, with weight_FACTOR for weighted
    accuracies), or variant, seed and score. Of a table with a column `metric` the rows of this one are read. `group`
    names a column whose rows are one unit; a column `group`, else `sequence`, is one without being named. Raises
    InputError with everything that is wrong.
    """
    table = take_metric(table, metric)
    frame, grouped = type_columns(table, group)
    read = _read_rows if "example" in frame.columns else _read_scores
    if "split" not in frame.columns:
        return {None: read(table, frame, grouped)}
    parts = frame.partition_by("split", as_dict=True)
    return {str(name): read(table, part, grouped) for (name,), part in sorted(parts.items())}


def _read_scores(table: Table, frame: pl.DataFrame, _grouped: bool) -> Outcomes:
    runs = _find_runs(frame)
    _refuse_twice(table, frame, runs.code, RUN)
    line = np.argsort(runs.code)
    score = frame["score"].to_numpy()[line]
    return Outcomes({name: Runs(seeds, score=score[mine]) for name, seeds, mine in runs.list_variants()}, alike=True)


def _read_rows(table: Table, frame: pl.DataFrame, grouped: bool) -> Outcomes:
    runs = _find_runs(frame)
    examples, example = _code_values(frame["example"])
    cell = runs.code * len(examples) + example
    _refuse_twice(table, frame, cell, CELL)
    _refuse_holes(table, runs, example, examples)
    first = np.full(len(examples), -1, np.int64)
    first[example[::-1]] = np.arange(len(example))[::-1]  # the first line of each example
    by_example = _Examples(table, frame, example, first)
    labels, classes, predicted = by_example.read_classes()
    n_classes = len(classes)
    weighted = [name for name in frame.columns if name.startswith(WEIGHT)]
    weights = {one.removeprefix(WEIGHT): by_example.read(one, frame[one].to_numpy(), "weight") for one in weighted}
    chances: dict[str, float] = {}
    if labels is not None:
        majority = majority_scores(labels, labels, weights, n_classes)
        chances = {k: value for k, value in majority.items() if value is not None and metric_of(k).higher_is_better}
    order = np.argsort(cell, kind="stable").reshape(len(runs.keys), len(examples))
    outcome = frame["outcome"].to_numpy() if "outcome" in frame.columns else None
    right, chosen = (None if values is None else values[order] for values in (outcome, predicted))
    known = None if labels is None else Rows(labels=labels, n_classes=n_classes, weights=weights, classes=classes)
    every = None if known is None or chosen is None else Answers(rows=known, predicted=chosen)
    found = {
        name: Runs(
            seeds,
            None if right is None else right[mine],
            None if every is None else replace(every, predicted=every.predicted[mine]),
        )
        for name, seeds, mine in runs.list_variants()
    }
    groups = by_example.read_groups() if grouped else None
    return Outcomes(found, groups, chances=chances, alike=True, examples=tuple(examples))


class _Examples:
    """What a table says of its examples: `example` int64 (lines,) says which one a line is of, and `first` int64
    (examples,) which is the first line of each."""

    def __init__(self, table: Table, frame: pl.DataFrame, example: np.ndarray, first: np.ndarray) -> None:
        self.table, self.frame, self.example, self.first = table, frame, example, first

    def read(self, name: str, values: np.ndarray, what: str) -> np.ndarray:
        """The value of each example. Raises InputError at the first line that differs from the first of its example."""
        differ = values[self.first][self.example] != values
        if differ.any():
            line = int(np.argmax(differ))
            lines = (int(self.first[self.example[line]]), line)
            column, places = self.frame[name], self.frame[ROW]
            shown = " and ".join(f"{column[k]!r} ({self.table.rows([int(places[k])])})" for k in lines)
            sentence = f"example {self.frame['example'][line]} has several values of '{name}': {shown}"
            hint = f"one {what} an example, the same for every variant and seed"
            raise InputError(sentence, self.table.where, hint)
        return values[self.first]

    def read_classes(self) -> tuple[np.ndarray | None, tuple[str, ...], np.ndarray | None]:
        """Labels of examples as codes, the classes that there are, and the one that each line predicts."""
        frame = self.frame
        if "prediction" not in frame.columns:
            return None, (), None
        names, codes = _code_values(pl.concat([frame["label"], frame["prediction"].rename("label")]))
        labels, predicted = self.read("label", codes[: frame.height], "label"), codes[frame.height :]
        if not np.isin(predicted, np.unique(labels)).any():
            some = f"for example {frame['prediction'][0]!r} and {frame['label'][0]!r}"
            raise InputError("no prediction is one of the labels", self.table.where, f"write both alike; {some}")
        return labels, tuple(map(str, names)), predicted

    def read_groups(self) -> np.ndarray:
        """The group of each example; one that has no group is one by itself."""
        names, codes = _code_values(self.frame["group"])
        groups = self.read("group", codes, "group")
        if names and names[0] == "":
            alone = np.flatnonzero(groups == 0)
            groups[alone] = len(names) + np.arange(len(alone))
        return groups


@dataclass(frozen=True)
class _Runs:
    """The runs of a table, by variant and seed: `keys` names each; `code` int64 (lines,) says which a line is of."""

    keys: list[tuple[str, Any]]
    code: np.ndarray

    def list_variants(self) -> list[tuple[str, tuple[Any, ...], slice]]:
        """Each variant with its seeds and its runs."""
        by_variant = groupby(range(len(self.keys)), key=lambda run: self.keys[run][0])
        runs = [(name, [*mine]) for name, mine in by_variant]
        return [(name, tuple(self.keys[k][1] for k in mine), slice(mine[0], mine[-1] + 1)) for name, mine in runs]

    def describe(self, run: int) -> str:
        """`variant a, seed 3`."""
        variant, seed = self.keys[run]
        return f"variant {variant}, seed {seed}"


def _find_runs(frame: pl.DataFrame) -> _Runs:
    variants, variant = _code_values(frame["variant"])
    seeds, seed = _code_values(frame["seed"], natural=True)
    pairs, code = np.unique(variant * len(seeds) + seed, return_inverse=True)
    return _Runs([(variants[pair // len(seeds)], seeds[pair % len(seeds)]) for pair in pairs.tolist()], code)


def _code_values(column: pl.Series, natural: bool = False) -> tuple[list[Any], np.ndarray]:
    """Distinct values, sorted (seeds as numbers), and int64 (n,) which each line has."""
    distinct = column.unique().sort()
    if natural and distinct.dtype == pl.String:
        distinct = pl.Series(sorted(distinct.to_list(), key=seed_rank), dtype=pl.String)
    lookup = pl.DataFrame({"value": distinct, "code": np.arange(len(distinct), dtype=np.int64)})
    joined = pl.DataFrame({"value": column}).join(lookup, on="value", how="left", maintain_order="left")
    return distinct.to_list(), joined["code"].to_numpy()


def _refuse_holes(table: Table, runs: _Runs, example: np.ndarray, examples: list[Any]) -> None:
    has = np.bincount(runs.code, minlength=len(runs.keys))
    problems: list[Problem] = []
    for run in np.flatnonzero(has < len(examples))[:MOST_MISSING_NAMED].tolist():
        there = np.zeros(len(examples), np.bool_)
        there[example[runs.code == run]] = True
        missing = np.flatnonzero(~there)
        named = ", ".join(str(examples[k]) for k in missing[:MOST_MISSING_NAMED].tolist())
        what = f"{runs.describe(run)} lacks {len(missing):,} of {len(examples):,} examples ({named} …)"
        problems.append(Problem(what, table.where, "score every run on the same rows, or leave the run out"))
    if problems:
        raise InputError(problems)


def _refuse_twice(table: Table, frame: pl.DataFrame, code: np.ndarray, keys: tuple[str, ...]) -> None:
    line = np.argsort(code, kind="stable")
    again = line[1:][code[line[1:]] == code[line[:-1]]]
    if not len(again):
        return
    row = frame.row(int(again.min()), named=True)
    what = f"{len(again):,} duplicate ({', '.join(keys)}) row{'s' if len(again) > 1 else ''}"
    shown = ", ".join(str(row[key]) for key in keys)
    raise InputError(f"{what} (first: {table.rows([row[ROW]])}, {shown})", table.where, "keep one row for each")
