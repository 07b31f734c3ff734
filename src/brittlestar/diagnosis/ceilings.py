"""What bounds a score: what labels allow on a split, by the audit, and what naming one class scores there."""

from dataclasses import dataclass

import numpy as np

from brittlestar.core.causes import LEAST_DIFFERENCE
from brittlestar.core.metrics import metric_of
from brittlestar.core.results import SplitRecord, StudyRecord
from brittlestar.diagnosis.variant_runs import VariantRuns, list_audited

NOISE, CONFLICT = "label.noise", "label.conflict"


def find_ceiling(record: StudyRecord, split: str) -> tuple[float, float, str] | None:
    """The lowest ceiling that a finding about the labels of a split sets, half a point or more below all right: no
    model can be expected to answer more than its low end to its high end, fractions; and the code of the finding. None
    where none does, and where no audit was made."""
    labels = [finding for finding in list_audited(record, NOISE, CONFLICT) if finding.where.get("split") == split]
    ends = [(label.evidence["ceiling"]["accuracy"], label.code) for label in labels if "ceiling" in label.evidence]
    bounds = [(float(low), float(high), code) for (low, high), code in ends]
    return min((bound for bound in bounds if bound[1] <= 1 - LEAST_DIFFERENCE), key=lambda one: one[1], default=None)


def is_noise_known(record: StudyRecord, split: str) -> bool:
    """Whether the audit could say whether labels of a split are wrong."""
    mine = [finding for finding in list_audited(record, NOISE) if finding.where.get("split") == split]
    return bool(mine) and all(finding.is_settled for finding in mine)


BETTER = 0.02  # convention: two points, more than two noisy scores differ by


@dataclass(frozen=True)
class Trivial:
    """`score` of the constant prediction, `error`: one standard error over rows, `rows` of the split."""

    score: float
    error: float
    rows: int

    def count_errors(self, score: float) -> float:
        """How many standard errors another score lies above."""
        return (score - self.score) / self.error


def trails_trivial(record: StudyRecord, variant: VariantRuns) -> bool:
    """Whether a trivial baseline of the audit is two points of accuracy better than a variant on dev, or on test where
    there is no dev: the task allows more. False where nothing is known."""
    split = "dev" if "dev" in record.splits else "test"
    baselines = None if record.audit is None else record.audit.trivial_baselines
    scores = list(variant.scores(split, "accuracy").values())
    if baselines is None or not scores:
        return False
    best = baselines.best(split).score(split, "accuracy").value
    return best is not None and best - float(np.mean(scores)) >= BETTER


def trivial_score(split: SplitRecord, metric: str) -> Trivial | None:
    """The trivial score with its standard error over independent rows; None where the record has none.

    For a share of rows (accuracy, and by approximation the metrics weighted by row) the error is sqrt(p(1 - p)/n),
    with p(1 - p) at least 1/n. Balanced accuracy and macro-F1 are means over classes: sqrt(sum over classes of
    1/(4 n_c)) / C, recall one half being the worst case, so that a rare class counts with its few rows. Of points that
    are no share it is the worst case of a mean: half the range / sqrt(n).
    """
    score = split.majority.get(metric)
    if score is None or split.rows == 0 or not np.isfinite(score):
        return None
    counts = [count for count in split.class_counts.values() if count > 0]
    known = metric_of(metric)
    if known.by_class and counts:
        error = float(np.sqrt(sum(0.25 / count for count in counts)) / len(counts))
    elif known.in_points and not known.is_share:
        error = float((known.range[1] - known.range[0]) / 2 / np.sqrt(split.rows))
    else:
        error = float(np.sqrt(max(score * (1 - score), 1 / split.rows) / split.rows))
    return Trivial(float(score), error, split.rows)
