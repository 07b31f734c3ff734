"""True labels of changed rows: by the rule of a generated task, or by a function of the user's."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from brittlestar.core.errors import InputError, format_error
from brittlestar.data.factors import decompose
from brittlestar.data.spr.grammar import parse_rule
from brittlestar.data.spr.rule import Rule
from brittlestar.data.spr.symbols import ABSENT, COLOURS, SHAPES, SymbolRows
from brittlestar.data.written_rows import WrittenRows
from brittlestar.probes.task import Relabel

LABELS = ("0", "1")
PARTS = f"(?P<shape>[{SHAPES}])?(?P<colour>[{COLOURS}])?"
"""A token whose shape was taken off keeps its colour."""
LARGEST_BLOCK = 1 << 22  # budget: cells of a block of rows


def rule_beside(folder: Path) -> Rule | None:
    """The rule of generated data in `folder`, None where none was generated there."""
    try:
        about = json.loads((folder / "generation.json").read_bytes())
        return parse_rule(about["rule"]["text"]) if about.get("task") == "spr" else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, InputError):
        return None


def by_rule(rule: Rule, classes: Sequence[str]) -> Relabel:
    """Labels by the rule: class `1` where it accepts a row, `0` where not. Raises InputError where these are not the
    classes. A token of another alphabet has neither shape nor colour, and counts as a place."""
    if tuple(classes) != LABELS:
        raise InputError(f"a rule gives labels 0 and 1, the data have {', '.join(classes)}", "probes.rule")
    accepted = np.array([classes.index("0"), classes.index("1")], np.int32)

    def relabel(rows: WrittenRows) -> np.ndarray:
        return accepted[np.concatenate([rule.holds(*_arrays(part)) for part in _parts(rows)]).astype(np.int64)]

    return relabel


def broken(rule: Rule, rows: WrittenRows) -> np.ndarray:
    """bool (n_rows, n_predicates): which predicates each row breaks."""
    return np.concatenate([rule.broken(SymbolRows(*_arrays(part))) for part in _parts(rows)])


def _parts(rows: WrittenRows) -> list[WrittenRows]:
    """The rows in pieces that are small as rectangles."""
    widest = int(rows.lengths.max(initial=1))
    step = max(1, LARGEST_BLOCK // max(widest, 1))
    starts = range(0, max(rows.n_rows, 1), step)
    return [rows.rows(np.arange(start, min(start + step, rows.n_rows))) for start in starts]


def _arrays(rows: WrittenRows) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    values = decompose(rows.lexicon, PARTS).values
    shape = (rows.n_rows, int(rows.lengths.max(initial=0)))
    found: list[np.ndarray] = []
    for factor, alphabet in (("shape", SHAPES), ("colour", COLOURS)):
        of_token = np.array([alphabet.index(v) if v else ABSENT for v in values[factor]] or [ABSENT], np.int8)
        grid = np.full(shape, ABSENT, np.int8)
        grid[rows.owners, rows.places] = of_token[rows.codes]
        found.append(grid)
    return found[0], found[1], rows.lengths


def by_function(
    function: Callable[[list[list[str]]], Sequence[object] | None], classes: Sequence[str], name: str
) -> Relabel:
    """Labels by a function from token lists to labels; None, or a label that train lacks, is no label. Raises
    InputError where it is no function, fails or gives another number of labels."""
    if not callable(function):
        what = f"{name} is no function: it is a {type(function).__name__}"
        raise InputError(what, "probes.relabel", "name a function from a list of token lists to as many labels")
    number = {label: k for k, label in enumerate(classes)}

    def relabel(rows: WrittenRows) -> np.ndarray:
        if rows.n_rows == 0:
            return np.zeros(0, np.int32)
        try:
            told = function(rows.strings())
            given = [] if told is None else list(told)
        except (Exception, SystemExit) as error:
            raise InputError(f"{name} raised {format_error(error)}", "probes.relabel") from error
        if len(given) != rows.n_rows:
            what = f"{name} gave {len(given):,} labels for {rows.n_rows:,} rows"
            raise InputError(what, "probes.relabel", "return one label a row, None where there is none")
        return np.array([-1 if one is None else number.get(str(one), -1) for one in given], np.int32)

    return relabel
