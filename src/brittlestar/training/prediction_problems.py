"""What does not fit between predictions and data, each said with names, counts and places."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from brittlestar.core.errors import Problem
from brittlestar.data.tables import Table

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
