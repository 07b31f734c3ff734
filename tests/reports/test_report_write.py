import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from brittlestar.core.errors import MissingExtraError
from brittlestar.reports import render, write
from brittlestar.reports.write import write_report

from .example import VARIANTS, example, reading

PICTURES = {"axis", "verdicts", "ladder", "figure-1", "figure-2", "figure-3", "results", "gaps", "checkpoints"}


def test_files_without_figures(tmp_path: Path) -> None:
    assert write_report(reading(), tmp_path / "new" / "report", figures=False) == ()
    folder = tmp_path / "new" / "report"
    documents = {"results.json", "probes.json", "absent.json"}
    names = {"report.html", "tables.md", "tables.tex", "verdicts.md", "verdicts.tex", *documents}
    assert {path.name for path in folder.iterdir()} == names
    stored = json.loads((folder / "results.json").read_text("utf-8"))
    whole = reading().document
    assert list(stored)[:2] == ["schema_version", "headline"]
    assert {*stored} == {*whole, "files"} - {"timing"}
    assert all(stored[key] == whole[key] for key in stored.keys() & whole.keys() - {"findings"})
    assert {*stored["files"].values()} == documents - {"results.json"}
    absent = json.loads((folder / stored["files"]["absent"]).read_text("utf-8"))["findings"]
    assert {one["status"] for one in absent} == {"absent"} and {"absent"} & {*stored["finding_counts"]}
    assert sum(stored["finding_counts"].values()) == len(whole["findings"]) == len([*stored["findings"], *absent])
    page = (folder / "report.html").read_text("utf-8")
    weight = len((folder / "report.html").read_bytes()) / 1e6
    assert f"This page weighs {weight:.1f} MB." in page
    assert hashlib.sha256((folder / "results.json").read_bytes()).hexdigest() in page


def test_a_fault_in_one_file_is_told_and_the_others_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(reading: Any) -> str:
        raise ValueError("dictionary update sequence")

    monkeypatch.setattr(write, "FILES", {**write.FILES, "report.html": fail})
    (fault,) = write_report(reading(), tmp_path, figures=False)
    assert fault == "report.html could not be made, by a fault of brittlestar: ValueError: dictionary update sequence"
    assert (tmp_path / "report.html").read_text("utf-8") == fault
    assert json.loads((tmp_path / "results.json").read_bytes())["headline"] and (tmp_path / "tables.tex").exists()


def test_figures_as_files_and_the_same_bytes_again(tmp_path: Path) -> None:
    variants = {name: VARIANTS[name] for name in ("main", "bidirectional", "order-permuted")}
    for name in ("first", "second"):
        write_report(reading(replace(example(variants, seeds=(0, 1)), claims=())), tmp_path / name, figures=True)
    names = {path.name for path in (tmp_path / "first" / "figures").iterdir()}
    assert names == {f"{name}.{kind}" for name in PICTURES for kind in ("svg", "pdf", "png")}
    for path in sorted((tmp_path / "first").rglob("*")):
        if path.is_file() and path.suffix not in (".pdf", ".png"):
            assert path.read_bytes() == (tmp_path / "second" / path.relative_to(tmp_path / "first")).read_bytes(), path
    assert (tmp_path / "first" / "figures" / "axis.pdf").read_bytes().startswith(b"%PDF-")
    assert (tmp_path / "first" / "figures" / "axis.png").read_bytes().startswith(b"\x89PNG")


def test_figures_without_the_converter_are_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(module: str, extra: str) -> Any:
        raise MissingExtraError(f"{module} is not installed", hint=f"pip install 'brittlestar[{extra}]'")

    monkeypatch.setattr(render, "require", missing)
    with pytest.raises(MissingExtraError, match="vl_convert is not installed"):
        write_report(reading(), tmp_path / "report", figures=True)
    assert not (tmp_path / "report").exists()
    write_report(reading(), tmp_path / "report", figures=False)
    assert (tmp_path / "report" / "report.html").exists()
