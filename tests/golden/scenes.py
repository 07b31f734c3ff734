"""The scenes: commands in order, each with what it says and its exit code, in a folder of their own."""

import contextlib
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from brittlestar.cli import app
from tests.golden.inputs import write_inputs

COMMAND = [sys.executable, "-c", "from brittlestar.cli import main; main()"]
"""The command by the one name that every state of the project has."""
SURROUNDINGS = {"COLUMNS": "80", "NO_COLOR": "1", "OMP_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1"}
DATA = ["generate spr spr --lengths 4-8 --sizes 240/120/160 --long 10-12 --quiet"]
AUDITS = [
    *(f"audit {folder} --json" for folder in ("spr", "sound", "faulty")),
    *(f"audit {folder} --verbose" for folder in ("spr", "sound", "faulty")),
    "audit faulty --html faulty.html --write-clean cleaned",
    "audit nowhere --json",
]
JUDGED = [
    *(
        f"judge outcomes.csv --claim '{claim}' --json"
        for claim in (
            "better > other by 0.05 on accuracy",
            "better == other within 0.02 on accuracy",
            "better < other by 0.01 on accuracy",
        )
    ),
    "judge outcomes.csv --claim 'better > other by 0.05 on accuracy' --verbose",
    "judge outcomes.csv --claim 'better is best'",
]
PREDICTIONS = " ".join(f"--preds predictions-{seed}.csv" for seed in range(3))
CHECKED = [
    f"check sound {PREDICTIONS} --stated 0.93 --json",
    "check sound --preds predictions-0.csv --out one.study --json",
    f"check sound {PREDICTIONS} --verbose",
    "check faulty --json",
    "check faulty --quiet",
]
TRAINED = [
    "run study.yaml --dry-run --json",
    "run study.yaml --executor serial --json",
    "run study.yaml --executor serial --verbose",
    *(f"{verb} golden.study --json" for verb in ("status", "audit", "judge", "probe", "report")),
    "judge golden.study --claim 'main > best-trivial by 0.01 on hwa' --json",
    "probe golden.study --show order.shuffle@1 --variant main",
    "run study.yaml --out golden.study --seeds 4 --executor processes --jobs 2 --json",
    "run study.yaml --set training.epochs=none",
]
NUMPY_ALONE = [*DATA, *AUDITS, *JUDGED, *CHECKED]
"""Scenes whose numbers do not hang on the processor but for their last digits."""
ALL = [*NUMPY_ALONE, *TRAINED]


@dataclass(frozen=True)
class Scene:
    """One command: its exit code, and what it said on standard output, read as JSON where it is that.

    A refusal has the lines of standard error too.
    """

    command: str
    code: int
    output: Any
    errors: list[str]


def play_scenes(folder: Path, commands: Iterable[str], source: Path) -> list[Scene]:
    """Run commands in a new folder with the package in `source`, each in a process of its own."""
    environment = {**os.environ, **SURROUNDINGS, "PYTHONPATH": str(source)}

    def start(command: list[str]) -> tuple[int, str, str]:
        done = subprocess.run(
            [*COMMAND, *command], cwd=folder, env=environment, capture_output=True, text=True, timeout=600
        )
        return done.returncode, done.stdout, done.stderr

    return _play(folder, commands, start)


def play_scenes_here(folder: Path, commands: Iterable[str]) -> list[Scene]:
    """Run commands in a new folder in this process, which the caller gave `SURROUNDINGS`."""

    def invoke(command: list[str]) -> tuple[int, str, str]:
        with contextlib.chdir(folder):
            result = CliRunner().invoke(app, command)
        return result.exit_code, result.stdout, result.stderr

    return _play(folder, commands, invoke)


def _play(folder: Path, commands: Iterable[str], run: Callable[[list[str]], tuple[int, str, str]]) -> list[Scene]:
    folder.mkdir(parents=True)
    write_inputs(folder)
    scenes: list[Scene] = []
    for command in commands:
        code, *texts = run(shlex.split(command))
        said, errors = (text.replace(str(folder), "FOLDER") for text in texts)
        assert "Traceback" not in errors, f"{command}\n{errors}"
        scenes.append(Scene(command, code, _read(said), errors.splitlines() if code == 2 else []))
    text = json.dumps([vars(scene) for scene in scenes], ensure_ascii=False, indent=1, sort_keys=True)
    (folder / "scenes.json").write_text(text, encoding="utf-8")
    return scenes


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text.splitlines()
