"""The examples are short, they load as the contract says, and each is run from data to report by the command."""

import importlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from typer.testing import CliRunner

import brittlestar
from brittlestar.cli import app
from brittlestar.models.info import ModelInfo
from brittlestar.models.own import build_own, load_own
from brittlestar.study.claims import format_claim
from brittlestar.study.loading import load_study
from brittlestar.study.study_claims import claims_of
from brittlestar.training.fitted import fit_own
from tests.conformance.check_conformance import check_conformance
from tests.conformance.odd_subjects import make_record
from tests.conformance.probe_conformance import probe_conformance

EXAMPLES = Path(__file__).parents[1] / "examples"
OWN = ["own_module:build", "own_transformer:build", "own_sklearn:model", "own_fit:fit"]
OWN_LOOPS = ["own_trainer:fit", "own_lightning:fit"]
LINES = {
    "own_trainer": 20,
    "own_lightning": 48,
    "own_loop": 40,
    "make_reviews": 40,
    "make_predictions": 25,
    "make_tickets": 60,
    "act_on_findings": 25,
    "make_answers": 90,
    "make_months": 46,
    "every_month": 22,
}
SCRIPTS = sorted(EXAMPLES.glob("*.py"))
INFO = ModelInfo(6, ["no", "yes"], 0, 1, 3, ["<padding>", "<unknown>", "a", "b", "c", "d"], {})
TOKENS = [["a", "b"], ["c"], ["a", "a", "d"], ["d", "c"], ["b", "a"], []]
LABELS = ["yes", "no", "yes", "no", "yes", "no"]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_an_example_is_short_and_says_how_it_is_run(script: Path) -> None:
    lines = script.read_text(encoding="utf-8").splitlines()
    checks, probes = script.stem.startswith("check_"), script.stem.endswith("_probe")
    assert len(lines) <= LINES.get(script.stem, 24 if checks else 15)
    of_study = "needs=" in script.read_text(encoding="utf-8")
    verb = "report STUDY" if of_study else "audit DATA" if checks else "probe STUDY" if probes else "run DATA"
    alone = script.stem.startswith(("make_", "act_", "every_"))
    assert lines[0].startswith("#") and (f"python {script.name}" if alone else f"brittlestar {verb}") in lines[0]
    if script.stem.startswith("own_"):
        assert f"--{'own' if probes else 'model'} {script.stem}:" in lines[0]


@pytest.mark.parametrize("name", ["own_module", "own_transformer"])
def test_a_factory_learns_and_ignores_padding_and_batch_mates(name: str) -> None:
    own = load_own(f"{name}:build", "auto", EXAMPLES)
    assert own.kind == "factory"
    torch.manual_seed(0)
    model = build_own(own, INFO, {"width": 16})
    tokens = torch.tensor([[2, 3, 0], [4, 0, 0], [2, 2, 5], [5, 4, 0], [3, 2, 0], [0, 0, 0]])
    lengths, labels = torch.tensor([2, 1, 3, 2, 2, 0]), torch.tensor([1, 0, 1, 0, 1, 0])
    assert model(tokens, lengths).shape == (6, 2) and model(tokens[:2, :0], lengths[:2] * 0).shape == (2, 2)
    optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(60):
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(model(tokens, lengths), labels).backward()
        optimiser.step()
    model.eval()
    with torch.no_grad():
        logits = model(tokens, lengths)
        assert logits.argmax(1).tolist() == labels.tolist()
        wide = torch.nn.functional.pad(tokens, (0, 4))
        torch.testing.assert_close(model(wide, lengths), logits, atol=1e-4, rtol=0)
        torch.testing.assert_close(model(tokens[1:2, :1], lengths[1:2]), logits[1:2], atol=1e-4, rtol=0)


