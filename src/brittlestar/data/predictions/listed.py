"""Predictions that are lists of probabilities, as a column for each class."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from brittlestar.core.errors import InputError
from brittlestar.data.predictions.header import Header
from brittlestar.data.predictions.places import SHOWN
from brittlestar.data.tables import Table, format_count, format_list


def spread_lists(raw: Table, header: Header) -> tuple[Table, str]:
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
        labels = sorted(header.rows.labels)
        order, note = _order_classes(header.classes, header.numbered, int(widths[0] or 0), labels)
    except InputError as error:
        raise error.with_place(raw.where) from None
    if twice := [f"p_{one}" for one in order if f"p_{one}" in raw.frame.columns]:
        what = f"probabilities stand twice: as lists in {name}, and in {format_list(twice, SHOWN)}"
        raise InputError(what, raw.where, "leave one of the two out")
    table = flat.cast(pl.Float64).to_numpy().reshape(len(lists), len(order))
    columns = [pl.Series(f"p_{one}", table[:, place]) for place, one in enumerate(order)]
    return replace(raw, frame=pl.DataFrame([*raw.frame.drop(name).get_columns(), *columns])), note


def _order_classes(
    classes: Sequence[str], numbered: Sequence[str], width: int, labels: Sequence[str]
) -> tuple[list[str], str]:
    """(the class of each column of an array of `width` columns, a note or the empty text).

    The order is that of the sorted labels of train; of datasets that number their classes, that of the numbers. Raises
    InputError where another number of columns is given, naming `labels` of any split that train lacks, and where labels
    are numbers that text sorts otherwise.
    """
    known = [name for name in numbered if name in classes]
    order = known if len(known) == len(classes) else list(classes)
    if width != len(classes):
        absent = [name for name in numbered or labels if name not in classes]
        absent = absent if width == len(classes) + len(absent) else []
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
