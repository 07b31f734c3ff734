"""Results in Python: short, escaped, as frames of either library, and as a page in a browser."""

import contextlib
import sys
import webbrowser
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from brittlestar import (
    CheckResult,
    InputError,
    audit,
    check,
    compare,
    compare_reported,
    diagnose,
    gate,
    judge,
    run_reported,
    seal,
    verify,
)
from brittlestar.core.findings import Finding
from brittlestar.pipeline.gate import GateResult
from brittlestar.reports.showing import Document, fit_lines, list_notes, result_html, show_page
from tests.zoo import Zoo

ROWS = [f"a b{k % 7} c{k % 5} d{k % 3} e{k % 11}" for k in range(120)]
LABELS = ["even" if k % 2 == 0 else "odd" for k in range(120)]
DATA = {"train": (ROWS[:80], LABELS[:80]), "test": (ROWS[80:], LABELS[80:])}
WRONG = [LABELS[80:][:20] + LABELS[:20], LABELS[80:][:30] + LABELS[1:11]]
MARK = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def checked() -> CheckResult:
    return check(DATA, predictions=WRONG, limits=False, progress=False)


def test_more_lines_than_fit_lose_commands_first() -> None:
    lines = [("Real?", "No."), ("", "→ command"), *[(f"line {k}", "text\nand more") for k in range(10)], ("", "→ last")]
    kept = fit_lines(lines)
    assert len(kept) == 12 and kept[-1] == ("line 9", "text and more") and ("", "→ command") in kept
    many = fit_lines([(f"line {k}", "text") for k in range(30)])
    assert len(many) == 12 and many[-1] == ("", "… and 19 more lines: .show() has all")


def test_results_are_short(checked: CheckResult) -> None:
    audited = audit(DATA, progress=False)
    for one in (checked, audited, audited.record, audited.analysis, checked.reading, *audited.findings[:3]):
        assert len(repr(one).splitlines()) <= 12 and len(repr(one)) < 4_000, type(one)
    assert "Real?" in repr(checked) and "Sound?" in repr(audited)


def test_html_has_figure_and_findings_and_says_nothing_as_code(checked: CheckResult) -> None:
    page = checked._repr_html_()  # pyright: ignore[reportPrivateUsage]
    assert page.count("<svg ") == 2 and "background:white" in page and "<script" not in page and "Real?" in page
    odd = audit({"train": ([f"{MARK} {k % 3}" for k in range(40)], [MARK, "other"] * 20)}, progress=False)
    assert MARK in " ".join(finding.summary for finding in odd.findings), "nothing to escape"
    assert MARK not in odd._repr_html_()  # pyright: ignore[reportPrivateUsage]
    assert "&lt;script&gt;" in result_html([("Real?", MARK)])


def test_frames_say_what_the_headline_says(checked: CheckResult) -> None:
    scores = checked.to_frame("scores", library="polars")
    mean = scores.filter(split="test", metric="accuracy", variant="main")["score"].mean()
    assert checked.headline.score is not None and mean == pytest.approx(checked.headline.score.mean)
    assert sorted(scores["seed"].unique()) == [0, 1]
    findings = checked.to_frame("findings", library="polars")
    assert findings["code"].to_list() == [finding.code for finding in checked.findings]


def test_predictions_go_in_again_as_they_came_out(checked: CheckResult) -> None:
    frame = checked.to_frame("predictions", library="polars")
    for seed, given in enumerate(WRONG):
        assert frame.filter(seed=seed, split="test")["prediction"].to_list() == given
    again = check(DATA, predictions=frame, limits=False, progress=False)
    first, second = checked.headline.score, again.headline.score
    assert first is not None and second is not None
    assert (first.mean, first.interval, first.n_seeds) == (second.mean, second.interval, second.n_seeds)


def test_pandas_is_taken_where_it_is_loaded(checked: CheckResult, monkeypatch: pytest.MonkeyPatch) -> None:
    pandas = pytest.importorskip("pandas")
    asked = checked.to_frame("scores", library="pandas")
    assert isinstance(asked, pandas.DataFrame) and isinstance(checked.to_frame("scores"), pandas.DataFrame)
    polars = checked.to_frame("scores", library="polars")
    pandas.testing.assert_frame_equal(asked, polars.to_pandas(), check_dtype=False)
    monkeypatch.delitem(sys.modules, "pandas")
    assert isinstance(checked.to_frame("scores"), pl.DataFrame)


def test_tables_that_are_not_there_say_why(checked: CheckResult) -> None:
    with pytest.raises(InputError, match="no table 'score' here; did you mean 'scores'"):
        checked.to_frame("score")
    with pytest.raises(InputError, match="no table 'scores' here; an audit trains nothing"):
        audit(DATA, progress=False).to_frame("scores")
    with pytest.raises(InputError, match="library must be pandas or polars"):
        checked.to_frame("scores", library="numpy")
    bare = check(DATA, limits=False, progress=False)
    with pytest.raises(InputError, match="no table 'scores' here; no predictions were given"):
        bare.to_frame()