@pytest.mark.parametrize(("reference", "kind"), [("own_sklearn:model", "estimator"), ("own_fit:fit", "fit")])
def test_models_that_fit_themselves(reference: str, kind: str) -> None:
    own = load_own(reference, "auto", EXAMPLES)
    assert own.kind == kind
    rows = {"train": (TOKENS, LABELS), "test": ([["a"], ["never seen"]], ["yes", "no"])}
    run = fit_own(own, rows, ["no", "yes"], seed=3)
    assert not run.hard and run.probabilities["test"].shape == (2, 2)
    assert run.probabilities["train"].argmax(1).tolist() == [1, 0, 1, 0, 1, 0]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("examples") / "data"
    brittlestar.generate(folder, sizes="120/40/60", lengths="3-6", rule="at least 2 ▲")
    return folder


CHEAP = ["--seeds", "2", "--set", "training.epochs=2"]


def run(data: Path, out: Path, *options: str) -> dict[str, Any]:
    """The document of `brittlestar run DATA …`, in this process."""
    result = CliRunner().invoke(app, ["run", str(data), *options, "--executor", "serial", "--out", str(out), "--json"])
    assert result.exit_code == 0, result.output
    assert (out / "report" / "report.html").stat().st_size > 10_000
    return json.loads(result.stdout)


