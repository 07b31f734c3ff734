"""The door for objects in memory: whatever library made a table, it is the same frame; what is none has one error."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any, cast

import datasets
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brittlestar import audit
from brittlestar.claims.outcome_table import open_outcomes
from brittlestar.core.errors import InputError
from brittlestar.data.memory import SPLIT, Form, is_split, table_of_object
from brittlestar.data.predictions.sources import sources_of
from brittlestar.data.tables import Table, as_sequences

ROWS = Form("give texts", ("sequence", "label"), alone=True)
LABELS = Form("give pairs", ("id", "label"))
COLUMNS: dict[str, list[Any]] = {
    "sequence": ["a b", "", "c"],
    "label": ["x", "y", "x"],
    "n": [1, 2, 3],
    "p": [0.5, 0.0, 1.0],
}


def of_each(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A dict of columns, each of which is made by `make`."""
    return lambda columns: {name: make(values) for name, values in columns.items()}


def of_dataset(values: Any) -> Any:
    """A column of a dataset."""
    return datasets.Dataset.from_dict({"x": values})["x"]


KINDS: dict[str, Callable[[Any], Any]] = {
    "Polars": pl.DataFrame,
    "Polars, lazy": pl.LazyFrame,
    "pandas": pd.DataFrame,
    "pandas of objects": lambda columns: pd.DataFrame(columns, dtype=object),
    "pandas, nullable": lambda columns: pd.DataFrame(columns).convert_dtypes(),
    "pandas, categories": lambda columns: pd.DataFrame(columns).astype({"label": "category"}),
    "Arrow": pa.table,
    "Arrow, a batch": pa.record_batch,
    "Arrow, a stream": lambda columns: cast("Any", pa.table(columns)).to_reader(),
    "datasets": datasets.Dataset.from_dict,
    "dicts": lambda columns: pl.DataFrame(columns).to_dicts(),
    "lists": of_each(list),
    "tuples": of_each(tuple),
    "NumPy": of_each(np.array),
    "pandas columns": of_each(lambda values: pd.Series(values, index=[7, 8, 9])),
    "Arrow columns": of_each(lambda values: cast("Any", pa.chunked_array([values]))),
    "Arrow arrays": of_each(pa.array),
    "Polars columns": of_each(pl.Series),
    "dataset columns": of_each(of_dataset),
}


def texts(table: Table) -> dict[str, Any]:
    """Columns as every later step reads them."""
    columns = ((one.name, as_sequences(one)) for one in table.frame.get_columns())
    return {name: None if text is None else text.to_list() for name, text in columns}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_table_says_the_same_to_every_verb(kind: str) -> None:
    wanted = texts(Table("", pl.DataFrame(COLUMNS)))
    for form in (SPLIT, ROWS, LABELS, Form("")):
        assert texts(table_of_object(KINDS[kind](COLUMNS), form, "here")) == wanted
    (source,) = sources_of(KINDS[kind]({**COLUMNS, "prediction": COLUMNS["label"]}))
    assert source.table is not None and texts(source.table) == {**wanted, "prediction": COLUMNS["label"]}
    assert texts(open_outcomes(KINDS[kind]({**COLUMNS, "variant": COLUMNS["label"]}))) == {
        **wanted,
        "variant": COLUMNS["label"],
    }
    if kind != "Arrow, a stream":  # which can be read once
        assert is_split(KINDS[kind](COLUMNS)) and not is_split({"train": KINDS[kind](COLUMNS)})


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ((["a b", "c"], [0, 1]), {"sequence": ["a b", "c"], "label": ["0", "1"]}),
        ([("a b", 0), ("c", 1)], {"sequence": ["a b", "c"], "label": ["0", "1"]}),
        (np.array([["a b", "0"], ["c", "1"]]), {"sequence": ["a b", "c"], "label": ["0", "1"]}),
        ((np.array([[1, 2], [3, 4]]), iter("xy")), {"sequence": [["1", "2"], ["3", "4"]], "label": ["x", "y"]}),
        ((pd.Series([3, 4]), pl.Series([True, None])), {"sequence": ["3", "4"], "label": ["true", None]}),
        (([("a", 1), (2.0,)], pd.array([1, pd.NA], dtype="Int64")), {"sequence": [["a", "1"], ["2.0"]], "label": None}),
    ],
)
def test_values_without_names_are_two_columns(values: Any, wanted: dict[str, Any]) -> None:
    if wanted["label"] is None:  # tokens of several types have no common one
        with pytest.raises(InputError, match="holds values of several kinds"):
            audit(train=values)
        return
    assert texts(table_of_object(values, SPLIT, "here")) == wanted


