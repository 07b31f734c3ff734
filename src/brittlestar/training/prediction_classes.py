"""Which class a position or a number of given predictions means: columns of an array, numbers of a dataset's names."""

from collections.abc import Sequence

import polars as pl

from brittlestar.core.errors import InputError
from brittlestar.data.tables import format_count, format_list

_SHOWN = 10  # a sentence that a person reads


def order_of_classes(classes: Sequence[str], numbered: Sequence[str], width: int) -> tuple[list[str], str]:
    """(the class of each column of an array of `width` columns, a note or the empty text).

    The order is that of the sorted labels of train; of datasets that number their classes, that of the numbers. Raises
    InputError where another number of columns is given, and where labels are numbers that text sorts otherwise.
    """
    known = [name for name in numbered if name in classes]
    order = known if len(known) == len(classes) else list(classes)
    if width != len(classes):
        absent = [name for name in numbered if name not in classes] if width == len(numbered) else []
        lacks = f"; train has no row of {format_list(absent, _SHOWN)}" if absent else ""
        many = format_count(width, "probability in each row", "probabilities in each row")
        what = f"{many}, and {len(classes):,} classes ({format_list(order, _SHOWN)}){lacks}"
        raise InputError(what, hint="give a column for each class of train, in this order")
    if order is not known and order != _by_number(order):
        what = f"as numbers the classes have another order than as text ({format_list(order, _SHOWN)})"
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
    lists = rows.arr.to_list() if isinstance(rows.dtype, pl.Array) else rows
    flat = lists.explode(empty_as_null=False).cast(pl.Float64).to_numpy().reshape(len(rows), len(order))
    return [pl.Series(f"p_{name}", flat[:, place]) for place, name in enumerate(order)]


def name_numbers(labels: pl.Series, numbered: Sequence[str]) -> pl.Series:
    """Labels that are all numbers of a dataset's class names as these names; any others as they are."""
    names = {str(number): name for number, name in enumerate(numbered)}
    given = set(labels.unique().to_list())
    return labels.replace_strict(names) if given and given <= names.keys() - set(numbered) else labels
