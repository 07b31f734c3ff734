"""One table of given predictions in canonical columns, whatever its columns are called, or every problem with it."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from brittlestar.core.errors import InputError, Problem, read_all
from brittlestar.core.foreign_names import COLUMN_NAMES
from brittlestar.core.texts import suggest, suggest_file
from brittlestar.data.files import read_file
from brittlestar.data.tables import Table, as_sequences, as_text, format_count, format_list, separator_hint
from brittlestar.study.names import PREDICTION_ROLES, canonical_split
from brittlestar.study.settings import Columns
from brittlestar.training.prediction_sources import PredictionSource

OPTION = "--preds-columns"
SHOWN = 10  # a sentence that a person reads: names


@dataclass(frozen=True)
class PredictionTable:
    """Text columns by role, except `seed` (int64) and `p_CLASS` (float64), with the `file` and the `row` (from 0) that
    each row comes from. `unread` are the columns that mean nothing here, `notes` say how the others were read."""

    source: PredictionSource
    raw: Table
    frame: pl.DataFrame
    unread: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Header:
    """What the columns of predictions are called: `given` by role as somebody said it, `data` those of the data, and
    the `classes` that may have a column of probabilities. `numbered` are the names of classes by their number, of data
    that number them; rows that name no split belong to `split`. `held` are the values of the data by role: `id` (where
    they are more than row numbers), `sequence` and `label`."""

    classes: tuple[str, ...]
    given: Mapping[str, str]
    data: Columns
    numbered: tuple[str, ...]
    split: str
    held: Mapping[str, frozenset[str]]

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


def read_table(source: PredictionSource, header: Header) -> PredictionTable:
    """One table in canonical columns. Without a column `split`, rows belong to the split of the source, else to that of
    the header. Raises InputError with every problem."""
    raw, note = _spread_lists(_read_raw(source), header)
    names = raw.frame.columns
    chosen = header.chosen(names)
    held = _find_held(raw.frame, header, chosen)
    chosen |= held
    if problems := [*_find_misnamed(raw, header), *_lacking(raw, header, chosen)]:
        raise InputError(problems)
    if raw.frame.is_empty():
        raise InputError("the predictions have no rows", raw.where)
    shares = [chosen[role] for role in header.probabilities if role in chosen and "prediction" in chosen]
    bare = _find_bare_rows(raw, shares)
    frame = pl.DataFrame(read_all(lambda role: _read_column(raw, role, chosen[role], bare), chosen))
    for role in {"prediction", "label"} & set(frame.columns):
        named = _name_numbers(frame[role], header.numbered)
        if role == "prediction" and named is not frame[role] and not named.equals(frame[role]):
            note = f"numbers of classes are the data's class names: {format_list(header.numbered, 5)}"
        frame = frame.with_columns(named.alias(role))
    split = [] if "split" in chosen else [pl.lit(source.split or header.split).alias("split")]
    frame = frame.with_columns(*split, pl.lit(source.name).alias("file")).with_row_index("row")
    told = {*chosen.values(), header.data.sequence, header.data.group, ""}
    notes = [
        *raw.placed_notes,
        note,
        *(f"column {name!r} holds the {role}s of the data" for role, name in held.items()),
    ]
    return PredictionTable(source, raw, frame, tuple(n for n in names if n not in told), tuple(filter(None, notes)))


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


def _read_raw(source: PredictionSource) -> Table:
    if source.table is not None:
        return source.table
    if not Path(source.name).exists():
        raise InputError("the predictions file does not exist", source.name, suggest_file(source.name))
    try:
        return read_file(Path(source.name), source.name)
    except InputError as error:
        notes = [replace(problem, what=f"the predictions cannot be read: {problem.what}") for problem in error.problems]
        raise InputError(notes) from None


def _spread_lists(raw: Table, header: Header) -> tuple[Table, str]:
    """The table with a column for each class, where its prediction is a list of probabilities, and a note on them."""
    name = header.chosen(raw.frame.columns).get("prediction")
    if name is None or not isinstance(raw.frame.schema.get(name), pl.List | pl.Array) or raw.frame.is_empty():
        return raw, ""
    rows = raw.frame[name]
    lists = rows.arr.to_list() if isinstance(rows.dtype, pl.Array) else rows
    widths = lists.list.len().unique(maintain_order=True).to_list()
    flat = lists.explode(empty_as_null=False)
    if not (flat.dtype.is_numeric() or flat.dtype == pl.Boolean) or len(widths) != 1:
        return raw, ""  # who reads the column says what it holds
    try:
        order, note = _order_classes(header.classes, header.numbered, int(widths[0] or 0))
    except InputError as error:
        raise error.with_place(raw.where) from None
    if twice := [f"p_{one}" for one in order if f"p_{one}" in raw.frame.columns]:
        what = f"probabilities stand twice: as lists in {name}, and in {format_list(twice, SHOWN)}"
        raise InputError(what, raw.where, "leave one of the two out")
    table = flat.cast(pl.Float64).to_numpy().reshape(len(lists), len(order))
    columns = [pl.Series(f"p_{one}", table[:, place]) for place, one in enumerate(order)]
    return replace(raw, frame=pl.DataFrame([*raw.frame.drop(name).get_columns(), *columns])), note


def _order_classes(classes: Sequence[str], numbered: Sequence[str], width: int) -> tuple[list[str], str]:
    """(the class of each column of an array of `width` columns, a note or the empty text).

    The order is that of the sorted labels of train; of datasets that number their classes, that of the numbers. Raises
    InputError where another number of columns is given, and where labels are numbers that text sorts otherwise.
    """
    known = [name for name in numbered if name in classes]
    order = known if len(known) == len(classes) else list(classes)
    if width != len(classes):
        absent = [name for name in numbered if name not in classes] if width == len(numbered) else []
        lacks = f"; train has no row of {format_list(absent, SHOWN)}" if absent else ""
        many = format_count(width, "probability in each row", "probabilities in each row")
        what = f"{many}, and {len(classes):,} classes ({format_list(order, SHOWN)}){lacks}"
        raise InputError(what, hint="give a column for each class of train, in this order")
    if order is not known and order != _by_number(order):
        what = f"as numbers the classes have another order than as text ({format_list(order, SHOWN)})"
        raise InputError(what, hint="give a frame with a column p_CLASS for each class")
    if order is known and order != list(classes):
        return order, f"columns of probabilities are in the order of the data's class names: {format_list(order, 5)}"
    return order, ""


def _by_number(classes: Sequence[str]) -> list[str]:
    """Sorted by value where all are numbers, else as they are."""
    try:
        return sorted(classes, key=float)
    except ValueError:
        return list(classes)


def _name_numbers(labels: pl.Series, numbered: Sequence[str]) -> pl.Series:
    """Labels that are all numbers of a dataset's class names as these names; any others as they are."""
    names = {str(number): name for number, name in enumerate(numbered)}
    given = set(labels.unique().to_list())
    return labels.replace_strict(names) if given and given <= names.keys() - set(numbered) else labels


