"""`export`: what a study, or a table of outcomes, holds, in files that other tools read."""

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brittlestar.core.brief import MOST_LINES
from brittlestar.core.commands import data_place
from brittlestar.core.errors import InputError, Problem, StoreError
from brittlestar.core.hashing import digest, pretty_json
from brittlestar.core.optional import require
from brittlestar.pipeline.request import is_store, read_request
from brittlestar.records.crate import CRATE, describe_crate
from brittlestar.records.opened_study import OpenedStudy
from brittlestar.records.reported.applying import write_settings
from brittlestar.records.reported.effect import find_effect
from brittlestar.records.unpacked import ZIP, unpack_record
from brittlestar.records.writing import write_record
from brittlestar.reports.checklists import write_checklists
from brittlestar.reports.document import SCHEMA_VERSION
from brittlestar.reports.model_card import write_model_card
from brittlestar.store.address import Place, name_place, read_place
from brittlestar.store.attempts import read_attempts
from brittlestar.store.layout import REPORT
from brittlestar.store.study_document import read_study
from brittlestar.store.study_record import read_record
from brittlestar.study.units import count
from brittlestar.verbs.export_files import choose_targets, refuse_existing_file, write_file, write_table
from brittlestar.verbs.export_sources import open_source

FILES, TRACKERS = ("model_card", "checklists", "crate", "settings"), ("mlflow", "tensorboard")
"""What needs no library, and what needs the one of its name, which an extra of that name brings."""
Target = str | Path


@dataclass(frozen=True)
class Written:
    """One thing that was written: its kind, its place, and its rows or runs, None where it has none to count."""

    kind: str
    place: str
    rows: int | None = None
    runs: int | None = None

    @property
    def words(self) -> str:
        """`p.csv (600 rows)`."""
        counted = [count(n, one) for n, one in ((self.rows, "row"), (self.runs, "run")) if n is not None]
        return f"{self.place} ({counted[0]})" if counted else self.place

    @property
    def title(self) -> str:
        """`Model card`."""
        return {"mlflow": "MLflow", "tensorboard": "TensorBoard"}.get(
            self.kind, self.kind.replace("_", " ").capitalize()
        )


