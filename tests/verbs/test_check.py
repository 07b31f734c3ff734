"""The front door: four answers from data and old predictions."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from brittlestar import check, cli
from brittlestar.core.errors import InputError
from brittlestar.verbs.check import CheckResult
from brittlestar.verdicts.standing import expected_maximum, standing, wrong_winner
from tests.execution.tiny import contents

ROWS = {"train": 240, "dev": 80, "test": 200, "shift_far": 150}


def write(folder: Path, copies: int = 0) -> Path:
    """Rows whose label says whether `a` before `b` and `c` before `d` agree, which no rung of the ladder can know; the
    first `copies` of test are train's."""
    random = np.random.default_rng(0)
    folder.mkdir()
    kept: list[str] = []
    for split, rows in ROWS.items():
        lines = ["id,sequence,label"]
        for k in range(rows):
            words = list(random.permutation([*"abcd", *random.choice(list("efghij"), 6)]))
            agree = (words.index("a") < words.index("b")) == (words.index("c") < words.index("d"))
            line = f"{' '.join(words)},{int(agree)}"
            line = kept[k] if split == "test" and k < copies else line
            kept += [line] if split == "train" else []
            lines.append(f"{split}_{k},{line}")
        (folder / f"{split}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def predict(data: Path, seeds: int, skill: float, shifted: float | None, name: str = "net") -> list[str]:
    """A file a seed: right in `skill` of the rows of test, and of `shifted` in those of the shifted split."""
    files: list[str] = []
    for seed in range(seeds):
        random = np.random.default_rng([seed, 7])
        lines = ["id,split,variant,seed,prediction"]
        for split, right in (("test", skill), ("shift_far", shifted)):
            for line in (data / f"{split}.csv").read_text(encoding="utf-8").splitlines()[1:] if right else []:
                own, label = line.split(",")[0], int(line[-1])
                lines.append(f"{own},{split},{name},{seed},{label if random.random() < right else 1 - label}")
        files.append(str(data.parent / f"{name}_{seed}.csv"))
        Path(files[-1]).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return files


def words(result: CheckResult) -> dict[str, str]:
    return {one.name: one.word for one in result.answers}


def text(result: CheckResult, name: str) -> str:
    return next(one.text for one in result.answers if one.name == name)


def test_a_result_that_is_real_and_holds(tmp_path: Path) -> None:
    data = write(tmp_path / "d")
    files = predict(data, 6, 0.95, 0.98)
    before = contents(data)
    result = check(data, predictions=files, stated=0.99, limits=False)
    assert contents(data) == before, "nothing is written beside the data"
    assert words(result) == {"real": "yes", "hold": "yes", "trust": "cannot say", "settle": "yes"}
    assert "6 seeds" in text(result, "real") and "new examples" in text(result, "real")
    assert "the stated 99.0 is above all 6 seeds" in text(result, "real")
    assert all(one.verdict == "supported" for one in result.judgements) and result.store is None


def test_a_result_that_is_below_the_ladder_and_falls_on_a_shifted_split(tmp_path: Path) -> None:
    data = write(tmp_path / "d")
    low = check(data, predictions=predict(data, 6, 0.3, None), limits=False)
    assert words(low)["real"] == "no" and "(refuted)" in text(low, "real")
    assert "shift_far: no predictions" in text(low, "hold")
    falls = check(data, predictions=predict(data, 6, 0.95, 0.6), limits=False)
    assert words(falls)["real"] == "yes" and words(falls)["hold"] == "no"


def test_three_seeds_settle_nothing_and_say_what_they_can_show(tmp_path: Path) -> None:
    data = write(tmp_path / "d")
    result = check(data, predictions=predict(data, 3, 0.95, 0.95), limits=False)
    assert words(result)["real"] == "cannot say" and words(result)["settle"] == "cannot say"
    assert "3 seeds would see" in text(result, "real") and "5 are the least" in text(result, "real")
    assert "test: 5 seeds" in text(result, "settle") and "brittlestar run" in text(result, "settle")
    one = check(data, predictions=predict(data, 1, 0.95, None), limits=False)
    assert "1 seed can show no spread" in text(one, "real")


def test_rows_that_stand_in_train_are_told_apart(tmp_path: Path) -> None:
    data = write(tmp_path / "d", copies=100)
    result = check(data, predictions=predict(data, 6, 0.95, None), limits=False)
    assert words(result)["trust"] == "no" and "leak.exact" in text(result, "real")
    assert "the rows of test that train does not have" in text(result, "real")
    assert [one.claim.split for one in result.judgements] == ["test", "test:unseen", "shift_far"]
    assert result.judgements[1].rows == 100


def test_without_predictions_it_says_what_is_missing_and_what_the_ladder_scores(tmp_path: Path) -> None:
    data = write(tmp_path / "d")
    result = check(data, limits=False)
    assert set(words(result).values()) == {"cannot say"} and result.judgements == ()
    assert "no predictions are given" in text(result, "real") and "alone scores" in text(result, "real")
    with pytest.raises(InputError, match="a stated score needs its predictions"):
        check(data, stated=0.9)


def test_detection_limits_are_measured_on_these_very_rows(tmp_path: Path) -> None:
    data = write(tmp_path / "d")
    told: list[str] = []
    result = check(data, progress=lambda what, done, of: told.append(what))
    assert result.limits is not None and "faults planted in these rows are seen: leak.exact from" in text(
        result, "trust"
    )
    assert "clean splits" in told and any(what.startswith("leak.exact at") for what in told)


def test_the_command_prints_four_lines_or_one_document_and_keeps_the_study(tmp_path: Path) -> None:
    data = write(tmp_path / "d")
    files = [part for file in predict(data, 3, 0.9, 0.9) for part in ("--preds", file)]
    arguments = ["check", str(data), *files, "--no-limits"]
    shown = CliRunner().invoke(cli.app, arguments)
    assert shown.exit_code == 0, shown.output
    starts = [line.split("  ")[0] for line in shown.output.splitlines() if line[:1].isupper()]
    assert starts == ["REAL?", "HOLD?", "CAN YOU TRUST THIS?", "SETTLE"]
    kept = tmp_path / "kept.study"
    said = CliRunner().invoke(cli.app, [*arguments, "--json", "--out", str(kept), "--quiet"])
    document = json.loads(said.stdout)
    assert set(document) == {"answers", "claims", "stated", "limits", "ladder", "findings", "store"}
    assert list(document["answers"]) == ["real", "hold", "trust", "settle"]
    assert document["store"] == str(kept) and (kept / "report" / "report.html").is_file()
    wrong = CliRunner().invoke(cli.app, ["check", str(tmp_path / "none")])
    assert wrong.exit_code == 2 and "no such folder" in wrong.output


# Where a number stands


def test_where_a_stated_number_stands() -> None:
    scores = {seed: 0.90 + seed / 100 for seed in range(5)}
    assert "is the best of 5 seeds, whose mean is 92.0" in standing(scores, 0.94).sentence
    assert "is above 2 of 5 seeds" in standing(scores, 0.92).sentence
    assert "is above all 5 seeds" in standing(scores, 0.95).sentence
    assert standing(scores, 0.9, "log_loss").the_best, "lower is better there"
    with pytest.raises(InputError, match=r"a score of 93\.1 is no accuracy.*write 0\.931"):
        standing(scores, 93.1)


def test_the_best_of_k_and_the_wrong_winner_against_brute_force() -> None:
    random = np.random.default_rng(0)
    for k in (2, 5, 20):
        drawn = random.standard_normal((100_000, k)).max(axis=1).mean()
        assert expected_maximum(k) == pytest.approx(drawn, abs=0.03)
    first, second = random.normal(0.01, 0.02, (200_000, 3)), random.normal(0, 0.01, (200_000, 3))
    assert wrong_winner(0.01, 0.02, 0.01) == pytest.approx((first[:, 0] < second[:, 0]).mean(), abs=0.004)
    assert wrong_winner(0.01, 0.02, 0.01, k=3) == pytest.approx((first.max(1) < second.max(1)).mean(), abs=0.004)


def test_files_that_differ_in_a_number_are_seeds_of_one_arm(tmp_path: Path) -> None:
    data = write(tmp_path / "d")
    rows = pl.read_csv(data / "test.csv", infer_schema=False)
    files = [tmp_path / f"mine_{seed}.csv" for seed in range(3)]
    for file in files:
        rows.select("id", prediction=pl.col("label")).write_csv(file)
    found = check(data, predictions=files, limits=False)
    assert "3 seeds" in text(found, "real")
    with pytest.raises(InputError, match="given 2 times"):
        check(data, predictions=[files[0], files[0]], limits=False)
