"""The front door: four answers from data and old predictions."""

import gc
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl
import pytest

from brittlestar import audit, check, gate, judge, report
from brittlestar.claims.sentences import describe_level_origin, verdict_words
from brittlestar.claims.stated_scores import standing
from brittlestar.core.errors import InputError, StoreError
from brittlestar.verbs.check import CheckResult
from tests.execution.tiny import contents

STATED = "these files score 94.5, the mean of the 6 runs (92.5 to 96.0), not the stated 99.0."
ROWS = {"train": 240, "dev": 80, "test": 200, "shift_far": 150}


def write(folder: Path, copies: int = 0) -> Path:
    """Rows whose label says whether `a` before `b` and `c` before `d` agree, which no trivial baseline can know; the
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


def predict(
    data: Path, seeds: int, skill: float, shifted: float | None, name: str = "net", known: int = 0
) -> list[str]:
    """A file a seed: right in `skill` of the rows of test, and of `shifted` in those of the shifted split; always in
    the first `known` of test."""
    files: list[str] = []
    for seed in range(seeds):
        random = np.random.default_rng([seed, 7])
        lines = ["id,split,variant,seed,prediction"]
        for split, right in (("test", skill), ("shift_far", shifted)):
            for k, line in enumerate((data / f"{split}.csv").read_text("utf-8").splitlines()[1:] if right else []):
                own, label = line.split(",")[0], int(line[-1])
                hit = random.random() < right or (split == "test" and k < known)
                lines.append(f"{own},{split},{name},{seed},{label if hit else 1 - label}")
        files.append(str(data.parent / f"{name}_{seed}.csv"))
        Path(files[-1]).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return files


def answers(result: CheckResult) -> dict[str, str]:
    return {name: answer.answer for name, answer in result.headline.answers.items()}


def sentence(result: CheckResult, name: str) -> str:
    return result.headline.answers[name].sentence


def test_a_result_that_is_real_and_holds(tmp_path: Path) -> None:
    data = write(tmp_path / "d")
    files = predict(data, 6, 0.95, 0.98)
    before = contents(data)
    result = check(data, predictions=files, stated=0.99)
    assert contents(data) == before, "nothing is written beside the data"
    assert answers(result) == {"real": "yes", "holds": "yes", "sound": "yes"}
    assert "main exceeds the best trivial baseline (" in sentence(result, "real") and "6 seeds" in repr(result)
    assert result.headline.score is not None and result.headline.score.population == "new-examples"
    assert result.headline.stated is not None and result.headline.stated.answer == "no"
    assert result.headline.stated.sentence == STATED
    assert repr(result).startswith(f"Stated     No: {STATED}")
    assert all(judgement.verdict == "supported" for judgement in result.judgements) and result.store is None


def test_fixed_runs_are_looked_at_once_and_claims_share_the_error_by_holm(tmp_path: Path) -> None:
    data = write(tmp_path / "d")
    result = check(data, predictions=predict(data, 6, 0.95, 0.98))
    assert [judgement.claim.looks for judgement in result.judgements] == [(6,), (6,)]
    assert sorted(judgement.level for judgement in result.judgements) == pytest.approx([0.025, 0.05]), (
        "both are supported: Holm"
    )
    said = [describe_level_origin(judgement, 2) for judgement in result.judgements]
    assert {"97.5 % interval: 5 % shared by 2 claims (Holm), one look each",
            "95 % interval: 5 % shared by 2 claims (Holm), one look each"} == {*said}  # fmt: skip
    few = check(data, predictions=predict(data, 3, 0.95, None)).judgements[0]
    assert verdict_words(few) == "supported for these 3 models" and few.sentence.startswith("Supported for these 3")
    alike = check(data, predictions=predict(data, 1, 0.95, None) * 1)
    assert "1 is there" in sentence(alike, "real")


def test_runs_that_answer_alike_are_one_run_and_nobody_is_sent_for_more(tmp_path: Path) -> None:
    data = write(tmp_path / "d")
    (file,) = predict(data, 1, 0.95, None)
    copies = [file]
    for seed in (1, 2):
        copies.append(str(tmp_path / f"copy_{seed}.csv"))
        Path(copies[-1]).write_text(Path(file).read_text("utf-8").replace(",net,0,", f",net,{seed},"), encoding="utf-8")
    result = check(data, predictions=copies)
    assert "All 3 runs answer alike: they are one run, and more seeds bring nothing." in sentence(result, "real")
    assert "5 seeds are needed" not in repr(result) and result.headline.real.next is None
    assert not any(
        "more files" in str(finding.remedy) or "seeds" in str(finding.remedy)
        for finding in result.findings
        if finding.severity
    )


def test_a_result_that_is_below_the_best_trivial_baseline_and_falls_on_a_shifted_split(tmp_path: Path) -> None:
    data = write(tmp_path / "d")
    low = check(data, predictions=predict(data, 6, 0.3, None))
    assert answers(low)["real"] == "no" and "below the best trivial baseline" in sentence(low, "real")
    assert answers(low)["holds"] == "cannot-say"
    assert sentence(low, "holds").startswith("the score itself is open. eval.label-order (see Real?)")
    assert low.headline.act_first is not None and low.headline.act_first.code == "eval.label-order"
    falls = check(data, predictions=predict(data, 6, 0.95, 0.6))
    assert answers(falls)["real"] == "yes" and answers(falls)["holds"] == "no"
    assert "on shift_far main loses 3" in sentence(falls, "holds")


def test_a_split_whose_name_only_begins_like_a_shift_declares_none(tmp_path: Path) -> None:
    folder = write(tmp_path / "d")
    far, data = folder / "shift_far.csv", {split: folder / f"{split}.csv" for split in ("train", "dev", "test")}
    far.write_text(far.read_text("utf-8").replace(" e", " z"), encoding="utf-8")
    for name, severity in (("shift_far", "info"), ("shiftwork", "warning")):
        files = predict(folder, 6, 0.95, 0.6)
        for file in map(Path, files):
            file.write_text(file.read_text("utf-8").replace(",shift_far,", f",{name},"), encoding="utf-8")
        result = check({**data, name: far}, predictions=files)
        (new,) = [
            finding
            for finding in result.findings
            if finding.code == "shift.vocabulary" and finding.where["split"] == name
        ]
        assert (new.status, new.severity) == ("present", severity)
        assert answers(result)["holds"] == ("no" if severity == "info" else "cannot-say")
        assert [judgement.claim.split for judgement in result.judgements] == ["test", name][
            : 2 if severity == "info" else 1
        ]


def test_few_files_answer_for_these_models_and_for_no_method(tmp_path: Path) -> None:
    data = write(tmp_path / "d")
    for seeds, who in ((3, "these 3 models, new rows"), (1, "this model, new rows")):
        result = check(data, predictions=predict(data, seeds, 0.95, 0.95))
        assert answers(result)["real"] == "yes" and who in sentence(result, "real")
        assert "About the method nothing is said: 5 seeds are needed" in sentence(result, "real")
        assert {judgement.verdict for judgement in result.judgements} == {"inconclusive"}
        assert result.headline.real.next is None, "no command of ours makes more files of predictions"
    coin = check(data, predictions=predict(data, 3, 0.5, None))
    assert answers(coin)["real"] != "yes"


def test_rows_that_are_in_train_are_left_out(tmp_path: Path) -> None:
    data = write(tmp_path / "d", copies=100)
    result = check(data, predictions=predict(data, 6, 0.85, None, known=100))
    assert answers(result)["sound"] == "no" and "leak.exact" in sentence(result, "sound")
    assert "on the rows of test that are not in train" in sentence(result, "real")
    assert result.headline.score is not None and result.headline.score.split == "test:unseen"
    assert result.headline.score.n_rows == 100
    assert [judgement.claim.split for judgement in result.judgements] == ["test", "test:unseen", "shift_far"]
    assert result.judgements[1].rows == 100
    (leak,) = [
        finding for finding in result.findings if finding.code == "leak.exact" and finding.where["split"] == "test"
    ]
    assert leak.effect is not None and leak.effect.high < -1 and leak.severity == "error"
    nobody = check(data, predictions=predict(data, 6, 0.9, None))
    assert nobody.headline.score is not None and nobody.headline.score.split == "test", "copies move nothing"
    assert answers(nobody)["sound"] == "cannot-say" and nobody.headline.act_first is None


def test_predictions_stay_with_the_data_that_were_cleaned(tmp_path: Path) -> None:
    """What leads says the call for the same predictions; these hold rows that cleaning took out, by id and by order."""
    data, clean = write(tmp_path / "d", copies=100), tmp_path / "clean"
    files = predict(data, 6, 0.85, None, known=100)
    result = check(data, predictions=files)
    act = result.headline.act_first
    assert act is not None and str(act.command).endswith("--write-clean clean-data")
    assert all(f"--preds {file}" in str(act.command) for file in files)
    told = audit(data, predictions=files, write_clean=clean).document
    same = ["brittlestar", "check", str(clean), *(word for file in files for word in ("--preds", str(file)))]
    assert told["argv"] == told["headline"]["real"]["argv"] == same
    wanted = result.headline.score
    for again in (files, [pl.read_csv(file).drop("id") for file in files]):
        cleaned = check(clean, predictions=again)
        assert wanted is not None and cleaned.headline.score is not None
        assert (cleaned.headline.score.mean, cleaned.headline.score.n_rows) == (wanted.mean, wanted.n_rows)
        assert any("100 of 200 predictions of" in note and "cleaning took out" in note for note in cleaned.notes)
    with pytest.raises(InputError, match="1 of 100 rows without a prediction: test_199"):
        check(clean, predictions=pl.read_csv(files[0])[:-1])


def test_a_stated_score_is_the_mean_unless_it_is_said_to_be_the_best(tmp_path: Path) -> None:
    data = write(tmp_path / "d")
    files = predict(data, 6, 0.95, None)

    def ask(stated: float, what: Literal["mean", "best"] = "mean") -> tuple[str, str]:
        found = check(data, predictions=files, stated=stated, stated_is=what).headline.stated
        assert found is not None
        return found.answer, found.sentence

    assert ask(0.945) == ("yes", "these files score 94.5, the mean of the 6 runs (92.5 to 96.0), as stated.")
    assert ask(0.96) == ("no", "96.0 is the best of the 6 runs (92.5 to 96.0); their mean is 94.5.")
    best = "the best of the 6 runs (92.5 to 96.0) is 96.0, and their mean 94.5"
    assert ask(0.96, "best") == ("yes", f"{best}, as stated.")
    assert ask(0.98, "best") == ("no", f"{best}, not the stated 98.0.")
    with pytest.raises(InputError, match="is the mean or the best"):
        ask(0.96, "worst")  # pyright: ignore[reportArgumentType]


def test_without_predictions_it_says_what_is_missing_and_what_a_model_must_exceed(tmp_path: Path) -> None:
    data = write(tmp_path / "d")
    result = check(data)
    assert answers(result) == {"real": "cannot-say", "holds": "cannot-say", "sound": "yes"}
    assert result.judgements == () and result.headline.score is None
    assert "no predictions were given. A model must exceed" in sentence(result, "real")
    assert result.headline.real.next == f"brittlestar run {data}"
    with pytest.raises(InputError, match="a stated score needs predictions"):
        check(data, stated=0.9)
    with pytest.raises(InputError, match="without predictions there is no study to keep"):
        check(data, out=tmp_path / "kept.study")


def test_detection_limits_are_measured_where_asked_for_on_these_very_rows(tmp_path: Path) -> None:
    data = write(tmp_path / "d")
    shown: list[str] = []
    for given in ((), predict(data, 1, 0.95, None)):
        plain = check(data, predictions=given, progress=lambda what, done, of: shown.append(what))
        assert plain.limits is None and "Planted" not in sentence(plain, "sound")
    assert "leak.exact" in shown and "clean splits" not in shown
    result = check(data, limits=True, progress=lambda what, done, of: shown.append(what))
    assert result.limits is not None and "Planted in these rows, it finds leak.exact from" in sentence(result, "sound")
    assert not any("limits" in note for note in result.notes)
    (tmp_path / "few.csv").write_text("sequence,label\na b,x\nb a,y\n", encoding="utf-8")
    few = check({"train": data / "train.csv", "test": tmp_path / "few.csv"}, limits=True)
    assert few.limits is None and any("limits were not measured: they need 50 rows" in note for note in few.notes)
    assert "clean splits" in shown and any(what.startswith("leak.exact at") for what in shown)


# Where a number stands


def test_where_a_stated_number_stands() -> None:
    scores = {seed: 0.901 + seed / 100 for seed in range(5)}
    assert "is the best of 5 seeds, whose mean is 92.1" in standing(scores, 0.941).sentence
    assert "is above 2 of 5 seeds" in standing(scores, 0.921).sentence
    assert "is above all 5 seeds" in standing(scores, 0.95).sentence
    assert standing(scores, 0.901, "log_loss").the_best, "lower is better there"
    with pytest.raises(InputError, match=r"a score of 93\.1 is no accuracy.*write 0\.931"):
        standing(scores, 93.1)


def test_files_that_differ_in_a_number_are_seeds_of_one_variant(tmp_path: Path) -> None:
    data = write(tmp_path / "d")
    rows = pl.read_csv(data / "test.csv", infer_schema=False)
    files = [tmp_path / f"mine_{seed}.csv" for seed in range(3)]
    for file in files:
        rows.select("id", prediction=pl.col("label")).write_csv(file)
    found = check(data, predictions=files)
    assert found.headline.score is not None and found.headline.score.n_seeds == 3
    with pytest.raises(InputError, match="given 2 times"):
        check(data, predictions=[files[0], files[0]])


def test_a_stated_score_stays_with_the_study(tmp_path: Path) -> None:
    data = write(tmp_path / "d")
    files = predict(data, 2, 0.9, None)
    found = check(data, predictions=files, stated=0.99, out=tmp_path / "kept.study").headline.stated
    assert found is not None and found.answer == "no"
    page = (tmp_path / "kept.study" / "report" / "report.html").read_bytes()
    assert report(tmp_path / "kept.study")["headline"]["stated"]["sentence"] == found.sentence
    assert (tmp_path / "kept.study" / "report" / "report.html").read_bytes() == page, "rebuilt, the page is the same"
    assert judge(tmp_path / "kept.study").headline.stated == found


def test_variants_that_would_be_trained_are_refused(tmp_path: Path) -> None:
    data = write(tmp_path / "d")
    with pytest.raises(InputError, match="check judges given predictions and trains nothing"):
        check(data, predictions=predict(data, 1, 0.9, None), settings={"variants": "{other: {model.hidden: 8}}"})


def list_temporary(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Callable[[], list[Path]]:
    """What is in the folder for temporary files, now and later."""
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("BRITTLESTAR_AUDITS", "anew")
    return lambda: sorted(folder.iterdir())


def test_what_is_not_kept_goes_with_the_result_and_is_not_flushed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("something is flushed to disk")

    data = write(tmp_path / "data")
    files, there = predict(data, 2, 0.8, 0.7), list_temporary(monkeypatch, tmp_path / "tmp")
    before = contents(tmp_path)
    monkeypatch.setattr(os, "fsync", refuse)
    result = check(data, predictions=files)
    assert result.headline.score is not None and result.store is None and len(there()) == 1
    assert result.predictions.height == 2 * (ROWS["test"] + ROWS["shift_far"])
    assert str(there()[0]) not in str(result.document) + str(result) + result.make_page()
    del result
    gc.collect()
    assert gate(data, predictions=files).requirements
    gc.collect()
    assert not there() and contents(tmp_path) == before


@pytest.mark.parametrize("raised", [KeyboardInterrupt, RuntimeError])
def test_what_is_not_kept_goes_with_whatever_ends_it(
    raised: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(*_: object) -> None:
        assert len(there()) == 1
        raise raised

    data = write(tmp_path / "data")
    files, there = predict(data, 1, 0.8, None), list_temporary(monkeypatch, tmp_path / "tmp")
    monkeypatch.setattr("brittlestar.pipeline.given_study.read_live_record", end)
    with pytest.raises(raised) as kept:
        check(data, predictions=files)
    assert kept and not there()


def test_what_is_not_kept_goes_with_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = write(tmp_path / "data")
    files, there = predict(data, 1, 0.8, None), list_temporary(monkeypatch, tmp_path / "tmp")
    code = "import sys, brittlestar; kept = brittlestar.check(sys.argv[1], predictions=sys.argv[2]); print(kept.store)"
    ran = [sys.executable, "-c", code, str(data), *files]
    assert (
        "None"
        in subprocess.run(
            ran, env={**os.environ, "TMPDIR": str(tmp_path / "tmp")}, capture_output=True, text=True
        ).stdout
    )
    assert not there()


def test_a_folder_for_temporary_files_that_refuses_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = write(tmp_path / "data")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(StoreError, match="a temporary folder"):
        check(data, predictions=predict(data, 1, 0.8, None))
