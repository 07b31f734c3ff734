"""`probe` from end to end: studies, later splits, models beside a study, and what people get wrong."""

import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import torch

from brittlestar import generate, probe, replay, report, run
from brittlestar.core.errors import InputError
from brittlestar.core.findings import Finding
from brittlestar.data.spr.grammar import parse_rule
from brittlestar.pipeline.probe_result import ProbeResult
from brittlestar.verbs.run import RunResult
from tests.command import brittlestar
from tests.data.spr.labelling import label_rows
from tests.execution.tiny import contents

RULE = "first ▲ before ●"
SETTINGS = {"training.epochs": "2", "model.hidden": "8"}


def trained(data: Path, out: Path, report: bool = False, seeds: int = 1, **more: str) -> RunResult:
    """A tiny study of the reference model and a bag."""
    return run(data, out=out, settings=SETTINGS | more, seeds=seeds, executor="serial", report=report)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("probed") / "data"
    generate(folder, rule=RULE, rejects="random", lengths="4-8", sizes="300/80/120", seed=3)
    return folder


@pytest.fixture(scope="module")
def store(data: Path) -> Path:
    place = data.parent / "a.study"
    trained(data, place, report=True, seeds=2)
    return place


def copied(store: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(store, tmp_path / store.name))


def conditions(result: ProbeResult, variant: str = "main") -> dict[str, Any]:
    document = result.document["probes"]
    assert document is not None
    return {f"{one['probe']}@{one['strength']:g}": one for one in document["variants"][variant]}


def test_run_probes_every_finished_cell_with_the_rule_that_lies_beside_the_data(store: Path) -> None:
    document = report(store)
    probes = document["probes"]
    assert probes["rule"] == RULE and probes["agreement"] == 1.0 and set(probes["variants"]) == {"main", "bag"}
    assert len(list((store / "derived").glob("*/probes-*"))) == 4
    by_name = {one["probe"]: one for one in probes["variants"]["bag"]}
    assert by_name["order.shuffle"]["flips"]["mean"] == 0, "a bag of tokens does not see order"
    assert by_name["order.shuffle"]["labels_turned"] > 0.2
    plain = document["variants"]["bag"]["splits"]["test"]["accuracy"]["mean"]
    assert by_name["plain"]["before"]["mean"] == pytest.approx(plain)
    page = (store / "report" / "report.html").read_text(encoding="utf-8")
    assert "Probes: when order, composition, length or tokens change" in page
    assert {one["code"] for one in document["findings"]} >= {"probe.order-blind", "padding.leaks", "eval.stochastic"}


