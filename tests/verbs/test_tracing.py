"""Settings that do nothing and influences that nobody states are told apart from all others, by running."""

import json
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from brittlestar import DiagnoseResult, diagnose, gate, report, run
from brittlestar.core.errors import StoreError
from brittlestar.core.tracing import Tracing
from brittlestar.study.default_values import change_setting
from brittlestar.study.settings import DataSettings, ModelSettings, TrainingSettings
from tests.command import brittlestar
from tests.execution.tiny import write_split

ODD = """
import locale, os, time, zlib
from pathlib import Path
import numpy as np

def answer(train, seed, plus):
    labels = sorted(set(train.labels))
    table = np.random.default_rng(seed).dirichlet(np.ones(len(labels)), size=64)
    def predict(rows):
        raw = np.stack([table[sum(map(ord, "".join(row))) % 64] for row in rows])
        raw[:, 0] += plus
        return raw / raw.sum(1, keepdims=True)
    return predict

def inert(train, dev, seed, width=8, dropout=0.5, warmup=10, use_bias=True, kind="wide", ratio=0.0):
    return answer(train, seed, width + 10 * use_bias)

def unseeded(train, dev, seed):
    return answer(train, 0, 0)

def swayed(train, dev, seed):
    order = [*{"a", "b", "c", "d", "e"}].index("c")
    threads = float(os.environ.get("OMP_NUM_THREADS", "1"))
    zone, language, folder = time.localtime(0).tm_hour, len(os.environ.get("LC_ALL", "")), len(os.getcwd())
    return answer(train, seed, order + 0.1 * threads + 0.01 * zone + 3 * language + 1e-3 * folder)

def needs_folder(train, dev, seed):
    if not Path("data").exists():
        raise FileNotFoundError("data")
    return answer(train, seed, 0)

def clock(train, dev, seed):
    return answer(train, time.time_ns() % 2**32, 0)

def healthy(train, dev, seed, width=8):
    return answer(train, seed, width)

def place_of(rows):
    return zlib.crc32(" ".join("".join(row) for row in rows).encode()) % 97

def in_their_order(train, dev, seed):
    return answer(train, 0, place_of(train.tokens) + np.random.default_rng(seed).uniform(0, 0.1))

def shuffled(train, dev, seed):
    order = np.random.default_rng(seed).permutation(len(train.tokens))
    return answer(train, 0, place_of([train.tokens[k] for k in order]))

def batch_wise(train, dev, seed):
    plain = answer(train, seed, 0)
    def predict(rows):
        raw = plain(rows)
        raw[:, 0] += np.cumsum([len(row) for row in rows]) / 100
        return raw / raw.sum(1, keepdims=True)
    return predict
"""

TRACED = ["report", "seed.undeclared"]


def trace(study: str | Path, budget: float = 600.0) -> DiagnoseResult:
    return diagnose(study, budget=budget, only=TRACED, progress=False)


def see(study: str | Path) -> Tracing:
    traced = trace(study).traced
    assert traced is not None
    return traced


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trace")
    for name, rows in (("train", 60), ("dev", 20), ("test", 20)):
        write_split(folder / "data", name, rows)
    (folder / "odd.py").write_text(textwrap.dedent(ODD))
    return folder


def study_of(here: Path, name: str, monkeypatch: pytest.MonkeyPatch, called: str = "") -> Path:
    monkeypatch.chdir(here)
    place = here / f"{called or name}.study"
    settings = {"probes.suite": "none", "variants": "{}"}
    run("data", model=f"odd:{name}", seeds=2, settings=settings, out=place, progress=False)
    return place


