"""Given predictions: what their columns are called, which classes they mean, and what does not fit the data."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from brittlestar.core.errors import InputError, Problem
from brittlestar.data.tables import Table, format_count, format_list
from brittlestar.study.names import PREDICTION_ROLES
from brittlestar.study.settings import Columns

SHOWN, SHOWN_LONG, SHORT = 10, 3, 24  # a sentence that a person reads: names, and long ones
_LONGEST = 60  # a sentence that a person reads
_SEED = re.compile(r", seed \d+")
_PLACES = re.compile(r" \((?:[^()]*: )?lines? [^()]*\)$")


class Complaints:
    """Collects problems. `tables` are the raw tables by the name in the column `file` of the rows."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self.problems: list[Problem] = []
        self._tables = tables

    def refuse(self, rows: pl.DataFrame, what: tuple[str, str], where: str, hint: str, named: str = "id") -> None:
        """`N WHAT: names (lines …)` for rows, if there are any. `what` is singular and plural, `named` the column with
        the names; rows that stand in no file have no place."""
        if len(rows):
            names = rows[named].unique(maintain_order=True).to_list()
            brief_names = [brief(name) for name in names[:SHOWN]]
            most = SHOWN if max(map(len, brief_names)) <= SHORT else SHOWN_LONG
            shown = ", ".join(brief_names[:most])
            more = ", …" if len(names) > most else ""
            said = f"{len(names):,} {what[0] if len(names) == 1 else what[1]}: {shown}{more}{self.places(rows)}"
            self.problems.append(Problem(said, where, hint))

    def places(self, rows: pl.DataFrame) -> str:
        """` (lines 3, 7)`, or ` (one.csv: line 3; two.csv: line 3)` for rows of several files."""
        if not {"file", "row"} <= set(rows.columns) or rows["file"].null_count():
            return ""
        by_file = {str(file): part["row"].to_list() for (file,), part in rows.group_by("file", maintain_order=True)}
        told = [(file, self._tables[file].rows(sorted(found))) for file, found in by_file.items()]
        return f" ({told[0][1] if len(told) == 1 else '; '.join(f'{file}: {text}' for file, text in told)})"

    def refuse_pairs(
        self, rows: pl.DataFrame, what: tuple[str, str], where: str, hint: str, pair: tuple[str, str]
    ) -> None:
        """`N WHAT: line 3 has 'x', the data 'y'` for rows where two columns should be the same; the first few."""
        if len(rows):
            mine, theirs = pair
            first = [
                f"{self.places(row).strip(' ()')} has {brief(row[mine][0])!r}, the data {brief(row[theirs][0])!r}"
                for row in (rows[k] for k in range(min(3, len(rows))))
            ]
            more = "; …" if len(rows) > 3 else ""
            said = f"{len(rows):,} {what[0] if len(rows) == 1 else what[1]}: {'; '.join(first)}{more}"
            self.problems.append(Problem(said, where, hint))


@dataclass(frozen=True)
class Header:
    """What the columns of predictions are called: `given` by role as somebody said it, `data` those of the data, and
    the `classes` that may have a column of probabilities. `numbered` are the names of classes by their number, of data
    that number them; rows that name no split belong to `split`. `held` are the values of the data by role: `id` (where
    they are more than row numbers), `sequence` and `label`."""

    classes: tuple[str, ...]
    given: Mapping[str, str] = field(default_factory=dict[str, str])
    data: Columns = field(default_factory=Columns)
    numbered: tuple[str, ...] = ()
    split: str = "test"
    held: Mapping[str, frozenset[str]] = field(default_factory=dict[str, "frozenset[str]"])

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


def order_of_classes(classes: Sequence[str], numbered: Sequence[str], width: int) -> tuple[list[str], str]:
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


def spread_classes(rows: pl.Series, order: Sequence[str]) -> list[pl.Series]:
    """A column of equally long lists of numbers as a column `p_CLASS` for each position."""
    flat = rows.explode(empty_as_null=False).cast(pl.Float64).to_numpy().reshape(len(rows), len(order))
    return [pl.Series(f"p_{name}", flat[:, place]) for place, name in enumerate(order)]


def name_numbers(labels: pl.Series, numbered: Sequence[str]) -> pl.Series:
    """Labels that are all numbers of a dataset's class names as these names; any others as they are."""
    names = {str(number): name for number, name in enumerate(numbered)}
    given = set(labels.unique().to_list())
    return labels.replace_strict(names) if given and given <= names.keys() - set(numbered) else labels


def join_seeds(problems: Sequence[Problem]) -> list[Problem]:
    """The problems, each once where it is that of several seeds of a variant but for the lines where it stands."""
    seeds: dict[tuple[str, ...], list[Problem]] = {}
    for one in problems:
        of_files = _PLACES.sub("", one.what), _SEED.sub("", one.where.partition(", variant ")[2]) or one.where
        seeds.setdefault((*of_files, one.hint), []).append(one)
    found: list[Problem] = []
    for first, *others in seeds.values():
        more = f" and {len(others)} more" if others else ""
        found.append(replace(first, where=_SEED.sub(rf"\g<0>{more}", first.where)))
    return found


def brief(value: object) -> str:
    """A value as a sentence can hold it."""
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