@pytest.mark.parametrize("reference", OWN + OWN_LOOPS)
def test_an_own_model_runs_from_data_to_report(
    reference: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(EXAMPLES)
    document = run(data, tmp_path / "out", "--model", reference, *CHEAP)
    assert {(cell["variant"], cell["seed"], cell["state"]) for cell in document["cells"]} == {
        (variant, seed, "done") for variant in ("main", "bag") for seed in (0, 1)
    }
    main = document["variants"]["main"]
    assert main["own"] and reference in main["title"]
    assert "not yours" in document["variants"]["bag"]["title"]
    accuracy = main["splits"]["test"]["accuracy"]
    assert set(accuracy["seeds"]) == {"0", "1"} and 0 < accuracy["mean"] <= 1
    if reference in OWN_LOOPS:
        assert {"again", "later", "mates", "alone"} == {*document["probes"]["presented"]["main"]}
        assert "of its own training" in (tmp_path / "out" / "report" / "report.html").read_text()
    if reference in ("own_fit:fit", "own_sklearn:model"):
        assert accuracy["mean"] > 0.75  # the number of ▲ can be read off the tokens of a row


def test_three_predictions_files_run_from_data_to_report(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    subprocess.run([sys.executable, "-W", "error", str(EXAMPLES / "predictions_files.py"), str(data)], check=True)
    files = [option for seed in range(3) for option in ("--preds", f"forest_{seed}.csv")]
    document = run(data, tmp_path / "out", *files)
    main = document["variants"]["main"]
    assert "forest" in main["title"]
    assert set(main["splits"]["test"]["accuracy"]["seeds"]) == {"0", "1", "2"}
    assert main["splits"]["test"]["accuracy"]["mean"] > 0.75
    assert main["splits"]["train"]["accuracy"]["mean"] is None  # the files say nothing about train


FOUNDING = Path(__file__).parents[1] / "docs" / "explanation" / "founding-task.md"
FOUND = re.compile(
    r"\| `(?P<claim>[^`]+)` \| (?P<value>[+−][\d.]+) \[(?P<low>[+−][\d.]+), (?P<high>[+−][\d.]+)\] "
    r"\| (?P<verdict>\w+) \| (?P<said>[\w ]+) \|$",
    re.MULTILINE,
)
"""A line of the table of what is reproduced."""


def read_points(text: str) -> float:
    return float(text.replace("−", "-")) / 100


def test_the_founding_study_is_the_story_with_five_seeds_or_more() -> None:
    """Every variant is one of its claims, on the metric of the story, and its page answers each by its interval."""
    loaded = load_study(EXAMPLES / "founding.yaml", {})
    study = loaded.study
    assert len(study.seeds) >= 5 and study.training.epochs == 20 and study.report.metric == "hwa"
    claims = claims_of(loaded, ("train", "dev", "test", "shift_long"))
    told = list(FOUND.finditer(FOUNDING.read_text(encoding="utf-8")))
    assert [one["claim"] for one in told] == [format_claim(claim) for claim in claims]
    assert {side for claim in claims for side in (claim.arm, claim.other)} >= {*study.variants, "main@test"}
    assert {claim.metric for claim in claims} == {"hwa"} and "shift_long" in {claim.split for claim in claims}
    for one, claim in zip(told, claims, strict=True):
        low, high = read_points(one["low"]), read_points(one["high"])
        verdict = "supported" if low >= claim.threshold else "refuted" if high < claim.threshold else "inconclusive"
        answers = {"supported": "yes", "refuted": "no", "inconclusive": "cannot say"}
        assert (one["verdict"], one["said"]) == (verdict, answers[verdict]), claim


@pytest.mark.nightly
def test_the_page_of_the_founding_study_says_what_the_study_says(tmp_path: Path) -> None:
    """Run as `make demo` runs it. Another processor gives other digits: within the intervals of the page."""
    brittlestar.generate(tmp_path / "demo" / "data", long="25-60")
    (tmp_path / "examples").mkdir()
    shutil.copy(EXAMPLES / "founding.yaml", tmp_path / "examples")
    ran = brittlestar.run(tmp_path / "examples" / "founding.yaml", out=tmp_path / "f.study", report=False)
    found = ran.reading.judgements
    told = list(FOUND.finditer(FOUNDING.read_text(encoding="utf-8")))
    assert len(told) == 7
    for one, judgement in zip(told, found, strict=True):
        assert one["claim"] == format_claim(judgement.claim) and judgement.registered
        assert judgement.estimate is not None and judgement.interval is not None
        assert read_points(one["low"]) <= judgement.estimate <= read_points(one["high"])
        assert judgement.interval[0] <= read_points(one["value"]) <= judgement.interval[1]


def test_an_own_check_finds_what_it_looks_for_and_passes_the_exam(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(EXAMPLES)
    rows = [(f"r{k}", "a a a a a b" if k < 3 else "a b a b a b", str(k % 2)) for k in range(60)]
    text = "id,sequence,label\n" + "".join(",".join(row) + "\n" for row in rows)
    for name, content in {"train": text, "test": text.replace("a a a a a b", "a a a a b b")}.items():
        (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
    command = ["audit", str(tmp_path), "--check", "check_stutter:STUTTER", "--only", "house", "--json"]
    found = json.loads(CliRunner().invoke(app, command).stdout)["findings"]
    assert [(one["where"]["split"], one["status"]) for one in found] == [("train", "present"), ("test", "absent")]
    assert found[0]["evidence"] == {"stuck": 3, "of": 60, "rows": ["r0", "r1", "r2"]}
    check_conformance(sys.modules["check_stutter"].STUTTER)
    del sys.modules["check_stutter"]


def test_an_own_check_of_a_study_passes_the_exam(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(EXAMPLES)
    found = importlib.import_module("check_range").RANGE
    check_conformance(found)
    record = make_record({"main": [0.9, 0.7], "bag": [0.9, 0.85], "one": [0.5]})
    assert [finding.status for finding in found.function(record)] == ["present", "absent", "inconclusive"]


def test_an_own_probe_runs_on_a_finished_study_and_passes_the_exam(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(EXAMPLES)
    run(data, tmp_path / "out", *CHEAP)
    result = CliRunner().invoke(app, ["probe", str(tmp_path / "out"), "--own", "own_probe:typos", "--json"])
    assert result.exit_code == 0, result.output
    found = brittlestar.probe(tmp_path / "out", settings={"own": ["own_probe:typos"]}, executor="serial")
    assert found.record.probes is not None
    conditions = {condition.name: condition for condition in found.record.probes.conditions}
    for name in ("noise.typos@0.1", "noise.typos@0.3"):
        one = conditions[name]
        assert one.about.startswith("Two neighbouring letters of a token change places")
        assert one.expectation == "invariant"
        assert (one.labels_after >= 0).all() and (one.before != one.after).any()
    probe_conformance(sys.modules["own_probe"].typos)
    del sys.modules["own_probe"]
