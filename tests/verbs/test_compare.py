"""Two studies side by side: differences against brute force, on rows and seeds that both have; findings; words."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from brittlestar import compare, generate, judge, run
from brittlestar.claims.side_by_side import match_rows
from brittlestar.core.errors import InputError
from brittlestar.core.findings import Finding
from brittlestar.reports.finding_changes import list_finding_changes
from tests.command import brittlestar

ROWS, SEEDS = 240, 6


def write_data(folder: Path, rows: range, label: str = "label") -> Path:
    """Rows that differ in their sequence, of two classes."""
    folder.mkdir(parents=True)
    for split, these in (("train", range(1000, 1100)), ("test", rows)):
        frame = pl.DataFrame([{"id": f"{split}{k}", "sequence": f"a{k} b{k % 7}", label: "ny"[k % 2]} for k in these])
        frame.write_csv(folder / f"{split}.csv")
    return folder


def answers(rows: range, seeds: range, right: float, draw: int) -> pl.DataFrame:
    """Predictions on test that are right in a share of rows, drawn by row and seed."""
    return pl.DataFrame(
        [
            {"id": f"test{k}", "variant": "net", "seed": seed, "prediction": "ny"[(k % 2) ^ wrong]}
            for seed in seeds
            for k in rows
            for wrong in [int(np.random.default_rng([draw, seed, k]).random() > right)]
        ]
    )


def study(here: Path, name: str, rows: range, seeds: range, right: float, draw: int) -> Path:
    answers(rows, seeds, right, draw).write_csv(here / f"{name}.csv")
    data = write_data(here / f"{name}-data", rows)
    predictions, out = here / f"{name}.csv", here / f"{name}.study"
    run(data, predictions=predictions, out=out, settings={"variants": "{}"}, executor="serial", report=False)
    return out


def hits(here: Path, name: str) -> pl.DataFrame:
    """Whether each prediction is right, by id and seed."""
    frame = pl.read_csv(here / f"{name}.csv")
    truth = "ny"[0], "ny"[1]
    number = frame["id"].str.strip_prefix("test").cast(pl.Int64)
    wanted = pl.Series([truth[k % 2] for k in number.to_list()])
    return frame.with_columns(hit=(frame["prediction"] == wanted).cast(pl.Float64))


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Studies a and b (other seeds, other rows, better), and c, which is a again."""
    folder = tmp_path_factory.mktemp("compare")
    study(folder, "a", range(ROWS), range(SEEDS), 0.5, 1)
    study(folder, "b", range(40, ROWS + 40), range(1, SEEDS + 1), 0.85, 2)
    study(folder, "c", range(ROWS), range(SEEDS), 0.5, 1)
    return folder


def test_the_difference_is_that_of_the_rows_and_seeds_that_both_have(here: Path) -> None:
    result = compare(here / "a.study", here / "b.study", metric="accuracy")
    (pair,) = result.scores
    assert pair.rows == (ROWS, ROWS, ROWS - 40) and pair.seeds == (SEEDS, SEEDS, SEEDS - 1)
    kept = [f"test{k}" for k in range(40, ROWS)]
    means = [
        hits(here, name).filter(pl.col("id").is_in(kept), pl.col("seed").is_in(range(1, SEEDS)))["hit"].mean()
        for name in "ab"
    ]
    assert pair.means == pytest.approx(means, abs=1e-12) and not pair.identical
    found = pair.judgement
    assert found is not None and found.estimate == pytest.approx(means[1] - means[0], abs=1e-12)
    assert found.interval is not None and found.interval[0] > 0 and found.relation == "better"
    assert found.verdict == "inconclusive" and not found.registered, "exploratory: never supported"
    tests = next(one for one in result.data if one.split == "test")
    assert (tests.first, tests.second, tests.both) == (ROWS, ROWS, ROWS - 40)
    assert "test: 240 and 240 rows, 200 in both" in result.data_words


