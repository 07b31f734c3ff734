"""`compare RECORD REPORTED`: what a report states of a study's settings, held against what was in effect."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.records.opened_study import open_study
from brittlestar.records.reported.classifying import classify_settings, states_nothing
from brittlestar.records.reported.effect import write_example
from brittlestar.records.reported.reading import UNTOLD, read_stated, read_tree
from brittlestar.records.reported.scores import compare_scores, estimate, list_score_names, states_score
from brittlestar.records.reported_result import ReportedResult as ReportedResult


def compare_reported(study: str | Path, reported: str | Path | Mapping[str, Any]) -> ReportedResult:
    """Hold what a report states of main's settings, and of scores, against what was in effect and what was measured.

    Args:
        study: In Python: a study's folder, or a record of it.
        reported: In Python: a file in YAML, JSON or TOML, or a mapping of names to values. Names may be those of the
            study file, of papers, or of Hugging Face, Keras, Lightning and scikit-learn. `scores` holds scores:
            `{"main": {"test": {"accuracy": 0.83}}}`.

    Returns:
        Whether the report states what was run (`as_run`: yes only if all that it states was compared). What each field
        is: `match`, `misstated`, `omitted` (it was chosen, and nobody says so), `omitted-default`, `without-effect`,
        `ambiguous`, or `cannot-tell` (own code sets it). And of each score whether it is the stored mean, as far as it
        was written out (`match`), or lies `inside` or `outside` its interval, or is `not-compared`; a spread behind it
        is the SD over seeds (`match`) or `differs`.

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
        effect, record = opened.effect, opened.record
        if isinstance(reported, Mapping):
            reading = read_tree(reported)
        else:
            example = write_example(effect, scores={record.main: {record.held_out or "train": {record.metric: "…"}}})
            hint = f". Write what the report states, with these names:{example}\n"
            hint += f"`brittlestar export {study} --settings FILE` writes all settings"
            reading = read_stated(Path(reported), hint)
        scores, names = compare_scores(record, reading, partial(estimate, opened)), list_score_names(record)
    stated = [one for one in reading.stated if not states_score(names, one)]
    name = "a mapping" if isinstance(reported, Mapping) else str(reported)
    if not stated and not scores:
        raise InputError("it states no setting", name, "give names and values: {'lr': 0.001}")
    passed = tuple(one.name for one in stated if states_nothing(effect, one))
    fields = classify_settings(effect, stated)
    if not any(
        field.stated is not None and field.kind not in UNTOLD for field in fields
    ):  # of what nobody read, nothing is
        fields = tuple(field for field in fields if field.stated is not None)  # left out
    return ReportedResult(str(study), name, fields, passed, scores)
