"""`run` with the class, function or estimator itself: in processes where it can go there, in this one where not."""

import json
import re
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from brittlestar import InputError, compare, judge, report, run, seal, verify
from brittlestar.execution.jobs import SilentWatcher
from brittlestar.store.layout import Store
from brittlestar.store.study_document import read_study

ROWS = [("good a b", "yes"), ("bad a b", "no"), ("a good", "yes"), ("b bad a", "no")]
DATA = {name: [{"sequence": text, "label": label} for text, label in ROWS * 4] for name in ("train", "dev", "test")}
FAST = {"variants": "{}", "probes.suite": "none"}


def fit_share(share: float) -> Any:
    def fit(train: Any, dev: Any, seed: int) -> Any:
        def predict_proba(rows: Any) -> Any:
            return [[1 - share, share] if "good" in row else [share, 1 - share] for row in rows]

        return predict_proba

    return fit


def test_a_closure_goes_to_processes_and_its_cells_stand_the_next_time(tmp_path: Path) -> None:
    result = run(DATA, model=fit_share(0.75), out=tmp_path / "study", seeds=2, settings=FAST)
    assert result.exit_code == 0 and result.document["variants"]["main"]["title"] == "fit (yours)"
    assert result.notes[-1] == "fit is an object of this session; cloudpickle copied it to processes."
    kept = "The store keeps its hash and its source, not the object: to train more of it, give it again with model=."
    assert any(kept in note for note in result.record.notes) and kept in str(result.document["study"]["notes"])
    assert "def predict_proba" in read_study(Store(tmp_path / "study"))["own_source"]
    attempts = (tmp_path / "study" / "attempts.jsonl").read_text()
    again = run(DATA, model=fit_share(0.75), out=tmp_path / "study", seeds=2, settings=FAST, executor="serial")
    assert Path(again) == tmp_path / "study" and judge(again).headline is not None, "a result stands for its study"
    assert (tmp_path / "study" / "attempts.jsonl").read_text() == attempts, "it was trained again"
    assert again.notes[-1] == ("fit is an object of this session; its runs are trained in this process, one by one.")
    other = run(DATA, model=fit_share(0.7), out=tmp_path / "study", seeds=2, settings=FAST, executor="serial")
    assert {cell.hash for cell in other.record.cells}.isdisjoint(cell.hash for cell in again.record.cells)
    assert other.document["variants"]["main"]["splits"]["test"]["log_loss"]["mean"] == pytest.approx(0.3567, abs=1e-3)


def test_a_failed_run_is_told_without_progress_and_an_interrupt_is_raised_after_storing(tmp_path: Path) -> None:
    def fit(train: Any, dev: Any, seed: int) -> Any:
        if seed == 1:
            raise ValueError("my own mistake")
        if seed == 2:
            signal.raise_signal(signal.SIGINT)
        return fit_share(0.75)(train, dev, seed)

    given = {"model": fit, "out": tmp_path / "study", "settings": FAST, "executor": "serial", "report": False}
    result = run(DATA, seeds=2, **given)
    (problem,) = result.problems
    assert re.search(r"main, seed 1 failed: .*:\d+: fit raised ValueError: my own mistake", problem)
    assert problem.replace(" failed", "") in repr(result)
    assert [cell["error"] is None for cell in result.document["cells"]] == [True, False]
    with pytest.raises(KeyboardInterrupt, match="stopped by SIGINT; what is done is kept"):
        run(DATA, seeds=4, **given)


def test_a_record_says_that_its_model_lived_in_a_session(tmp_path: Path) -> None:
    run(DATA, model=fit_share(0.75), out=tmp_path / "study", seeds=2, settings=FAST, executor="serial", report=False)
    sealed = seal(tmp_path / "study", with_data=True, out=tmp_path / "record.zip")
    (note,) = [one for one in sealed.notes if "session" in one]
    assert "the model of main lived in a session" in note and not any("changed" in one for one in sealed.notes)
    checked = {part.what: part for part in verify(tmp_path / "record.zip", depth="retrain").checked}
    assert checked["own code"].outcome == checked["scores follow from predictions"].outcome == "identical"
    assert checked["runs trained again"].details == (
        "the model of main lived in a session, and its code is not in the record",
    )


def test_what_cannot_leave_this_process_is_trained_here(tmp_path: Path) -> None:
    lock, seen = threading.Lock(), list[int]()

    def fit(train: Any, dev: Any, seed: int) -> Any:
        with lock:
            seen.append(seed)
        return fit_share(0.75)(train, dev, seed)

    result = run(DATA, model=fit, out=tmp_path / "study", seeds=2, settings=FAST)
    assert result.exit_code == 0 and seen == [0, 1]
    assert "one by one: it cannot be copied" in result.notes[-1]
    assert any("does not cover objects of type _thread.lock" in note for note in result.record.notes)
    with pytest.raises(
        InputError, match=r"^timeout: .* its runs are trained in this process.*timeout needs executor processes"
    ):
        run(DATA, model=fit, out=tmp_path / "study", seeds=2, settings=FAST, timeout=9)


