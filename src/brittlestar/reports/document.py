"""The JSON of `run` and `report`: one document with everything a script needs, fractions everywhere."""

import shlex
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.slices import SliceScore
from brittlestar.claims.variance_sources import list_crossed_streams, sources_of
from brittlestar.core.commands import fill_advice
from brittlestar.core.documents import begin_document
from brittlestar.core.errors import Problem, StoreError
from brittlestar.core.findings import Finding
from brittlestar.core.forecasts import Forecast
from brittlestar.core.headline import Headline
from brittlestar.core.metrics import metric_of
from brittlestar.core.plain import plain as plain
from brittlestar.core.results import CellRecord, SplitRecord, StudyRecord, VariantRecord
from brittlestar.core.trivial_baselines import Score, TrivialBaseline, TrivialBaselines
from brittlestar.reports.headline_text import fill_headline
from brittlestar.statistics.t_intervals import t_interval

if TYPE_CHECKING:
    from brittlestar.diagnosis.probes.summary import ProbeSummary

CELL = ("hash", "variant", "seed", "state", "outcome", "best_epoch", "error")
"""What the document has of a cell."""


def document(
    record: StudyRecord,
    findings: Sequence[Finding],
    headline: Headline,
    judgements: Sequence[Judgement] = (),
    probed: "ProbeSummary | None" = None,
    forecasts: Sequence[Forecast] = (),
    slices: Mapping[str, Sequence[SliceScore]] | None = None,
) -> dict[str, Any]:
    """Plain JSON values: `headline, study, environment, data, variants, slices, trivial_baselines, cells,
    finding_counts, findings, claims, timing`.

    `variants.NAME.splits.SPLIT.METRIC` holds `mean`, `interval` (95 %, Student's t over seeds for these very rows,
    null below two seeds), `seeds` {root seed: value}, `majority`, and `last`: mean, interval and seeds of the last
    checkpoint. Only cells that are done count; a diverged cell counts at its stored score. Where any done cell has
    no value, `mean` and `interval` are null: a mean over some seeds would hide the others. `claims` are those on
    record, each with its verdict, and of `judgements` those on default claims (`default`) that nobody registered;
    `slices` has main by class (`label`), by length and by columns that are kept, on the headline split; `sources`,
    only of a study whose streams are crossed, is the variance by source of each variant; `forecasts`, only of a
    study with splits without labels, is what main is expected to score there.
    Raises StoreError, naming every place, when a stored score is not finite.
    """
    _refuse_non_finite(record)
    spread = sources_of(record)
    return {
        **begin_document(fill_headline(headline, shlex.quote(record.folder)).as_json()),
        "study": {
            name: plain(getattr(record, name))
            for name in ("name", "main", "metric", "metrics", "classes", "factors", "seeds", "streams", "notes")
        },
        "environment": plain(record.environment),
        "data": {"splits": {name: split_entry(split) for name, split in record.splits.items()}},
        "variants": {
            name: _variant(record, variant, record.cells_of(name)) for name, variant in record.variants.items()
        },
        "slices": {column: plain([score.as_json() for score in scores]) for column, scores in (slices or {}).items()},
        "trivial_baselines": plain(find_baselines(record).as_json()),
        "cells": [{name: getattr(cell, name) for name in CELL} for cell in record.cells],
        "finding_counts": _count_findings(findings),
        "findings": [_finding(finding, record.folder) for finding in findings],
        "claims": plain([*(_claim(claim, judgements) for claim in record.claims), *_list_defaults(record, judgements)]),
        **({"probes": plain(probed.as_json())} if probed is not None else {}),
        **({"forecasts": plain([forecast.as_json() for forecast in forecasts])} if forecasts else {}),
        **({"sources": plain([one.as_json() for one in spread])} if spread else {}),
        "timing": plain(record.timing),
    }


def _claim(claim: Mapping[str, Any], judgements: Sequence[Judgement]) -> dict[str, Any]:
    """A claim as registered with its verdict; one that was withdrawn has none."""
    found = next((judgement for judgement in judgements if judgement.claim.hash == claim.get("hash")), None)
    return dict(claim) if found is None or claim.get("withdrawn") else {**claim, **found.as_json()}


