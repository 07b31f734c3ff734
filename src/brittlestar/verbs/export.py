"""`export`: what a study, or a table of outcomes, holds, in files that other tools read."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brittlestar.core.commands import data_place
from brittlestar.core.errors import InputError, Problem
from brittlestar.reports.document import SCHEMA_VERSION
from brittlestar.study.units import count
from brittlestar.verbs.asked import asked_of, is_store
from brittlestar.verbs.export_files import choose_targets, write_table
from brittlestar.verbs.export_sources import open_source

MOST_LINES = 12
"""Lines of a result in Python (contract.md, Verbs)."""


@dataclass(frozen=True)
class Written:
    """One thing that was written: its kind, its place, and its rows, None where it has none to count."""

    kind: str
    place: str
    rows: int | None = None

    @property
    def words(self) -> str:
        """`p.csv (600 rows)`."""
        return self.place if self.rows is None else f"{self.place} ({count(self.rows, 'row')})"


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
) -> ExportResult:
    """Write predictions, scores and findings into files that other tools read.

    Args:
        study: A study's folder; or a table of outcomes, which has scores, no findings, and predictions where it has the
            columns example, label and prediction.
        predictions: A file for what every run predicts in every row: id, split, variant, seed, prediction, p_CLASS for
            each class, label. `check` and `run` read it. It ends in .csv, .tsv, .parquet or .jsonl.
        scores: A file for the scores of every run: variant, split, metric, seed, score. It may also end in .json.
        findings: A file for the findings. In tables, `where` and `evidence` are JSON.
        out: A new folder for all three. Without it, and without any file, it is `NAME-export`.
        format: What is written into that folder: `csv`, `parquet` or `json`.
        splits: The splits to export; without them all.

    Returns:
        What was written and where, with notes on what is missing.

    Raises:
        InputError: There is no such study or table, a file is there already, or its ending is no format.
        StoreError: A file cannot be written, or a run's folder is damaged.

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
    folder = Path(out) if out is not None else None
    if folder is None and not any(named.values()):
        folder = Path(f"{Path(study).resolve().name.removesuffix('.study').removesuffix(Path(study).suffix)}-export")
    targets = choose_targets(named, folder, format)
    source = open_source(Path(study))
    chosen = source.choose_splits(splits)
    if wrong := [
        Problem(source.lacking[one.kind], str(one.path)) for one in targets if one.asked and one.kind in source.lacking
    ]:
        raise InputError(wrong)
    targets = tuple(one for one in targets if one.kind in source.kinds)
    made = {kind: source.kinds[kind](chosen) for kind in dict.fromkeys(one.kind for one in targets)}
    for one in targets:
        write_table(made[one.kind], one.path)
    written = tuple(Written(one.kind, str(one.path), made[one.kind].frame.height) for one in targets)
    notes = dict.fromkeys(note for one in made.values() for note in one.notes)
    return ExportResult(source.name, written, tuple(notes), _command_of(Path(study), written))


def _command_of(study: Path, written: Sequence[Written]) -> str | None:
    """The command that reads the exported predictions beside the study's data."""
    files = [one.place for one in written if one.kind == "predictions" and one.rows]
    if not files or not is_store(study):
        return None
    try:
        asked = asked_of(study)
    except InputError:
        return None
    settings = {path: value for path, value in asked.settings.items() if path.startswith("data.")}
    return f"brittlestar check {data_place(asked.data, asked.columns, settings)} --preds {shlex.quote(files[0])}"