def test_a_finding_has_the_severity_in_probe_that_it_has_in_run(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def follow(findings: Sequence[Finding]) -> tuple[Finding, ...]:
        return tuple(replace(one, severity="info") if one.status == "present" else one for one in findings)

    monkeypatch.setattr("brittlestar.pipeline.assess.explain_scores", follow)  # all follow from some cause
    place = copied(store, tmp_path)
    found = probe(place, settings={"only": ["order"]}, executor="serial").findings
    told = {(one["code"], str(one["where"])): one["severity"] for one in report(place)["findings"]}
    assert {(one.code, str(one.where)): one.severity for one in found}.items() <= told.items()
    assert {one.severity for one in found if one.status == "present"} == {"info"}


def test_chosen_probes_stand_beside_what_was_asked_before_and_take_the_place_of_their_own(
    store: Path, tmp_path: Path
) -> None:
    place = copied(store, tmp_path)
    before = report(place)
    whole = {one["id"]: one for one in before["probes"]["variants"]["main"]}
    part = brittlestar("probe", place, "--only", "order")
    assert part.code == 0 and "left the report" not in part.output
    assert {**report(place), "timing": 0} == {**before, "timing": 0}, "the same questions have the same answers"
    settings = {"only": ["order.window", "contrast"], "strengths": {"order.window": [2, 3]}}
    found = conditions(probe(place, settings=settings, executor="serial"))
    assert found.keys() - whole.keys() == {"order.window@3"} and not whole.keys() - found.keys()
    same = ("before", "after", "flips", "rows", "labels_turned", "tokens_familiar", "expectation")
    assert all(found[name][key] == one[key] for name, one in whole.items() for key in same)
    expected = {"only": ["order.reverse"], "expect": {"order.reverse": "invariant"}}
    again = conditions(probe(place, settings=expected, executor="serial"))
    assert again.keys() == found.keys() and again["order.reverse@1"]["declared"]
    assert {one["code"] for one in report(place)["findings"]} == {one["code"] for one in before["findings"]}
    assert f"{len(found) - 1} conditions" in (place / "report" / "report.html").read_text(encoding="utf-8")


def test_other_rows_take_the_place_of_the_suite_and_a_line_says_how_it_comes_back(store: Path, tmp_path: Path) -> None:
    place = copied(store, tmp_path)
    found = brittlestar("probe", place, "--only", "order.window", "--rule", "at least 2 ▲", "--full")
    assert found.code == 0 and "left the report. All of them again:" in " ".join(found.output.split()), found
    assert f"→ brittlestar probe {place}" in " ".join(found.output.replace("\\", " ").split()), found.output
    whole = probe(place, executor="serial")
    assert "order.shuffle@1" in conditions(whole)


def test_what_stays_without_order_is_said_in_points(store: Path, tmp_path: Path) -> None:
    place = copied(store, tmp_path)
    found = {one["id"]: one for one in report(place)["probes"]["variants"]["main"]}
    plain, lost = found["plain@0"]["before"]["mean"], found["order.shuffle@1"]["reliance"]["mean"]
    sentence = f"{100 * (plain - lost):.1f} of {100 * plain:.1f} points of accuracy stay when tokens are shuffled"
    assert f"main: {sentence}" in (place / "report" / "report.html").read_text(encoding="utf-8")
    for asked in ("probe", "run"):
        assert f"Order {sentence}" in " ".join(brittlestar(asked, place).output.split()), asked


def test_without_a_rule_no_accuracy_of_changed_rows_is_told(data: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    for split in ("train", "dev", "test"):
        (bare / f"{split}.csv").write_bytes((data / f"{split}.csv").read_bytes())
    few = {"probes.only": "[order, composition]"}
    document = trained(bare, tmp_path / "bare.study", **few).document["probes"]
    assert document["rule"] is None
    for one in document["variants"]["main"][1:]:
        weights = one["probe"].startswith("composition.tilt")
        assert (one["after"] is not None) is weights and (one["flips"] is not None), one["probe"]
    (tmp_path / "labels.py").write_text(
        "def labels(rows):\n"
        "    def first(row, shape):\n"
        "        return next((k for k, token in enumerate(row) if token[0] == shape), 99)\n"
        "    return ['1' if first(row, '▲') < first(row, '●') < 99 else '0' for row in rows]\n",
        encoding="utf-8",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        relabelled = trained(bare, tmp_path / "told.study", **few, **{"probes.relabel": "labels:labels"})
    told = relabelled.document["probes"]
    assert told["rule"] == "labels:labels" and told["variants"]["main"][1]["after"] is not None
    with_rule = trained(data, tmp_path / "rule.study", **few).document["probes"]
    mine = {one["probe"]: one["after"] for one in told["variants"]["bag"] if one["probe"].startswith("order.")}
    theirs = {one["probe"]: one["after"] for one in with_rule["variants"]["bag"] if one["probe"].startswith("order.")}
    assert mine == theirs


def test_a_later_split_is_scored_by_every_cell_and_kept(data: Path, store: Path, tmp_path: Path) -> None:
    place = copied(store, tmp_path)
    pl.read_csv(data / "test.csv", infer_schema=False).head(40).write_csv(tmp_path / "later.csv")
    later = tmp_path / "later.csv"
    before = {
        name: content for name, content in contents(place).items() if name.startswith(("cells/", "data/t", "data/dev"))
    }
    found = brittlestar("probe", place, "--split", f"shift_later={later}", "--json")
    assert found.code == 0, found
    document = report(place)
    scores = document["variants"]["main"]["splits"]["shift_later"]["accuracy"]
    assert (
        len(scores["seeds"]) == 2
        and scores["last"]["mean"] is not None
        and document["data"]["splits"]["shift_later"]["rows"] == 40
    )
    after = contents(place)
    assert all(after[name] == content for name, content in before.items() if "/rows.parquet" not in name)
    whole = pl.read_parquet(next((place / "cells").glob("*/predictions.parquet")))
    assert "shift_later" not in whole["split"].to_list(), "cells stay as they were"
    assert found.document["problems"] == []
    for cell in document["cells"]:
        (folder,) = (place / "derived" / cell["hash"]).glob("shift_later-*")
        stored = pl.read_parquet(folder / "predictions.parquet")
        usual = pl.read_parquet(place / "cells" / cell["hash"] / "predictions.parquet").filter(
            pl.col("split") == "test"
        )
        for checkpoint in ("best", "last"):
            mine, theirs = (
                np.stack(one.filter(pl.col("checkpoint") == checkpoint).sort("row")["values"].to_list())
                for one in (stored, usual)
            )
            assert np.allclose(mine, theirs[:40], atol=1e-5)


def test_a_model_beside_data_is_probed_by_function_and_by_weights(
    data: Path, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = parse_rule(RULE)

    def perfect(rows: list[list[str]]) -> np.ndarray:
        known = [[token for token in row if token[0] in "▲■●◆" and len(token) <= 2] for row in rows]
        return np.eye(2)[label_rows(rule, known)]

    found = probe(data, predict=perfect, settings={"only": ["order", "length.crop"]})
    assert found.store is None
    for name, condition in conditions(found, "given").items():
        if name.startswith(("order.", "length.crop")):
            assert condition["after"]["mean"] == 1.0, name
    assert {finding.code: finding.status for finding in found.findings if finding.code == "probe.order-blind"} == {
        "probe.order-blind": "absent"
    }
    (tmp_path / "nets.py").write_text(
        "from torch import nn\n"
        "class Net(nn.Module):\n"
        "    def __init__(self, info):\n"
        "        super().__init__()\n"
        "        self.table = nn.Embedding(info.vocabulary_size, 2)\n"
        "    def forward(self, tokens, lengths):\n"
        "        return self.table(tokens).mean(1)\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    torch.manual_seed(0)
    vocabulary = json.loads((store / "data" / "vocabulary.json").read_bytes())["tokens"]
    torch.save({"table.weight": torch.randn(len(vocabulary), 2)}, tmp_path / "w.pt")
    leaking = probe(store, model="nets:Net", weights=tmp_path / "w.pt", settings={"only": ["order.shuffle"]})
    status = {finding.code: finding.status for finding in leaking.findings}
    assert status["padding.leaks"] == "present", "a mean over padding hangs on how much there is"
    with pytest.raises(InputError, match="weights cannot be read"):
        probe(store, model="nets:Net", weights=tmp_path / "nets.py")

    class Planted:
        def __reduce__(self) -> Any:
            return Path.touch, (tmp_path / "left",)

    torch.save({"table.weight": Planted()}, tmp_path / "planted.pt")
    with pytest.raises(InputError, match="weights cannot be read"):
        probe(store, model="nets:Net", weights=tmp_path / "planted.pt")
    assert not (tmp_path / "left").exists()
    inside = torch.load(tmp_path / "w.pt", weights_only=True)
    same = probe(store, model=sys.modules["nets"].Net, weights=inside, settings={"only": ["order.shuffle"]})
    assert conditions(same, "given") == conditions(leaking, "given")

    class Net(sys.modules["nets"].Net):
        """No process can import it."""

    local = probe(store, model=Net, weights=inside, settings={"only": ["order.shuffle"]})
    assert conditions(local, "given") == conditions(leaking, "given")
    assert local.record.variants["given"].title == "Net" and local.place == "DATA"
    with pytest.raises(InputError, match=r"do not fit Net: .* Missing key"):
        probe(store, model=Net, weights={})
    assert sys.modules.pop("nets", None) is not None


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--only", "ordr"], "'ordr' is no probe of these data"),
        (["--strength", "order.window=a"], "strengths must be numbers (got 'a')"),
        (["--strength", "order.window"], "is not NAME=VALUE"),
        (["--split", "train=x.csv"], "the study has a split 'train'"),
        (["--split", "shift_x=nowhere.csv"], "nowhere.csv"),
        (["--pairs", "nowhere.csv"], "cannot be read"),
        (["--predict", "nowhere:f"], "nowhere"),
        (["--model", "nowhere:f"], "give either a function"),
    ],
)
def test_what_people_get_wrong(store: Path, arguments: list[str], told: str) -> None:
    found = brittlestar("probe", store, *arguments)
    assert found.code == 2 and told in found.errors[0]


def test_data_without_a_model_cannot_be_probed(data: Path) -> None:
    found = brittlestar("probe", data)
    assert found.code == 2 and "--predict" in found.errors[0]


def test_a_rule_that_was_only_found_and_does_not_fit_is_left_out(data: Path, tmp_path: Path) -> None:
    settings = SETTINGS | {"probes.only": "[order]", "data.tokens": "characters", "data.factors": "null"}
    result = run(data, out=tmp_path / "a.study", settings=settings, seeds=1, executor="serial", report=False)
    assert result.exit_code == 0 and result.document["probes"]["rule"] is None


def test_rows_behind_a_finding_are_listed_as_they_were_and_became(store: Path) -> None:
    found = replay(store, "order.shuffle@1")
    assert 0 < len(found) <= 10
    rule = parse_rule(RULE)
    for row in found:
        assert row.before is not None and sorted(row.before.split()) == sorted(row.after.split())
        assert row.label_after == str(label_rows(rule, [row.after.split()])[0])
        assert any(old != new or new != row.label_after for old, new in row.answers.values())
        assert set(row.answers) == {0, 1}
    ids = pl.read_csv(store.parent / "data" / "test.csv", infer_schema=False)
    texts = dict(zip(ids["id"], ids["sequence"], strict=True))
    assert all(texts[str(row.id)] == row.before for row in found)
    assert replay(store, "order.shuffle@1", variant="bag") == () or all(
        row.answers for row in replay(store, "order.shuffle@1", variant="bag")
    )
    asked = brittlestar("probe", store, "--show", "order.shuffle@1", "--variant", "main")
    assert asked.code == 0 and "before  " in asked.output and "truly" in asked.output
    for condition, variant, told in (("order.shufle@1", None, "did you mean"), ("order.shuffle@1", "nobody", "nobody")):
        with pytest.raises(InputError, match=told):
            replay(store, condition, variant=variant)
    with pytest.raises(InputError, match="not a study's folder"):
        replay(store.parent, "order.shuffle@1")
