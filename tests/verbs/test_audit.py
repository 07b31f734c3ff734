"""The audit as people meet it: from files, frames and studies, before a run, stopped, with predictions, and printed."""

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from brittlestar import Check, Finding, InputError, audit
from brittlestar.audits import running as room
from brittlestar.core import catalogue
from brittlestar.core.commands import CLEAN, Advice, data_place
from brittlestar.core.findings import STATUSES
from brittlestar.execution import progress

from ..command import brittlestar, csv_text, folder, tree
from ..formats.checking import list_commands

Rows = list[tuple[str, str, str]]
BAG = ("--executor", "serial", "--seeds", "1", "--set", "training.epochs=1", "--set", "variants={}")
BAG += ("--set", "model.family=bag", "--set", "probes.suite=none", "--no-report")
FIELDS = [
    "rows", "classes", "class_counts", "mean_length", "max_length", "empty_rows", "unknown_label_rows",
    "unseen_token_rate", "factor_weight_range", "fingerprint",
]  # fmt: skip


def rows(name: str, n: int, leaked: Rows | None = None, low: int = 8, high: int = 14) -> Rows:
    """Rows over ten tokens, labelled by whether the first is among the first five; then copies of other rows."""
    draw = random.Random(name)
    made: Rows = []
    for number in range(n):
        tokens = [f"t{draw.randrange(10)}" for _ in range(draw.randint(low, high))]
        made.append((f"{name}{number}", " ".join(tokens), "yes" if tokens[0] < "t5" else "no"))
    return made + [(f"{name}copy{k}", row[1], row[2]) for k, row in enumerate(leaked or [])]


