import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from brittlestar.core.catalogue import find_checks
from tests.audits.making import make_analysis

CODES = [
    "data.encoding",
    "data.truncation",
    *(code for code in find_checks("data") if code.partition(".")[0] in ("token", "embedding", "position", "padding")),
]
TABLE = "a 1 2 3 4\nb 2 1 0 0\nt1 0 0 0 0\n<pad> 1 1 1 1\n"


def rows_of(*texts: str) -> tuple[Sequence[str], Sequence[str]]:
    return list(texts), [f"c{k % 2}" for k in range(len(texts))]


ODD = {
    "empty rows": {"train": rows_of("", "a", "", "b"), "test": rows_of("", "", "")},
    "no rows in a split": {"train": rows_of("a b", "b a"), "dev": rows_of()},
    "one token": {"train": rows_of("a a", "a", "a a a", "a"), "test": rows_of("a", "a")},
    "labels that train lacks": {"train": rows_of("a b", "b a"), "test": (["a b", "new <unk>"], ["x", "y"])},
    "padding alone": {"train": rows_of("<pad> <pad>", "<pad>", "a <pad>", "<pad> b"), "test": rows_of("<pad>", "a")},
    "odd characters": {"train": rows_of("\x01 \u200b \ufffd", "Ã© é e\u0301 ￼"), "test": rows_of("\U0001f468\u200d ﬁ")},
}
"""With a table of vectors; `tests/conformance/odd_datasets.py` has more, without one."""


@pytest.mark.parametrize("name", ODD)
def test_no_check_fails_on_odd_data_with_a_table(name: str, tmp_path: Path):
    (tmp_path / "table.txt").write_text(TABLE)
    settings = {
        "model.embedding.table": str(tmp_path / "table.txt"),
        "model.embedding.mode": "frozen-pretrained",
        "model.embedding.dim": "4",
    }
    splits = {split: given for split, given in ODD[name].items() if given[0]}
    one = make_analysis(splits, settings)
    if len(splits) < len(ODD[name]):
        one = one.with_splits({**one.splits, "dev": one.train.take(np.zeros(0, np.int64))})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for code in CODES:
            found = list(find_checks("data")[code].function(one))
            assert found, code
            assert all(finding.code == code and finding.summary and finding.threshold for finding in found)
            assert all(" nan" not in finding.summary for finding in found)


def test_a_list_column_with_empty_tokens_is_told():
    frame = pl.DataFrame({"sequence": [["a", ""], ["b"], ["a", "b"]], "label": ["x", "y", "x"]})
    from brittlestar.audits.analysis import Analysis
    from brittlestar.pipeline.open import open_input

    opened = open_input({"train": frame})
    one = Analysis.of(opened.frames, opened.data, opened.study, opened.base)
    (found,) = find_checks("data")["data.encoding"].function(one)
    assert (found.where["kind"], found.evidence["rows_touched"]) == ("empty tokens", 1)
