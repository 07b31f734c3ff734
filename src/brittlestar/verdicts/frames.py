"""Outcomes from a long table: a line for each variant, seed and example, or for each variant and seed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.metrics import majority_scores
from brittlestar.core.results import LOWER_IS_BETTER
from brittlestar.verdicts.outcomes import Outcomes, Runs

WEIGHT = "weight_"
MOST_NAMED = 5
TABLE = "variant,seed,example,outcome"
SCORES = "variant,seed,score"


def of_frame(frame: pl.DataFrame, group: str | None = None) -> Outcomes:
    """Outcomes of a long frame with columns variant, seed, example and outcome (or label and prediction, with
    weight_FACTOR for weighted accuracies), or variant, seed and score. `group` names a column whose rows are one unit;
    a column `group` is one without being named. Raises InputError with everything that is wrong."""
    if "arm" in frame.columns and "variant" not in frame.columns:
        frame = frame.rename({"arm": "variant"})
    lacking = [name for name in ("variant", "seed") if name not in frame.columns]
    kinds = {"score"} & set(frame.columns), {"outcome", "prediction"} & set(frame.columns)
    if lacking or not any(kinds):
        needed = ", ".join(lacking or ["outcome, prediction or score"])
        hint = f"columns are {TABLE} or {SCORES}; here: {', '.join(frame.columns[:8])}"
        raise InputError(f"the outcomes lack {needed}", "outcomes", hint)
    if group is not None and group not in frame.columns:
        raise InputError(
            f"there is no column '{group}' to group rows by", "claim.group", f"columns: {', '.join(frame.columns)}"
        )
    frame = _plain(frame)
    keys = ("variant", "seed", "example", "outcome", "score", "label", "prediction")
    nulls = [name for name in keys if name in frame.columns]
    problems = [
        Problem(
            f"{frame[name].null_count():,} values of {name} are missing",
            "outcomes",
            "leave out the runs that were lost, whole",
        )
        for name in nulls
        if frame[name].null_count()
    ]
    if problems:
        raise InputError(problems)
    if frame.height == 0:
        raise InputError("the table has no rows", "outcomes", f"columns are {TABLE} or {SCORES}")
    if "example" not in frame.columns:
        return _scores(frame)
    given = group or next((name for name in ("group", "sequence") if name in frame.columns), None)
    if given is not None and frame[given].null_count() == frame.height:
        given = None
    return _tables(frame, given)


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Seeds that are whole numbers as such. Raises InputError for columns of lists, and seeds that are no number."""
    nested = [name for name, kind in frame.schema.items() if kind.is_nested() or kind == pl.Object]
    if nested:
        raise InputError(f"{', '.join(nested)} hold lists", "outcomes", f"columns are {TABLE} or {SCORES}")
    seeds = frame["seed"]
    if seeds.dtype.is_float():
        if seeds.is_nan().any():
            raise InputError("a seed is not a number (NaN)", "outcomes", "name the seed of each run")
        whole = seeds.cast(pl.Int64, strict=False)
        return frame.with_columns(whole.alias("seed")) if bool((whole == seeds).all()) else frame
    return frame


def _scores(frame: pl.DataFrame) -> Outcomes:
    if "score" not in frame.columns:
        raise InputError("outcomes row by row need a column example", "outcomes", f"columns are {TABLE} or {SCORES}")
    twice = frame.group_by("variant", "seed").len().filter(pl.col("len") > 1)
    if twice.height:
        _refuse_twice(twice, ("variant", "seed"))
    values = _floats(frame, "score")
    found: dict[str, Runs] = {}
    for (arm,), part in frame.select(pl.col("variant").cast(pl.String), "seed", values.alias("score")).group_by(
        ["variant"], maintain_order=True
    ):
        ordered = part.sort("seed")
        found[str(arm)] = Runs(tuple(ordered["seed"].to_list()), score=ordered["score"].to_numpy())
    return Outcomes(dict(sorted(found.items())), alike=True)


def _tables(frame: pl.DataFrame, group: str | None) -> Outcomes:
    arms, arm = _coded(frame["variant"].cast(pl.String))
    examples, example = _coded(frame["example"])
    seeds, seed = _coded(frame["seed"])
    width = len(seeds) * len(examples)
    cell = (arm * len(seeds) + seed) * len(examples) + example
    times = np.bincount(cell, minlength=len(arms) * width).astype(np.int32)
    if times.max(initial=0) > 1:
        shown = frame.filter(pl.Series(times[cell] > 1)).select("variant", "seed", "example").unique().head(MOST_NAMED)
        _refuse_twice(shown, ("variant", "seed", "example"), int((times > 1).sum()))
    there: np.ndarray = times.reshape(len(arms), len(seeds), len(examples)) > 0
    runs = np.asarray(there.any(axis=2))
    _check_complete(there, runs, arms, seeds, examples)
    labels, n_classes, codes = _classes(frame)
    outcome = _filled(_floats(frame, "outcome").to_numpy(), cell, there.shape) if "outcome" in frame.columns else None
    predicted = None if codes is None else _filled(codes, cell, there.shape)
    found: dict[str, Runs] = {}
    for k, name in enumerate(arms):
        mine = np.flatnonzero(runs[k])
        found[name] = Runs(
            tuple(seeds[j] for j in mine.tolist()),
            None if outcome is None else outcome[k, mine],
            None if predicted is None else predicted[k, mine].astype(np.int64),
        )
    first = np.full(len(examples), -1, np.int64)
    first[example[::-1]] = np.arange(len(example))[::-1]  # the first line of each example
    weights = {
        name.removeprefix(WEIGHT): _floats(frame, name).to_numpy()[first]
        for name in frame.columns
        if name.startswith(WEIGHT)
    }
    groups = None if group is None else _grouped(frame, group, example, first)
    return Outcomes(
        found,
        None if labels is None else labels[first],
        n_classes,
        weights,
        groups,
        chances={} if labels is None else _chances(labels[first], weights, n_classes),
        alike=True,
    )


