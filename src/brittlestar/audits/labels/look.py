"""What `label.noise` looks at, once for all splits, and how it writes findings."""

from __future__ import annotations

from typing import Any

import numpy as np

from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.labels.cheap import CheapModels
from brittlestar.audits.labels.confused import Pairs
from brittlestar.audits.labels.contrast import Contrast
from brittlestar.audits.labels.reading import Reading
from brittlestar.audits.labels.slices import slices_of, with_answers
from brittlestar.audits.labels.suspects import suspected
from brittlestar.audits.showing import MOST_IDS, listed_ids
from brittlestar.core.findings import Finding, Severity, Status

CODE = "label.noise"
LEAST_RATE = 0.01
LEAST_IN_SLICE = 0.05
LEAST_FLOOR = 0.0075
MOST_FLOOR = 0.015
SMALL_ERROR = 0.1
LARGEST_P = 1e-4
SERIOUS = 0.05
FEWEST_LOOKED = 20
FEWEST_ROWS = 100
LEAST_AGREEMENT = 0.15
LEAST_Z = 4.0
MOST_APART = 0.7
WELL_OUTSIDE = 0.05
MOST_CARRIED = 0.03
ALL_OUTSIDE = 0.01
FEWEST_OUTSIDE = 300
LEAST_APART = 0.75
THRESHOLD = (
    "Labels of one split contradict the models in at least 1 % of its rows (5 % of a slice's rows) more than labels "
    "of train do, both for rows of the same answer, confidence and length and for rows of the same label (p below 1 "
    "in 10,000, slices counted); or a slice's errors are near chance and flat while models learned the rest, and "
    "its labels follow a model of the other rows (kappa beyond 0.15, 4 standard deviations; others at most 3 % "
    "wrong), or one token alone sets its rows apart (area under the curve below 0.7 without it, others at most 5 % "
    "wrong), or it is a slice by length, variety or group and of 300 others at most 1 % are wrong: warnings, an "
    "error where at least 5 % of an evaluation split is affected. Inconclusive where a slice near chance is none of "
    "these, and where naive Bayes tells the split's rows from train's (area at least 0.75) or a model without the "
    "most telling token finds less than half of the contradictions. Errors that are as many where models are "
    "surest, at least 0.75 %, on a task they learned (half of the majority class's errors avoided; 70 % where one "
    "class pair has the errors), or part of a slice's labels (10 % at least, four times the rest), the same in all "
    "splits: for information."
)
REMEDY = "Read the rows listed, correct or remove them, audit again, and report the ceiling beside the score."


class Look:
    """The dataset, its shallow models and their reading; `slices` and, with a slice for each answer, `with_answers`;
    `train` and `dealt` bool (n_rows,): rows of train, and of all splits that were not declared as shifted."""

    def __init__(self, dataset: AuditDataset, models: CheapModels) -> None:
        self.dataset, self.models, self.pool = dataset, models, models.pool
        self.reading = Reading.of(models)
        self.slices = slices_of(self.pool, models.alphabets, dataset.groups)
        self.best = models.answers[models.best]
        names = [dataset.labels[label] for label in self.pool.classes.tolist()]
        self.with_answers = with_answers(self.slices, self.best.predicted, names)
        self.dealt = ~self.pool.declared[self.pool.split]
        self.train = self.pool.of("train")

    def finding(
        self,
        status: Status,
        where: dict[str, str],
        summary: str,
        evidence: dict[str, Any],
        severity: Severity | None = None,
    ) -> Finding:
        """A finding about `where["split"]`, with what all findings of the check say of the models."""
        known = self.pool.of(where["split"]) & self.pool.usable
        shared = {
            "model": self.best.model,
            "error_out_of_fold": self.models.errors[self.models.best],
            "error_of_majority": self.models.chance_error,
            "errors_of_models": {
                one.model: error for one, error in zip(self.models.answers, self.models.errors, strict=True)
            },
            "looked_at": int(known.sum()),
            "contradicted": int((known & self.reading.error).sum()),
            "all_rows_looked_at": self.pool.whole,
        }
        remedy = REMEDY if status == "present" else ""
        return Finding(CODE, status, summary, THRESHOLD, severity, where, {**shared, **evidence}, remedy)

    def named(self, pairs: Pairs) -> str:
        """Pairs of (answer, label) as where["class"] has them."""
        names = [[self.dataset.labels[self.pool.classes[k]] for k in pair] for pair in pairs]
        return " and ".join(f"{answer} labelled {label}" for answer, label in names)

    def suspects(
        self,
        name: str,
        mine: np.ndarray,
        rate: float,
        reference: np.ndarray | None = None,
        pairs: Pairs = (),
    ) -> dict[str, Any]:
        """Evidence: rows more likely turned over than missed by the model, those that it is surest of first."""
        return self.listed(name, suspected(self.reading, mine, rate, reference, pairs))

    def listed(self, name: str, found: np.ndarray) -> dict[str, Any]:
        """Evidence: the rows of one split at these places of the pool."""
        positions, rows = self.pool.position[found], self.dataset.splits[name]
        ids = rows.ids.gather(positions).to_list() if len(positions) <= MOST_IDS else None
        return {"suspected": len(positions), "rows": listed_ids(rows, positions), "row_ids": ids}


def place(where: dict[str, str]) -> str:
    """Split and slice as a sentence begins."""
    return f"{where['split']}, rows with {where['slice']}" if "slice" in where else where["split"]


def counts(found: Contrast) -> str:
    """`3 of 100 rows`."""
    return f"{found.errors:,} of {found.of:,} rows"


def as_json(found: Contrast) -> dict[str, Any]:
    """Counts and test as JSON values."""
    test = "hypergeometric within answers and confidence, and within labels; the larger p"
    return {"contradicted": found.errors, "of": found.of, "expected": found.expected, "test": test}
