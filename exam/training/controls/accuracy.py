"""How well a program does: it is trained as a study trains it, and nobody looks at anything else.

A whole study would say what it finds. That is not computed here.
"""

import csv
import io
import tempfile
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import yaml

from brittlestar.core.seeds import stream_seed
from brittlestar.data.encode import encode
from brittlestar.data.sources import read_splits
from brittlestar.models.info import model_info
from brittlestar.study.settings import Columns, DataSettings, TrainingSettings
from brittlestar.training.fitted import FitSplit
from brittlestar.training.loop import train
from brittlestar.training.process import seed_frameworks
from brittlestar.training.torch_process import isolate_torch
from exam.training.fault import Program
from exam.training.task_names import task_named
from exam.training.tasks import write


@dataclass(frozen=True)
class Accuracy:
    """Accuracy on test by seed, the mean over seeds of the lowest recall of a class, and what is `reachable`: the
    accuracy of the rule of the task, whose labels are noisy. All in [0, 1]."""

    scores: tuple[float, ...]
    recall: float
    reachable: float


def measure(program: Program, seeds: int) -> Accuracy:
    """Train a program from seeds 0, 1, … in this process."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        task = task_named(program.task)
        write(task, folder)
        answered = _ask_fit if program.kind == "fit" else _ask_built
        with isolate_torch("cpu", 0), redirect_stdout(io.StringIO()):
            found = [answered(program, folder, seed) for seed in range(seeds)]
        labels = np.array(_read(folder, "test").labels)
    scores = tuple(float((one == labels).mean()) for one in found)
    classes = sorted(set(labels))
    lowest = [min(float((one == labels)[labels == label].mean()) for label in classes) for one in found]
    return Accuracy(scores, sum(lowest) / len(lowest), 1 - task.noise * (len(classes) - 1) / len(classes))


def _ask_fit(program: Program, folder: Path, seed: int) -> np.ndarray:
    """The class (n_rows,) that a fit function gives each row of test."""
    sets = {name: _read(folder, name) for name in ("train", "dev", "test")}
    seed_frameworks(stream_seed(seed, "init"))
    fitted = _load(program)(sets["train"], sets["dev"], seed)
    predict = fitted[0] if isinstance(fitted, tuple) else fitted
    return np.array(sorted(set(sets["train"].labels)))[np.asarray(predict(sets["test"].tokens)).argmax(1)]


def _ask_built(program: Program, folder: Path, seed: int) -> np.ndarray:
    """The same of a module that a factory builds."""
    data = encode(read_splits(folder, Columns()), DataSettings(path=str(folder)))
    seed_frameworks(stream_seed(seed, "init"))
    module = _load(program)(model_info(data))
    trained = train(module, data, _settings(program), stream_seed(seed, "order"), stream_seed(seed, "dropout"))
    output = trained.outputs["test"]["best"]
    found = np.empty(len(output.rows), dtype=np.int64)
    found[output.rows] = output.values.argmax(1)
    return np.array(data.classes)[found]


def _load(program: Program) -> Any:
    module = ModuleType("program")
    exec(compile(program.text, "program.py", "exec"), module.__dict__)
    return getattr(module, program.kind)


def _settings(program: Program) -> TrainingSettings:
    nested: dict[str, Any] = {}
    for path, value in program.settings.items():
        *above, last = path.split(".")
        place = nested
        for part in above:
            place = place.setdefault(part, {})
        place[last] = yaml.safe_load(value)
    return TrainingSettings.model_validate(nested.get("training", {}))


def _read(folder: Path, split: str) -> FitSplit:
    with (folder / f"{split}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return FitSplit([row["sequence"].split(" ") for row in rows], [row["label"] for row in rows])
