"""Where rows of given predictions stand, and what is wrong with some of them, as people read it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from brittlestar.core.errors import Problem
from brittlestar.data.tables import Table

SHOWN = 10  # a sentence that a person reads: names
SHOWN_LONG, SHORT = 3, 24  # a sentence that a person reads: long names
_LONGEST = 60  # a sentence that a person reads
_SEED = re.compile(r", seed \d+")
_PLACES = re.compile(r" \((?:[^()]*: )?lines? [^()]*\)$")


@dataclass(frozen=True)
class Place:
    """Which rows of predictions are read: `where` for people, and the raw tables by the name in the column `file`."""

    where: str
    tables: Mapping[str, Table]

    def lines(self, rows: pl.DataFrame) -> str:
        """` (lines 3, 7)`, or ` (one.csv: line 3; two.csv: line 3)` for rows of several files; nothing for rows that
        stand in no file."""
        if not {"file", "row"} <= set(rows.columns) or rows["file"].null_count():
            return ""
        by_file = {str(file): part["row"].to_list() for (file,), part in rows.group_by("file", maintain_order=True)}
        notes = [(file, self.tables[file].rows(sorted(found))) for file, found in by_file.items()]
        return f" ({notes[0][1] if len(notes) == 1 else '; '.join(f'{file}: {text}' for file, text in notes)})"

    def find_problems(self, rows: pl.DataFrame, what: tuple[str, str], hint: str, named: str = "id") -> list[Problem]:
        """`N WHAT: names (lines …)`, if there are any rows. `what` is singular and plural, `named` the column with the
        names."""
        if rows.is_empty():
            return []
        names = rows[named].unique(maintain_order=True).to_list()
        short = [brief(name) for name in names[:SHOWN]]
        most = SHOWN if max(map(len, short)) <= SHORT else SHOWN_LONG
        shown = f"{', '.join(short[:most])}{', …' * (len(names) > most)}{self.lines(rows)}"
        return [Problem(f"{len(names):,} {what[len(names) > 1]}: {shown}", self.where, hint)]


def join_seeds(problems: Sequence[Problem]) -> list[Problem]:
    """The problems, each once where it is that of several seeds of a variant but for the lines where it stands."""
    seeds: dict[tuple[str, ...], list[Problem]] = {}
    for problem in problems:
        of_files = (
            _PLACES.sub("", problem.what),
            _SEED.sub("", problem.where.partition(", variant ")[2]) or problem.where,
        )
        seeds.setdefault((*of_files, problem.hint), []).append(problem)
    found: list[Problem] = []
    for first, *others in seeds.values():
        more = f" and {len(others)} more" if others else ""
        found.append(replace(first, where=_SEED.sub(rf"\g<0>{more}", first.where)))
    return found


def brief(value: object) -> str:
    """A value as a sentence can hold it."""
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