def _grouped(frame: pl.DataFrame, group: str, example: np.ndarray, first: np.ndarray) -> np.ndarray:
    """int64 (examples,): the group of each example, one that has none by itself. Raises InputError where lines of one
    example name several."""
    names, codes = _coded(frame[group].cast(pl.String).fill_null(""))
    mine = codes[first]
    if (mine[example] != codes).any():
        what = f"an example has several values of {group}"
        raise InputError(what, "outcomes", "one group an example, the same for every variant and seed")
    if names and names[0] == "":
        alone = np.flatnonzero(mine == 0)
        mine = mine.copy()
        mine[alone] = len(names) + np.arange(len(alone))
    return mine


def _chances(labels: np.ndarray, weights: dict[str, np.ndarray], n_classes: int) -> dict[str, float]:
    """The score of naming the most frequent label, under each metric of predictions."""
    found = majority_scores(labels, labels, weights, n_classes)
    return {name: value for name, value in found.items() if value is not None and name not in LOWER_IS_BETTER}


def _coded(column: pl.Series) -> tuple[list[Any], np.ndarray]:
    """Distinct values, sorted, and int64 (n,) which each line has."""
    distinct = column.unique().sort()
    lookup = pl.DataFrame({"value": distinct, "code": np.arange(len(distinct), dtype=np.int64)})
    joined = pl.DataFrame({"value": column}).join(lookup, on="value", how="left", maintain_order="left")
    return distinct.to_list(), joined["code"].to_numpy()


def _filled(values: np.ndarray, cell: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    table = np.zeros(int(np.prod(shape)))
    table[cell] = values
    return table.reshape(shape)


def _classes(frame: pl.DataFrame) -> tuple[np.ndarray | None, int, np.ndarray | None]:
    """Labels and predictions of every line as classes, in one order."""
    if not {"label", "prediction"} <= set(frame.columns):
        return None, 0, None
    label, prediction = (frame[name].cast(pl.String) for name in ("label", "prediction"))
    per_example = frame.select("example", label).unique().height
    if per_example > frame["example"].n_unique():
        raise InputError(
            "an example has several labels", "outcomes", "one label an example, the same for every variant and seed"
        )
    if not set(label.unique()) & set(prediction.unique()):
        some = f"{prediction[0]!r} and {label[0]!r}"
        hint = f"write both alike; for example {some}"
        raise InputError("no prediction is one of the labels", "outcomes", hint)
    names, codes = _coded(pl.concat([label, prediction]))
    return codes[: len(label)], len(names), codes[len(label) :].astype(np.float64)


def _floats(frame: pl.DataFrame, name: str) -> pl.Series:
    """Float64, all of them finite. Raises InputError with the first lines that are not."""
    try:
        values = frame[name].cast(pl.Float64)
    except pl.exceptions.PolarsError as error:
        raise InputError(f"{name} holds texts that are no numbers", "outcomes", "write 0.931, not 93.1 %") from error
    odd = np.flatnonzero(~np.isfinite(values.to_numpy()))
    if len(odd):
        keys = [key for key in ("variant", "seed", "example") if key in frame.columns]
        some = "; ".join(" ".join(f"{key} {frame[key][int(k)]}" for key in keys) for k in odd[:MOST_NAMED].tolist())
        hint = "score a run that diverged as the majority class, and leave a run that was lost out"
        raise InputError(f"{len(odd):,} values of {name} are not finite ({some})", "outcomes", hint)
    return values


def _check_complete(
    there: np.ndarray, runs: np.ndarray, arms: Sequence[Any], seeds: Sequence[Any], examples: Sequence[Any]
) -> None:
    """Every run has every example. Raises InputError."""
    holes: np.ndarray = runs[:, :, None] & ~there
    if not holes.any():
        return
    problems: list[Problem] = []
    for k, j in np.argwhere(holes.any(axis=2))[:MOST_NAMED].tolist():
        missing = np.flatnonzero(holes[k, j])
        named = ", ".join(str(examples[e]) for e in missing[:MOST_NAMED].tolist())
        what = f"variant {arms[k]}, seed {seeds[j]} lacks {len(missing):,} of {len(examples):,} examples ({named} …)"
        problems.append(Problem(what, "outcomes", "score every run on the same rows, or leave the run out"))
    raise InputError(problems)


def _refuse_twice(shown: pl.DataFrame, keys: tuple[str, ...], many: int | None = None) -> None:
    some = "; ".join(" ".join(f"{key} {row[key]}" for key in keys) for row in shown.head(MOST_NAMED).to_dicts())
    raise InputError(
        f"{many or shown.height:,} of (" + ", ".join(keys) + f") stand there twice ({some})",
        "outcomes",
        "keep one line for each",
    )
