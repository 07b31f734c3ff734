"""One table of given predictions in canonical columns, whatever its columns are called, or every problem with it."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.foreign_names import list_names
from brittlestar.core.texts import suggest, suggest_file
from brittlestar.data.files import read_file
from brittlestar.data.tables import Table, as_sequences, as_text, format_count, format_list, separator_hint
from brittlestar.study.names import PREDICTION_ROLES, canonical_split
from brittlestar.training.prediction_header import SHOWN, Header, name_numbers, order_of_classes, spread_classes
from brittlestar.training.prediction_sources import PredictionSource

OPTION = "--preds-columns"


@dataclass(frozen=True)
class PredictionTable:
    """Text columns by role, except `seed` (int64) and `p_CLASS` (float64), with the `file` and the `row` (from 0) that
    each row comes from. `unread` are the columns that mean nothing here, `notes` say how the others were read."""

    source: PredictionSource
    raw: Table
    frame: pl.DataFrame
    unread: tuple[str, ...]
    notes: tuple[str, ...] = ()


def read_table(source: PredictionSource, header: Header, problems: list[Problem]) -> PredictionTable | None:
    """One table in canonical columns; None after a problem. Without a column `split`, rows belong to the split of the
    source, else to that of the header."""
    raw = _raw(source, problems)
    raw, note = (None, "") if raw is None else _spread(raw, header, problems)
    if raw is None:
        return None
    names = raw.frame.columns
    chosen = header.chosen(names)
    held = _find_held(raw.frame, header, chosen)
    chosen |= held
    before = len(problems)
    problems += [*_find_misnamed(raw, header), *_lacking(raw, header, chosen)]
    if len(problems) > before:
        return None
    if raw.frame.is_empty():
        problems.append(Problem("the predictions have no rows", raw.where))
        return None
    shares = [chosen[role] for role in header.probabilities if role in chosen and "prediction" in chosen]
    bare = _find_bare_rows(raw, shares)
    columns = [_column(raw, role, name, bare, problems) for role, name in chosen.items()]
    if len(problems) > before:
        return None
    frame = pl.DataFrame([column for column in columns if column is not None])
    for role in {"prediction", "label"} & set(frame.columns):
        named = name_numbers(frame[role], header.numbered)
        if role == "prediction" and named is not frame[role] and not named.equals(frame[role]):
            note = f"numbers of classes are the data's class names: {format_list(header.numbered, 5)}"
        frame = frame.with_columns(named.alias(role))
    split = [] if "split" in chosen else [pl.lit(source.split or header.split).alias("split")]
    frame = frame.with_columns(*split, pl.lit(source.name).alias("file")).with_row_index("row")
    told = {*chosen.values(), header.data.sequence, header.data.group, ""}
    unread = tuple(name for name in names if name not in told)
    notes = [
        *raw.placed_notes,
        note,
        *(f"column {name!r} holds the {role}s of the data" for role, name in held.items()),
    ]
    return PredictionTable(source, raw, frame, unread, tuple(filter(None, notes)))


def _find_held(frame: pl.DataFrame, header: Header, chosen: Mapping[str, str]) -> dict[str, str]:
    """Columns that hold what the data have, under names that are not known, by role: ids or else sequences, where half
    of the values or more are those of the data; labels, where all of them are and the name means labels."""
    if {"id", "label"} <= chosen.keys():
        return {}
    texts = {name: as_text(frame[name]) for name in frame.columns if name not in chosen.values()}
    values = {name: set(text.drop_nulls().to_list()) for name, text in texts.items() if text is not None}
    found: dict[str, str] = {}
    for role in ("id", "sequence"):
        if "id" in {*chosen, *found} or role in chosen:
            continue
        known = header.held.get(role, frozenset())
        shares = {name: len(own & known) / len(own) for name, own in values.items() if own}
        best = max(shares, key=lambda name: shares[name], default=None)
        if best is not None and 2 * shares[best] >= 1:
            found[role] = best
    meant = "" if "label" in chosen else _meant("label", list(values), {**chosen, **found})
    if meant and values[meant] and values[meant] <= header.held.get("label", frozenset()):
        found["label"] = meant
    return found


def _spread(raw: Table, header: Header, problems: list[Problem]) -> tuple[Table | None, str]:
    """The table with a column for each class, where its prediction is a list of probabilities, and a note on them."""
    name = header.chosen(raw.frame.columns).get("prediction")
    if name is None or not isinstance(raw.frame.schema.get(name), pl.List | pl.Array) or raw.frame.is_empty():
        return raw, ""
    rows = raw.frame[name]
    lists = rows.arr.to_list() if isinstance(rows.dtype, pl.Array) else rows
    widths = lists.list.len().unique(maintain_order=True).to_list()
    if not isinstance(lists.dtype, pl.List) or not lists.dtype.inner.is_numeric() or len(widths) != 1:
        return raw, ""  # who reads the column says what it holds
    try:
        order, note = order_of_classes(header.classes, header.numbered, int(widths[0] or 0))
    except InputError as error:
        problems += [Problem(one.what, raw.where, one.hint) for one in error.problems]
        return None, ""
    columns = [one for one in raw.frame.get_columns() if one.name != name]
    return replace(raw, frame=pl.DataFrame([*columns, *spread_classes(lists, order)])), note


def _raw(source: PredictionSource, problems: list[Problem]) -> Table | None:
    if source.table is not None:
        return source.table
    if not Path(source.name).exists():
        problems.append(Problem("the predictions file does not exist", source.name, suggest_file(source.name)))
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
            what = f"{role} names no class of train ({format_list(header.classes, SHOWN)})"
            problems.append(Problem(what, OPTION))
        elif name not in names:
            near = suggest(name, names)
            hint = f"it has {format_list(names, SHOWN)}{'; ' * bool(near)}{near}"
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
        what = f"the columns {lacking[:SHOWN]} are missing beside {present[:SHOWN]}"
        problems.append(Problem(what, raw.where, "give a probability for every class of train, or for none"))
    elif "prediction" not in chosen and not present and "prediction" not in header.given:
        naming = f"it has {format_list(names, SHOWN)}; name yours: {OPTION} prediction=NAME"
        guess = f"did you mean {meant['prediction']!r}? {option}" if "prediction" in meant else ""
        log = "docs/15-predictions.md makes a table of lm-evaluation-harness's samples" if "resps" in names else ""
        hint = separator_hint(names) or guess or log or naming
        problems.append(Problem("there is no column 'prediction'", raw.where, hint))
    strangers = [name for name in names if name.startswith("p_") and name not in chosen.values()]
    if strangers:
        hint = f"the classes of train are {list(header.classes)[:SHOWN]}"
        problems.append(Problem(f"the columns {strangers[:SHOWN]} name no class of train", raw.where, hint))
    return problems


def _meant(role: str, names: Sequence[str], chosen: Mapping[str, str]) -> str:
    """The column that looks like this role and has no other, or the empty text."""
    free = {name.strip().lower(): name for name in names if name not in chosen.values()}
    known = next((free[one] for one in (role, *list_names("columns", role)) if one in free), None)
    near = difflib.get_close_matches(role, list(free), 1, cutoff=0.8)
    return known or (free[near[0]] if near else "")


def _find_bare_rows(raw: Table, names: Sequence[str]) -> pl.Series:
    """bool (n_rows,): rows none of whose columns of probabilities, which have these names, has a value: an export
    writes runs so that gave labels alone."""
    texts = [as_text(raw.frame[name]) for name in names]
    empty = [text.fill_null("").str.strip_chars() == "" for text in texts if text is not None]
    whole = pl.Series([len(empty) == len(names) > 0]).new_from_index(0, raw.frame.height)
    for one in empty:
        whole &= one
    return whole


def _column(raw: Table, role: str, name: str, bare: pl.Series, problems: list[Problem]) -> pl.Series | None:
    """One column as its role needs it, with no gaps but the probabilities of `bare` rows; None after a problem."""
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
        bad = column.is_null() & ~bare
    else:
        splits = text.drop_nulls().unique().to_list() if role == "split" else ()
        column, wanted = text.replace({name: canonical_split(name) for name in splits}), "a value"
        blank = (text.str.strip_chars() == "").fill_null(True)
        bad = blank & (role != "label")  # rows of new_NAME have none
    if bad.any():
        rows = bad.arg_true().to_list()
        what = f"column {name!r} has {format_count(len(rows), 'row')} without {wanted}"
        value = given[rows[0]]
        first = f"the first is {raw.rows(rows[:1])}{'' if value is None else f', {value!r}'}"
        problems.append(Problem(f"{what}: {first}", raw.at(rows)))
        return None
    return column.rename(role)
