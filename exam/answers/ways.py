"""Ways in which a situation is brought: prediction files, frames, arrays, variants, functions and estimators."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from brittlestar.verbs.check import check
from brittlestar.verbs.gate import gate
from brittlestar.verbs.run import run
from exam.answers.following import ask
from exam.answers.models import MODELS
from exam.answers.scenarios import TRAINED, Scenario, Way
from exam.answers.situation import SEEDS, Situation
from exam.answers.tasks import Rows

OTHER = "naive-bayes"
"""The second variant, where there are two."""
SLACK = 0.05
"""How far below its own score the gate asks for."""


@dataclass(frozen=True)
class Brought:
    """What every surface says of a scenario: the headline's JSON, the text of a terminal, the page, and the outcome of
    each requirement of a gate, with the least score that it asked for."""

    document: Mapping[str, Any]
    text: str
    page: str
    required: Mapping[str, str]
    least: float | None


def bring(scenario: Scenario, place: Path) -> Brought:
    """Ask as the way has it; files lie in `place`. Of prediction files the JSON is that of the command."""
    given, way = scenario.given, scenario.way
    frames: Any = {name: tabulate(rows) for name, rows in given.given.items()}
    if way in TRAINED:
        model, out = make_model(given, way), place / "exam.study"
        ran = run(frames, model=model, seeds=SEEDS, out=out, executor="serial", progress=False)
        page = (out / "report" / "report.html").read_text("utf-8")
        return _ask_gate(json.loads(json.dumps(ran.document)), str(ran), page, out, ())
    predictions = hand_over(given, way, place)
    if way == "frame":
        frames = {name: frame.to_pandas() for name, frame in frames.items()}
    if way not in ("files", "table"):
        checked = check(frames, predictions=predictions, progress=False)
        document = json.loads(json.dumps(checked.document))
        return _ask_gate(document, str(checked), checked.make_page(), frames, predictions)
    data = place / "data"
    data.mkdir()
    for name, frame in frames.items():
        frame.write_csv(data / f"{name}.csv")
    checked = check(data, predictions=predictions, progress=False)
    document = ask(["check", str(data), *(part for one in predictions for part in ("--preds", one))], place).document
    return _ask_gate(document, str(checked), checked.make_page(), data, predictions)


def _ask_gate(document: Mapping[str, Any], text: str, page: str, data: Any, predictions: Any) -> Brought:
    score = document["headline"]["score"]
    least = max(round(score["mean"] - SLACK, 2), 0.01) if score else None
    gated = gate(data, predictions=predictions, require="real,holds,sound", min_score=least, progress=False)
    required = {"least" if one.name.startswith("least") else one.name: str(one.outcome) for one in gated.requirements}
    return Brought(document, text, page, required, least)


def tabulate(rows: Rows) -> pl.DataFrame:
    """A split as a frame."""
    return pl.DataFrame({"id": rows.ids, "sequence": rows.texts, "label": rows.labels})


def tabulate_answers(given: Situation, seed: int) -> pl.DataFrame:
    """All answers of a seed: id, split, seed, prediction and the probability of each class."""
    frames: list[pl.DataFrame] = []
    for split, rows in given.given.items():
        answers = given.answers[seed][split]
        columns = {f"p_{name}": answers[:, place] for place, name in enumerate(given.classes)}
        said = [given.classes[place] for place in answers.argmax(axis=1)]
        same = {"split": [split] * len(rows), "seed": [seed] * len(rows)}
        frames.append(pl.DataFrame({"id": rows.ids, **same, "prediction": said, **columns}))
    return pl.concat(frames)


def hand_over(given: Situation, way: Way, place: Path) -> Any:
    """Predictions as the way has them; files are written into `place`."""
    each = [tabulate_answers(given, seed) for seed in range(SEEDS)]
    if way in ("files", "table"):
        tables = each if way == "files" else [pl.concat(each)]
        files = [str(place / f"answers{number}.csv") for number in range(len(tables))]
        for file, table in zip(files, tables, strict=True):
            table.write_csv(file)
        return files
    if way == "frame":
        return pl.concat(each).to_pandas()
    if way == "arrays":
        return {split: [one[split] for one in given.answers] for split in given.given}
    other = replace(given, model=OTHER)
    return {"main": each, "other": [tabulate_answers(other, seed) for seed in range(SEEDS)]}


def make_model(given: Situation, way: Way) -> Any:
    """A function of a notebook, which learns from what lies around it; one that learns from what it is given; or an
    estimator as it is."""
    if way == "estimator":
        return MODELS[given.model](0)

    def fit(train: Any, dev: Any, seed: int) -> Callable[[Sequence[Sequence[str]]], np.ndarray]:
        texts = tuple(" ".join(tokens) for tokens in train.tokens)
        learned = given.learned or Rows(texts, texts, tuple(train.labels))
        answer = (given if way == "closure" else replace(given, learned=learned)).fit(seed)
        return lambda asked: answer([" ".join(tokens) for tokens in asked])

    return fit
