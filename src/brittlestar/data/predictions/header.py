"""Which column of a table of predictions means what, whatever it is called, and what is wrong with the names."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from brittlestar.core.errors import Problem
from brittlestar.core.foreign_names import COLUMN_NAMES
from brittlestar.core.texts import suggest
from brittlestar.data.predictions.places import SHOWN
from brittlestar.data.predictions.row_matching import DataRows
from brittlestar.data.tables import Table, as_text, format_list, separator_hint
from brittlestar.study.names import PREDICTION_ROLES
from brittlestar.study.settings import Columns

OPTION = "--preds-columns"


def name_numbers(classes: Sequence[str]) -> str:
    """Which class a number stands for where sorted names are numbered, as scikit-learn does; another order may be
    meant."""
    shown = [f"{number} is {name}" for number, name in enumerate(classes)]
    return f"in their sorted order, which LabelEncoder takes, {format_list(shown, SHOWN)}"


@dataclass(frozen=True)
class Header:
    """What the columns of predictions are called: `given` by role as somebody said it, `data` those of the data, and
    the `classes` that may have a column of probabilities. `numbered` are the names of classes by their number, of data
    that number them; rows that name no split belong to `split`. `rows` are those that the predictions are of, and
    `abstain` is the label that names no class and is wrong."""

    classes: tuple[str, ...]
    given: Mapping[str, str]
    data: Columns
    numbered: tuple[str, ...]
    split: str
    rows: DataRows
    abstain: str | None = None

    @cached_property
    def known(self) -> frozenset[str]:
        """Every label that may be predicted."""
        return self.rows.labels.union(self.classes, [] if self.abstain is None else [self.abstain])

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


def find_held(frame: pl.DataFrame, header: Header, chosen: Mapping[str, str]) -> dict[str, str]:
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
        known = header.rows.held[role] if values else frozenset[str]()
        shares = {name: len(own & known) / len(own) for name, own in values.items() if own}
        best = max(shares, key=lambda name: shares[name], default=None)
        if best is not None and 2 * shares[best] >= 1:
            found[role] = best
    meant = "" if "label" in chosen else _meant("label", list(values), {**chosen, **found})
    if meant and values[meant] and values[meant] <= header.rows.labels:
        found["label"] = meant
    return found


def find_misnamed(raw: Table, header: Header) -> Iterator[Problem]:
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


def find_lacking(raw: Table, header: Header, chosen: Mapping[str, str]) -> Iterator[Problem]:
    """Roles that no column has, though predictions need them, and columns of classes that train lacks."""
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
        asked = [name.removeprefix("p_") for name in strangers]
        if lacks := sorted(header.rows.labels.intersection(asked).difference(header.classes)):
            named = format_list(lacks, SHOWN)
            hint = f"train has no row of {named}, which another split has: add some, or leave its column out"
        elif set(asked) <= set(map(str, range(len(header.classes)))):
            hint = f"name the columns by the classes: {name_numbers(header.classes)}"
        yield Problem(f"the columns {strangers[:SHOWN]} name no class of train", raw.where, hint)


def _meant(role: str, names: Sequence[str], chosen: Mapping[str, str]) -> str:
    """The column that looks like this role and has no other, or the empty text."""
    free = {name.strip().lower(): name for name in names if name not in chosen.values()}
    known = next((free[one] for one in (role, *COLUMN_NAMES[role]) if one in free), None)
    near = difflib.get_close_matches(role, list(free), 1, cutoff=0.8)
    return known or (free[near[0]] if near else "")
