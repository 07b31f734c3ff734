"""What does not fit is said once, and no longer than a person reads."""

import polars as pl

from brittlestar.core.errors import Problem
from brittlestar.training.prediction_header import Complaints, join_seeds


def test_what_is_wrong_with_several_seeds_is_said_once() -> None:
    lost = [
        Problem("2 ids not in the data: a, b (lines 2, 3)", f"p.csv, variant 'p', seed {k}, split 'test'")
        for k in (0, 4)
    ]
    files = [
        Problem("1 id not in the data: c (line 9)", f"p{k}.csv, variant 'q', seed {k}, split 'dev'") for k in (1, 2, 3)
    ]
    alone = [
        Problem("2 ids not in the data: a, b (lines 2, 3)", "p.csv, variant 'p', seed 0, split 'dev'"),
        Problem("1 id not in the data: d (line 9)", "p1.csv, variant 'q', seed 1, split 'dev'"),
        Problem("it has no column for the prediction", "x.csv"),
        Problem("it has no column for the prediction", "y.csv"),
    ]
    assert join_seeds([*lost, *alone, *files]) == [
        Problem(lost[0].what, "p.csv, variant 'p', seed 0 and 1 more, split 'test'"),
        *alone,
        Problem(files[0].what, "p1.csv, variant 'q', seed 1 and 2 more, split 'dev'"),
    ]


def test_long_names_are_fewer() -> None:
    told = Complaints({})
    told.refuse(pl.DataFrame({"id": [f"r{k}" for k in range(20)]}), ("row", "rows"), "x", "")
    told.refuse(
        pl.DataFrame({"id": [f"this is a whole sentence, number {k}" for k in range(20)]}), ("row", "rows"), "x", ""
    )
    assert told.problems[0].what == f"20 rows: {', '.join(f'r{k}' for k in range(10))}, …"
    assert told.problems[1].what.count("sentence") == 3 and told.problems[1].what.endswith(", …")