def found(here: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> set[tuple[str | None, str]]:
    return {(one.code, one.name) for one in see(study_of(here, name, monkeypatch)).found}


@pytest.fixture(scope="module")
def inert(here: Path) -> Tracing:
    """What is traced of a fit function that reads two of its parameters: some twenty processes, one after the other."""
    with pytest.MonkeyPatch.context() as patch:
        return see(study_of(here, "inert", patch))


def test_parameters_without_effect_are_told(inert: Tracing) -> None:
    told = {one.name.removeprefix("model.params."): one.effect for one in inert.traced if one.kind == "setting"}
    nothing = {name for name, effect in told.items() if effect == "none"}
    assert nothing == {"dropout", "warmup", "ratio", "kind"}
    assert {name for name, effect in told.items() if effect == "changes"} == {"width", "use_bias", "seeds"}
    assert {one.code for one in inert.found} == {"report.inert"}


def test_what_nobody_states_is_told(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"hash seed", "threads", "time zone", "locale", "working folder"}
    assert found(here, "swayed", monkeypatch) == {("report.undeclared", name) for name in names}
    assert found(here, "needs_folder", monkeypatch) == {("report.undeclared", "working folder")}


def test_seeds_and_clocks(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(here, "unseeded", monkeypatch) == {("report.inert", "seeds")}
    assert found(here, "clock", monkeypatch) == {("seed.undeclared", "the same run again")}


@pytest.mark.parametrize(
    ("name", "told"),
    [("in_their_order", "order of rows in train"), ("shuffled", None), ("batch_wise", "order of held-out rows")],
)
def test_the_order_of_rows_is_told_where_no_seed_declares_it(
    here: Path, monkeypatch: pytest.MonkeyPatch, name: str, told: str | None
) -> None:
    assert found(here, name, monkeypatch) == ({("report.undeclared", told)} if told else set())


def test_a_study_keeps_what_was_traced(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = study_of(here, "inert", monkeypatch, "kept")
    before = report(place)["findings"]
    trace(place)
    notes = [one for one in report(place)["findings"] if one["code"].startswith(("report.", "seed.undeclared"))]
    assert not [one for one in before if one["code"].startswith("report.")]
    here_told = {note["where"].get("setting", ""): note["status"] for note in notes if note["code"] == "report.inert"}
    assert here_told == {f"model.params.{name}": "present" for name in ("dropout", "warmup", "ratio", "kind")}
    assert {note["code"]: note["status"] for note in notes if note["code"] != "report.inert"} == {
        "report.undeclared": "absent",
        "seed.undeclared": "absent",
    }
    page = (place / "report" / "report.html").read_text()
    assert "report.inert" in page and "changes no weight and no answer" in page
    assert gate(place, absent=["report.inert"], require=[]).outcome == "fail"
    written = place / "trace.json"
    written.write_text(written.read_text().replace('"none"', '"changes"'))
    with pytest.raises(StoreError, match=r"trace\.json.*diagnose again"):
        report(place)


def test_settings_of_built_in_models(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(here)
    settings = {"training.epochs": "2", "training.batch_size": "16", "model.hidden": "8", "model.layers": "1",
                "training.schedule.kind": "step", "training.schedule.every": "50", "training.clip": "1000.0",
                "probes.suite": "none", "variants": "{}"}  # fmt: skip
    run("data", seeds=2, settings=settings, out="built.study", progress=False)
    assert "Traced   Nothing: whether each setting" in (asked := brittlestar("diagnose", "built.study").output)
    assert "brittlestar diagnose built.study --budget 10m" in asked
    assert (late := trace("built.study", budget=1e-6)).untraced and late.traced is None, "no time to begin in"
    result = trace("built.study")
    assert result.traced is not None and not result.untraced
    assert {one.where["setting"] for one in result.unstated} == {one.name for one in result.traced.found}
    assert {one.name for one in result.traced.found} == {
        "training.schedule.kind",
        "training.schedule.every",
        "training.clip",
    }
    assert all(one.why == "seen in the whole training" for one in result.traced.found)
    said = brittlestar("diagnose", "built.study", "--only", ",".join(TRACED), "--json", "--quiet")
    assert said.code == 0 and json.loads(said.output) == json.loads(json.dumps(result.document))
    assert '"effect": "none"' in said.output, "kept: nothing is trained again"
    ending = " ".join(brittlestar("diagnose", "built.study", "--only", "report").output.split())
    assert "report.inert main: training.clip (1000.0 → 2000.0)" in ending


def test_a_model_in_memory_is_not_traced(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(here)

    def fit(train: Any, dev: Any, seed: int) -> Any:
        return lambda rows: np.full((len(rows), len(set(train.labels))), 0.5)

    done = run("data", model=fit, seeds=2, settings={"variants": "{}"}, out="memory.study", progress=False)
    result = trace(done.store)
    assert result.traced is None and not result.untraced and not result.looked


def test_another_value_is_valid_and_another() -> None:
    sections = {
        "data": DataSettings().model_dump(mode="json"),
        "model": ModelSettings(params={"lr": 0.1, "deep": True, "name": "x"}).model_dump(mode="json"),
        "training": TrainingSettings().model_dump(mode="json"),
    }
    for path, value in (
        ("training.optimiser", "adamw"),
        ("training.clip", 2.0),
        ("model.dropout.encoder", 0.4),
        ("model.bidirectional", True),
        ("model.pooling", "last"),
        ("data.order", "permuted"),
        ("model.params.lr", 0.2),
        ("model.params.deep", False),
        ("model.params.name", "x-other"),
        ("training.schedule.kind", "cosine"),
    ):
        changed = change_setting(sections, path)
        assert changed is not None and changed[0] == value, path
        section, *rest = path.split(".")
        found = changed[1][section]
        for name in rest:
            found = found[name]
        assert found == value and sections["training"] == TrainingSettings().model_dump(mode="json")
    assert change_setting(sections, "model.embedding.table") is None
    high = {**sections, "model": {**sections["model"], "dropout": {"embedding": 0, "encoder": 0.9, "head": 0}}}
    changed = change_setting(high, "model.dropout.encoder")
    assert changed is not None and changed[0] == 0.45