@dataclass(frozen=True, repr=False)
class ExportResult:
    """What was written, sentences on what is not in it and why, and the command that reads the predictions back, None
    where there are none or nobody knows where the data lie."""

    name: str
    written: tuple[Written, ...]
    notes: tuple[str, ...] = ()
    again: str | None = None

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb."""
        return {
            "schema_version": SCHEMA_VERSION,
            "study": self.name,
            "written": [dict(vars(one)) for one in self.written],
            "notes": list(self.notes),
        }

    def __repr__(self) -> str:
        return "\n".join([*(f"{one.kind:12}  {one.words}" for one in self.written), *self.notes][:MOST_LINES])


def export(
    study: str | Path,
    *,
    predictions: str | Path | None = None,
    scores: str | Path | None = None,
    findings: str | Path | None = None,
    out: str | Path | None = None,
    format: str = "csv",
    splits: Sequence[str] = (),
    model_card: str | Path | None = None,
    checklists: str | Path | None = None,
    crate: str | Path | None = None,
    settings: str | Path | None = None,
    mlflow: str | None = None,
    tensorboard: str | Path | None = None,
) -> ExportResult:
    """Write predictions, scores and findings for other tools.

    Needs a study's folder, or a table of outcomes (see `brittlestar judge -h`), which has scores and predictions alone.
    A file's format is its ending: .csv, .tsv, .parquet, .jsonl, and for scores and findings .json. Nothing is trained,
    and nothing is overwritten. `mlflow` and `tensorboard` need the extras of their names.

    Args:
        study (STUDY|TABLE): A study's folder, or a table of outcomes.
        predictions (FILE): Every row of every run, as `check` reads it: id, split, variant, seed, prediction, p_CLASS
            for each class, label.
        scores (FILE): Every score: variant, split, metric, seed, score.
        findings (FILE): Every finding, worst first; in tables, where and evidence are JSON.
        out (DIR): A new folder for all three. Default: ./NAME-export
        format (csv|parquet|json): What is written into the folder.
        splits (--split SPLIT,…): These splits alone. Default: all.
        model_card (FILE): A Hugging Face model card with model-index metadata.
        checklists (FILE): NeurIPS, reproducibility and REFORMS checklists, and limits.
        crate (DIR|FILE): Its record as a Process Run Crate (RO-Crate).
        settings (FILE): The settings in effect as YAML, as `compare` reads them.
        mlflow (URI): Runs in MLflow's tracking store. Extra: mlflow.
        tensorboard (DIR): A new folder of TensorBoard events. Extra: tensorboard.

    Returns:
        What was written and where, with notes on what is missing.

    Raises:
        InputError: There is no such study or table, a file is there already, or its ending is no format.
        StoreError: A file cannot be written, or a run's folder is damaged.
        MissingExtraError: The library of a tracker is not installed.

    Command:
        Prints each file with its rows, and the command that reads the predictions back.

        Examples:
          brittlestar export demo/data.study
          brittlestar export demo/data.study --predictions p.csv --split test
          brittlestar export demo/data.study --scores s.parquet --findings f.json
          brittlestar export demo/data.study --model-card README.md
          brittlestar export demo/data.study --checklists checklists.md
          brittlestar export demo/data.study --crate data.crate.zip
          brittlestar export demo/data.study --settings reported.yaml
          brittlestar export demo/data.study --mlflow "$MLFLOW_TRACKING_URI"
          brittlestar export outcomes.csv --scores scores.csv

        Exit codes: 0 done; 1 a file cannot be written; 2 wrong usage, or no study or table that can be read.

    Example:
        The study is that of `run("data", seeds=2)`.

        >>> from brittlestar import check, export
        >>> export("data.study", predictions="p.csv", scores="s.parquet", splits=["test"])
        predictions   p.csv (80 rows)
        scores        s.parquet (32 rows)
        >>> check("data", predictions="p.csv", limits=False).headline.score.n_seeds
        2
    """
    named = {"predictions": predictions, "scores": scores, "findings": findings}
    trackers = {"model_card": model_card, "checklists": checklists, "crate": crate, "settings": settings,
                "mlflow": mlflow, "tensorboard": tensorboard}  # fmt: skip
    others = {kind: place for kind, place in trackers.items() if place is not None}
    folder = Path(out) if out is not None else None
    if folder is None and not others and not any(named.values()):
        folder = Path(f"{Path(name_place(read_place(study))).stem}-export")
    targets = choose_targets(named, folder, format)
    if problems := refuse_documents(others):
        raise InputError(problems)
    source = open_source(read_place(study))
    chosen = source.choose_splits(splits)
    if source.study is None and others:
        told = "this is a table of outcomes, and only a study has it"
        raise InputError([Problem(told, option_of(kind), "give a study's folder") for kind in others])
    if wrong := [one for one in targets if one.asked and one.kind in source.lacking]:
        raise InputError([Problem(source.lacking[one.kind], str(one.path)) for one in wrong])
    targets = tuple(one for one in targets if one.kind in source.kinds)
    made = {kind: source.kinds[kind](chosen) for kind in dict.fromkeys(one.kind for one in targets)}
    for one in targets:
        write_table(made[one.kind], one.path)
    written = [Written(one.kind, str(one.path), made[one.kind].frame.height) for one in targets]
    if source.study is not None:
        counts = write_documents(source.study, others)
        written += [Written(kind, str(others[kind]), runs=runs) for kind, runs in counts.items()]
    notes = dict.fromkeys(note for one in made.values() for note in one.notes)
    return ExportResult(source.name, tuple(written), tuple(notes), _command_of(read_place(study), written))


def _command_of(study: Place, written: Sequence[Written]) -> str | None:
    """The command that reads the exported predictions beside the study's data."""
    files = [one.place for one in written if one.kind == "predictions" and one.rows]
    if not files or not is_store(study):
        return None
    try:
        asked = read_request(study)
    except InputError:
        return None
    settings = {path: value for path, value in asked.settings.items() if path.startswith("data.")}
    return f"brittlestar check {data_place(asked.data, asked.columns, settings)} --preds {shlex.quote(files[0])}"


