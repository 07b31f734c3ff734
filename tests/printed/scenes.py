"""Studies of every kind, set up as a user does in the folder where they stand; what they print is collected."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from brittlestar import audit, check, run
from tests.printed.collecting import Collector
from tests.zoo import QUICK, Zoo

SERIAL = ("--executor", "serial")
TINY = ("--set", "training.epochs=1", "--set", "model.hidden=8", "--set", "probes.only=[order]")
FACTORY = """
from torch import nn


class Net(nn.Module):
    def __init__(self, info):
        super().__init__()
        self.embedding = nn.Embedding(info.vocabulary_size, 8, padding_idx=info.pad_id)
        self.head = nn.Linear(8, len(info.classes))

    def forward(self, tokens, lengths):
        return self.head(self.embedding(tokens).sum(1) / lengths.clamp(min=1).unsqueeze(1))
"""
STUDY = """
name: mine
data: {path: data}
model: {own: 'factory:Net'}
training: {epochs: 2}
variants: {slow: {training.learning_rate: 0.00001}}
seeds: 2
probes: {suite: none}
"""


@dataclass
class Scene:
    """What was printed in a folder, the calls of Python that a printed call stands for, and whether a run of it fails
    as it should."""

    collector: Collector = field(default_factory=Collector)
    fails: bool = False
    calls: dict[str, Callable[..., Any]] = field(default_factory=dict[str, Callable[..., Any]])

    def look(self, study: str) -> None:
        """Give every command that looks at a study, and read its page."""
        for verb in ("report", "status", "judge", "diagnose", "probe", "gate", "audit"):
            self.collector.give(verb, study)
        self.collector.read(Path(study))


def rows_of(split: str, many: int) -> list[tuple[str, str, str]]:
    """Rows whose label is their first word; a third of every split is in train, too."""
    found: list[tuple[str, str, str]] = []
    for k in range(many):
        draw = np.random.default_rng([k, 0 if k % 3 == 0 else len(split)])
        words = [str(word) for word in draw.choice(list("abcdef"), 4 + k % 3)]
        found.append((f"{split}{k}", " ".join(words), str(int(words[0] in "abc"))))
    return found


SPLITS = {"train": 60, "dev": 20, "test": 30, "shift_long": 20}


def frames() -> dict[str, pd.DataFrame]:
    return {name: pd.DataFrame(rows_of(name, n), columns=["id", "sequence", "label"]) for name, n in SPLITS.items()}


def write_data(folder: str, columns: tuple[str, str, str] = ("id", "sequence", "label")) -> None:
    Path(folder).mkdir()
    for name, frame in frames().items():
        frame.set_axis(list(columns), axis=1).to_csv(Path(folder, f"{name}.csv"), index=False)


def from_zoo(name: str, *more: tuple[str, ...]) -> Callable[[Scene, Zoo], None]:
    def set_up(scene: Scene, zoo: Zoo) -> None:
        zoo.copy(name, Path.cwd())
        scene.fails = name == "failed"
        for arguments in (("check", "data"), ("run", "data", "--dry-run"), *more):
            scene.collector.give(*arguments)
        scene.collector.give("run", "data.study", *SERIAL)
        scene.look("data.study")

    return set_up


def named_columns(scene: Scene, _: Zoo) -> None:
    write_data("my files", ("key", "text", "target"))
    named = ("--columns", "sequence=text,label=target")
    give = scene.collector.give
    give("audit", "my files", *named)
    give("check", "my files", *named)
    give("gate", "my files", *named)
    give("new", "my files", *named, "--out", "own study.yaml")
    give("run", "my files", *named, *SERIAL, *TINY, "--seeds", "1", "--out", "out put/a study")
    scene.look("out put/a study")


def study_file(scene: Scene, _: Zoo) -> None:
    write_data("data")
    Path("factory.py").write_text(FACTORY)
    Path("study.yaml").write_text(STUDY)
    scene.collector.give("run", "study.yaml", "--dry-run")
    scene.collector.give("audit", "study.yaml")
    scene.collector.give("run", "study.yaml", *SERIAL)
    scene.look("mine.study")


def stopped(scene: Scene, _: Zoo) -> None:
    write_data("data")
    scene.collector.give("run", "data", *SERIAL, *TINY, "--budget", "0.000001s")
    scene.look("data.study")


def objects(scene: Scene, given: Mapping[str, Any]) -> None:
    data = frames()
    asked = {"data": data, "name": "held", "seeds": 2, **QUICK, **given}
    scene.calls["run"] = lambda **more: run(**merge(asked, more))
    scene.calls["audit"] = lambda **more: audit(data, progress=False, **more)
    scene.collector.show(result := run(**asked))
    scene.collector.show(audit(data, progress=False))
    scene.collector.show(check(data, limits=False, progress=False))
    scene.collector.read(Path(str(result.store)))
    scene.look("held.study")


def merge(asked: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """The same call with what is new; settings are added to those that it had."""
    settings = {**asked.get("settings", {}), **more.get("settings", {})}
    return {**asked, **more, "settings": settings}


def pipeline(scene: Scene, _: Zoo) -> None:
    objects(scene, {"model": make_pipeline(CountVectorizer(analyzer=str.split), LogisticRegression())})


def built_in(scene: Scene, _: Zoo) -> None:
    settings = {"training.epochs": "1", "model.hidden": "8", "probes.only": "[order]"}
    objects(scene, {"settings": settings})


def fails(train: Any, dev: Any, seed: int) -> Any:
    if seed % 2:
        raise ValueError("no luck today")
    return lambda rows: [[0.7, 0.3] for _ in rows]


def own_object(scene: Scene, _: Zoo) -> None:
    scene.fails = True
    objects(scene, {"model": fails, "settings": {"variants": "{}", "probes.suite": "none"}})


def arrays(scene: Scene, _: Zoo) -> None:
    data = frames()
    labels = data["test"]["label"].astype(int).to_numpy()
    guesses = [np.where(np.arange(len(labels)) % 5 == seed, 1 - labels, labels).astype(str) for seed in range(3)]
    tables = [pd.DataFrame({"id": data["test"]["id"], "split": "test", "prediction": guess}) for guess in guesses]
    asked = {"data": data, "predictions": tables, "name": "held", **QUICK}
    asked["settings"] = {"variants": "{}"}
    scene.calls["run"] = lambda **more: run(**merge(asked, more))
    scene.calls["audit"] = lambda **more: audit(data, progress=False, **more)
    scene.collector.show(run(**asked))
    scene.collector.show(check(data, predictions=tables, limits=False, progress=False))
    scene.look("held.study")


GIVEN = tuple(part for seed in range(3) for part in ("--preds", f"preds_{seed}.csv"))
SCENES: dict[str, Callable[[Scene, Zoo], None]] = {
    "a folder": from_zoo("trained"),
    "a fit function": from_zoo("own"),
    "a failed run": from_zoo("failed"),
    "probed": from_zoo("probed", ("probe", "data.study", "--only", "order")),
    "given predictions": from_zoo(
        "given",
        ("check", "data", *GIVEN),
        ("check", "data", *GIVEN, "--stated", "0.99", "--out", "kept here.study"),
        ("gate", "data", *GIVEN),
    ),
    "a record": from_zoo(
        "sealed", ("gate", "--record", "data.record.zip", "--require", "real"), ("verify", "data.record.zip")
    ),
    "named columns, and spaces in names": named_columns,
    "a study file with a factory": study_file,
    "a run that was stopped": stopped,
    "frames and a pipeline": pipeline,
    "frames and the built-in model": built_in,
    "frames and a fit function that fails": own_object,
    "frames and arrays": arrays,
}


def by_day(scene: Scene, zoo: Zoo) -> None:
    zoo.copy("own", Path.cwd())
    for verb in ("report", "judge"):
        scene.collector.give(verb, "data.study")
    scene.collector.read(Path("data.study"))


BY_DAY = {"an own model": by_day}
"""What is quick enough for `make test`."""