def test_judgements_are_a_frame() -> None:
    scores = {"new": {"seeds": range(5), "score": [0.90, 0.91, 0.90, 0.92, 0.91]},
              "old": {"seeds": range(5), "score": [0.80, 0.81, 0.79, 0.82, 0.80]}}  # fmt: skip
    claim = {"claim": "new > old by 0.01 on accuracy", "population": "fixed-test-set"}
    for judged in (judge(scores, claim), judge(scores, [claim])):
        frame: Any = judged.to_frame(library="polars")
        assert frame.height == 1 and judged._repr_html_().startswith("<")  # pyright: ignore[reportPrivateUsage]
    assert frame["verdict"].to_list() == ["supported"] and frame["estimate"][0] == pytest.approx(0.104)
    assert frame["low"][0] < 0.104 < frame["high"][0] and frame["seeds"].to_list() == [5]


def test_every_result_shows_its_answer_first_and_has_a_table(zoo: Zoo, tmp_path: Path) -> None:
    place = zoo.copy("sealed", tmp_path)
    study, record = place / "data.study", place / "data.record.zip"
    as_run = {"training.epochs": 1, "model.hidden": 8, "model.layers": 1}
    with contextlib.chdir(place):
        found = {
            "Scores     main on test": compare(study, record),
            "As run?    No: 1 misstated": compare_reported(study, {"training.epochs": 3}),
            "As run?    Yes: 1 omitted": run_reported(study, as_run),
            "Sealed     ": seal(study, out="again.zip"),
            "Record     Every file is the one that was sealed.": verify(record, depth="hashes"),
            "Claims     inconclusive": judge(study, ["main > best-trivial by 0.01 on accuracy"]),
            f"cannot say  {study}: 1 open, 1 passed": gate(study),
        }
    for start, one in found.items():
        assert repr(one).startswith(start) and len(repr(one).splitlines()) <= 12, repr(one)
        assert start.split()[0] in one._repr_html_()  # pyright: ignore[reportPrivateUsage]
        assert one.to_frame(library="polars").width > 2, start
    assert "\nMatters?   No: nothing" in repr(found["As run?    Yes: 1 omitted"])


def test_notes_are_seen_wherever_a_result_is_shown(checked: CheckResult) -> None:
    order = "have no ids: rows were matched by order alone"
    gated = gate(DATA, predictions=WRONG, progress=False)
    for one in (checked, gated):
        assert any(order in note for note in one.notes), type(one)
        assert order in repr(one) and order in one._repr_html_()  # pyright: ignore[reportPrivateUsage]
        assert len(repr(one).splitlines()) <= 12
    assert order in " ".join(gated.document["notes"])
    told = list_notes(["first\nline", "second", "third", "fourth"])
    assert told == [("Note", "first line"), ("", "second"), ("", "and 2 more: .notes")]
    assert list_notes(()) == [] and order not in repr(check(DATA, limits=False, progress=False))


def test_figures_and_rows_are_asked_for_by_name(checked: CheckResult) -> None:
    first = checked.figure()
    assert first == checked.figure(first.name) and first.spec["$schema"].startswith("https://vega.github.io/")
    assert first._repr_mimebundle_()["application/vnd.vegalite.v6+json"] == first.spec  # pyright: ignore[reportPrivateUsage]
    assert audit(DATA, progress=False).figure("ladder").name == "ladder"
    with pytest.raises(InputError, match=f"no figure 'nope' here; there is {first.name}"):
        checked.figure("nope")
    with pytest.raises(InputError, match="there is none"):
        gate(DATA, require="sound", progress=False).figure()


def test_rows_of_a_finding_are_a_frame() -> None:
    copies = [*ROWS[:5], *(f"z{k} y{k % 4} x{k % 3}" for k in range(75))]
    found = audit({"train": DATA["train"], "test": (copies, LABELS[:80])}, progress=False)
    rows = found.rows("leak.exact", library="polars")
    assert rows.rows() == [("leak.exact", "test", str(number)) for number in range(5)], rows
    with pytest.raises(InputError, match=r"no finding 'leak.exat' names rows; did you mean 'leak.exact'"):
        found.rows("leak.exat")
    with pytest.raises(InputError, match=r"no finding 'shift.label' names rows; "):
        found.rows("shift.label")
    many = Finding("leak.exact", "present", "20,000 of 30,000 rows.", "t", "error", evidence={"row_ids": None})
    with pytest.raises(InputError, match=r"leak.exact names too many rows to list; 20,000 of 30,000"):
        GateResult("data", "fail", (), (many,)).rows("leak.exact")


def test_a_diagnosis_shows_its_causes(zoo: Zoo, tmp_path: Path) -> None:
    with contextlib.chdir(zoo.copy("own", tmp_path)):
        found = diagnose("data.study")
    assert repr(found).startswith(f"error      {found.causes[0].code}  ")
    assert "Tried" in repr(found) and len(repr(found).splitlines()) <= 12
    assert found.to_frame(library="polars")["code"].to_list() == [finding.code for finding in found.findings]


def test_a_page_opens_and_lies_somewhere(checked: CheckResult, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: opened.append(url) or True)
    path = checked.show()
    assert opened == [path.as_uri()] and "<html" in path.read_text(encoding="utf-8")
    assert audit(DATA, progress=False).open().read_text(encoding="utf-8").count("<html") == 1

    def refuse(url: str) -> bool:
        raise webbrowser.Error(url)

    monkeypatch.setattr(webbrowser, "open", refuse)
    assert show_page(lambda: "<html>", "name").name == "name.html"


def test_documents_are_dicts_that_show_themselves_shortly() -> None:
    whole = Document({"study": "name", "cells": [{"hash": "0" * 64}] * 500, "states": {"done": 500}})
    assert repr(whole) == "study      name\ncells      500 entries\nstates     done 500"
    assert whole == {**whole} and isinstance(whole, dict)
