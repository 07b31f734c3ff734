"""`compare RECORD REPORTED`: what a report states of a study's settings, held against what was in effect."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from brittlestar.records.opened_study import open_study
from brittlestar.records.reported.comparing import compare_settings
from brittlestar.records.reported.effect import write_example
from brittlestar.records.reported.reading import read_report, read_tree
from brittlestar.records.reported.scores import compare_scores, estimate, list_asked
from brittlestar.records.reported_result import ReportedResult as ReportedResult
from brittlestar.store.split_answers import AnsweredRows
from brittlestar.store.study_record import read_record


def compare_reported(study: str | Path, reported: str | Path | Mapping[str, Any]) -> ReportedResult:
    """Hold what a report states of main's settings, and of scores, against what was in effect and what was measured.

    Args:
        study: In Python: a study's folder, or a record of it.
        reported: In Python: a file in YAML, JSON, TOML or CSV, or a mapping. Its keys are paths of the study file,
            nested or with dots. `scores` holds scores by variant, split and metric: `{"main": {"test": {"accuracy":
            0.83}}}`, or, for a score, `{"mean": 0.83, "sd": 0.01}`.

    Returns:
        Whether the report states what was run (`as_run`: yes only if all that it states was compared). What each field
        is: `match`, `misstated`, `omitted` (it was chosen, and nobody says so), `omitted-default`, `without-effect`,
        `cannot-tell` (own code sets it), or `not-compared` (no setting has this name, or such a value). And of each
        score whether it is the stored mean, as far as it was written out (`match`), or lies `inside` or `outside` its
        interval, or is `not-compared`; `sd` is the SD over seeds (`match`) or `differs`.

    Raises:
        InputError: There is no such study or record, or the report cannot be read.
        StoreError: The study's folder is damaged.

    Example:
        The study is that of `run("data")`.

        >>> from brittlestar import compare_reported
        >>> found = compare_reported("data.study", {"training": {"learning_rate": 1e-3, "batch_size": 32}, "lr": 0.1})
        >>> [(one.name, one.kind) for one in found.fields if one.stated is not None]
        [('training.batch_size', 'misstated'), ('lr', 'not-compared'), ('training.learning_rate', 'match')]
    """
    with open_study(study) as opened:
        effect, record = opened.effect, opened.record
        if isinstance(reported, Mapping):
            report = read_tree(reported, {})
        else:
            scores = f"scores: {{{record.main}: {{{record.held_out or 'train'}: {{{record.metric}: …}}}}}}"
            hint = f". Write what the report states, with these names:{write_example(effect)}\n  {scores}\n"
            hint += f"`brittlestar export {study} --settings FILE` writes all settings"
            report = read_report(Path(reported), hint)
        fields = compare_settings(effect, report.settings)
        if asked := list_asked(report.scores):
            record = read_record(opened.store, asked)
        scores = compare_scores(record, report.scores, partial(estimate, record, AnsweredRows(opened.store, record)))
    return ReportedResult(str(study), "a mapping" if isinstance(reported, Mapping) else str(reported), fields, scores)
