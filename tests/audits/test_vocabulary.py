"""Vocabulary files."""

import json
from pathlib import Path
from typing import Any

import pytest

from brittlestar.audits.vocabulary import read_vocabulary
from brittlestar.core.errors import InputError
from brittlestar.verbs.audit import audit

from .making import three_splits


def test_a_line_is_a_token_and_what_follows_a_tab_is_not(tmp_path: Path):
    path = tmp_path / "vocab.txt"
    path.write_text("<pad>\r\na\t17\nb c\n\na\n", newline="")
    assert read_vocabulary(path) == ("<pad>", "a", "b c")


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
    assert read_vocabulary(path) == ("a", "b")


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
    assert result.analysis.vocabulary == ("t0", "t1")
    assert {finding.status for finding in result.findings} == {"absent"}
