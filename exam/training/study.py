"""A study of one program in a folder and a process of its own, and what came out of it.

`python -m exam.training.study FOLDER SEEDS JOBS KIND` is that process.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.models.own import OwnCodeError
from brittlestar.verbs.run import run
from exam.training.fault import Program
from exam.training.task_names import task_named
from exam.training.tasks import write

ROOT = Path(__file__).parents[2]
FAILED = "run.failed"
"""Stands for the code of an exception that failed a run."""
REFUSED = "run.refused"
"""Stands for the code of an error that refuses a program before anything is trained."""
LIMIT = 300
"""Seconds after which a single run fails."""


@dataclass(frozen=True)
class Said:
    """A finding that is present and speaks of main, or of no variant."""

    code: str
    severity: str
    summary: str
    where: Mapping[str, Any]
    remedy: str


@dataclass(frozen=True)
class Outcome:
    """What a study of one program came to: accuracy on test by seed, runs that `failed`, what was `said`, the code and
    the sentence of what to act on first, and `seconds` of the whole."""

    scores: tuple[float, ...]
    failed: int
    said: tuple[Said, ...]
    first: tuple[str, str] | None
    seconds: float


def measured(program: Program, seeds: int, jobs: int, results: Path) -> Outcome:
    """The outcome of a program: read from `results` where it was measured with the same code, else measured."""
    place = results / f"{_key(program.digest(), _source(), str(seeds))}.json"
    if not place.exists():
        _keep(place, _studied(program, seeds, jobs))
    return read_outcome(json.loads(place.read_bytes()))


def read_outcome(known: Mapping[str, Any]) -> Outcome:
    """An outcome that was written as JSON."""
    return Outcome(
        tuple(known["scores"]),
        known["failed"],
        tuple(Said(**one) for one in known["said"]),
        known["first"] and tuple(known["first"]),
        known["seconds"],
    )


def scored(program: Program, seeds: int, jobs: int, results: Path) -> tuple[float, ...]:
    """Accuracy on test by seed, and nothing else: what was said is not even kept."""
    whole = results / f"{_key(program.digest(), _source(), str(seeds))}.json"
    if whole.exists():
        return tuple(json.loads(whole.read_bytes())["scores"])
    place = results / f"scores-{_key(program.digest(), str(seeds))}.json"
    if not place.exists():
        _keep(place, {"scores": _studied(program, seeds, jobs)["scores"]})
    return tuple(json.loads(place.read_bytes())["scores"])


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]


@cache
def _source() -> str:
    """A hash of the package: other checks say other things."""
    found = hashlib.sha256()
    for file in sorted((ROOT / "src").rglob("*.py")):
        found.update(file.read_bytes())
    return found.hexdigest()


def _keep(place: Path, found: Mapping[str, Any]) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    half = place.with_suffix(".half")
    half.write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")
    half.replace(place)


def _studied(program: Program, seeds: int, jobs: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(task_named(program.task), folder / "data")
        return study_folder(folder, program.text, program.kind, seeds, jobs, program.settings)


def study_folder(
    folder: Path, text: str, kind: str, seeds: int, jobs: int, settings: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Any]:
    """The outcome of the module `text`, whose name `kind` is the model, on the rows of `folder`/data: in a process of
    its own, as JSON values."""
    (folder / "program.py").write_text(text, encoding="utf-8")
    (folder / "settings.json").write_text(json.dumps(dict(settings)), encoding="utf-8")
    paths = [str(ROOT), str(ROOT / "src"), *filter(None, [os.environ.get("PYTHONPATH")])]
    done = subprocess.run(
        [sys.executable, "-m", "exam.training.study", str(folder), str(seeds), str(jobs), kind],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:]
        raise InputError("a program could not be studied", " ".join(last), "run it alone with --only")
    return json.loads((folder / "outcome.json").read_bytes())


def _outcome(seeds: int, jobs: int, kind: str, settings: Mapping[str, str]) -> Outcome:
    """The study of the program in this folder; one that is refused before anything is trained has no score."""
    start = time.perf_counter()
    try:
        result = run(
            "data",
            model=f"program:{kind}",
            out="exam.study",
            seeds=seeds,
            jobs=jobs,
            settings=dict(settings),
            timeout=LIMIT,
            progress=False,
        )
    except (InputError, OwnCodeError) as error:
        refused = Said(REFUSED, "error", str(error), {}, "")
        return Outcome((), seeds, (refused,), (REFUSED, str(error)), time.perf_counter() - start)
    document = result.document
    main = document["study"]["main"]
    variant = document["variants"][main]
    scores = variant["splits"].get("test", {}).get("accuracy", {}).get("seeds", {})
    return Outcome(
        tuple(scores.values()),
        seeds - len(scores),
        (
            *_failures(Path("exam.study"), main),
            *(
                Said(one["code"], one["severity"], one["summary"], one["where"], one["remedy"] or "")
                for one in document["findings"]
                if one["status"] == "present" and one["where"].get("variant", main) == main
            ),
        ),
        _act_first(document),
        time.perf_counter() - start,
    )


def _act_first(document: Mapping[str, Any]) -> tuple[str, str] | None:
    """The code and the sentence of what to act on first, where that is about main or the data."""
    act, main = document["headline"]["act_first"], document["study"]["main"]
    return None if act is None or act["variant"] not in (None, main) else (act["code"], act["sentence"])


def _failures(store: Path, main: str) -> list[Said]:
    """The exceptions that failed runs of main, each once: what people see in place of findings."""
    events = [json.loads(line) for line in (store / "attempts.jsonl").read_text(encoding="utf-8").splitlines()]
    failed = (event["error"] for event in events if event["event"] == "failed" and event["variant"] == main)
    return [Said(FAILED, "error", error, {}, "") for error in dict.fromkeys(failed)]


if __name__ == "__main__":
    given = Path(sys.argv[1])
    wanted = json.loads((given / "settings.json").read_bytes())
    found = asdict(_outcome(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], wanted))
    (given / "outcome.json").write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
