"""`gate` as CI meets it: outcomes and exit codes, what it writes, and the workflows that ship with it."""

import csv
import importlib
import os
import random
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import polars as pl
import pytest
import yaml

from brittlestar import InputError, gate, generate
from brittlestar.cli.app import main
from brittlestar.cli.paragraphs import WIDTH, lay_out_blocks
from brittlestar.core.findings import Effect, Finding
from brittlestar.core.gating import Requirement
from brittlestar.pipeline.gate import GateResult
from brittlestar.reports.gate.ask import JUDGED, Gated
from brittlestar.reports.gate.documents import write_annotations, write_junit, write_summary
from brittlestar.reports.gate.findings import decide_absent
from brittlestar.reports.gate.policy import ASKS, settle_open
from brittlestar.reports.gate.shifts import decide_no_shift
from tests.command import brittlestar

CI = Path(__file__).parents[2] / "examples" / "ci"


def write_predictions(folder: Path, name: str, right: float, seed: int, first: float | None = None) -> None:
    """`right` is the share of rows that is right, `first` that of the first class."""
    draw = random.Random(seed)
    with (folder / "data" / "test.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    labels = sorted({row["label"] for row in rows})
    lines = ["id,split,prediction"]
    for row in rows:
        others = [label for label in labels if label != row["label"]]
        share = first if first is not None and row["label"] == labels[0] else right
        lines.append(f"{row['id']},test,{row['label'] if draw.random() < share else draw.choice(others)}")
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data, predictions of a good release and of the one before, and of one that is much worse."""
    folder = tmp_path_factory.mktemp("gate")
    generate(folder / "data", sizes="120/40/300")
    write_predictions(folder, "predictions.csv", 0.95, 1)
    write_predictions(folder, "released.csv", 0.95, 2)
    write_predictions(folder, "worse.csv", 0.45, 3)
    write_predictions(folder, "broken.csv", 1.0, 4, first=0.7)
    shutil.copy(CI / "gate.yaml", folder)
    return folder


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["data", "--absent", "leak.exact"], 0, "pass absent leak.exact: no error or warning."),
        (["data", "--preds", "predictions.csv"], 0, "2 passed"),
        (["data", "--preds", "worse.csv", "--require", "real"], 3, "FAIL real: main scores"),
        (["data", "--require", "real"], 4, "cannot say real: no predictions were"),
        (["data", "--require", "real", "--cannot-say", "fail"], 3, "FAIL real: open, counted as a fail."),
        (["data", "--require", "real", "--cannot-say", "pass"], 0, "pass real: open, counted as a pass."),
        (["data", "--absent", "train.*"], 4, "and 16 more (it needs predictions or runs)"),
        (["data", "--preds", "released.csv", "--max-drop", "shift=0.03"], 4, "no split whose name begins with shift"),
        (["data", "--preds", "worse.csv", "--against", "released.csv"], 3, "Refuted: new loses more than 1.0 points"),
        (["data", "--preds", "released.csv", "--against", "released.csv"], 0, "every answer to 300 rows is that of"),
        (["--policy", "gate.yaml"], 0, "6 passed"),
        (["data", "--absent", "leek.*"], 2, "no finding is named 'leek.*'; did you mean 'leak.*'?"),
        (["data", "--absent", "eval.slice"], 4, "eval.slice (it needs predictions or runs)"),
        (["data", "--preds", "worse.csv", "--absent", "probe.order-blind"], 4, "given predictions cannot be asked"),
        (["data", "--max-drop", "shift=0.03"], 2, "claims, drops and a last release need predictions"),
        (["data", "--preds", "predictions.csv", "--against", "none.csv"], 2, "the last release is not there"),
        ([], 2, "nothing to gate is given"),
        (["study.yaml"], 2, "`brittlestar run study.yaml` trains them, or add --run"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_an_outcome_has_its_exit_code_and_few_lines(
    place: Path, arguments: list[str], code: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    (place / "study.yaml").write_text("name: none\ndata: {path: data}\n", encoding="utf-8")
    result = brittlestar("gate", *arguments)
    assert result.code == code, result
    assert said in " ".join([*result.output.split(), *result.errors])
    lines = result.output.splitlines()
    assert len(lines) <= 16 and all(len(line) <= WIDTH for line in lines), result.output


def test_all_that_failed_or_is_open_is_printed_and_what_is_left_out_is_counted() -> None:
    asked = [
        Requirement(f"{outcome} {k}", outcome, "This is so. " * 20, f"brittlestar run study{k}")
        for outcome in ("pass", "cannot-say", "fail")
        for k in range(14)
    ]
    blocks = GateResult("data", "fail", tuple(asked), ()).blocks
    lines = [line.plain.strip() for line in lay_out_blocks(blocks)]
    for outcome, printed in (("fail", 12), ("cannot-say", 12), ("pass", 5)):
        assert sum(re.search(rf" {outcome} \d+: ", line) is not None for line in lines) == printed
    assert [line for line in lines if "(-v)" in line and line.startswith("and")] == [
        "and 2 more (-v)",
        "and 2 more (-v)",
        "and 9 more (-v)",
    ]
    assert sum(line.startswith("→ brittlestar run") for line in lines) == 24, "a command stays below what it is for"
    whole = " ".join(line.plain for line in lay_out_blocks(blocks, verbose=True))
    assert all(f"{requirement.name}: " in whole for requirement in asked) and "(-v)" not in whole


@pytest.mark.parametrize(
    ("policy", "code", "said"),
    [
        ("set: {trivial.linear: off}\npredictions: predictions.csv\nrequire: real", 4, "linear was left out"),
        ("no_shift: 0.3=test,0.0001=dev", 4, "pass no shift test 0.3: 7 effects at most 0.3; the largest"),
        ("no_shift: {march: 0.05}", 4, "No shift check looked at a split march."),
        (
            "no_shift: {test: 2}",
            2,
            "keys.yaml:1:1: no_shift must be SHARE=SPLIT with a share between 0 and 1 (got 2 for",
        ),
        (
            "absent: leak.*\nmin_recall: 60",
            2,
            "keys.yaml:2:1: min_recall must be from 0 to 1 (got 60); min_recall: {all",
        ),
        ("root: abc", 2, "root: a root hash is that of a record; add --record FILE"),
        ("predictions: odd.csv", 2, "name yours: predictions_columns: {prediction: NAME}"),
        ("predictions: unsure.csv", 2, "stands for no answer: abstain: unsure"),
    ],
)
def test_what_is_rarely_asked_stands_in_the_policy_alone(
    place: Path, policy: str, code: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    Path("keys.yaml").write_text(policy, encoding="utf-8")
    text = Path("predictions.csv").read_text(encoding="utf-8")
    Path("odd.csv").write_text(text.replace("prediction", "answer", 1), encoding="utf-8")
    Path("unsure.csv").write_text(re.sub(r",[01]\n", ",unsure\n", text, count=1), encoding="utf-8")
    result = brittlestar("gate", "data", "--policy", "keys.yaml")
    assert result.code == code, result
    assert said in " ".join([*result.output.split(), *result.errors])


def test_an_option_that_is_a_key_now_says_what_to_write(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = {
        "--min-recall": "min_recall: {all: 0.6, billing: 0.8}", "--slices": "slices: customer,length",
        "--preds-columns": "predictions_columns: {prediction: answer}", "--linear": "set: {trivial.linear: off}",
    }  # fmt: skip
    for option, key in gone.items():
        monkeypatch.setattr(sys, "argv", ["brittlestar", "gate", "data", option, "x"])
        with pytest.raises(SystemExit, match="2"):
            main()
        said = f"brittlestar: {option}: this is a key of the policy; write `{key}` in FILE, and add --policy FILE\n"
        assert capsys.readouterr() == ("", said)
    with pytest.raises(TypeError, match=r"gate\(\) has no argument 'min_recall'; write policy=\{'min_recall': …\}"):
        gate("data", min_recall=0.6)  # type: ignore[call-arg]


def test_an_open_requirement_that_was_let_pass_is_no_plain_tick() -> None:
    (told,) = settle_open([Requirement("real", "cannot-say", "nobody knows.")], "pass")
    case = ElementTree.fromstring(write_junit([told], "data"))[0][0]
    assert case[0].tag == "skipped" and case[0].get("message") == "open, counted as a pass. nobody knows."
    assert "| ❔ ✅ | real |" in write_summary([told], "pass", "data")
    assert write_annotations([told]) == ["::warning title=brittlestar%3A real::open, counted as a pass. nobody knows."]
    assert told.as_json()["was_open"] is True


def test_what_cannot_be_written_beside_a_gate_changes_no_outcome(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(place / "nowhere" / "summary.md"))
    for form in ([], ["--json"], ["--quiet"]):
        result = brittlestar("gate", "data", "--absent", "leak.exact", "--junit", "nowhere/gate.xml", *form)
        assert result.code == 0, result
        told = [line for line in result.errors if "cannot be written (No such file or directory)" in line]
        assert len(told) == 2 and told[0].startswith("brittlestar: nowhere/gate.xml: ")
    failed = brittlestar("gate", "data", "--preds", "worse.csv", "--require", "real", "--junit", "nowhere/gate.xml")
    assert failed.code == 3


def test_everything_that_ci_reads_says_the_same(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    leaking = place / "leaking"
    shutil.copytree(place / "data", leaking, dirs_exist_ok=True)
    lines = (leaking / "test.csv").read_text(encoding="utf-8").splitlines()
    train = (leaking / "train.csv").read_text(encoding="utf-8").splitlines()
    lines[21:61] = [f"copy_{k},{train[k + 1].split(',', 1)[1]}" for k in range(40)]
    (leaking / "test.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(place / "summary.md"))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    options = ["leaking", "--absent", "leak.exact,label.conflict", "--require", "real"]
    result = brittlestar("gate", *options, "--junit", "gate.xml")
    assert result.code == 3, result

    root = ElementTree.parse(place / "gate.xml").getroot()
    suite = root[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "1", "1")
    cases = {case.get("name"): case for case in suite}
    (failure,) = cases["absent leak.exact"]
    assert failure.tag == "failure" and re.search(r"leak\.exact \((error|warning); effect ", str(failure.text))
    assert "`brittlestar audit leaking --write-clean clean-data`" in str(failure.text)
    assert cases["real"][0].tag == "error" and cases["absent label.conflict"][0].tag == "system-out"

    assert result.output.count("::error ") == 1 and result.output.count("::warning ") == 1
    summary = (place / "summary.md").read_text(encoding="utf-8")
    assert summary.count("| ❌ |") == 1 and summary.count("| ❔ |") == 1 and summary.startswith("## ❌")


def test_whether_one_variant_alone_is_fair_is_open(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    result = gate("data", predictions="worse.csv", require="fair")
    assert result.exit_code == 4 and result.requirements[0].sentence.startswith("not applicable: one variant alone")


def test_a_loss_that_is_allowed_against_nothing_is_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    with pytest.raises(InputError, match=r"no_worse_by: there is no last release to be no worse than; add against="):
        gate("data", predictions="worse.csv", no_worse_by=0.02, min_score=0.1)
    assert gate("data", predictions="worse.csv", min_score=0.1).outcome == "pass"


def test_the_last_release_may_be_in_memory(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    wanted = gate("data", predictions="worse.csv", against="released.csv").document
    frame = pl.read_csv("released.csv")
    for given in (frame, {"old": frame}, [frame], {"test": frame["prediction"].to_list()}):
        assert gate("data", predictions="worse.csv", against=given).document == wanted
    for given, said in ((5, r"against must be a study's folder or files"), (frame[:5], r"against, variant 'model'")):
        with pytest.raises(InputError, match=said):
            gate("data", predictions="worse.csv", against=given)


def test_python_and_json_say_what_the_terminal_says(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    result = gate("data", predictions="worse.csv", require="real", against="released.csv")
    options = ["data", "--preds", "worse.csv", "--require", "real", "--against", "released.csv", "--json"]
    document = brittlestar("gate", *options).document
    assert document == result.document and document["outcome"] == "fail" and document["exit_code"] == 3
    assert len(repr(result).splitlines()) == 4
    assert not gate("data", predictions="worse.csv", require="real")
    assert gate("data", absent="leak.exact")
    with pytest.raises(InputError, match="no finding is named"):
        gate("data", absent="nothing.at-all")


def test_a_release_is_several_files_of_predictions_under_names_of_their_own(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    text = Path("released.csv").read_text(encoding="utf-8").replace("prediction", "answer", 1)
    for seed in (0, 1):
        Path(f"was_{seed}.csv").write_text(text, encoding="utf-8")
    files = ["was_0.csv", "was_1.csv"]
    policy = {"predictions": files, "predictions_columns": {"prediction": "answer"}, "against": files}
    (found,) = gate("data", policy=policy).requirements
    assert found.outcome == "pass" and found.sentence.startswith("every answer to 300 rows is that of the last")
    with pytest.raises(InputError, match=r"was_2.csv: the last release is not there; did you mean was_\d.csv"):
        gate("data", predictions="worse.csv", against=["released.csv", "was_2.csv"])


def test_the_last_release_has_columns_of_its_own_and_another_number_of_files(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    text = Path("released.csv").read_text(encoding="utf-8")
    for seed in (0, 1, 2):
        Path(f"other_{seed}.csv").write_text(text.replace("prediction", "answer", 1), encoding="utf-8")
    files = [f"other_{seed}.csv" for seed in (0, 1, 2)]
    columns = {"prediction": "answer"}
    found, _ = gate("data", predictions="worse.csv", against=files, policy={"against_columns": columns}).requirements
    assert found.outcome == "fail"
    assert found.sentence.endswith("; 1 run against 3: only the 1 seed that both have is compared.")
    policy = {"data": "data", "predictions": ["worse.csv"], "against": files[:1], "against_columns": columns}
    found, *_ = gate(policy=policy).requirements
    assert found.outcome == "fail" and " against " not in found.sentence.rpartition("rows are in both")[2]
    with pytest.raises(InputError, match=r"there is no column 'prediction'.*against_columns: {"):
        gate("data", predictions="worse.csv", against=files)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"against": "cut.csv"}, "299 of 300 rows without a prediction"),
        ({"against": "train.csv"}, "there are no predictions for test"),
        ({"claims": ["main >"]}, "claims"),
        ({"against": "released.csv", "predictions": ()}, "need predictions"),
    ],
)
def test_everything_is_read_before_anything_is_audited(
    place: Path, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, Any], told: str
) -> None:
    monkeypatch.chdir(place)
    lines = Path("released.csv").read_text(encoding="utf-8").splitlines()
    Path("cut.csv").write_text("\n".join(lines[:2]), encoding="utf-8")
    rows = [line.split(",") for line in Path("data/train.csv").read_text(encoding="utf-8").splitlines()[1:]]
    asked = [f"{row[0]},train,{row[-1]}" for row in rows]
    Path("train.csv").write_text("\n".join(["id,split,prediction", *asked]), encoding="utf-8")

    def audit(*_: Any) -> None:
        pytest.fail("an audit was begun")

    monkeypatch.setattr("brittlestar.verbs.gate.examine_input", audit)
    with pytest.raises(InputError, match=told):
        gate("data", **{"predictions": "worse.csv", **wrong})


@pytest.mark.parametrize(
    ("asked", "made"),
    [
        ({"max_calibration_error": 0.5}, set()),
        ({"min_score": 0.5}, {"audit", "diagnosis"}),
        ({"policy": {"min_recall": 0.5}}, {"audit", "diagnosis"}),
        ({"against": "released.csv"}, set()),
        ({"max_drop": {"shift": 0.5}}, set()),
        ({"claims": ["main > best-trivial by -0.9 on accuracy"]}, {"audit"}),
        ({"min_score": 0.5, "absent": "leak.exact"}, {"audit", "diagnosis"}),
        ({"min_score": 0.5, "require": "real"}, {"audit", "diagnosis"}),
        ({}, {"audit", "diagnosis"}),
    ],
)
def test_what_no_requirement_reads_is_not_made(
    place: Path, asked: dict[str, Any], made: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    monkeypatch.setenv("BRITTLESTAR_AUDITS", "anew")
    done: set[str] = set()
    for name, place_of in (("audit", "audits.running.audit_dataset"), ("diagnosis", "pipeline.assess.assess_study")):
        room, _, function = f"brittlestar.{place_of}".rpartition(".")
        whole = getattr(importlib.import_module(room), function)

        def watch(*given: Any, name: str = name, whole: Any = whole, **named: Any) -> Any:
            done.add(name)
            return whole(*given, **named)

        monkeypatch.setattr(f"{room}.{function}", watch)
    result = gate("data", predictions="predictions.csv", **asked, progress=False)
    assert done == made
    assert (result.findings is None) == ("diagnosis" not in made), "nothing is said of what was not looked at"
    assert all(requirement.sentence for requirement in result.requirements)


def write_probabilities(folder: Path, name: str, right: float, confidence: float, seed: int) -> str:
    """`right` is the share of rows whose label has the `confidence`; the other class has the rest."""
    draw, lines = random.Random(seed), ["id,split,p_0,p_1"]
    with (folder / "data" / "test.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            said = int(row["label"]) if draw.random() < right else 1 - int(row["label"])
            given = (1 - confidence, confidence) if said else (confidence, 1 - confidence)
            lines.append(f"{row['id']},test,{given[0]:.3f},{given[1]:.3f}")
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return name


def test_a_model_that_is_surer_than_it_is_right_fails_by_its_calibration_error(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    sure = [write_probabilities(place, f"sure{seed}.csv", 0.721, 0.953, seed) for seed in range(4)]

    def ask(most: float, predictions: Any) -> Requirement:
        return gate("data", predictions=predictions, max_calibration_error=most, progress=False).requirements[0]

    assert [ask(most, sure).outcome for most in (0.1, 0.23, 0.4)] == ["fail", "cannot-say", "pass"]
    assert re.match(r"2\d\.\d points \[\d+\.\d, \d+\.\d\] of calibration error", ask(0.1, sure).sentence)
    assert ask(0.1, sure[:1]).outcome != "pass" and gate("data", predictions=sure[:1], min_score=0.5)
    honest = [write_probabilities(place, f"honest{seed}.csv", 0.953, 0.953, seed) for seed in range(4)]
    assert ask(0.05, honest).outcome == "pass"
    bare = ask(0.1, "predictions.csv")
    assert bare.outcome == "cannot-say" and bare.sentence.startswith("main has no probabilities on test")


def test_a_requirement_cannot_read_what_it_does_not_declare() -> None:
    for ask in ASKS.values():
        if ask.reads in JUDGED:
            with pytest.raises(AssertionError, match="does not declare"):
                list(ask.decide(("real",) if ask.key == "require" else {"leak.exact": 0.1}, Gated()))


def test_a_prediction_that_abstains_is_wrong_on_both_sides(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    head, *rows = Path("released.csv").read_text(encoding="utf-8").splitlines()
    column = head.split(",").index("prediction")
    changed = [[*one[:column], "unsure", *one[column + 1 :]] for one in (row.split(",") for row in rows[:60])]
    Path("unsure.csv").write_text("\n".join([head, *map(",".join, changed), *rows[60:]]), encoding="utf-8")
    with pytest.raises(InputError, match=r"a label that no split has .'unsure'"):
        gate("data", predictions="unsure.csv", against="released.csv")
    found, *_ = gate(
        "data", predictions="unsure.csv", against="released.csv", policy={"abstain": "unsure"}
    ).requirements
    assert found.outcome == "fail" and "So new is worse" in found.sentence
    policy = {"predictions": ["released.csv"], "against": "unsure.csv", "abstain": "unsure", "data": "data"}
    found, _ = gate(policy=policy).requirements
    assert found.outcome == "pass"
    for data in ("data", 5):
        with pytest.raises(InputError, match="there are no predictions that could abstain"):
            gate(data, policy={"abstain": "unsure"})


def test_a_study_is_gated_on_its_claims_splits_and_last_release(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    shutil.copytree("data", "shifted", dirs_exist_ok=True)
    shutil.copy("data/dev.csv", "shifted/shift_other.csv")
    Path("claims.txt").write_text("main > bag by -0.9 on hwa\nmain > bag by 0.9 on hwa\n", encoding="utf-8")
    options = ["--seeds", "2", "--set", "training.epochs=2", "--executor", "serial"]
    assert brittlestar("run", "shifted", *options).code == 0
    result = gate("shifted.study", claims="claims.txt", max_drop={"shift": 0.5}, against="shifted.study")
    outcomes = {requirement.name: requirement.outcome for requirement in result.requirements}
    assert outcomes == {
        "max drop shift_other=0.5": "pass",
        "main > bag by -0.9 on hwa": "pass",
        "main > bag by 0.9 on hwa": "fail",
        "against (no worse by 1.0 points)": "pass",
    }
    with pytest.raises(InputError, match="do not count candidates"):
        gate("shifted.study", best_of=8)
    named = [requirement.name for requirement in gate("shifted.study").requirements]
    assert named == ["real", "holds", "sound", "fair"]


FOUND = Finding("leak.exact", "present", "two rows", "t", "error", remedy="remove them")


@pytest.mark.parametrize(
    ("findings", "outcome"),
    [
        ([FOUND], "fail"),
        ([Finding("leak.exact", "present", "two rows", "t", "info")], "pass"),
        ([Finding("leak.exact", "absent", "none", "t"), Finding("leak.near", "inconclusive", "?", "t")], "pass"),
        ([Finding("leak.near", "inconclusive", "too few rows", "t")], "cannot-say"),
        ([Finding("leak.near", "inconclusive", "?", "t"), Finding("leak.near", "absent", "none", "t")], "pass"),
        ([Finding("leak.exact", "present", "two", "t", "error", {"variant": "bag"})], "cannot-say"),
        ([], "cannot-say"),
    ],
)
def test_absent_means_that_a_check_looked_and_found_no_error_or_warning(findings: list[Finding], outcome: str) -> None:
    assert decide_absent(findings, "leak.*", "main").outcome == outcome


def test_absent_says_what_it_looked_for_and_what_it_could_not_tell() -> None:
    small, large = (
        Finding(f"leak.{name}", "present", f"{name}: rows.", "t", "info", effect=Effect(0, -high, high, "rows", 9))
        for name, high in (("exact", 0.1), ("near", 0.7))
    )
    open_ = Finding("leak.group", "inconclusive", "no groups", "t")
    unseen = {"leak.selection": "it needs runs", "eval.metric": "it needs runs"}
    told = decide_absent([small, large, open_], "leak.*", "main", unseen)
    assert told.outcome == "pass"
    assert told.sentence == (
        "no error or warning in 2 checks; 2 infos; 1 undecided: leak.group; 1 not applicable: leak.selection. "
        "Largest: leak.near (effect 0.0 points [−0.7, +0.7]): near: rows."
    )
    assert told.as_json()["undecided"] == {"leak.group": "no groups"}
    assert told.as_json()["not_applicable"] == {"leak.selection": "it needs runs"}
    alone = decide_absent([small], "leak.exact", "main")
    assert alone.sentence.startswith("no error or warning; 1 info. leak.exact (effect 0.0 points")
    clean = decide_absent([Finding("leak.exact", "absent", "none", "t")], "leak.exact", "main", unseen)
    assert clean.sentence == "no error or warning."
    none = decide_absent([], "leak.*", "main", unseen)
    assert (none.outcome, none.sentence) == ("cannot-say", "not applicable: leak.selection (it needs runs).")
    both = decide_absent([open_, replace(open_, code="leak.near")], "leak.*", "main", unseen)
    assert both.sentence.startswith("2 undecided: leak.group, leak.near. leak.group: no groups")


def test_what_is_not_applicable_fails_nothing_and_passes_nothing() -> None:
    nothing = Finding("leak.group", "not-applicable", "There is no group column.", "t")
    alone = decide_absent([nothing], "leak.group", "main")
    assert (alone.outcome, alone.sentence) == ("cannot-say", "not applicable: leak.group (There is no group column).")
    beside = decide_absent([nothing, Finding("leak.exact", "absent", "none", "t")], "leak.*", "main")
    assert (beside.outcome, beside.sentence) == ("pass", "no error or warning; 1 not applicable: leak.group.")
    assert (beside.undecided, beside.not_applicable) == ({}, {"leak.group": "There is no group column."})
    elsewhere = decide_absent([nothing, replace(nothing, status="absent")], "leak.group", "main")
    assert (elsewhere.outcome, elsewhere.not_applicable) == ("pass", {}), "one split has a group column"


def find_shift(code: str, **evidence: Any) -> Finding:
    sampled = {"train": 2_000, "new_march": 2_000}
    return Finding(
        code, "absent", f"{code} as measured.", "t", None, {"split": "new_march"}, {"sampled": sampled, **evidence}
    )


@pytest.mark.parametrize(
    ("evidence", "outcome", "said"),
    [
        (
            {"excess": 0.01, "chance": 0.01},
            "pass",
            "2 effects at most 0.05; the largest is shift.length 0.01 [0.00, 0.0",
        ),
        ({"excess": 0.04, "chance": 0.01}, "cannot-say", "more than 0.05 is possible: shift.length 0.04 [0.01, 0.0"),
        ({"excess": 0.2, "chance": 0.01}, "fail", "more than 0.05 is proven: shift.length 0.20 [0.17, 0.2"),
        ({"area": 1.0, "by_chance": 0.5}, "fail", "shift.length 0.50 [0.47, 0.53]. shift.length as measured."),
        ({"kinds": [{"excess": 0.3}, {"excess": 0.0}]}, "fail", "shift.length 0.30 [0.27, 0.33]"),
        ({"kinds": []}, "pass", "2 effects at most 0.05"),
        ({}, "cannot-say", "not measured: shift.length."),
    ],
)
def test_a_split_that_must_not_shift_is_decided_by_its_effects(
    evidence: dict[str, Any], outcome: str, said: str
) -> None:
    label = find_shift("shift.label", excess=0.0, chance=0.0)
    told = decide_no_shift([label, find_shift("shift.length", **evidence)], "new_march", 0.05)
    assert (told.name, told.outcome) == ("no shift new_march 0.05", outcome) and said in told.sentence
    assert [finding.code for finding in told.findings] == (["shift.length"] if outcome == "fail" else [])


def test_a_split_of_another_source_shifts_and_one_of_the_same_does_not() -> None:
    draw = random.Random(0)

    def draw_rows(words: str, many: int) -> tuple[list[str], list[str]]:
        rows = [" ".join(draw.choices(words, k=6)) for _ in range(many)]
        return rows, [draw.choice(["no", "yes"]) for _ in rows]

    splits: dict[str, Any] = {"train": draw_rows("abcdef", 1_500), "test": draw_rows("abcdef", 1_500)}
    splits |= {"new_march": draw_rows("abcxyz", 600)[0], "new_april": draw_rows("abcdef", 600)[0]}
    splits |= {name: (splits[name], [""] * 600) for name in ("new_march", "new_april")}
    found = gate(splits, policy={"no_shift": {"new_march": 0.1, "new_april": 0.12, "test": 0.1}}, progress=False)
    assert [requirement.outcome for requirement in found.requirements] == ["fail", "pass", "pass"], found
    assert found.outcome == "fail" and "shift.vocabulary" in found.requirements[0].sentence


def test_a_comparison_with_main_counts_where_it_is_named_and_is_told_where_it_is_not() -> None:
    beside = Finding("eval.disagree", "present", "better and worse", "t", "warning", {"variant": "bag"})
    other = Finding("eval.metric", "absent", "none", "t")
    assert decide_absent([beside, other], "eval.disagree", "main").outcome == "fail"
    wide = decide_absent([beside, other], "eval.*", "main")
    assert wide.outcome == "pass" and "about other variants: eval.disagree" in wide.sentence
    alone = decide_absent([beside], "eval.*", "main")
    assert alone.outcome == "cannot-say" and "about other variants: eval.disagree" in alone.sentence


def test_odd_names_and_texts_break_no_format() -> None:
    hostile = '<b>|`x`\x00 ]]> & "q"\n::error::100 %, a:b'
    notes = [Requirement(hostile, "fail", hostile, hostile, (FOUND,)), Requirement("open", "cannot-say", hostile)]
    suite = ElementTree.fromstring(write_junit(notes, hostile))[0]
    assert suite[0].get("name", "").startswith("<b>|`x`") and "remove them" in str(suite[0][0].text)
    summary = write_summary(notes, "fail", hostile)
    assert "<b>" not in summary.replace("\\<b", "") and len(summary.splitlines()) == 8
    first, second = write_annotations(notes)
    assert "\n" not in first and first.startswith("::error title=brittlestar%3A <b>") and "100 %25%2C a%3Ab::" in first
    assert second.startswith("::warning title=brittlestar%3A open::<b>")


def workflow_scripts() -> dict[str, list[str]]:
    github = yaml.safe_load((CI / "github.yml").read_text(encoding="utf-8"))["jobs"]["gate"]["steps"]
    gitlab = yaml.safe_load((CI / "gitlab.yml").read_text(encoding="utf-8"))["gate"]["script"]
    return {"github": [step["run"] for step in github if "run" in step], "gitlab": gitlab}


@pytest.mark.parametrize(
    ("service", "predictions", "code"), [("github", "worse.csv", 3), ("gitlab", "predictions.csv", 0)]
)
def test_a_workflow_runs_as_a_shell_script(
    service: str, predictions: str, code: int, place: Path, tmp_path: Path
) -> None:
    """With nothing of this environment but its Python; installing finds the package installed."""
    for name in ("data", "released.csv", "gate.yaml"):
        copy = shutil.copytree if (place / name).is_dir() else shutil.copy
        copy(place / name, tmp_path / name)
    shutil.copy(place / predictions, tmp_path / "predictions.csv")
    paths = f"{Path(sys.executable).parent}{os.pathsep}/usr/bin{os.pathsep}/bin"
    clean = {"PATH": paths, "HOME": str(tmp_path), "PIP_NO_INDEX": "1", "GITHUB_STEP_SUMMARY": str(tmp_path / "out.md")}
    for script in workflow_scripts()[service]:
        done = subprocess.run(["bash", "-e", "-c", script], cwd=tmp_path, env=clean, capture_output=True, text=True)
        if done.returncode:
            break
    assert done.returncode == code, done.stdout + done.stderr
    assert "brittlestar gate" in script and ElementTree.parse(tmp_path / "gate.xml").getroot().get("tests") == "6"
    assert (tmp_path / "out.md").is_file()


def test_a_release_whose_confidence_no_longer_fits_fails_although_every_answer_stays(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    lines = Path("released.csv").read_text(encoding="utf-8").splitlines()
    classes = sorted({line.rsplit(",", 1)[1] for line in lines[1:]})
    for name, sure in (("fair", 0.95), ("off", 0.8), ("tiny", 0.94)):
        made = [f"{lines[0]},{','.join(f'p_{label}' for label in classes)}"]
        for line in lines[1:]:
            shares = (sure if line.endswith(f",{label}") else (1 - sure) / (len(classes) - 1) for label in classes)
            made.append(f"{line},{','.join(f'{share:.4f}' for share in shares)}")
        Path(f"{name}.csv").write_text("\n".join(made), encoding="utf-8")
    worse = gate("data", predictions="off.csv", against="fair.csv", progress=False)
    assert [one.outcome for one in worse.requirements] == ["fail", "pass"]
    assert worse.requirements[0].name == "against, calibration error (no worse by 5.0 points)"
    assert "new loses more than 5.0 points of ECE on test" in worse.requirements[0].sentence
    near = gate("data", predictions="tiny.csv", against="fair.csv", progress=False)
    assert [one.outcome for one in near.requirements] == ["pass", "pass"]
    same = gate("data", predictions="fair.csv", against="fair.csv", progress=False)
    assert len(same.requirements) == 1


AGAINST = ("gate", "data", "--preds", "broken.csv", "--against", "released.csv")


class TestClasses:
    """A candidate that loses a quarter of one class and repairs the other."""

    @pytest.mark.parametrize(
        ("more", "code", "said"),
        [
            ("", 3, "1 of 2 lost more"),
            ("no_worse_by_class: 0.5", 3, "pass against, by class (none loses more than 50.0 points)"),
            ("no_worse_by_class: 1", 3, "against (no worse by 1.0 points)"),
            ("slices: length\nno_worse_by_slice: 0.6", 3, "by slice of length"),
            ("min_recall: 0.9", 3, "least recall (each class 90.0 points): below"),
            ("min_score: 0.5", 3, "least score 50.0"),
            ("slices: length", 2, "slices: nothing is required of the slices; no_worse_by_slice: 0.05"),
            ("slices: [customer]\nno_worse_by_slice: 0.1", 2, "no column 'customer', which was named as slice"),
            ("min_recall: {none: 0.9}", 3, "No row has the label none"),
            ("min_recall: 1.2", 2, "min_recall must be from 0 to 1 (got 1.2)"),
        ],
    )
    def test_a_class_counts_whatever_the_mean_is(
        self, place: Path, more: str, code: int, said: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(place)
        Path("classes.yaml").write_text(f"cannot_say:\n{more}", encoding="utf-8")
        result = brittlestar(*AGAINST, "--policy", "classes.yaml", "-v")
        assert result.code == code, result
        assert said in " ".join([*result.output.split(), *result.errors])

    def test_every_class_stands_in_json_summary_and_junit(self, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(place)
        result = gate("data", predictions="broken.csv", against="released.csv", progress=False)
        (classes,) = [requirement for requirement in result.requirements if requirement.lines]
        assert [line.outcome for line in classes.lines] == ["fail", "pass"] and result.outcome == "fail"
        worst = classes.lines[0]
        assert worst.before is not None and worst.change == pytest.approx(worst.now - worst.before)
        assert result.document["requirements"][-1]["lines"][0]["name"] == worst.name
        assert f"| {worst.name} | {worst.rows} |" in result.summary
        assert f"{worst.rows} rows)" in result.junit.decode()

    def test_without_a_last_release_there_is_nothing_to_be_worse_than(self) -> None:
        with pytest.raises(InputError, match="no last release"):
            gate("data", policy={"no_worse_by_class": 0.1})

    def test_a_claim_may_name_the_last_release(self, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(place)
        claims = ["main > last-release by -0.05 on recall[0]", "main > last-release by -0.05 on recall[1]"]
        asked = {"predictions": "broken.csv", "claims": claims, "progress": False}
        result = gate("data", against="released.csv", **asked)  # type: ignore[arg-type]
        outcomes = {requirement.name: requirement.outcome for requirement in result.requirements}
        assert [outcomes[claim] for claim in claims] == ["fail", "pass"]
        with pytest.raises(InputError, match="needs the last release"):
            gate("data", **asked)  # type: ignore[arg-type]
        with pytest.raises(InputError, match="no class 'yes'"):
            unknown = {**asked, "claims": ["main > last-release by 0 on recall[yes]"]}
            gate("data", against="released.csv", **unknown)  # type: ignore[arg-type]
