"""Shares and rows as people read them, codes that --only names, and vocabulary files."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from brittlestar.audits.limits import codes_of
from brittlestar.audits.showing import all_ids, listed_ids, percent
from brittlestar.audits.vocabulary import read_vocabulary
from brittlestar.core.errors import InputError
from brittlestar.verbs.audit import audit
from tests.audits.making import make_analysis, three_splits


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (0.0, "0 %"),
        (0.000001, "less than 0.001 %"),
        (0.00001, "0.001 %"),
        (0.0041, "0.41 %"),
        (0.0949, "9.5 %"),
        (0.1, "10 %"),
        (0.126, "13 %"),
        (1.0, "100 %"),
    ],
)
def test_a_share_has_two_digits_and_none_behind_the_point_from_ten_on(share: float, told: str) -> None:
    assert percent(share) == told


def test_ten_rows_are_listed_evenly_and_all_of_them_up_to_ten_thousand() -> None:
    rows = make_analysis({"train": (["a", "b"] * 5_001, ["x", "y"] * 5_001)}).train
    everything = [rows.ids[k] for k in range(10_002)]
    assert listed_ids(rows, np.arange(10)) == everything[:10]
    assert listed_ids(rows, np.arange(10_000)) == [everything[int(k)] for k in np.linspace(0, 9_999, 10)]
    assert all_ids(rows, np.arange(10_000)) == everything[:10_000]
    assert all_ids(rows, np.arange(10_001)) is None


def test_only_names_codes_and_families() -> None:
    every = codes_of(())
    assert codes_of(("leak.exact",)) == ("leak.exact",)
    assert codes_of(("leak",)) == tuple(code for code in every if code.startswith("leak.")) != every
    assert codes_of(("nothing",)) == ()


# GivenVocabulary files


def test_a_line_is_a_token_and_what_follows_a_tab_is_not(tmp_path: Path):
    path = tmp_path / "vocab.txt"
    path.write_text("<pad>\r\na\t17\nb c\n\na\n", newline="")
    assert read_vocabulary(path).tokens == ("<pad>", "a", "b c")


@pytest.mark.parametrize(
    "written",
    [
        ["a", "b"],
        {"a": 0, "b": 1},
        {"vocab": {"a": 0, "b": 1}},
        {"model": {"vocab": {"a": 0, "b": 1}}},
        {"model": {"vocab": [["a", -1.5], ["b", -2]]}},
    ],
)
def test_json_is_a_list_or_an_object_of_tokens(tmp_path: Path, written: Any):
    path = tmp_path / "vocab.json"
    path.write_text(json.dumps(written))
    assert read_vocabulary(path).tokens == ("a", "b")


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.json", b"{", "not JSON"),
        ("a.json", b"[1, 2]", "something else than tokens"),
        ("a.json", b"7", "something else than tokens"),
        ("a.txt", b"", "is empty"),
        ("a.txt", b"\xff\xfe\xfa", "not UTF-8"),
        ("a.txt", None, "does not exist"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, name: str, content: bytes | None, what: str):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=what):
        read_vocabulary(tmp_path / name)


def test_an_audit_takes_a_vocabulary(tmp_path: Path):
    (tmp_path / "vocab.txt").write_text("t0\nt1\n")
    result = audit(three_splits(), only=["leak.preprocess"], vocabulary=tmp_path / "vocab.txt")
    assert result.analysis.vocabulary.tokens == ("t0", "t1")
    assert {finding.status for finding in result.findings} == {"absent"}