def test_an_estimator_and_its_store_without_it(tmp_path: Path) -> None:
    model, out = make_pipeline(TfidfVectorizer(), LogisticRegression()), tmp_path / "study"
    first = run(DATA, model=model, out=out, seeds=1, settings=FAST, executor="serial")
    assert first.document["variants"]["main"]["title"] == "Pipeline (yours)"
    assert "brittlestar run" not in repr(first), "no command can read data and model in memory again"
    assert not any("brittlestar run" in str(finding.remedy) for finding in first.reading.findings)
    assert read_study(Store(out))["own_source"] == repr(model)
    assert run(out, executor="serial").record.cells == first.record.cells, "a finished study needs no model"
    with pytest.raises(InputError, match=r"were objects in memory.*give the data again, and a model in memory too"):
        run(out, seeds=2)
    with pytest.raises(InputError, match="a study's folder has its model"):
        run(out, model=LogisticRegression)
    with pytest.raises(InputError, match=r"the code of Pipeline \(variant main\) changed"):
        run(out, model=make_pipeline(TfidfVectorizer(), LogisticRegression(C=2)))
    shutil.rmtree(next((out / "cells").iterdir()))
    with pytest.raises(InputError, match="Pipeline was an object of the session that set this study up, and is gone"):
        run(out, executor="serial")
    again = run(out, model=model, executor="serial")
    assert again.document["variants"] == first.document["variants"], "the same model finishes it"


def test_a_study_of_files_grows_with_its_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    data = tmp_path / "data"
    data.mkdir()
    for split, rows in DATA.items():
        pl.DataFrame(rows).write_csv(data / f"{split}.csv")
    model, out = make_pipeline(TfidfVectorizer(), LogisticRegression()), tmp_path / "study"
    first = run("data", model=model, out=out, seeds=1, settings=FAST, executor="serial")
    assert "brittlestar run" not in repr(first), "no command can make the model again"
    with pytest.raises(InputError, match=r"is gone; give it again in Python: run\(STUDY, model=…\)"):
        run(out, seeds=2, executor="serial")
    more = run(out, model=model, seeds=2, executor="serial")
    assert more.record.seeds == (0, 1) and more.store == out
    cells = {cell.seed: cell.hash for cell in more.record.cells}
    assert cells[0] == first.record.cells[0].hash, "what is finished stays"


def test_what_an_estimator_was_made_with_stands_on_every_surface(tmp_path: Path) -> None:
    places: list[Path] = []
    for strength in (0.5, 2.0):
        model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression(C=strength))
        places.append(tmp_path / f"study{strength}")
        run(DATA, model=model, out=places[-1], seeds=1, settings=FAST, executor="serial", progress=False)
    report(places[0], methods=True)
    sentence = "logisticregression.C 0.5; tfidfvectorizer TfidfVectorizer; tfidfvectorizer.ngram_range [1, 2]"
    assert sentence in (places[0] / "report" / "paper" / "methods.md").read_text(encoding="utf-8")
    assert "estimator.logisticregression.C" in (places[0] / "report" / "report.html").read_text(encoding="utf-8")
    changed = {setting.what: (setting.first, setting.second) for setting in compare(*places).settings}
    assert changed["estimator.logisticregression.C"] == (0.5, 2.0)


def test_a_class_with_a_name_is_named(tmp_path: Path) -> None:
    result = run(DATA, model=DummyClassifier, out=tmp_path / "study", seeds=1, settings=FAST, executor="serial",
                 watcher=SilentWatcher())  # fmt: skip
    assert result.document["variants"]["main"]["title"] == "sklearn.dummy:DummyClassifier (yours)"
    with pytest.raises(InputError, match="put a vectoriser before it"):
        run(DATA, model=LogisticRegression, out=tmp_path / "other", seeds=1, settings=FAST, executor="serial")


SCRIPT = """
import json, sys
from brittlestar import run
from torch import nn
width = 4
class Net(nn.Module):
    def __init__(self, info):
        super().__init__()
        self.embedding = nn.Embedding(info.vocabulary_size, width)
        self.head = nn.Linear(width, len(info.classes))
    def forward(self, tokens, lengths):
        return self.head(self.embedding(tokens).sum(1))
result = run(json.loads(sys.argv[1]), model=Net, out=sys.argv[2], seeds=1, settings=json.loads(sys.argv[3]))
print(result.record.cells[0].hash, result.record.cells[0].outcome, *result.notes, sep="|")
"""


def test_code_without_a_file_has_the_cells_of_the_same_code_in_one(tmp_path: Path) -> None:
    given = [json.dumps(DATA), str(tmp_path / "study"), json.dumps(FAST)]

    def tell(script: str, text: str) -> list[str]:
        told = subprocess.run(
            [sys.executable, script, *given], input=text, capture_output=True, text=True, check=True, cwd=tmp_path
        )
        return told.stdout.strip().split("|")

    typed = tell("-", SCRIPT)
    (tmp_path / "script.py").write_text(f"# a comment\n{SCRIPT}")
    written = tell("script.py", "")
    assert typed[1] == "trained" and typed[:2] == written[:2]
    assert "keeps its hash (its source cannot be read), not the object" in typed[2]
    assert "keeps its hash and its source, not the object" in written[2]
