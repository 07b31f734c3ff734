"""Metrics of the user's: a function of labels, answers, probabilities and weights, with its range and direction."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from math import isnan
from pathlib import Path
from traceback import extract_tb
from typing import Any, TypeVar

import numpy as np

from brittlestar.core.answers import Rows, Run
from brittlestar.core.errors import InputError, format_error
from brittlestar.core.metric_kinds import Metric
from brittlestar.core.metrics import metric_of, register_metric
from brittlestar.core.seeds import generator

Function = TypeVar("Function", bound=Callable[..., Any])
MOST_UNITS = 200
"""Budget: how often a function that gives one number is called, each time without some of the rows."""
DECLARE = "write @own_metric(range=(0, 5), higher_is_better=False) above it (from brittlestar import own_metric)"


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What a metric says of itself: the least and the most that it can be, and whether more is better."""

    range: tuple[float, float]
    higher_is_better: bool
    title: str


def own_metric(
    *, range: tuple[float, float], higher_is_better: bool, title: str | None = None
) -> Callable[[Function], Function]:
    """Declare a function `(labels, answers, probabilities, weights)` as a metric: `--metric module:function`.

    It is called with the labels and the answers of m rows, each an array of str (m,), `""` for a label that train
    lacks; `probabilities` float (m, C) in the order of the sorted classes of train, None of bare labels; and `weights`,
    an array (m,) for each factor of the data by its name. It returns a number for each row, whose mean is the metric,
    or one number.

    Args:
        range: The least and the most that it can be.
        higher_is_better: Whether more is better.
        title: Its name for people; that of the function without it.

    Returns:
        A decorator that gives the function back, which stays as it is.

    Raises:
        InputError: The range is empty.

    Example:
        >>> import numpy as np
        >>> from brittlestar import own_metric
        >>> @own_metric(range=(0, 5), higher_is_better=False)
        ... def cost(labels, answers, probabilities, weights):
        ...     return 5.0 * ((labels == "spam") & (answers != "spam"))
        >>> cost(np.array(["spam", "ham"]), np.array(["ham", "ham"]), None, {}).tolist()
        [5.0, 0.0]
    """
    low, high = (float(end) for end in range)
    if not low < high:
        raise InputError(f"a metric cannot lie between {low:g} and {high:g}", "range", "give the least, then the most")

    def declare(function: Function) -> Function:
        named = title or function.__name__.replace("_", " ")
        declared = Declared(range=(low, high), higher_is_better=bool(higher_is_better), title=named)
        setattr(function, _DECLARED, declared)
        return function

    return declare


_DECLARED = "__brittlestar_metric__"


def make_own_metric(name: str, function: Callable[..., Any] | None, declared: Declared) -> Metric:
    """The record of such a metric; without its function it is known, and nothing computes it."""
    rows = None if function is None else partial(_spread, name, function, declared)

    def average(run: Run) -> float:
        assert function is not None
        return float(np.mean(_call(name, function, declared, run)))

    return Metric(
        name,
        declared.title,
        range=declared.range,
        higher_is_better=declared.higher_is_better,
        about=f"what {name} computes",
        needs="scores" if function is None else "anything",
        value=None if function is None else average,
        rows=rows,
    )


def describe_metrics(names: Iterable[str]) -> list[dict[str, Any]]:
    """What metrics of the user's that were found say of themselves, as plain JSON values."""
    known = [metric_of(name) for name in names]
    return [
        {"name": one.name, "title": one.title, "range": [*one.range], "higher_is_better": one.higher_is_better}
        for one in known
    ]


def register_declared(described: Iterable[Mapping[str, Any]]) -> None:
    """Make such metrics known by what they said of themselves; nothing is imported, and a function that was found
    stays."""
    for one in described:
        low, high = one["range"]
        declared = Declared(range=(low, high), higher_is_better=one["higher_is_better"], title=one["title"])
        if not metric_of(one["name"]).is_known:
            register_metric(make_own_metric(one["name"], None, declared))


def read_declared(function: Any, name: str) -> Declared:
    """What a function declares. Raises InputError where that is nothing."""
    declared = getattr(function, _DECLARED, None)
    if not callable(function) or not isinstance(declared, Declared):
        raise InputError(f"{name} does not say what it can be, nor whether more is better", "--metric", DECLARE)
    return declared


def draw_blocks(rows: Rows) -> Rows:
    """The rows with at most 200 units, of whole units each, so that as many calls tell how a number varies."""
    n = len(rows.labels)
    place = np.arange(n) if rows.units is None else np.unique(rows.units, return_inverse=True)[1].reshape(-1)
    many = int(place.max(initial=-1)) + 1
    if many <= MOST_UNITS:
        return rows
    blocks = generator(0, "own metric", "blocks").permutation(many) % MOST_UNITS
    return replace(rows, units=blocks[place])


def _spread(name: str, function: Callable[..., Any], declared: Declared, run: Run) -> np.ndarray:
    """What each row adds. Of one number that is the number plus the row's influence: how much the number moves without
    the row's unit, in equal parts for the rows of the unit (the jackknife; Miller 1974)."""
    found = _call(name, function, declared, run)
    n = len(run.predicted)
    if found.ndim:
        return found
    units = np.arange(n) if run.rows.units is None else run.rows.units
    influence = np.zeros(n)
    for unit in np.unique(units):
        inside = units == unit
        left = n - int(inside.sum())
        if left:
            without = float(np.mean(_call(name, function, declared, run.take(~inside))))
            influence[inside] = (float(found) - without) * left / (n - left)
    return float(found) + influence


def _call(name: str, function: Callable[..., Any], declared: Declared, run: Run) -> np.ndarray:
    """What the function gives: float64 () or (m,). Raises InputError where it fails, or gives what cannot be."""
    names = np.asarray([*run.rows.classes, ""])
    weights: Mapping[str, np.ndarray] = dict(run.rows.weights)
    try:
        given = function(names[run.rows.labels], names[run.predicted], run.whole, weights)
        found = np.asarray(given, np.float64)
    except Exception as error:
        last = extract_tb(error.__traceback__)[-1]
        place = f"{Path(last.filename).name}:{last.lineno}"
        hint = "it is called with all rows, and without some"
        raise InputError(f"{name} raised {format_error(error)}", place, hint) from error
    if found.shape not in ((), (len(run.predicted),)):
        what = f"{name} gave an array of shape {found.shape} for {len(run.predicted):,} rows"
        raise InputError(what, "--metric", "return one number, or one for each row")
    value, (low, high) = float(np.mean(found)), declared.range
    if isnan(value) or not low <= value <= high:
        hint = "declare the range that it has, and return a number for any rows"
        raise InputError(f"{name} gave {value:g}, and declares {low:g} to {high:g}", "--metric", hint)
    return found