def test_it_is_what_judge_says_of_a_table_of_both(here: Path) -> None:
    """The same rows and seeds as one table of outcomes, judged by the claim itself."""
    result = compare(here / "a.study", here / "b.study", metric="accuracy")
    kept = [f"test{k}" for k in range(40, ROWS)]
    table = pl.concat(
        hits(here, name)
        .filter(pl.col("id").is_in(kept), pl.col("seed").is_in(range(1, SEEDS)))
        .select(pl.lit(name).alias("variant"), "seed", example="id", outcome="hit")
        for name in "ab"
    )
    claim = {"claim": "b > a by 0 on accuracy", "looks": [SEEDS - 1], "pairing": "independent"}
    found = judge(table, claim, registered=False)
    ours = result.scores[0].judgement
    assert ours is not None and ours.claim.pairing == "independent", "nothing is known of their weights"
    assert ours.interval == pytest.approx(found.interval, abs=1e-9)
    assert ours.p == pytest.approx(found.p, rel=1e-6)


def test_rows_without_labels_that_differ_are_not_the_same_rows(tmp_path: Path) -> None:
    answers(range(ROWS), range(1), 0.8, 1).write_csv(tmp_path / "told.csv")
    for name, many in (("first", 50), ("second", 60)):
        data = write_data(tmp_path / name, range(ROWS))
        pl.read_csv(data / "test.csv").head(many).drop("label").write_csv(data / "new_may.csv")
        out = tmp_path / f"{name}.study"
        run(data, predictions=tmp_path / "told.csv", out=out, settings={"variants": "{}"}, report=False)
    result = compare(tmp_path / "first.study", tmp_path / "second.study")
    assert result.data_words == "new_may: 50 and 60 rows, 50 in both"


def test_a_study_and_its_repetition_differ_in_nothing(here: Path) -> None:
    result = compare(here / "a.study", here / "c.study")
    assert [setting.what for setting in result.settings] == ["model.predictions"]
    assert result.data == result.answers == result.verdicts == () and not result.findings.count
    (pair,) = result.scores
    assert pair.judgement is not None and pair.judgement.estimate == 0 and pair.identical
    assert pair.words.endswith("accuracy: the same answer of every run in every row")
    assert "the same rows in every split" in repr(result) and len(repr(result).splitlines()) <= 12
    assert json.loads(json.dumps(result.document)) == result.document


