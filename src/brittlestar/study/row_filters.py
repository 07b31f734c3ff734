"""Which rows of a split a claim is on: those of a class, of a value of a column, or up to a length.

`COLUMN = VALUE`, `length > N`, `length <= N`. The column `label` names a class: accuracy on its rows is its recall, and
`recall[CLASS]` says the same. `token = VALUE` are the rows with that token, where no column has this name. Names and
values with spaces stand between double quotes, as in claims.
"""

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np

from brittlestar.core.errors import InputError
from brittlestar.study.sides import PLAIN, QUOTED, quote_name, read_name

LABEL, LENGTH, TOKEN = "label", "length", "token"
PLAIN_VALUE = r"[^\s\"\[\]]+"
RECALL = "recall"
_WRITTEN = re.compile(
    rf"\s*(?P<column>{QUOTED}|{PLAIN})\s*(?P<sign><=|>|=)\s*(?P<value>{QUOTED}|{PLAIN_VALUE}(?:\s+{PLAIN_VALUE})*)\s*"
)
HINT = "write `customer = acme`, `label = yes`, `length > 30` or `length <= 30`"


@dataclass(frozen=True)
class RowFilter:
    """Rows whose `column` is `value`; of numbers also those above (`>`) or up to it (`<=`)."""

    column: str
    sign: Literal["=", ">", "<="]
    value: str

    def __str__(self) -> str:
        return f"{quote_name(self.column)} {self.sign} {quote_name(self.value, PLAIN_VALUE)}"

    def choose(self, values: np.ndarray) -> np.ndarray:
        """bool (n_rows,): the rows whose `values`, of the column, are chosen."""
        if self.sign == "=":
            return values.astype(str) == self.value
        above = values > float(self.value)
        return above if self.sign == ">" else ~above


def of_class(name: str) -> RowFilter:
    """The rows of a class."""
    return RowFilter(LABEL, "=", name)


def read_filter(text: str) -> RowFilter:
    """The filter of `COLUMN = VALUE`. Raises InputError."""
    match = _WRITTEN.fullmatch(text)
    if match is None:
        raise InputError(f"{text!r} says of no rows which they are", hint=HINT)
    found = RowFilter(read_name(match["column"]), match["sign"], read_name(match["value"]))  # pyright: ignore[reportArgumentType]
    if found.sign != "=" and (found.column != LENGTH or not re.fullmatch(r"\d+", found.value)):
        raise InputError(f"{text!r}: {found.sign} is for lengths, in whole numbers of tokens", hint=HINT)
    return found


def describe_filter(one: RowFilter) -> str:
    """`rows of class billing`, `rows with customer acme`, `rows of more than 30 tokens`."""
    if one.column == LENGTH and one.sign != "=":
        return f"rows of {'more than' if one.sign == '>' else 'at most'} {one.value} tokens"
    return f"rows of class {one.value}" if one.column == LABEL else f"rows with {one.column} {one.value}"


def title_slice(one: RowFilter) -> str:
    """`class billing`, `customer acme`, `rows of more than 30 tokens`."""
    if one.sign != "=":
        return describe_filter(one)
    return f"{'class' if one.column == LABEL else one.column} {one.value}"


def name_slice(one: RowFilter) -> str:
    """`billing`, `acme`, `more than 30 tokens`: where the column is said beside it; a number says what it is one of:
    `class 1`."""
    if one.sign == "=" and not any(letter.isalpha() for letter in one.value):
        return title_slice(one)
    return one.value if one.sign == "=" else describe_filter(one).removeprefix("rows of ")
