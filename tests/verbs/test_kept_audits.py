"""An audit of the same rows by the same code is made once on a machine, and says the same to the byte."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from brittlestar import audit, check
from brittlestar.audits import running
from brittlestar.pipeline import kept_audits
from tests.verbs.test_check import predict, write

KEPT = ("audit.json", "trivial.parquet")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[int]:
    """The rows of train of every audit that is made, while audits are kept in `kept`."""
    rows: list[int] = []
    run = running.audit_dataset

    def count(analysis: Any, **more: Any) -> Any:
        rows.append(analysis.train.n_rows)
        return run(analysis, **more)

    monkeypatch.setattr(running, "audit_dataset", count)
    monkeypatch.delenv("BRITTLESTAR_AUDITS")
    monkeypatch.setenv("BRITTLESTAR_CACHE", str(tmp_path / "kept"))
    return rows


def list_kept(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "kept").rglob("*") if path.is_file()]


def test_the_second_audit_of_the_same_rows_is_read_and_says_the_same(tmp_path: Path, made: list[int]) -> None:
    data = write(tmp_path / "d")
    first, again = audit(data), audit(data)
    assert len(made) == 1 and {path.name for path in list_kept(tmp_path)} == set(KEPT)
    assert json.dumps(again.document) == json.dumps(first.document), "in this order, too"
    assert (again.html, str(again), again.headline) == (first.html, str(first), first.headline)
    assert again.findings == first.findings and again.record == first.record
    shutil.copytree(data, tmp_path / "elsewhere")
    named = check(tmp_path / "elsewhere").document
    assert len(made) == 1 and named["findings"] == check(data).document["findings"]


def test_a_study_holds_the_same_files_whether_its_audit_was_made_or_read(tmp_path: Path, made: list[int]) -> None:
    data = write(tmp_path / "d", copies=20)
    files = predict(data, 2, 0.9, 0.8)
    notes = [json.dumps(check(data, predictions=files, out=tmp_path / name).document) for name in ("a", "b")]
    assert len(made) == 1 and notes[1].replace(str(tmp_path / "b"), str(tmp_path / "a")) == notes[0]
    for name in KEPT:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    check(data, predictions=files[:1])
    assert len(made) == 2, "other predictions are another audit"


def test_what_may_change_an_audit_makes_it_anew(tmp_path: Path, made: list[int]) -> None:
    data = write(tmp_path / "d")
    audit(data)
    audit(data, settings={"trivial.linear": "off"})
    assert len(made) == 2
    train = data / "train.csv"
    train.write_text(train.read_text("utf-8").replace(" ", "  ", 1), encoding="utf-8")
    audit(data)  # no token is another one, and the text between them is
    assert len(made) == 3
    (tmp_path / "words.txt").write_text("a\nb\n", encoding="utf-8")
    before = list_kept(tmp_path)
    audit(data, vocabulary=tmp_path / "words.txt")
    audit(data, only=["leak"])
    assert len(made) == 3 and list_kept(tmp_path) == before, "what does not look at all of it is not kept"


@pytest.mark.parametrize("damage", [b"", b"{}", b"null", None])
def test_a_damaged_audit_is_made_anew(tmp_path: Path, made: list[int], damage: bytes | None) -> None:
    data = write(tmp_path / "d")
    first = audit(data).document
    for name in KEPT:
        (path,) = (one for one in list_kept(tmp_path) if one.name == name)
        path.write_bytes(path.read_bytes()[:-40] if damage is None else damage)
        assert audit(data).document == first
    shutil.rmtree(tmp_path / "kept")
    assert audit(data).document == first
    assert len(made) == 4


def test_nothing_is_kept_where_that_is_not_wanted_or_not_possible(
    tmp_path: Path, made: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = write(tmp_path / "d")
    monkeypatch.setenv("BRITTLESTAR_AUDITS", "anew")
    audit(data), audit(data)
    assert len(made) == 2 and not list_kept(tmp_path)
    monkeypatch.delenv("BRITTLESTAR_AUDITS")
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("BRITTLESTAR_CACHE", str(tmp_path / "file"))  # no folder can be made there
    audit(data), audit(data)
    assert len(made) == 4


def test_the_newest_are_kept(tmp_path: Path, made: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_audits, "MOST_KEPT", 2)
    data = write(tmp_path / "d")
    for size in (200, 220, 230):
        rows = (data / "test.csv").read_text("utf-8").splitlines()
        (data / "dev.csv").write_text("\n".join(rows[: size // 4]) + "\n", encoding="utf-8")
        audit(data)
    assert len({path.parent for path in list_kept(tmp_path)}) == 2
