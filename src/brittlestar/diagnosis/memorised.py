"""Whether rows of test are answered as rows that a model has seen are: dev, of the same source, is answered worse."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from brittlestar.core.answers import Answers
from brittlestar.core.checks import Observed, Role
from brittlestar.core.findings import BY_SOURCE, LEAST_POINTS
from brittlestar.core.results import AnsweredStudy, SplitAnswers, StudyRecord
from brittlestar.diagnosis.budget_checks import STANDARD_ERRORS, finds_shift
from brittlestar.diagnosis.results import report_missing, variant_check
from brittlestar.diagnosis.variant_runs import VariantRuns
from brittlestar.statistics.crossed import estimate_over_runs
from brittlestar.statistics.estimates import Estimate

FEWEST = 20  # derived: a share of fewer rows has an interval of more than 40 points
LEVEL = 0.05  # convention: 95 % intervals
NEAR = "leak.near"


@variant_check(
    "leak.memorised",
    "On rows that train lacks, accuracy on test is a point above dev's by three standard errors, as runs are and "
    "beside every trivial baseline.",
    "error",
    "answers",
    role=Role(effect="answers"),
)
def leak_memorised(study: AnsweredStudy, variant: VariantRuns) -> Observed:
    """Test is answered as seen rows are.

    **What it means.** Dev and test are new rows of one source, and as hard as each other. A model that answers test far
    better has seen it: it was trained on test, or chosen on it many times over. Its score is no estimate of anything
    new; what dev shows is nearer.

    **How it is decided.** Rows whose sequence train has are left out, in both splits. The shares of right rows of dev
    and test are compared over all runs and rows (rows of one group, and copies, count as one). The same difference of
    each trivial baseline, paired by row, is taken off: what makes test easier for everybody is no memory.

    **Thresholds.** A point beyond three standard errors, for the difference and for what is left of it beside each
    baseline. Where the audit finds dev or test shifted, or unlike train, or as large a share of test to be near copies
    of train, nothing is concluded.

    **What it cannot see.** A model that has seen dev and test alike; one for which seen rows are hardly easier; without
    dev, anything.

    **What to do.** Look at what is fitted on which rows: a function that closes over all data, a pool that was parted
    later, settings chosen by the score on test. Fit again without test, and score it once.
    """
    record, name = study.record, variant.name
    if not {"dev", "test"} <= record.splits.keys() & study.answers.keys():
        return Observed("not-applicable", "There are no dev and test to hold against each other")
    dev, test = (study.answers[split] for split in ("dev", "test"))
    question = "whether test was seen"
    if name not in dev.runs or name not in test.runs:
        return report_missing(variant, question, "finished runs that answer dev and test", None, "test")
    scored, beside = _keep_new(test, name), _keep_new(dev, name)
    if min(len(scored.rows), len(beside.rows)) < FEWEST:
        missing = f"{FEWEST} rows of dev and of test that train lacks"
        return report_missing(variant, question, missing, "Give both splits more rows.", "test")
    gap = _compare(scored, beside)
    left = (_compare(scored, beside, baseline) for baseline in sorted(dev.trivial.keys() & test.trivial.keys()))
    rest = min([gap, *left], key=_least)
    low, high = gap.interval(LEVEL)
    train = [score for cell in variant.done if (score := cell.score("train", "accuracy")) is not None]
    shown = {"train": float(np.mean(train))} if train else {}
    shown |= {"dev": float(beside.right.mean()), "test": float(scored.right.mean())}
    told = ", ".join(f"{split} {100 * share:.1f}" for split, share in shown.items())
    evidence: dict[str, Any] = {
        "accuracy": shown,
        "difference": gap.value,
        "interval": [low, high],
        "beside_baselines": rest.value,
        "rows": [len(beside.rows), len(scored.rows)],
    }
    sentence = f"{name}: accuracy is {told} (of dev and test the rows that train lacks)"
    if _least(rest) < LEAST_POINTS / 100:
        return Observed("absent", f"{sentence}.", evidence, split="test")
    if finds_shift(record):
        missing = "dev and test of one source, which the audit does not find them to be"
        return report_missing(variant, question, missing, "Draw dev and test alike.", "test")
    if _share_near(record) >= gap.value:
        missing = "rows of test that are no near copies of train rows, which `leak.near` says may be all of it"
        return report_missing(variant, question, missing, "Mend what `leak.near` names first.", "test")
    evidence["effect"] = {"points": -gap.value, "interval": [-high, -low], "rows": len(scored.rows)}
    summary = f"{sentence}: test is answered {100 * gap.value:.1f} points better than dev, as rows that were seen are."
    return Observed("present", summary, evidence, split="test")


def _share_near(record: StudyRecord) -> float:
    """The share of test that the audit finds to be near copies of train, where it takes them to be a fault."""
    found = () if record.audit is None else record.audit.findings
    near = (one.evidence for one in found if one.code == NEAR and one.where.get("split") == "test" and one.severity)
    return max((one.get("share", 0.0) for one in near if BY_SOURCE not in one), default=0.0)


@dataclass(frozen=True)
class _NewRows:
    """Rows of a split that train lacks: at `rows` int64 (m,), and whether each is `right`, float64 (n runs, m)."""

    found: SplitAnswers
    rows: np.ndarray
    right: np.ndarray


def _keep_new(found: SplitAnswers, name: str) -> _NewRows:
    rows = np.flatnonzero(~found.in_train & (found.labels >= 0))
    return _NewRows(found, rows, _right(found, found.runs[name], rows))


def _right(found: SplitAnswers, answers: Answers, rows: np.ndarray) -> np.ndarray:
    return (answers.predicted[:, rows] == found.labels[rows]).astype(np.float64)


def _compare(test: _NewRows, dev: _NewRows, baseline: str | None = None) -> Estimate:
    """Test less dev, less the same of a baseline."""
    one, other = (_estimate(side, baseline) for side in (test, dev))
    return one.minus(other)


def _estimate(side: _NewRows, baseline: str | None) -> Estimate:
    found, units = side.found, side.found.rows.units
    less = 0.0 if baseline is None else _right(found, found.trivial[baseline], side.rows)
    return estimate_over_runs(side.right - less, None if units is None else units[side.rows])


def _least(found: Estimate) -> float:
    return found.value - STANDARD_ERRORS * found.se
