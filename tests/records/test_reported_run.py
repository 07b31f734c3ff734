"""The configuration that a report describes: what is run for it, and whether it changes a verdict."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Any

import polars as pl
import pytest
from sklearn.metrics import matthews_corrcoef, roc_auc_score

from brittlestar import compare_reported, export, run, run_reported, seal
from brittlestar.core.errors import InputError
from brittlestar.records.reported.comparing import compare_settings
from brittlestar.records.reported.reading import Field, Stated, read_tree
from brittlestar.records.reported_result import ReportedResult
from brittlestar.records.reported_run import UNKNOWN, AsReported, ReportedRun, apply_reported, find_default
from brittlestar.records.verify.replicating import VerdictAgain
from tests.records.test_reported import effect_of


def applied(stated: dict[str, Any]) -> Mapping[str, Any]:
    fields = compare_settings(effect_of(), read_tree(stated, {}).settings)
    found = apply_reported(effect_of(), [field for field in fields if field.stated is not None])
    return {**found.settings, **dict.fromkeys(found.kept, "kept")}


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({"training.learning_rate": 5e-2}, {"training.learning_rate": 0.05}),
        ({"training.epochs": 15, "training.batch_size": 32}, {"training.epochs": 15}),
        ({"training.optimiser": "sgd"}, {"training.optimiser": "sgd"}),
        ({"training.optimiser": "RMSprop"}, {"training.optimiser": "kept"}),
        ({"training.clip": None}, {"training.clip": None}),
        ({"training.clip": "none"}, {"training.clip": "kept"}),
        ({"seeds": [2, 3, 4]}, {"seeds": [2, 3, 4]}),
        ({"seeds": 7}, {"seeds": 7}),
        ({"training.early_stopping.patience": 3}, {"training.early_stopping": {"patience": 3}}),
        ({"lr": 5e-2}, {"lr": "kept"}),
        ({"library.threads": 3}, {"library.threads": "kept"}),
    ],
)
def test_what_is_stated_is_run(stated: dict[str, Any], expected: dict[str, Any]) -> None:
    assert applied(stated) == expected


def test_the_name_of_own_code_is_run_as_it_is_written() -> None:
    effect = effect_of(own=True, **{"model.own": "nets:Small"})
    fields = compare_settings(effect, [Stated(("model", "own"), "nets:Large")])
    assert apply_reported(effect, fields).settings["model.own"] == "nets:Large"


def test_what_was_chosen_and_left_out_is_run_as_it_is_by_default() -> None:
    fields = [
        field
        for field in compare_settings(effect_of(), [Stated(("training", "learning_rate"), 3e-4)])
        if field.kind == "omitted"
    ]
    found = apply_reported(effect_of(), fields)
    assert found.settings and all(found.settings[path] == find_default(path) for path in found.settings)
    assert {*found.settings, *found.kept} == {field.name for field in fields}
    assert find_default("training.learning_rate") == 1e-3 and find_default("training.early_stopping") is None
    assert find_default("model.params.width") is UNKNOWN is find_default("seeds") is find_default("training.nothing")


FEW = {"training.learning_rate": 0.1, "data.train_rows": 6, "unequal_budget": "it has few rows"}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("matters")
    (folder / "data").mkdir()
    for split, rows in (("train", 120), ("dev", 60), ("test", 200)):
        lines = [{"sequence": f"{'abcdefgh'[k % 8]} d{k % 7} e{k}{split}", "label": "wxyz"[k % 4]} for k in range(rows)]
        (folder / "data" / f"{split}.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    settings = {"model.family": "mean", "training.epochs": "5", "training.learning_rate": "1e-7",
                "probes.suite": "none", "variants": json.dumps({"few": FEW}),
                "claims": json.dumps(["few > main by 0.05 on accuracy"])}  # fmt: skip
    done = run(folder / "data", seeds=5, settings=settings, executor="serial", out=folder / "low.study", settle="no")
    assert [judgement.verdict for judgement in done.judgements] == ["supported"]
    return folder / "low.study"


def test_a_rate_that_nobody_used_changes_the_answer(study: Path, tmp_path: Path) -> None:
    stated = {"training.learning_rate": 0.1, "model.family": "mean", "training.epochs": 5, "seeds": 5}
    done = run_reported(study, stated, out=tmp_path / "high.study", executor="serial")
    assert dict(done.configuration.settings) == {"training.learning_rate": 0.1} and done.matters == "yes"
    (claim, _) = done.verdicts
    assert (claim.before, claim.after) == ("supported", "refuted") and "as reported: refuted" in claim.words
    assert done.score is not None and done.score.means is not None and done.score.means[1] > 0.95
    assert json.loads(json.dumps(done.document))["matters"] == "yes" and done.study == str(tmp_path / "high.study")
    place = seal(study, with_data=True, out=tmp_path / "low.record.zip").place
    again = run_reported(place, stated, out=tmp_path / "sealed.study", executor="serial")
    assert [verdict.words for verdict in again.verdicts] == [verdict.words for verdict in done.verdicts]


def test_what_changes_no_verdict_does_not_matter(study: Path, tmp_path: Path) -> None:
    stated = {"training.learning_rate": 2e-7, "model.family": "mean", "training.epochs": 5, "seeds": 5}
    done = run_reported(study, stated, out=tmp_path / "low.study", executor="serial")
    assert done.matters == "no" and all(verdict.before == verdict.after for verdict in done.verdicts)
    as_run = {**stated, "training.learning_rate": 1e-7}
    right = run_reported(study, as_run, out=tmp_path / "none.study", executor="serial")
    assert right.matters == "no" and right.study is None and not (tmp_path / "none.study").exists()
    bare = seal(study, out=tmp_path / "bare.zip").place
    with pytest.raises(InputError, match="no rows as they were read"):
        run_reported(bare, stated, out=tmp_path / "b.study")
    with pytest.raises(InputError, match="learning_rate"):
        run_reported(study, {**stated, "training.learning_rate": -1}, out=tmp_path / "c.study")


def test_variants_that_are_swapped_in_a_table_turn_a_claim_over(study: Path, tmp_path: Path) -> None:
    stored = {one.variant: one.actual for one in compare_reported(study, scores_of(few=0.5, main=0.5)).scores}
    assert stored["few"] is not None and stored["main"] is not None and stored["few"] > stored["main"] + 0.1
    swapped = run_reported(study, scores_of(few=stored["main"], main=stored["few"]), out=tmp_path / "no.study")
    (claim,) = swapped.verdicts
    assert (claim.before, claim.after, swapped.matters) == ("supported", "refuted", "yes")
    assert "with the scores as stated: refuted" in claim.words and swapped.study is None
    assert swapped.answer.startswith("Yes: with the scores as stated a verdict is another one")
    near = run_reported(study, scores_of(few=stored["few"] - 0.001), out=tmp_path / "no.study")
    assert [(one.before, one.after) for one in near.verdicts] == [("supported", "supported")] and near.matters == "no"
    right = run_reported(study, scores_of(**{name: float(one) for name, one in stored.items() if one and name}))
    assert right.verdicts == () and right.matters == "no"


def test_mcc_and_auc_are_held_against_what_the_runs_answer(study: Path, tmp_path: Path) -> None:
    export(study, predictions=tmp_path / "p.csv")
    rows = pl.read_csv(tmp_path / "p.csv").filter((pl.col("split") == "test") & (pl.col("variant") == "few"))
    each = [part for _, part in rows.group_by("seed", maintain_order=True)]
    shares = [f"p_{name}" for name in "wxyz"]
    auc = [roc_auc_score(one["label"].to_numpy(), one.select(shares).to_numpy(), multi_class="ovr") for one in each]
    mcc = [matthews_corrcoef(one["label"].to_list(), one["prediction"].to_list()) for one in each]
    stated = {"scores": {"few": {"test": {"auc": round(fmean(auc), 4), "mcc": round(fmean(mcc), 4)}}}}
    found = compare_reported(study, stated)
    assert [one.kind for one in found.scores] == ["match", "match"] and found.as_run == "yes"
    assert "the mean of one against the rest" in found.scores[0].why and "no average" in found.scores[1].why


def scores_of(**means: float) -> dict[str, Any]:
    return {"scores": {name: {"test": {"accuracy": mean}} for name, mean in means.items()}}


MATTERS = (
    ([("supported", "supported"), ("inconclusive", "inconclusive")], "no"),
    ([("cannot-say", "cannot-say")], "no"),
    ([("supported", "refuted"), ("inconclusive", "inconclusive")], "yes"),
    ([("supported", "inconclusive"), ("yes", "yes")], "cannot-say"),
    ([("supported", "inconclusive"), ("no", "yes")], "yes"),
)


@pytest.mark.parametrize(("verdicts", "matters"), MATTERS)
def test_a_change_that_leaves_every_answer_as_it_was_does_not_matter(
    verdicts: list[tuple[str, str]], matters: str
) -> None:
    again = tuple(VerdictAgain("a > b", before, after, "") for before, after in verdicts)
    done = ReportedRun(ReportedResult("a.study", "r", ()), AsReported({"training.epochs": 3}, ()), again, None, "b")
    assert done.matters == matters and done.answer.lower().startswith(matters.replace("-", " "))
    untold = Field("model.hidden", "cannot-tell", "64", None, "set in your code: net.py:3")
    nothing = replace(done, reported=ReportedResult("a.study", "r", (untold,)), verdicts=(), study=None)
    assert nothing.matters == "cannot-say" and "nothing that differs can be run" in nothing.answer
