"""`compare RECORD REPORTED`: what a report states of a study's settings, held against what was in effect."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.records.opened_study import open_study
from brittlestar.records.reported.applying import write_example
from brittlestar.records.reported.classifying import classify_settings, states_nothing
from brittlestar.records.reported.effect import find_effect
from brittlestar.records.reported.reading import read_stated, read_tree
from brittlestar.records.reported.scores import compare_scores
from brittlestar.records.reported_result import ReportedResult as ReportedResult
from brittlestar.records.reported_result import estimate


def compare_reported(study: str | Path, reported: str | Path | Mapping[str, Any]) -> ReportedResult:
    """Hold what a report states of main's settings, and of scores, against what was in effect and what was measured.

    Args:
        study: In Python: a study's folder, or a record of it.
        reported: In Python: settings as YAML, JSON, TOML or CSV, a page with tables (Markdown, LaTeX), of which the
            tables alone are read, or a mapping of names to values. Names may be those of the study file, of papers, or
            of Hugging Face, Keras, Lightning and scikit-learn. `scores` holds scores: `{"main": {"test": {"accuracy":
            0.83}}}`.

    Returns:
        What each field is: `match`, `misstated`, `omitted` (it was chosen, and nobody says so), `omitted-default`,
        `without-effect`, or `ambiguous`; and of each score whether it is the stored mean, as far as it was written out
        (`match`), or lies `inside` or `outside` its interval, or is `not-compared`.

    Raises:
        InputError: There is no such study or record, or the report cannot be read.
        StoreError: The study's folder is damaged.

    Example:
        The study is that of `run("data")`.

        >>> from brittlestar import compare_reported
        >>> found = compare_reported("data.study", {"lr": "1e-3", "batch size": 32, "optimizer": "Adam"})
        >>> [(one.name, one.kind) for one in found.fields if one.stated is not None]
        [('training.batch_size', 'misstated'), ('training.learning_rate', 'match'), ('training.optimiser', 'match')]
    """
    with open_study(study) as opened:
        effect = find_effect(opened.record, opened.declared)
        if isinstance(reported, Mapping):
            reading = read_tree(dict(reported))
        else:
            hint = f". Write what the report states, with these names:{write_example(effect)}\n"
            hint += f"`brittlestar export {study} --settings FILE` writes all of them"
            reading = read_stated(Path(reported), hint)
        scores = compare_scores(opened.record, reading, partial(estimate, opened))
    if not reading.stated and not scores:
        name = "REPORTED" if isinstance(reported, Mapping) else str(reported)
        raise InputError("it states no setting", name, "give names and values: {'lr': 0.001}")
    passed = tuple(one.name for one in reading.stated if states_nothing(effect, one))
    name = "a mapping" if isinstance(reported, Mapping) else str(reported)
    fields = classify_settings(effect, reading.stated) if reading.stated else ()
    return ReportedResult(str(study), name, fields, passed, scores, reading.paged)