TRAIN = rows("train", 300)
SPLITS = {"train": TRAIN, "dev": rows("dev", 100), "test": rows("test", 100, leaked=TRAIN[:20])}
LONG = rows("long", 100, low=20, high=30)
pytestmark = pytest.mark.usefixtures("in_own_folder")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four checks are enough where it is not about what they find."""
    codes = ("leak.exact", "leak.group", "shift.length", "shortcut.length")
    use_checks(monkeypatch, {code: catalogue.find_checks("data")[code] for code in codes})


def use_checks(monkeypatch: pytest.MonkeyPatch, checks: Mapping[str, Check]) -> None:
    """These alone are the checks of data."""
    find = catalogue.find_checks
    for place in (room, catalogue):
        monkeypatch.setattr(place, "find_checks", lambda needs: checks if needs == "data" else find(needs))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return folder(tmp_path / "d", **SPLITS, shift_long=LONG)


def test_frames_in_memory_are_audited_like_files(few: None, tmp_path: Path) -> None:
    from_files = audit(folder(tmp_path / "memory", **SPLITS, shift_long=LONG))
    made = {name: pd.DataFrame(split, columns=["id", "sequence", "label"]) for name, split in SPLITS.items()}
    long = pd.DataFrame(LONG, columns=["id", "sequence", "label"])
    result = audit(**made, shifted={"long": long})
    called = "`audit(…)` of the same data with `write_clean='clean-data'`"
    named = f"`brittlestar audit {tmp_path / 'memory'} --write-clean clean-data`"
    held, kept = json.loads(json.dumps(result.document).replace(json.dumps(called)[1:-1], named)), from_files.document
    calls, commands = ([one.pop("argv") for one in list_commands(one)] for one in (held, kept))
    assert not any(calls) and ["brittlestar", "run", str(tmp_path / "memory")] in commands, "objects have no command"
    real = held["headline"].pop("real"), kept["headline"].pop("real")
    assert real[0]["sentence"] == f"{real[1]['sentence']} To go on: `run(…)` of the same data."
    assert held == kept
    assert [finding.where for finding in result.of("leak.exact") if finding.status == "present"] == [{"split": "test"}]
    shifted = audit({**made, "shift_long": long}, only=["shift.length"])
    assert [one.where["split"] for one in shifted.findings if one.status == "present"] == ["shift_long"]


def test_the_document(few: None, data: Path) -> None:
    said = brittlestar("audit", data, "--json")
    assert said.code == 0
    document = said.document
    keys = ["study", "data", "findings", "trivial_baselines", "notes", "next", "argv"]
    assert list(document) == ["schema_version", "headline", *keys]
    assert document["study"] == "d" and list(document["data"]["splits"]) == ["train", "dev", "test", "shift_long"]
    for split in document["data"]["splits"].values():
        assert list(split) == FIELDS
    assert document["data"]["splits"]["test"]["rows"] == 120
    severities = [finding["severity"] for finding in document["findings"] if finding["status"] == "present"]
    assert severities == sorted(severities, key=["error", "warning", "info"].index) and severities[0] == "warning"
    statuses = [finding["status"] for finding in document["findings"]]
    assert statuses == sorted(statuses, key=STATUSES.index)
    assert (
        document["trivial_baselines"]["rungs"][0]["kind"] == "majority" and document["trivial_baselines"]["given"] == {}
    )
    assert brittlestar("audit", data, "--json").output == said.output
    assert tree(data) == tree(folder(data.with_name("again"), **SPLITS, shift_long=LONG)), "the input is not changed"


def _bare(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """In one order, without what depends on the model, the effect and the severity that follows, and without `argv`:
    it is in the remedy, as `check_printed` sees to."""
    others = ("effect", "severity", "summary", "argv")
    kept = [{k: v for k, v in finding.items() if k not in others} for finding in findings]
    return sorted(kept, key=lambda one: json.dumps([one["code"], one["where"]]))


def test_the_run_has_the_same_splits_findings_and_baselines(few: None, data: Path) -> None:
    same = ("--set", "model.family=bag", "--set", "variants={}")
    alone = brittlestar("audit", data, *same, "--json").document
    document = brittlestar("run", data, *BAG, "--json").document
    for name, split in alone["data"]["splits"].items():
        assert {**split, "majority": document["data"]["splits"][name]["majority"]} == document["data"]["splits"][name]
    folder = f"{document['study']['name']}.study"
    place = data_place(str(data), None, {"model.family": "bag", "variants": "{}"})
    named = json.dumps(_bare(alone["findings"])).replace(place, folder)
    of_run, of_data = _bare(document["findings"]), json.loads(named)
    assert [one for one in of_run if one in of_data] == of_data
    assert any(one["code"].startswith("eval.") for one in of_run if one not in of_data)
    assert document["trivial_baselines"] == alone["trivial_baselines"]


def test_one_check_or_family_alone_needs_no_baselines(data: Path) -> None:
    document = brittlestar("audit", data, "--only", "leak.near", "--only", "shift", "--json").document
    assert {finding["code"].split(".")[0] for finding in document["findings"]} == {"leak", "shift"}
    assert {f["code"] for f in document["findings"] if f["code"].startswith("leak")} == {"leak.near"}
    assert document["trivial_baselines"] is None
    told = brittlestar("audit", data, "--only", "leak.exact").output
    assert "1 warning about test. leak.exact" in " ".join(told.split())
    few = {"train": (["a b", "b a"], ["x", "y"]), "test": (["a", "b"], ["x", "y"])}
    assert audit(few, only=["shortcut.token"]).headline.sound.answer == "cannot-say"
    said = brittlestar("audit", data, "--only", "leak.exakt")
    assert said.code == 2 and "there is no check 'leak.exakt'; did you mean 'leak.exact'?" in said.errors[0]


# Own checks, and checks that fail


def failing(analysis: Any) -> Iterator[Finding]:
    """Always fails."""
    raise KeyError("surprise")


def test_a_check_of_ours_that_fails_is_told_and_hides_nothing(
    few: None, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = {**room.find_checks("data"), "leak.exact": Check("leak.exact", failing)}
    with monkeypatch.context() as patch:
        use_checks(patch, checks)
        said = brittlestar("audit", data, "--json")
        assert said.code == 0
        (finding,) = (finding for finding in said.document["findings"] if finding["code"] == "leak.exact")
        assert finding["status"] == "inconclusive" and "KeyError: 'surprise'" in finding["summary"]
        assert finding["evidence"]["at"].startswith("test_audit.py:")
        assert {finding["code"] for finding in said.document["findings"]} == set(checks)
        ran = brittlestar("run", data, *BAG)
        assert ran.code == 0 and "(KeyError: 'surprise'): nothing is known about leak.exact" in " ".join(ran.errors)
    again = brittlestar("run", data, *BAG, "--json").document
    assert "surprise" not in json.dumps(again["findings"]), "an audit that failed is made anew"


def test_an_audit_that_fails_stops_no_run(few: None, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("no rows left")

    monkeypatch.setattr("brittlestar.audits.recording.record_audit", broken)
    said = brittlestar("run", data, *BAG[:-1])
    assert said.code == 0
    sentence = "The audit of the data failed (ZeroDivisionError: no rows left); the run went on without it."
    assert sentence in said.errors and sentence in " ".join(said.output.split())
    assert sentence in Path("d.study/report/report.html").read_text(encoding="utf-8")


# What a run keeps


def stored(store: Path) -> dict[str, Any]:
    return json.loads((store / "audit.json").read_bytes())


def test_an_audit_is_kept_and_made_anew_only_for_other_data(few: None, data: Path) -> None:
    assert brittlestar("run", data, *BAG).code == 0
    store = Path("d.study")
    first, written = (store / "audit.json").read_bytes(), (store / "audit.json").stat().st_mtime_ns
    assert list(stored(store)["of"]["splits"]) == ["dev", "shift_long", "test", "train"]
    for command in (["run", data, *BAG], ["run", store, "--executor", "serial"], ["report", store]):
        assert brittlestar(*command).code == 0
        assert (store / "audit.json").stat().st_mtime_ns == written
    (data / "shift_new.csv").write_text(csv_text(rows("new", 60, leaked=TRAIN[:5])), encoding="utf-8")
    assert brittlestar("run", data, *BAG).code == 0
    assert stored(store)["of"]["splits"].keys() == {"dev", "shift_long", "shift_new", "test", "train"}
    assert (store / "audit.json").read_bytes() != first
    found = [f for f in stored(store)["findings"] if f["code"] == "leak.exact" and f["where"]["split"] == "shift_new"]
    assert found[0]["status"] == "present"
    (data / "shift_new.csv").unlink()
    assert brittlestar("run", data, *BAG).code == 0
    assert (store / "audit.json").read_bytes() == first, "the same data, the same bytes"


def test_a_damaged_audit_is_named_and_mended_from_the_data(few: None, data: Path) -> None:
    assert brittlestar("run", data, *BAG).code == 0
    path = Path("d.study/audit.json")
    whole = path.read_bytes()
    later = whole.replace(b'"format": 2', b'"format": 3')
    for damaged in (whole[:200], whole.replace(b"leak.exact", b"leak.exakt", 1), later):
        path.write_bytes(damaged)
        for command in (["run", "d.study", "--executor", "serial"], ["report", "d.study"], ["status", "d.study"]):
            said = brittlestar(*command)
            assert said.code == 2 and "audit.json" in said.errors[0] and "finished cells stay" in said.errors[0]
    assert brittlestar("run", data, *BAG).code == 0
    assert path.read_bytes() == whole


# Predictions


def predictions(variant: str, seed: int, split: Rows, wrong: int, name: str = "test") -> str:
    lines = ["id,split,variant,seed,prediction,p_no,p_yes"]
    for place, (row, _, label) in enumerate(split):
        guess = {"yes": "no", "no": "yes"}[label] if place < wrong else label
        yes = 0.8 if guess == "yes" else 0.2
        lines.append(f"{row},{name},{variant},{seed},{guess},{1 - yes},{yes}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def given(tmp_path: Path) -> list[str]:
    files = {f"p{seed}.csv": predictions("ours", seed, SPLITS["test"], 10 + 20 * seed) for seed in (0, 1)}
    folder(tmp_path, files)
    return [part for name in files for part in ("--preds", name)]


def test_predictions_stand_beside_the_baselines_run_by_run(few: None, data: Path, given: list[str]) -> None:
    result = audit(data, predictions=["p0.csv", Path("p1.csv")])
    given_answers = (result.analysis.predictions or {})["ours"]
    assert list(given_answers) == ["test"] and given_answers["test"].values.shape == (2, 120, 2)
    assert not given_answers["test"].bare
    table = given_answers["test"].values.mean(axis=0)
    assert np.allclose(table.sum(axis=1), 1)
    truth = np.array([row[2] == "yes" for row in SPLITS["test"]])
    assert np.allclose(table[:10, 1], np.where(truth[:10], 0.2, 0.8), atol=1e-6), "both seeds wrong"
    assert np.allclose(table[10:30, 1], 0.5, atol=1e-6), "one seed wrong"
    document = brittlestar("audit", data, *given, "--json").document
    ours = document["trivial_baselines"]["given"]["ours"]["scores"]["all"]["test"]["accuracy"]
    right = (given_answers["test"].predicted == truth).mean()
    assert ours["rows"] == 120 and ours["value"] == pytest.approx(right)
    assert document["trivial_baselines"] == json.loads(json.dumps(result.document["trivial_baselines"]))


def test_predictions_of_a_run_and_of_a_study_file_are_audited_too(
    few: None, data: Path, given: list[str], tmp_path: Path
) -> None:
    ran = brittlestar("run", data, *given, "--executor", "serial", "--set", "variants={}", "--json").document
    alone = brittlestar("audit", data, *given, "--json").document
    assert ran["trivial_baselines"]["given"] == alone["trivial_baselines"]["given"] != {}
    study = "name: s\ndata: {path: d}\nmodel: {predictions: [p0.csv, p1.csv]}\n"
    folder(tmp_path, {"s.yaml": study})
    assert (
        brittlestar("audit", "s.yaml", "--json").document["trivial_baselines"]["given"]
        == alone["trivial_baselines"]["given"]
    )


# The page


def test_the_page_is_written_where_it_is_asked_for(few: None, data: Path) -> None:
    said = brittlestar("audit", data, "--html", "a.html")
    assert said.code == 0 and "a.html" in said.output
    text = Path("a.html").read_text(encoding="utf-8")
    assert text == audit(data).html and "leak.exact" in text and "Sound?" in text
    assert brittlestar("audit", data, "--html", "there/is/no/folder.html").code == 1


# Progress, and being stopped


def test_the_page_leads_with_the_command_that_the_terminal_shows(few: None, data: Path) -> None:
    found = audit(data)
    remedy = Advice(("Take them out, ", CLEAN, "."))
    leak = Finding("leak.exact", "present", "Rows are in train.", "rule", "error", {"split": "test"}, {}, remedy)
    for place in (found.place, None):
        made = replace(found, record=replace(found.record, findings=(leak,)), place=place)
        act = made.headline.act_first
        assert act is not None
        assert (act.command or act.remedy) in made.html.partition("Act first")[2]
        assert (f"<pre>{act.command}</pre>" in made.html) == (place is not None)


def test_progress_is_a_plain_line_now_and_then_outside_a_terminal(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not [line for line in brittlestar("audit", data, "--only", "leak").errors if " done; " in line]
    monkeypatch.setattr(progress, "PLAIN_EVERY", 0.0)
    told = brittlestar("audit", data, "--only", "leak", "--json").errors
    assert told[-1].startswith("audit of the data: 4 of 5 done; leak.")


ONE = (["a b", "b a"], ["x", "y"])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"data": "d", "train": []}, "data and single splits exclude each other"),
        ({}, "nothing to audit is given"),
        ({"train": ONE, "shifted": {"a": ONE, "shift_a": ONE}}, "two splits are named shift_a"),
        ({"train": ONE, "shifted": [ONE]}, r"shifted must be a mapping \(got a list\)"),
        ({"data": "nowhere", "settings": {"seeds": "3"}}, "an audit does not read seeds; leave it out; `run` reads it"),
        ({"data": "nowhere", "settings": {"data.train_rows": "3"}}, "an audit does not read data.train_rows"),
    ],
)
def test_what_an_audit_cannot_read_is_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        audit(**given)
