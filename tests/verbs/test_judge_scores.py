"""`judge` on what `export --scores` writes: the study's own means, each claim on the rows of its metric."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from brittlestar import compare, export, judge, run
from brittlestar.core.errors import InputError
from tests.command import brittlestar

from .test_compare import ROWS, answers, write_data

SEEDS = 5
"""A planned look, at which all of them are judged."""
METRICS = ("accuracy", "balanced_accuracy", "macro_f1")


@dataclass(frozen=True)
class World:
    """A folder with a study of two variants and its scores, and the document of its report."""

    here: Path
    document: Mapping[str, Any]

    @property
    def scores(self) -> Path:
        return self.here / "scores.csv"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    here = tmp_path_factory.mktemp("scores")
    data = write_data(here / "data", range(ROWS))
    parts = [
        answers(range(ROWS), range(SEEDS), right, draw).with_columns(variant=pl.lit(name))
        for name, right, draw in (("main", 0.8, 1), ("bag", 0.6, 2))
    ]
    pl.concat(parts).write_csv(here / "p.csv")
    out = here / "s.study"
    ran = run(data, predictions=here / "p.csv", out=out, settings={"variants": "{}"}, executor="serial", report=False)
    export(out, scores=here / "scores.csv")
    return World(here, ran.reading.document)


def write(path: Path, rows: list[str]) -> Path:
    path.write_text("\n".join(["variant,split,metric,seed,score", *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("metric", METRICS)
def test_exported_scores_are_judged_to_the_means_of_the_study(world: World, metric: str) -> None:
    means = {name: world.document["variants"][name]["splits"]["test"][metric]["mean"] for name in ("main", "bag")}
    found = judge(world.scores, f"main > bag by 0 on {metric}")
    assert found.estimate == pytest.approx(means["main"] - means["bag"], abs=1e-12) and found.seeds == 5
    for score in compare(world.here / "s.study", world.scores, metric=metric).scores:
        assert score.means == pytest.approx([means[name] for name in score.variants], abs=1e-12)


def test_claims_on_several_metrics_are_judged_together_each_on_its_rows(world: World) -> None:
    claims = [f"main > bag by 0 on {metric}" for metric in METRICS]
    together = judge(world.scores, claims)
    for metric, one in zip(METRICS, together, strict=True):
        rows = pl.read_csv(world.scores).filter(split="test", metric=metric)
        score = dict(rows.group_by("variant").agg(pl.col("score").mean()).iter_rows())
        assert one.claim.metric == metric
        assert one.estimate == pytest.approx(score["main"] - score["bag"], abs=1e-12)
        alone = judge(rows.drop("metric"), f"main > bag by 0 on {metric}")
        assert alone.estimate == one.estimate and alone.per_seed == one.per_seed


def test_without_claims_main_is_compared_with_the_others_on_the_metric_asked_for(world: World) -> None:
    said = brittlestar("judge", world.scores, "--metric", "macro_f1")
    assert said.code == 0 and "main > bag by 0.01 on macro_f1" in said.output
    assert "no claim was given: these are default claims" in " ".join(said.output.split())
    (one,) = judge(world.scores, metric="macro_f1")
    (default,) = judge(world.scores)
    assert (one.claim.metric, default.claim.metric) == ("macro_f1", "accuracy")
    assert not one.registered and one.verdict != "supported", "nobody wrote it before the results"
    written = judge(world.scores, "main > bag by 0.01 on macro_f1")
    assert one.estimate == written.estimate and written.registered


ROWS_OF_TWO = [
    f"{name},test,{metric},{seed},{base + 0.001 * seed}"
    for metric, base in (("accuracy", 0.7), ("log_loss", 0.4))
    for name in ("main", "bag")
    for seed in range(5)
]


def test_default_claims_follow_the_columns(tmp_path: Path) -> None:
    shifted = [row.replace(",test,", ",shift_far,") for row in ROWS_OF_TWO]
    table = write(tmp_path / "t.csv", [*ROWS_OF_TWO, *shifted])
    sentences = ["main > main@test by -0.01 on accuracy on shift_far", "main > bag by 0.01 on accuracy"]
    assert [str(one["claim"]) for one in judge(table)] == sentences
    trivial = [str(one["claim"]) for one in judge(table, best_trivial=0.5)]
    assert trivial == ["main > best-trivial by 0.01 on accuracy", *sentences]
    (turned, _) = judge(table, metric="log_loss")
    assert turned["claim"] == "main@test > main by -0.01 on log_loss on shift_far", "lower is better"


def test_without_claim_and_main_two_variants_are_held_against_each_other(tmp_path: Path) -> None:
    nameless = [f"my net,test,accuracy,{seed},{0.7 + 0.002 * (seed % 3)}" for seed in range(5)]
    nameless += [f"bag,test,accuracy,{seed},{0.7 + 0.002 * (4 - seed)}" for seed in range(5)]
    (one,) = judge(write(tmp_path / "n.csv", nameless))
    assert str(one["claim"]) == 'bag == "my net" within 0.01 on accuracy' and not one.registered
    assert one.estimate == pytest.approx(0.0024) and one.interval is not None
    apart = [row for row in ROWS_OF_TWO if "accuracy" in row and "bag" not in row]
    apart += [f"other,test,accuracy,{seed},{0.8 + 0.001 * seed}" for seed in range(5)]
    (one,) = judge(write(tmp_path / "a.csv", [row.replace("main", "net") for row in apart]))
    assert one.estimate == pytest.approx(-0.1) and one.verdict != "supported"
    three = [*apart, *(row.replace("other", "third") for row in apart if "other" in row)]
    said = brittlestar("judge", write(tmp_path / "t.csv", [row.replace("main", "my net") for row in three]))
    assert said.code == 2
    assert "the table has 3 variants: my net, other, third" in said.errors[0]
    assert """write one: --claim '"my net" > other by 0.01 on accuracy'""" in said.errors[0]


def test_a_metric_that_the_table_lacks_is_refused_with_those_it_has(tmp_path: Path) -> None:
    gone = [f"{name},test,ece,{seed}," for name in ("main", "bag") for seed in range(5)]
    table = write(tmp_path / "t.csv", [*ROWS_OF_TWO, *gone])
    sentence = r"t\.csv: it has no score under '{}'; it has accuracy, log_loss"
    for claim, metric in (("main > bag by 0 on macro_f1", "macro_f1"), ("main > bag by 0 on ece", "ece")):
        with pytest.raises(InputError, match=sentence.format(metric)):
            judge(table, claim)
        with pytest.raises(InputError, match=sentence.format(metric)):
            judge(table, metric=metric)
        with pytest.raises(InputError, match=sentence.format(metric)):
            compare(table, table, metric=metric)
    said = brittlestar("judge", table, "--claim", "main > bag by 0 on speed")
    assert said.code == 2 and "it has no score under 'speed'" in said.errors[0], "before its direction is asked for"


def test_columns_of_a_table_are_named_by_role(tmp_path: Path) -> None:
    table = write(tmp_path / "t.csv", ROWS_OF_TWO)
    frame, claim = pl.read_csv(table), "main > bag by 0 on accuracy"
    named = frame.rename({"variant": "model", "seed": "run"}).with_columns(variant=pl.lit("x"))
    columns = {"variant": "model", "seed": "run"}
    assert judge(named, claim, columns=columns) == judge(frame, claim)
    named.write_csv(tmp_path / "named.csv")
    options = ["--claim", claim, "--columns", "variant=model,seed=run", "--json"]
    said = brittlestar("judge", tmp_path / "named.csv", *options)
    assert said.document == brittlestar("judge", table, *options[:2], "--json").document
    for wrong, told in (
        ({"variant": "modl"}, "no column 'modl', which was named as variant; did you mean 'model'?"),
        ({"model": "variant"}, "columns: unknown role 'model'; write it the other way round: variant=model"),
    ):
        with pytest.raises(InputError, match=re.escape(told)):
            judge(named, claim, columns=wrong)


def test_a_metric_is_asked_for_in_one_place(tmp_path: Path) -> None:
    table = write(tmp_path / "t.csv", ROWS_OF_TWO)
    said = brittlestar("judge", table, "--claim", "main > bag by 0 on accuracy", "--metric", "accuracy")
    assert said.code == 2 and "name the metric in each claim" in said.errors[0]
    said = brittlestar("judge", table, "--metric", "roc_auc")
    assert said.code == 2 and "there is no metric 'roc_auc'; did you mean 'auc'?" in said.errors[0]
    with pytest.raises(InputError, match="no claim is given; write one"):
        judge(table, [])


SCORES = {"new": [0.9, 0.91, 0.9, 0.92, 0.91], "old": [0.8, 0.81, 0.79, 0.82, 0.8]}
RIGHT = {name: np.random.default_rng(k).random((3, 200)) < 0.9 - 0.2 * k for k, name in enumerate(("new", "old"))}


@pytest.mark.parametrize(
    ("given", "whole"),
    [
        (SCORES, SCORES),
        ({name: np.asarray(values) for name, values in SCORES.items()}, SCORES),
        ([(name, value) for name, values in SCORES.items() for value in values], SCORES),
        (RIGHT, RIGHT),
        ([*RIGHT.items()], RIGHT),
        ([(name, row) for name, rows in RIGHT.items() for row in rows], RIGHT),
    ],
)
def test_arrays_and_pairs_are_runs_by_variant(given: Any, whole: dict[str, Any]) -> None:
    """Their seeds are nobody's, so they are judged as runs of seeds that the variants do not share."""
    claim = {"claim": "new > old by 0.01 on accuracy", "population": "fixed-test-set"}
    wide = np.ndim(whole["new"]) == 2
    told = {
        name: {"seeds": range(10 * k, 10 * k + len(runs)), "outcome" if wide else "score": runs}
        | ({"examples": range(200)} if wide else {})
        for k, (name, runs) in enumerate(whole.items())
    }
    found, other = judge(given, claim), judge(told, claim)
    assert (found.verdict, found.estimate, found.interval) == (other.verdict, other.estimate, other.interval)


@pytest.mark.parametrize(
    "given", [pd.Series([0.9, 0.8]), ["a", "b"], 3, np.asarray([0.9, 0.8]), [("new", 0.9), ("old",)]]
)
def test_what_names_no_variant_is_refused_with_what_is_taken(given: Any) -> None:
    with pytest.raises(
        InputError,
        match=r"^outcomes: an? .* is not read here; give a frame with the columns variant, seed and score .*pairs",
    ):
        judge(given, "new > old by 0.01 on accuracy")