def test_the_command_says_the_difference_first(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(here)
    said = brittlestar("compare", "a.study", "b.study")
    lines = said.output.splitlines()
    assert said.code == 0 and len(lines) <= 25
    names = [line.split()[0] for line in lines if not line.startswith(" ")]
    assert names[:4] == ["Scores", "Compared", "Settings", "Data"] and "Findings" in names
    assert "better" in said.output and "Real?" in said.output
    document = brittlestar("compare", "a.study", "b.study", "--json").document
    assert document["scores"][0]["judgement"]["relation"] == "better"
    assert {one["what"] for one in document["answers"]} <= {"Real?", "Holds?", "Sound?", "Fair?"}
    assert brittlestar("compare", "a.study", "b.study", "-q").output.startswith("main on test: 5")


def test_what_cannot_be_compared_is_refused(here: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("variant,seed,score\nx,0,0.5\nx,1,0.6\n", encoding="utf-8")
    other = tmp_path / "u.csv"
    other.write_text("variant,seed,score\nz,0,0.5\nz,1,0.6\n", encoding="utf-8")
    with pytest.raises(InputError, match="no variant in common: x and z"):
        compare(table, other)
    with pytest.raises(InputError, match="there is no such file or study"):
        compare(here / "a.study", tmp_path / "gone.study")
    unknown = compare(here / "a.study", here / "c.study", metric="hwa").scores[0]
    assert unknown.judgement is None and "a.study has no metric 'hwa'" in unknown.words


def test_rows_that_every_seed_draws_anew_are_not_compared(tmp_path: Path) -> None:
    generate(tmp_path / "data", sizes="60/20/20")
    quick = {"training.epochs": "1", "model.family": "bag", "variants": "{}", "probes.suite": "none"}
    for name, more in (("fixed", {}), ("drawn", {"streams.split": "varied"})):
        run(tmp_path / "data", seeds=2, settings=quick | more, executor="serial", out=tmp_path / name, report=False)
    result = compare(tmp_path / "fixed", tmp_path / "drawn")
    dev = next(score for score in result.scores if score.split == "dev")
    assert dev.judgement is None and dev.words == "every seed of drawn drew its own rows of dev"
    assert next(score for score in result.scores if score.split == "test").judgement is not None
    assert [setting.what for setting in result.settings] == ["streams.split"]


def write_scores(path: Path, scores: dict[int, float], **more: Any) -> Path:
    pl.DataFrame([{"variant": "x", "seed": s, "score": v, **more} for s, v in scores.items()]).write_csv(path)
    return path


def test_tables_of_scores_are_compared_by_a_paired_t_test_over_common_seeds(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    first = dict(enumerate(0.7 + 0.02 * random.standard_normal(9)))
    second = {seed: value + 0.03 + 0.01 * random.standard_normal() for seed, value in first.items() if seed != 4}
    second[20] = 0.99
    result = compare(write_scores(tmp_path / "a.csv", first), write_scores(tmp_path / "b.csv", second))
    (pair,) = result.scores
    both = [seed for seed in first if seed in second]
    assert pair.seeds == (9, 9, 8) == (len(first), len(second), len(both))
    differences = [second[seed] - first[seed] for seed in both]
    found = pair.judgement
    assert found is not None and found.interval is not None
    assert found.estimate == pytest.approx(np.mean(differences))
    expected = stats.t.interval(0.95, 7, np.mean(differences), stats.sem(differences))
    assert found.interval == pytest.approx(expected, abs=1e-9)


def test_rows_are_matched_by_what_they_are_each_once() -> None:
    first = pl.DataFrame({"hash": [1, 2, 2, 3], "label": list("nnny"), "copy": [0, 0, 1, 0]})
    second = pl.DataFrame({"hash": [3, 2, 9], "label": list("ynn"), "copy": [0, 0, 0]})
    here, there = match_rows(first, second)
    assert here.tolist() == [1, 3] and there.tolist() == [1, 0]


def finding(code: str, status: Any = "present", severity: Any = "warning", **where: str) -> Finding:
    return Finding(code, status, "s", "t", severity if status == "present" else None, where)


def test_findings_are_gained_lost_moved_or_of_another_severity_each_said_once() -> None:
    first = [
        finding("gone.x", split="test"), finding("new.x", "absent"), finding("kept.x", variant="main"),
        finding("moves.x", variant="main", split="test"), finding("moves.x", "absent", variant="bag", split="test"),
        finding("place.x", split="dev"), finding("severe.x", split="test"), finding("token.x", split="test", token="a"),
    ]  # fmt: skip
    second = [
        finding("gone.x", "inconclusive"), finding("new.x"), finding("kept.x", variant="main"),
        finding("kept.x", variant="bag"), finding("only.x"), finding("moves.x", "absent", variant="main", split="test"),
        finding("moves.x", variant="bag", split="test"), finding("moves.x", variant="own", split="test"),
        finding("place.x", severity="info"), finding("severe.x", severity="error", split="test"),
        finding("token.x", split="dev", token="b"),
    ]  # fmt: skip
    found = list_finding_changes(first, second)
    gained = {(one.finding.code, one.other) for one in found.gained}
    assert gained >= {("new.x", "absent"), ("only.x", "not checked")}
    assert [one.finding.where for one in found.gained if one.finding.code == "kept.x"] == [{"variant": "bag"}]
    assert [(one.finding.code, one.other) for one in found.lost] == [("gone.x", "inconclusive")]
    assert {one.code: one.places for one in found.moved} == {
        "moves.x": "main → bag, own", "place.x": "dev → everywhere", "token.x": "test · a → dev · b",
    }  # fmt: skip
    assert [one.words for one in found.severity] == ["severe.x (test): warning → error"]
    assert next(one.severities for one in found.moved if one.code == "place.x") == "warning → info"
    back = list_finding_changes(second, first)
    assert {one.code: one.places for one in back.moved}["moves.x"] == "bag, own → main"
    assert list_finding_changes(first, first).count == 0


def test_a_result_stands_for_its_study_and_what_is_no_place_is_refused() -> None:
    with pytest.raises(InputError, match="a DataFrame is no place of a study; give a study's folder, what `run`"):
        compare("a.study", pl.DataFrame({"variant": ["main"]}))  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"'bert-base-uncased' names no factory.*trainer_fit makes one of a Trainer"):
        run("data", model="bert-base-uncased")