def refuse_documents(places: Mapping[str, Target]) -> list[Problem]:
    """What keeps them from being written: a file or folder that is there already. Raises MissingExtraError where the
    library of a tracker is not installed."""
    for kind in TRACKERS:
        if kind in places:
            require(kind, kind)
    found = [refuse_existing_file(Path(places[kind]), option_of(kind)) for kind in FILES if kind in places]
    if "tensorboard" in places:
        found.append(refuse_existing_file(Path(places["tensorboard"]), "--tensorboard", "DIR"))
    return [one for one in found if one is not None]


def option_of(kind: str) -> str:
    """`--model-card` for `model_card`."""
    return f"--{kind.replace('_', '-')}"


def write_documents(study: OpenedStudy, places: Mapping[str, Target]) -> dict[str, int | None]:
    """Write each of them; how many runs went to a tracker, by kind, None for a file. Raises InputError, StoreError, and
    MissingExtraError where a tracker's library is not installed."""
    counts: dict[str, int | None] = {}
    for kind, place in places.items():
        counts[kind] = _WRITERS[kind](study, place) if kind in _WRITERS else None
        if kind in _TEXTS:
            write_file(Path(place), _TEXTS[kind](study).encode())
    return counts


def _write_crate(study: OpenedStudy, place: Target) -> None:
    """The record that the study was sealed into, described for archives. Raises InputError where there is none."""
    path, sealed = Path(place), study.assessment.reading.sealed
    if sealed is None or not isinstance(study.store.root, Path):
        hint = f"brittlestar seal {shlex.quote(str(study.path))}"
        raise InputError("the study has not been sealed, or has changed since", str(study.path), hint)
    with unpack_record(study.store.root.parent / sealed.record) as record:
        found = (one for one in record.folder.rglob("*") if one.is_file())
        files = {one.relative_to(record.folder).as_posix(): one for one in found}
        files.pop(CRATE, None)  # earlier versions put one into the record
        described = describe_crate(read_record(record.store), record.attempts, files)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_record({**files, CRATE: pretty_json(described)}, path, path.suffix == ZIP)
        except OSError as error:
            raise StoreError(
                f"cannot be written: {error.strerror or error}", str(place), "name another place"
            ) from error


def _write_tensorboard(study: OpenedStudy, place: Target) -> int:
    from brittlestar.reports.trackers import write_events

    try:
        return write_events(study.assessment.reading, Path(place))
    except OSError as error:
        raise StoreError(f"cannot be written: {error.strerror or error}", str(place), "name another folder") from error


def _write_mlflow(study: OpenedStudy, place: Target) -> int:
    from brittlestar.reports.trackers import Told, write_runs

    begun: dict[str, float] = {}
    clocks: dict[str, tuple[float, float]] = {}
    for line in read_attempts(study.store):
        begun.setdefault(line["cell"], line["at"])
        if line["event"] == "started":
            begun[line["cell"]] = line["at"]
        clocks[line["cell"]] = begun[line["cell"]], line["at"]
    told = Told(digest(read_study(study.store)), clocks, study.store.path(REPORT))
    return write_runs(study.assessment.reading, str(place), told)[1]


_TEXTS: Mapping[str, Callable[[OpenedStudy], str]] = {
    "model_card": lambda study: write_model_card(study.assessment.reading),
    "checklists": lambda study: write_checklists(study.assessment.reading),
    "settings": lambda study: write_settings(find_effect(study.record, study.declared)),
}
_WRITERS = {"crate": _write_crate, "mlflow": _write_mlflow, "tensorboard": _write_tensorboard}
