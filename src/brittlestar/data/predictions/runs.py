"""Predictions that somebody else's code has made, as runs: read, matched to rows, or refused. Every verb's door."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import polars as pl

from brittlestar.core.errors import InputError, Problem, read_all
from brittlestar.core.splits import headline_split
from brittlestar.data.predictions.columns import PredictionTable, read_table
from brittlestar.data.predictions.header import Header
from brittlestar.data.predictions.places import join_seeds
from brittlestar.data.predictions.probabilities import GivenRun, read_split
from brittlestar.data.predictions.row_matching import DataRows
from brittlestar.data.predictions.sources import PredictionSource
from brittlestar.data.sources import SplitFrames
from brittlestar.data.tables import format_list
from brittlestar.study.settings import Columns

_NUMBER = re.compile(r"[-_. ]*(?:seed|run)?[-_. ]*[0-9]+$", re.IGNORECASE)


def read_predictions(
    sources: Sequence[PredictionSource],
    frames: Mapping[str, pl.DataFrame],
    classes: Sequence[str],
    columns: Mapping[str, str] | None = None,
    data_columns: Columns | None = None,
    abstain: str | None = None,
) -> dict[tuple[str, int], GivenRun]:
    """Read tables with the columns `id,split,variant,seed,prediction[,p_CLASS…][,label]` (or `sequence` for `id`).

    `frames[split]` has the columns id, sequence and label of the data, `classes` are the sorted labels of train.
    `columns` names columns of the predictions by role, `data_columns` those of the data. A missing column `split`
    means test (dev where there is none), a missing `variant` (or `variant`) the name of the file or object, without the
    number of a seed where files differ in nothing else (`mine_0.csv`, `mine_1.csv`), a missing `seed` 0, 1, … over the
    tables of one variant; columns that hold the ids, sequences or labels of the data under other names are found;
    `prediction` may be missing when every class has its `p_CLASS`, or be a list of them. Rows without ids are matched
    by sequence where sequences of the split are unique, else by order, which a note says. A variant must cover every
    row of a split that it speaks of, once. A predicted label that train lacks counts as wrong and is noted, and so does
    `abstain`, a label that no split has.

    By variant, as they were given, and seed. Raises InputError with every problem of every table.
    """
    if not sources:
        raise InputError("no predictions file was given", "model.predictions")
    problems = [
        Problem(f"this file is given {times} times", place, "give each file once")
        for place, times in Counter(one.name for one in sources).items()
        if times > 1
    ]
    numbered = frames.numbered if isinstance(frames, SplitFrames) else ()
    spoken_of = headline_split({name: frame.height for name, frame in frames.items()}) or "test"
    rows = DataRows.of(frames)
    if abstain in rows.labels:
        what = f"{abstain!r} is a label of the data, so a prediction of it may be right"
        raise InputError(what, "--abstain", "name the label that stands for no answer")
    header = Header(tuple(classes), dict(columns or {}), data_columns or Columns(), numbered, spoken_of, rows, abstain)
    tables = read_all(lambda one: read_table(one, header), sources, problems)
    raw = {table.source.name: table.raw for table in tables}

    def read_run(run: pl.DataFrame) -> GivenRun:
        parts = read_all(lambda part: read_split(part, header, raw), run.partition_by("split", maintain_order=True))
        answers = {split: table for one in parts for split, table in one.probabilities.items()}
        notes = (*_notes(tables, run), *idle, *(note for one in parts for note in one.notes))
        return GivenRun(parts[0].name, parts[0].seed, answers, frozenset().union(*(one.hard for one in parts)), notes)

    together = pl.concat(_name_runs(tables), how="diagonal")
    answered = together["prediction"] if "prediction" in together.columns else pl.Series(dtype=pl.String)
    idle = [] if abstain is None or abstain in answered else [f"no prediction is {abstain!r}, so none abstains"]
    found = together.partition_by("variant", "seed", as_dict=True, maintain_order=True)
    try:
        given = [*dict.fromkeys(variant for variant, _ in found)]
        runs = read_all(lambda key: read_run(found[key]), sorted(found, key=lambda key: (given.index(key[0]), key[1])))
    except InputError as error:
        raise InputError(join_seeds(error.problems)) from None
    return {(one.name, one.seed): one for one in runs}


Given = Mapping[tuple[str, int], GivenRun]
"""Given predictions by variant and seed."""


def list_notes(given: Given) -> tuple[str, ...]:
    """What there is to say of how predictions were read, each sentence once."""
    return tuple(dict.fromkeys(note for run in given.values() for note in run.notes))


def _notes(tables: Sequence[PredictionTable], rows: pl.DataFrame) -> list[str]:
    """Notes on columns that mean nothing and on how tables were read, the same for all seeds of a variant where their
    files have the same."""
    files = set(rows["file"].unique().to_list())
    names = dict.fromkeys(name for table in tables if table.source.name in files for name in table.unread)
    unread = [f"columns of the predictions that are not read: {format_list(list(names), 5)}"] if names else []
    return [*unread, *dict.fromkeys(note for table in tables if table.source.name in files for note in table.notes)]


def _name_runs(tables: Sequence[PredictionTable]) -> list[pl.DataFrame]:
    """Tables without a variant are named after themselves, and are one variant where their names differ in a last
    number alone. Those without a seed are numbered within their variant, and within their split where the place named
    one, in the order given."""
    nameless = [table.source.stem for table in tables if "variant" not in table.frame.columns]
    shared = Counter(_NUMBER.sub("", stem) for stem in nameless)
    counts: Counter[tuple[str, str | None]] = Counter()
    done: list[pl.DataFrame] = []
    for table in tables:
        frame, stem, split = table.frame, table.source.stem, table.source.split
        if "variant" not in frame.columns:
            together = _NUMBER.sub("", stem)
            name = together if together and shared[together] > 1 else stem
            frame = frame.with_columns(pl.lit(name).alias("variant"))
        if "seed" not in frame.columns:
            seeds = {variant: counts[variant, split] for variant in frame["variant"].unique().to_list()}
            counts.update((variant, split) for variant in seeds)
            numbered = pl.col("variant").replace_strict(seeds, return_dtype=pl.Int64)
            frame = frame.with_columns(numbered.alias("seed"))
        done.append(frame)
    return done