def test_a_list_of_lists_is_tokens_where_texts_may_stand_alone_and_pairs_where_not() -> None:
    lists = [["a", "b"], ["c", "d"]]
    assert texts(table_of_object(lists, ROWS, "rows")) == {"sequence": lists}
    assert texts(table_of_object(lists, LABELS, "labelled")) == {"id": ["a", "c"], "label": ["b", "d"]}
    cells = ["a", None]
    for alone in (cells, pd.Series(cells), pl.Series(cells), np.array(cells), pa.array(cells)):
        assert texts(table_of_object(alone, ROWS, "rows")) == {"sequence": cells}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (5, "here: an object of type int is not read here; give a path, a pandas"),
        ({}, "here: an empty dict is not read here; give a path"),
        ([{"label": 1}, 5], "here: a list of dict, int is not read here; give a path"),
        ({"a": pl.DataFrame()}, "here: a dict of DataFrame is not read here; give a path"),
        (pl.Series(["a"]), "here: an object of type Series is one column, and sequence and label are two; give a path"),
        (np.zeros((3, 2, 2)), "here: an array of shape (3, 2, 2) is no column; give one of (rows,)"),
        ({"label": ["a"], "n": [1, 2]}, "here: its columns have different numbers of rows (label 1, n 2)"),
        ((["a"], [1, 2]), "here: its columns have different numbers of rows (sequence 1, label 2)"),
        (("ab", [1, 2]), "here: a pair is (sequences, labels), both with one entry a row; give a path"),
        (pa.table([["a"], ["b"]], names=["x", "x"]), "here: two columns have the same name; rename one"),
        (pd.DataFrame([[1, 2]], columns=["x", "x"]), "here: two columns have the same name; rename one"),
        ({1: ["a"], "1": ["b"]}, "here: two columns have the same name; rename one"),
        (pl.LazyFrame({"a": [1]}).select("b"), "here: the LazyFrame cannot be read: ColumnNotFoundError"),
        (["\ud800"], "here: a list of str is one column"),
        ({"a": ["\ud800"]}, "here: column 'a' holds half a surrogate pair"),
        ({"a": [10**400]}, "here: column 'a' holds a number that is too large"),
    ],
)
def test_what_is_no_table_says_what_it_is_where_and_what_to_give(value: Any, told: str) -> None:
    with pytest.raises(InputError) as caught:
        table_of_object(value, SPLIT, "here")
    assert str(caught.value).startswith(told)


def test_what_foreign_code_raises_is_told() -> None:
    class Odd:
        ndim = 1

        def __array__(self, *_: Any, **__: Any) -> Any:
            raise RuntimeError("on another device")

    with pytest.raises(InputError, match="here: the Odd cannot be read: RuntimeError: on another device"):
        table_of_object({"a": Odd()}, SPLIT, "here")


CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3), st.binary(max_size=2), st.dates(),
    st.complex_numbers(), st.decimals(allow_nan=False), st.frozensets(st.integers(), max_size=2),
    st.lists(st.integers(0, 3), max_size=2), st.builds(np.array, st.lists(st.floats(), max_size=2)),
    st.sampled_from([pl.Series([1]), pl.DataFrame(), pd.NA, pd.Timestamp(0), np.datetime64("NaT"), np.str_("a"), len]),
)  # fmt: skip
LISTS = st.lists(CELLS, max_size=3)
NAMES = st.one_of(st.sampled_from(["sequence", "label", "id", "prediction", "variant", "test", ""]), st.integers())


def as_objects(cells: list[Any]) -> Any:
    return pd.Series(cells, dtype=object)


OBJECTS = st.recursive(
    st.one_of(CELLS, LISTS, LISTS.map(as_objects)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.tuples(inner, inner), st.dictionaries(NAMES, inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(OBJECTS)
def test_any_object_is_a_frame_or_an_error_for_people(value: Any) -> None:
    for form in (SPLIT, ROWS, LABELS, Form("give a frame")):
        try:
            assert isinstance(table_of_object(value, form, "here").frame, pl.DataFrame)
        except InputError as error:
            assert all(problem.what and problem.where for problem in error.problems)
    is_split(value)
    for read in (sources_of, open_outcomes):
        try:
            read(value)
        except InputError as error:
            assert all(problem.what and problem.where for problem in error.problems)


SCRIPT = """
import sys
sys.modules["pyarrow"] = None
import numpy as np, pandas as pd
from brittlestar.data.memory import SPLIT, table_of_object
from brittlestar.data.sources import read_splits
from brittlestar.study.settings import Columns
cells = {"text": ["a", None], "kind": pd.Categorical(["x", None]), "n": pd.array([1, pd.NA], dtype="Int64"),
         "mixed": [1, "x"], "lists": [["a"], ["b", "c"]], "on": pd.to_datetime(["2024-01-01", None])}
frame = table_of_object(pd.DataFrame(cells), SPLIT, "here").frame
assert frame.equals(table_of_object({name: pd.Series(one) for name, one in cells.items()}, SPLIT, "here").frame)
print(frame.drop("on").rows())
read_splits({"train": pd.DataFrame({"sequence": ["a", "b"], "label": ["x", "y"]})}, Columns())
print([name for name in ("datasets", "torch", "narwhals", "pyarrow") if sys.modules.get(name) is not None])
"""


def test_pandas_needs_no_pyarrow_and_no_other_library_is_imported() -> None:
    done = subprocess.run([sys.executable, "-W", "error", "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["[('a', 'x', 1, '1', ['a']), (None, None, None, 'x', ['b', 'c'])]", "[]"]
