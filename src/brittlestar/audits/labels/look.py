"""What `label.noise` looks at, once for all splits, and how it writes findings."""

from typing import Any

import numpy as np

from brittlestar.audits.concluding import Rule
from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.labels.cheap import CheapModels
from brittlestar.audits.labels.pool import CODE
from brittlestar.audits.labels.reading import Reading
from brittlestar.audits.labels.slices import slices_of, with_answers
from brittlestar.audits.showing import show_rows
from brittlestar.core.findings import Finding, Severity

LARGEST_P = 1e-4
SERIOUS = 0.05
"""Conventions: the p of a contradiction (as of every shift), and the share of an evaluation split that is an error."""
THRESHOLD = (
    "Labels of 1 % of a split (5 % of a slice) contradict shallow models beyond train's, or a slice is near chance: "
    "a warning, an error from 5 % of an evaluation split. Noise that is everywhere is info."
)
REMEDY = "Read the rows listed, correct or remove them, audit again, and report the ceiling beside the score."
RULE = Rule(CODE, THRESHOLD, REMEDY)


class Look:
    """The dataset, its shallow models, their reading, the slices and the names of `classes`; `train` and `dealt` bool
    (n_rows,): rows of train, and of all splits that were not declared as shifted."""

    def __init__(self, dataset: AuditDataset, models: CheapModels) -> None:
        self.dataset, self.models, self.pool, self.best = dataset, models, models.pool, models.best
        self.reading = Reading.of(models)
        self.classes = [dataset.labels[label] for label in self.pool.classes.tolist()]
        slices = slices_of(self.pool, models.alphabets, dataset.groups)
        self.slices = with_answers(slices, self.best.predicted, self.classes)
        self.dealt, self.train = ~self.pool.shifted, self.pool.of("train")

    def conclude(
        self, where: dict[str, str], summary: str, evidence: dict[str, Any], severity: Severity | None = None
    ) -> Finding:
        """A finding about `where["split"]`: present with a severity, absent without one."""
        return RULE.conclude(summary, severity, where, {**self._describe_models(where["split"]), **evidence})

    def abstain(self, where: dict[str, str], summary: str, evidence: dict[str, Any]) -> Finding:
        """An inconclusive finding about `where["split"]`."""
        return RULE.abstain(summary, where, {**self._describe_models(where["split"]), **evidence})

    def _describe_models(self, split: str) -> dict[str, Any]:
        known = self.pool.of(split) & self.pool.usable
        names = [one.model for one in self.models.answers]
        return {
            "model": self.best.model,
            "error_out_of_fold": self.models.error,
            "error_of_majority": self.models.chance_error,
            "errors_of_models": dict(zip(names, self.models.errors, strict=True)),
            "looked_at": int(known.sum()),
            "contradicted": int((known & self.reading.error).sum()),
            "all_rows_looked_at": self.pool.whole,
        }

    def grade(self, name: str, rate: float) -> Severity:
        """An error where a good part of what a score is read from is affected."""
        return "error" if name != "train" and rate >= SERIOUS else "warning"

    def list_suspects(self, name: str, suspect: np.ndarray) -> dict[str, Any]:
        """Evidence: the rows `suspect` bool (n_rows,), all of one split, those that the model is surest of first."""
        found = np.flatnonzero(suspect)
        positions = self.pool.position[found[np.argsort(-self.reading.rank[found], kind="stable")]]
        return {"suspected": len(positions), **show_rows(self.dataset.splits[name], positions)}


def place(where: dict[str, str]) -> str:
    """Split and slice as a sentence begins."""
    return f"{where['split']}, rows with {where['slice']}" if "slice" in where else where["split"]
