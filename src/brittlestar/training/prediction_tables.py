"""One table of given predictions in canonical columns, whatever its columns are called, or every problem with it."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from brittlestar.core.errors import Problem
from brittlestar.core.suggesting import suggest
from brittlestar.data.columns import as_sequences, as_text
from brittlestar.data.files import read_file
from brittlestar.data.tables import Table, format_count, format_list, separator_hint
from brittlestar.study.names import PREDICTION_ROLES, canonical_split
from brittlestar.study.settings import Columns
from brittlestar.training.prediction_sources import PredictionSource

OPTION = "--preds-columns"
_SYNONYMS = {
    "id": ("ids", "uid", "uuid", "guid", "idx", "index", "key", "row_id", "example_id", "example"),
    "prediction": ("predictions", "pred", "preds", "predicted", "predicted_label", "y_pred", "yhat", "y_hat", "output"),
}
_SHOWN = 10  # a sentence that a person reads


@dataclass(frozen=True)
class Header:
    """What the columns of predictions are called: `given` by role as somebody said it, `data` those of the data, and
    the `classes` that may have a column of probabilities."""

    classes: tuple[str, ...]
    given: Mapping[str, str] = field(default_factory=dict[str, str])
    data: Columns = field(default_factory=Columns)

    @property
    def probabilities(self) -> tuple[str, ...]:
        """The roles of the columns of probabilities, in the order of the classes."""
        return tuple(f"p_{name}" for name in self.classes)

    def chosen(self, names: Sequence[str]) -> dict[str, str]:
        """The column for each role that a table with these names has: as somebody said, else of the role's own name,
        else of the name that the data have for it."""
        data = {"id": self.data.id, "sequence": self.data.sequence, "label": self.data.label}
        taken = set(self.given.values())
        found: dict[str, str] = {}
        for role in (*PREDICTION_ROLES, *self.probabilities):
            also = {"variant": ("variant", "arm")}.get(role, (role, data.get(role, role)))
            free = [name for name in also if name in names and name not in taken]
            name = self.given.get(role, free[0] if free else None)
            if name is not None:
                found[role] = name
                taken.add(name)
        return found


@dataclass(frozen=True)
class PredictionTable:
    """Text columns by role, except `seed` (int64) and `p_CLASS` (float64), with the `file` and the `row` (from 0) that
    each row comes from. `unread` are the columns that mean nothing here."""

    source: PredictionSource
    raw: Table
    frame: pl.DataFrame
    unread: tuple[str, ...]


def read_table(source: PredictionSource, header: Header, problems: list[Problem]) -> PredictionTable | None:
    """One table in canonical columns; None after a problem. A missing column `split` means `test`."""
    raw = _raw(source, problems)
    if raw is None:
        return None
    names = raw.frame.columns
    chosen = header.chosen(names)
    before = len(problems)
    problems += [*_find_misnamed(raw, header), *_lacking(raw, header, chosen)]
    if len(problems) > before:
        return None
    if raw.frame.is_empty():
        problems.append(Problem("the predictions have no rows", raw.where))
        return None
    columns = [_column(raw, role, name, problems) for role, name in chosen.items()]
    if len(problems) > before:
        return None
    frame = pl.DataFrame([column for column in columns if column is not None])
    split = [] if "split" in chosen else [pl.lit("test").alias("split")]
    seed = [] if "seed" in chosen or source.seed is None else [pl.lit(source.seed, pl.Int64).alias("seed")]
    frame = frame.with_columns(*split, *seed, pl.lit(source.name).alias("file")).with_row_index("row")
    told = {*chosen.values(), header.data.sequence, header.data.group, ""}
    return PredictionTable(source, raw, frame, tuple(name for name in names if name not in told))


def _raw(source: PredictionSource, problems: list[Problem]) -> Table | None:
    if source.table is not None:
        return source.table
    if not Path(source.name).exists():
        problems.append(Problem("the predictions file does not exist", source.name))
        return None
    table, found = read_file(Path(source.name), source.name)
    problems += [Problem(f"the predictions cannot be read: {one.what}", one.where, one.hint) for one in found]
    return table


def _find_misnamed(raw: Table, header: Header) -> list[Problem]:
    """Names that somebody gave and that are no column here, or name no class, and columns that stand here twice."""
    names = raw.frame.columns
    problems: list[Problem] = []
    for role, name in header.given.items():
        if role not in PREDICTION_ROLES and role not in header.probabilities:
            what = f"{role} names no class of train ({format_list(header.classes, _SHOWN)})"
            problems.append(Problem(what, OPTION))
        elif name not in names:
            near = suggest(name, names)
            hint = f"it has {format_list(names, _SHOWN)}{'; ' * bool(near)}{near}"
            problems.append(Problem(f"there is no column {name!r}, which {OPTION} names as {role}", raw.where, hint))
    twice = [name.removesuffix("_duplicated_0") for name in names if name.endswith("_duplicated_0")]
    problems += [Problem(f"two columns are named {name!r}", raw.where, "rename one of them") for name in twice]
    return problems


def _lacking(raw: Table, header: Header, chosen: Mapping[str, str]) -> list[Problem]:
    names = raw.frame.columns
    present = [role for role in header.probabilities if role in chosen]
    lacking = [role for role in header.probabilities if role not in chosen]
    problems: list[Problem] = []
    needed = [role for role in ("id", "prediction") if role not in chosen]
    meant = {role: name for role in needed if (name := _meant(role, names, chosen))}
    option = f"{OPTION} {','.join(f'{role}={name}' for role, name in {**header.given, **meant}.items())}"
    if "id" in meant:
        problems.append(Problem("there is no column 'id'", raw.where, f"did you mean {meant['id']!r}? {option}"))
    if present and lacking:
        what = f"the columns {lacking[:_SHOWN]} are missing beside {present[:_SHOWN]}"
        problems.append(Problem(what, raw.where, "give a probability for every class of train, or for none"))
    elif "prediction" not in chosen and not present and "prediction" not in header.given:
        naming = f"it has {format_list(names, _SHOWN)}; name yours: {OPTION} prediction=NAME"
        guess = f"did you mean {meant['prediction']!r}? {option}" if "prediction" in meant else ""
        hint = separator_hint(names) or guess or naming
        problems.append(Problem("there is no column 'prediction'", raw.where, hint))
    strangers = [name for name in names if name.startswith("p_") and name not in chosen.values()]
    if strangers:
        hint = f"the classes of train are {list(header.classes)[:_SHOWN]}"
        problems.append(Problem(f"the columns {strangers[:_SHOWN]} name no class of train", raw.where, hint))
    return problems


def _meant(role: str, names: Sequence[str], chosen: Mapping[str, str]) -> str:
    """The column that looks like this role and has no other, or the empty text."""
    free = {name.strip().lower(): name for name in names if name not in chosen.values()}
    known = next((free[one] for one in (role, *_SYNONYMS[role]) if one in free), None)
    near = difflib.get_close_matches(role, list(free), 1, cutoff=0.8)
    return known or (free[near[0]] if near else "")


def _column(raw: Table, role: str, name: str, problems: list[Problem]) -> pl.Series | None:
    """One column as its role needs it, with no gaps; None after a problem."""
    given = raw.frame[name]
    if role == "sequence":
        text = as_sequences(given)
        if text is not None:
            text = text.list.join(" ") if isinstance(text.dtype, pl.List) else text
            return text.fill_null("").rename(role)
    else:
        text = as_text(given)
    if text is None:
        kind = "values of several kinds" if given.dtype == pl.Object else str(given.dtype)
        problems.append(Problem(f"column {name!r} holds {kind}, not text", raw.where))
        return None
    if role == "seed":
        column, wanted = text.cast(pl.Int64, strict=False), "a whole number from 0"
        bad = (column < 0).fill_null(True)
    elif role.startswith("p_"):
        numeric = given.dtype.is_numeric()
        column, wanted = (given if numeric else text).cast(pl.Float64, strict=False), "a number"
        bad = column.is_null()
    elif role == "split":
        named = {name: canonical_split(name) for name in text.drop_nulls().unique().to_list()}
        column, wanted = text.replace(named), "a value"
        bad = (text.str.strip_chars() == "").fill_null(True)
    else:
        column, wanted = text, "a value"
        bad = (text.str.strip_chars() == "").fill_null(True)
    if bad.any():
        rows = bad.arg_true().to_list()
        what = f"column {name!r} has {format_count(len(rows), 'row')} without {wanted}"
        value = given[rows[0]]
        first = f"the first is {raw.rows(rows[:1])}{'' if value is None else f', {value!r}'}"
        problems.append(Problem(f"{what}: {first}", raw.at(rows)))
        return None
    return column.rename(role)
