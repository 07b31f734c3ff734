"""A study beside a table: the scores are those of gate and judge, and what a table does not have is said in a line."""

from pathlib import Path

import polars as pl
import pytest

from brittlestar import compare, export, gate, judge
from brittlestar.core.errors import InputError
from brittlestar.verbs.compare import CompareResult
from tests.command import brittlestar

from .test_compare import ROWS, SEEDS, answers, hits, study

NOTE = "the second is a table: no settings, findings or verdicts"
OVERLAP = range(1, SEEDS)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study `a`, and predictions `d` of other seeds for the same rows, as file, study and outcomes."""
    folder = tmp_path_factory.mktemp("tables")
    study(folder, "a", range(ROWS), range(SEEDS), 0.5, 1)
    answers(range(ROWS), range(1, SEEDS + 1), 0.85, 2).write_csv(folder / "d.csv")
    hits(folder, "d").select("variant", "seed", example="id", outcome="hit").write_csv(folder / "outcomes.csv")
    return folder


def judged_on_one_table(here: Path) -> tuple[float, float]:
    table = pl.concat(
        hits(here, name)
        .filter(pl.col("seed").is_in(OVERLAP))
        .select(pl.lit(name).alias("variant"), "seed", example="id", outcome="hit")
        for name in "ad"
    )
    found = judge(table, {"claim": "d > a by 0 on accuracy", "looks": [len(OVERLAP)]}, registered=False)
    assert found.interval is not None
    return found.interval


def interval_of(result: CompareResult) -> tuple[float, float]:
    found = result.scores[0].answer
    assert found is not None and found.interval is not None
    return found.interval


@pytest.mark.parametrize("name", ["d.csv", "outcomes.csv"])
def test_a_table_is_compared_on_the_rows_and_seeds_that_both_have(here: Path, name: str) -> None:
    result = compare(here / "a.study", here / name)
    (pair,) = result.scores
    assert pair.variants == ("main", "net"), "the only variant of the table stands for main"
    assert pair.rows == (ROWS, ROWS, ROWS) and pair.seeds == (SEEDS, SEEDS, SEEDS - 1)
    means = [hits(here, one).filter(pl.col("seed").is_in(OVERLAP))["hit"].mean() for one in "ad"]
    assert pair.means == pytest.approx(means, abs=1e-12)
    assert interval_of(result) == pytest.approx(judged_on_one_table(here), abs=1e-9)
    low, high = interval_of(compare(here / name, here / "a.study"))
    assert (-high, -low) == pytest.approx(interval_of(result), abs=1e-9)


def test_a_gate_reads_the_same_file_to_the_same_numbers(here: Path) -> None:
    found, *_ = gate(here / "a.study", against=here / "d.csv", progress=False).requirements
    low, high = interval_of(compare(here / "d.csv", here / "a.study"))
    assert f"[−{-100 * low:.1f}, −{-100 * high:.1f}]" in found.sentence
    assert f"{SEEDS - 1} seeds, {ROWS} rows" in found.sentence


def test_what_a_table_does_not_have_is_said_in_one_line(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(here)
    result = compare("a.study", "d.csv")
    assert result.document["notes"] == [NOTE] and result.settings == result.verdicts == () and not result.findings.count
    said = brittlestar("compare", "a.study", "d.csv")
    assert said.code == 0 and said.output.count(NOTE) == 1
    assert "Settings" not in said.output and "Findings" not in said.output
    whole = brittlestar("compare", "a.study", "d.csv", "-v").output
    assert "\nScores\n" in whole and "Findings gained" not in whole and "\nSettings\n" not in whole
    assert compare("d.csv", "a.study").document["notes"] == ["the first is a table: no settings, findings or verdicts"]
    both = compare("outcomes.csv", "outcomes.csv").document["notes"]
    assert both == ["both are tables: no settings, findings or verdicts"]


def test_an_export_is_its_study(here: Path, tmp_path: Path) -> None:
    export(here / "a.study", predictions=tmp_path / "p.csv", scores=tmp_path / "s.csv")
    (pair,) = compare(here / "a.study", tmp_path / "p.csv").scores
    assert pair.variants == ("main", "main") and pair.identical and pair.seeds == (SEEDS, SEEDS, SEEDS)
    for metric in ("accuracy", "macro_f1"):
        result = compare(here / "a.study", tmp_path / "s.csv", metric=metric)
        (pair,) = result.scores
        assert pair.means is not None and pair.means[0] == pytest.approx(pair.means[1], abs=1e-12)
        assert (
            pair.rows is None and pair.judgement is not None and pair.judgement.estimate == pytest.approx(0, abs=1e-12)
        )
        assert "the rows are not known" in result.data_words
    with pytest.raises(InputError, match="no score under 'hwa'"):
        compare(here / "a.study", tmp_path / "s.csv", metric="hwa")


def test_examples_are_ids_and_a_part_of_the_rows_is_enough(here: Path, tmp_path: Path) -> None:
    rows = pl.read_csv(here / "outcomes.csv").filter(pl.col("seed") == 2).sample(fraction=1, shuffle=True, seed=0)
    rows.head(150).write_csv(tmp_path / "part.csv")
    result = compare(here / "a.study", tmp_path / "part.csv")
    (pair,) = result.scores
    assert pair.rows == (ROWS, 150, 150) and pair.seeds == (SEEDS, 1, 1)
    kept = rows.head(150)["example"].to_list()
    mine = hits(here, "a").filter(pl.col("id").is_in(kept), pl.col("seed") == 2)["hit"].mean()
    assert pair.means == pytest.approx((mine, rows.head(150)["outcome"].mean()), abs=1e-12)
    assert "test: 240 and 150 rows, 150 in both" in result.data_words
    rows.with_columns(pl.col("example") + "x").write_csv(tmp_path / "other.csv")
    (gap,) = compare(here / "a.study", tmp_path / "other.csv").scores
    assert gap.words == "they have no row in common: rows go by the example, which is the id in a study"


def test_columns_of_predictions_are_named(here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(here)
    pl.read_csv("d.csv").rename({"prediction": "pred"}).write_csv(tmp_path / "renamed.csv")
    refused = brittlestar("compare", "a.study", tmp_path / "renamed.csv")
    assert refused.code == 2 and "--preds-columns prediction=pred" in refused.errors[0]
    named = ("--preds-columns", "prediction=pred")
    found = brittlestar("compare", "a.study", tmp_path / "renamed.csv", *named, "--json").document
    assert found["scores"][0]["means"] == list(compare("a.study", "d.csv").scores[0].means or ())
    told = brittlestar("compare", "a.study", "outcomes.csv", *named)
    assert told.code == 2 and "there are no predictions whose columns could be named" in told.errors[0]