def _list_defaults(record: StudyRecord, judgements: Sequence[Judgement]) -> list[dict[str, Any]]:
    """Judged claims that are not on record."""
    known = {claim.get("hash") for claim in record.claims}
    others = (judgement for judgement in judgements if judgement.claim.hash not in known)
    return [{**one.as_json(), "hash": one.claim.hash, "registered": False, "default": True} for one in others]


def _finding(finding: Finding, folder: str) -> dict[str, Any]:
    """A finding as JSON, with commands that can be typed where the study's folder lies."""
    if finding.remedy:
        finding = replace(finding, remedy=fill_advice(finding.remedy, shlex.quote(folder)))
    return plain(finding.document)


def _count_findings(findings: Sequence[Finding]) -> dict[str, int]:
    """How many there are of each severity, and how many are inconclusive, absent and not applicable."""
    found = Counter(finding.severity or finding.status for finding in findings)
    words = ("error", "warning", "info", "inconclusive", "absent", "not-applicable")
    return {word.replace("-", "_"): found[word] for word in words}


def find_baselines(record: StudyRecord) -> TrivialBaselines:
    """The trivial baselines of the audit; where there is none, the majority class alone."""
    if record.audit is not None and record.audit.trivial_baselines is not None:
        return record.audit.trivial_baselines
    scores = {
        name: {metric: Score(value, None, split.rows) for metric, value in split.majority.items()}
        for name, split in record.splits.items()
    }
    rows = {name: split.rows for name, split in record.splits.items()}
    return TrivialBaselines(
        (TrivialBaseline("majority class", "majority", scores={"all": scores}),), {}, record.metrics, rows, {}
    )


def split_entry(split: SplitRecord) -> dict[str, Any]:
    """One split of `data.splits`; `majority` only where trivial scores are known."""
    about = {name: value for name, value in vars(split).items() if name != "name"}
    return plain({name: value for name, value in about.items() if value or name != "majority"})


def _variant(record: StudyRecord, variant: VariantRecord, cells: Sequence[CellRecord]) -> dict[str, Any]:
    states = Counter(cell.state for cell in cells)
    done = [cell for cell in cells if cell.state == "done"]
    independent = not list_crossed_streams(record)  # cells that share draws have no interval over seeds
    return {
        "title": variant.title,
        "own": variant.own,
        "unequal_budget": variant.unequal_budget,
        "changes": plain(variant.changes),
        "parameters": variant.parameters,
        "seeds": {
            **{state: states[state] for state in ("done", "failed", "lost", "planned", "running")},
            "diverged": sum(cell.outcome == "diverged" for cell in done),
        },
        "splits": {
            name: {
                metric: _over_seeds(done, name, "best", metric, independent)
                | {
                    "majority": plain(split.majority.get(metric)),
                    "last": _over_seeds(done, name, "last", metric, independent),
                }
                for metric in record.metrics
            }
            for name, split in record.splits.items()
        },
    }


def _over_seeds(
    cells: Sequence[CellRecord], split: str, checkpoint: str, metric: str, independent: bool
) -> dict[str, Any]:
    values = {cell.seed: cell.score(split, metric, checkpoint) for cell in cells}
    present = [value for value in values.values() if value is not None]
    complete = bool(present) and len(present) == len(values)
    summary = t_interval(present) if complete else None
    ends = summary.interval if summary and independent else None
    return {
        "mean": summary.mean if summary else None,
        "interval": None if ends is None else list(metric_of(metric).clip(ends)),
        "seeds": {str(seed): value for seed, value in values.items()},
    }


def _refuse_non_finite(record: StudyRecord) -> None:
    problems = [
        Problem(
            f"the stored {metric} is not finite ({value})",
            f"cell {cell.hash[:12]}, split {split}, {checkpoint} checkpoint",
            "the folder of this run is damaged or was written by another tool; remove it and run the study again",
        )
        for cell in record.cells
        for split, checkpoints in cell.scores.items()
        for checkpoint, metrics in checkpoints.items()
        for metric, value in metrics.items()
        if value is not None and not np.isfinite(value)
    ]
    if problems:
        raise StoreError(problems)


def list_states(cells: Iterable[CellRecord]) -> list[dict[str, Any]]:
    """How each cell stands, as plain JSON values."""
    names = ("hash", "variant", "seed", "state", "outcome", "error")
    return [{name: getattr(cell, name) for name in names} for cell in cells]
