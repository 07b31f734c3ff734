"""`export`: what a study holds, in files that other tools read."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brittlestar.core.commands import data_place
from brittlestar.core.documents import begin_document, offer_command
from brittlestar.core.errors import InputError
from brittlestar.data.tables import format_list
from brittlestar.pipeline.request import read_request
from brittlestar.records.opened_study import OpenedStudy
from brittlestar.reports.paragraphs import Paragraph, name_next
from brittlestar.reports.result_text import note_blocks
from brittlestar.reports.showing import show_blocks
from brittlestar.store.later_splits import later_splits
from brittlestar.store.layout import read_place
from brittlestar.verbs.export_files import SPLITS_NAMED, choose_splits, choose_targets, make_table, write_table
from brittlestar.verbs.exporters import EXPORTERS, Written, refuse_places


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
            **begin_document(),
            "study": self.name,
            "written": [dict(vars(one)) for one in self.written],
            "notes": list(self.notes),
            **offer_command(self.again),
        }

    @property
    def blocks(self) -> list[Paragraph]:
        """Every file with its rows, notes, and the command that goes on."""
        written = (Paragraph(one.title, one.words, path=True) for one in self.written)
        return [*written, *note_blocks(self.notes), *name_next("Next", self.again)]

    __repr__ = show_blocks


def export(
    study: str | Path,
    *,
    predictions: str | Path | None = None,
    scores: str | Path | None = None,
    findings: str | Path | None = None,
    out: str | Path | None = None,
    format: str = "csv",
    splits: Sequence[str] = (),
    settings: str | Path | None = None,
    mlflow: str | None = None,
) -> ExportResult:
    """Write predictions, scores and findings for other tools.

    Needs a study's folder. A file's format is its ending: .csv, .tsv, .parquet, .jsonl, and for scores and findings
    .json. Nothing is trained, and nothing is overwritten. `mlflow` needs the extra of its name.

    Args:
        study (STUDY): A study's folder.
        predictions (FILE): Every row of every run, as `check` reads it: id, split, variant, seed, prediction, p_CLASS
            for each class, label.
        scores (FILE): Every score: variant, split, metric, seed, score.
        findings (FILE): Every finding, worst first; in tables, where and evidence are JSON.
        out (DIR): A new folder for all three. Default: ./NAME-export
        format (csv|parquet|json): What is written into the folder.
        splits (--split SPLIT,…): These splits alone. Default: all.
        settings (FILE): The settings in effect as YAML, as `compare` reads them.
        mlflow (URI): Runs in MLflow's tracking store. Extra: mlflow.

    Returns:
        What was written and where, with notes on what is missing.

    Raises:
        InputError: There is no such study, a file is there already, or its ending is no format.
        StoreError: A file cannot be written, or a run's folder is damaged.
        MissingExtraError: The library of a tracker is not installed.

    Command:
        Prints each file with its rows, and the command that reads the predictions back.

        Examples:
          brittlestar export demo/data.study
          brittlestar export demo/data.study --predictions p.csv --split test
          brittlestar export demo/data.study --scores s.parquet --findings f.json
          brittlestar export demo/data.study --settings reported.yaml
          brittlestar export demo/data.study --mlflow "$MLFLOW_TRACKING_URI"

        Exit codes: 0 done; 1 a file cannot be written; 2 wrong usage, or no study that can be read.

    Example:
        The study is that of `run("data", seeds=2)`.

        >>> from brittlestar import check, export
        >>> export("data.study", predictions="p.csv", scores="s.parquet", splits=["test"])
        Predictions  p.csv (80 rows)
        Scores     s.parquet (32 rows)
        Next       → brittlestar check data --preds p.csv
        >>> check("data", predictions="p.csv").headline.score.n_seeds
        2
    """
    given = dict(locals())  # every exporter has a parameter of its name
    named = {"predictions": predictions, "scores": scores, "findings": findings}
    others = {kind: str(given[kind]) for kind in EXPORTERS if given[kind] is not None}
    place, folder = read_place(study), None if out is None else Path(out)
    if folder is None and not others and not any(named.values()):
        folder = Path(f"{Path(place.resolve().name).stem}-export")
    targets = choose_targets(named, folder, format)
    if problems := refuse_places(others, [path for _, path in targets]):
        raise InputError(problems)
    opened = OpenedStudy(place)
    chosen = choose_splits(opened, splits)
    made = {kind: make_table(opened, kind, chosen) for kind, _ in targets}
    for kind, path in targets:
        write_table(made[kind], path)
    written = [Written(kind, str(path), made[kind].frame.height) for kind, path in targets]
    written += [Written(kind, other, runs=EXPORTERS[kind].write(opened, other)) for kind, other in others.items()]
    notes = dict.fromkeys(note for one in made.values() for note in one.notes)
    command = _command_of(place, written)
    if command is not None and (later := [name for name in chosen if name in later_splits(opened.store)]):
        command = None
        sentence = f"{format_list(later, SPLITS_NAMED)} came after the study's data"
        notes[
            f"{sentence}; for `check` with these predictions, add the rows to the data, or choose others with --split"
        ] = None
    return ExportResult(opened.record.name, tuple(written), tuple(notes), command)


def _command_of(study: Path, written: Sequence[Written]) -> str | None:
    """The command that reads the exported predictions beside the study's data."""
    files = [one.place for one in written if one.kind == "predictions" and one.rows]
    if not files:
        return None
    try:
        asked = read_request(study)
    except InputError:
        return None
    settings = {path: value for path, value in asked.settings.items() if path.startswith("data.")}
    return f"brittlestar check {data_place(asked.data, asked.columns, settings)} --preds {shlex.quote(files[0])}"