def _find_misnamed(raw: Table, header: Header) -> Iterator[Problem]:
    """Names that somebody gave and that are no column here, or name no class, and columns that stand here twice."""
    names = raw.frame.columns
    for role, name in header.given.items():
        if role not in PREDICTION_ROLES and role not in header.probabilities:
            what = f"{role} names no class of train ({format_list(header.classes, SHOWN)})"
            yield Problem(what, OPTION)
        elif name not in names:
            near = suggest(name, names)
            hint = f"it has {format_list(names, SHOWN)}{'; ' * bool(near)}{near}"
            yield Problem(f"there is no column {name!r}, which {OPTION} names as {role}", raw.where, hint)
    for name in (one.removesuffix("_duplicated_0") for one in names if one.endswith("_duplicated_0")):
        yield Problem(f"two columns are named {name!r}", raw.where, "rename one of them")


def _lacking(raw: Table, header: Header, chosen: Mapping[str, str]) -> Iterator[Problem]:
    names = raw.frame.columns
    present = [role for role in header.probabilities if role in chosen]
    lacking = [role for role in header.probabilities if role not in chosen]
    needed = [role for role in ("id", "prediction") if role not in chosen]
    meant = {role: name for role in needed if (name := _meant(role, names, chosen))}
    option = f"{OPTION} {','.join(f'{role}={name}' for role, name in {**header.given, **meant}.items())}"
    if "id" in meant:
        yield Problem("there is no column 'id'", raw.where, f"did you mean {meant['id']!r}? {option}")
    if present and lacking:
        what = f"the columns {lacking[:SHOWN]} are missing beside {present[:SHOWN]}"
        yield Problem(what, raw.where, "give a probability for every class of train, or for none")
    elif "prediction" not in chosen and not present and "prediction" not in header.given:
        naming = f"it has {format_list(names, SHOWN)}; name yours: {OPTION} prediction=NAME"
        guess = f"did you mean {meant['prediction']!r}? {option}" if "prediction" in meant else ""
        log = "docs/start/predictions.md makes a table of lm-evaluation-harness's samples" if "resps" in names else ""
        hint = separator_hint(names) or guess or log or naming
        yield Problem("there is no column 'prediction'", raw.where, hint)
    strangers = [name for name in names if name.startswith("p_") and name not in chosen.values()]
    if strangers:
        hint = f"the classes of train are {list(header.classes)[:SHOWN]}"
        yield Problem(f"the columns {strangers[:SHOWN]} name no class of train", raw.where, hint)


def _meant(role: str, names: Sequence[str], chosen: Mapping[str, str]) -> str:
    """The column that looks like this role and has no other, or the empty text."""
    free = {name.strip().lower(): name for name in names if name not in chosen.values()}
    known = next((free[one] for one in (role, *COLUMN_NAMES[role]) if one in free), None)
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


def _read_column(raw: Table, role: str, name: str, bare: pl.Series) -> pl.Series:
    """One column as its role needs it, with no gaps but the probabilities of `bare` rows. Raises InputError."""
    given = raw.frame[name]
    if role == "sequence" and (text := as_sequences(given)) is not None:
        text = text.list.join(" ") if isinstance(text.dtype, pl.List) else text
        return text.fill_null("").rename(role)
    if (text := as_text(given)) is None:
        kind = "values of several kinds" if given.dtype == pl.Object else str(given.dtype)
        raise InputError(f"column {name!r} holds {kind}, not text", raw.where)
    if role == "seed":
        column, wanted = text.cast(pl.Int64, strict=False), "a whole number from 0"
        bad = (column < 0).fill_null(True)
    elif role.startswith("p_"):
        column = (given if given.dtype.is_numeric() else text).cast(pl.Float64, strict=False)
        bad, wanted = column.is_null() & ~bare, "a number"
    else:
        splits = text.drop_nulls().unique().to_list() if role == "split" else ()
        column, wanted = text.replace({name: canonical_split(name) for name in splits}), "a value"
        bad = (text.str.strip_chars() == "").fill_null(True) & (role != "label")  # rows of new_NAME have none
    if bad.any():
        rows = bad.arg_true().to_list()
        value = "" if given[rows[0]] is None else f", {given[rows[0]]!r}"
        what = f"column {name!r} has {format_count(len(rows), 'row')} without {wanted}: the first is "
        raise InputError(f"{what}{raw.rows(rows[:1])}{value}", raw.at(rows))
    return column.rename(role)
