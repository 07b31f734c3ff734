"""Scores and findings as flat tables, for other tools: one line for each seed, or for each finding."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from brittlestar.claims.outcomes import Outcomes
from brittlestar.core.metric_names import metric_names
from brittlestar.core.results import StudyRecord

SCORES = {"variant": pl.String, "split": pl.String, "metric": pl.String, "seed": pl.Int64, "score": pl.Float64}
"""Columns of the table of scores: the best checkpoint; null where the metric cannot be computed."""
FINDINGS = (
    "code", "status", "severity", "variant", "split", "summary", "threshold", "remedy", "where", "evidence"
)  # fmt: skip
"""Columns of the table of findings; where and evidence are JSON."""


def make_scores_table(record: StudyRecord, splits: Sequence[str]) -> pl.DataFrame:
    """The score of every finished run under every metric, fractions (nats for log loss)."""
    rows = [
        (variant, split, metric, cell.seed, cell.scores[split]["best"].get(metric))
        for variant in record.variants
        for split in splits
        for metric in record.metrics
        for cell in record.list_finished(variant, split)
    ]
    return pl.DataFrame(rows, schema=SCORES, orient="row")


def make_findings_table(findings: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """A line for each finding of a report, in its order."""
    rows = [
        {
            **one,
            "variant": one["where"].get("variant"),
            "split": one["where"].get("split"),
            "where": json.dumps(one["where"], ensure_ascii=False, sort_keys=True),
            "evidence": json.dumps(one["evidence"], ensure_ascii=False, sort_keys=True),
        }
        for one in findings
    ]
    return pl.DataFrame(
        [{name: one[name] for name in FINDINGS} for one in rows], schema=dict.fromkeys(FINDINGS, pl.String)
    )


def score_outcomes(read: Mapping[str | None, Outcomes], named: str = "") -> pl.DataFrame:
    """The scores of a table of outcomes, by seed: of labels and predictions every metric that they give, of outcomes
    their mean (`outcome`), of scores these (`score`), or as the table has `named` them. A table without a column split
    is `test`."""
    rows: list[tuple[Any, ...]] = []
    for split, outcomes in read.items():
        for variant, runs in outcomes.arms.items():
            for metric in _list_metrics(outcomes, variant):
                scores = outcomes.scores(variant, metric).tolist()
                name = metric if runs.predicted is not None else named or metric
                rows += [(variant, split or "test", name, s, v) for s, v in zip(runs.seeds, scores, strict=True)]
    whole = all(isinstance(row[3], int) for row in rows)
    return pl.DataFrame(rows, schema={**SCORES, "seed": pl.Int64 if whole else pl.String}, orient="row", strict=False)


def _list_metrics(outcomes: Outcomes, variant: str) -> tuple[str, ...]:
    runs = outcomes.arms[variant]
    if runs.predicted is not None:
        return tuple(name for name in metric_names(tuple(outcomes.weights)) if name not in ("log_loss", "ece"))
    return ("outcome",) if runs.outcome is not None else ("score",)
