"""How much of the work a trivial predictor does on a split, against the majority class and the best known."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import hypergeom

from brittlestar.audits.chance import sign_test
from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.draws import estimate_inflation
from brittlestar.baselines.scoring import ALPHA
from brittlestar.baselines.table import ScoredBaselines
from brittlestar.core.answers import Answers
from brittlestar.core.splits import headline_split
from brittlestar.statistics.row_bounds import SplitRows, estimate_over_rows

LEAST_GAIN = 0.10  # chosen, not measured
LEAST_ROOM = 0.20  # chosen, not measured
LEAST_REACH = 0.20  # chosen, not measured
MOST_OF_THE_WORK = 0.50  # derived: more than half of it
WHOLE = 0.90  # convention: nine tenths
LEAST_TOLD = 0.50  # chosen, not measured: half of the way from blind to always right


@dataclass(frozen=True)
class ShortcutEffect:
    """One predictor against the largest class of the rows of one split. `score` and `majority` are accuracies, `best`
    that of the best predictor known and `best_name` its name; `better` and `worse` count the rows where only the
    predictor, and only the majority class, is right; `worth` of them count as one in the test, where rows belong
    together; `one_class` says which class that is: train's, or the largest class there; `whole` whether a reach of nine
    tenths at least is proven, at 95 %."""

    n: int
    score: float
    majority: float
    best: float
    best_name: str
    better: int
    worse: int
    worth: float = 1.0
    one_class: str = "the majority class"
    whole: bool = False

    @property
    def gain(self) -> float:
        """Accuracy above the majority class."""
        return self.score - self.majority

    @property
    def room(self) -> float:
        """Share of the majority class's errors that are gone."""
        return self.gain / (1 - self.majority) if self.majority < 1 else 0.0

    @property
    def reach(self) -> float:
        """How far it is from the majority class to the best known: 1 is all the way."""
        way = self.best - self.majority
        return self.gain / way if way > 0 else 0.0

    @property
    def counts(self) -> bool:
        """Whether that is an effect worth a finding."""
        return (self.gain >= LEAST_GAIN or self.room >= LEAST_ROOM) and self.reach >= LEAST_REACH

    @property
    def works(self) -> bool:
        """Whether it does most of the work."""
        return self.counts and self.reach >= MOST_OF_THE_WORK

    @property
    def p(self) -> float:
        """Sign test: the probability of so many rows won, were either equally likely."""
        return sign_test(self.better, self.worse, self.worth)

    def as_json(self) -> dict[str, Any]:
        """Counts, effect and test as JSON values."""
        return {
            "rows_scored": self.n,
            "accuracy": self.score,
            "majority": self.majority,
            "best_known": {"name": self.best_name, "accuracy": self.best},
            "gain": self.gain,
            "errors_removed": self.room,
            "reach": self.reach,
            "only_this_right": self.better,
            "only_majority_right": self.worse,
            "test": "sign test, against the majority class on the same rows",
            "p": self.p,
        }


@dataclass(frozen=True)
class ClassEffect:
    """How well one class is told from the rest: `own` of `of_own` rows of the class, and `others` of `of_others`, are
    called by its name; `worth` rows count as one in the test, where rows belong together."""

    own: int
    of_own: int
    others: int
    of_others: int
    worth: float = 1.0

    @property
    def informed(self) -> float:
        """How much more often it is named where it is true (Youden's J, 1950); 0 without rows of either kind."""
        if not self.of_own or not self.of_others:
            return 0.0
        return self.own / self.of_own - self.others / self.of_others

    @property
    def counts(self) -> bool:
        """Whether that is an effect worth a finding: half of the way, and right more often than not."""
        return self.informed >= LEAST_TOLD and self.own >= self.others

    @property
    def p(self) -> float:
        """Fisher's exact test (1922), one-sided."""
        counts = np.asarray([self.own, self.of_own - self.own, self.others, self.of_others - self.others])
        own, missed, others, rest = np.round(counts / self.worth).astype(np.int64).tolist()
        return float(hypergeom.sf(own - 1, own + missed + others + rest, own + missed, own + others)) if own else 1.0

    def as_json(self) -> dict[str, Any]:
        """Counts, effect and test as JSON values."""
        return {
            "named_in_class": self.own,
            "rows_of_class": self.of_own,
            "named_elsewhere": self.others,
            "other_rows": self.of_others,
            "informedness": self.informed,
            "test": "Fisher's exact test of naming the class against being of it",
            "p": self.p,
        }


def points(share: float) -> str:
    """A score for people: `99.8 %`."""
    return f"{100 * share:.1f} %"


def choose_split(dataset: AuditDataset) -> str:
    """The split an effect is read on: test, else dev, else the first other one, else train (out of fold). Splits
    without rows are passed over."""
    rows = {evaluation.name: evaluation.n_rows for evaluation in dataset.evaluations if evaluation.n_rows}
    return headline_split(rows) or next(iter(rows), "train")


def effect(scored: ScoredBaselines, answers: Answers, split: str) -> ShortcutEffect:
    """The effect of any answers on one split that has rows."""
    labels = scored.splits[split].labels
    right = answers.predicted[0] == labels
    # Of the constant predictions the one that is right most often here, train's largest class on ties: where class
    # shares are others than train's, naming one class may gain much that is no merit of a predictor.
    majority = int(scored.answers[scored.trivial.majority.name][split].predicted[0, 0])
    counts = np.bincount(labels[labels >= 0], minlength=majority + 1)
    is_largest = counts[majority] == counts.max()
    by_majority = np.equal(labels, majority if is_largest else int(counts.argmax()))
    members = (*scored.trivial.members, *scored.trivial.given.values())
    heights = [(baseline.score(split, "accuracy").value or 0.0, baseline) for baseline in members]
    height, best = max(heights, key=lambda height: height[0])
    by_best = scored.answers[f"given {best.name}" if best.kind == "given" else best.name][split].predicted[0] == labels
    beyond = (right - WHOLE * by_best) - (1 - WHOLE) * by_majority
    known = estimate_over_rows([SplitRows((), beyond, scored.splits[split].units, (-1.0, 1.0), (right * 1.0,))])
    return ShortcutEffect(
        len(labels),
        float(right.mean()),
        float(by_majority.mean()),
        height,
        best.name,
        int((right & ~by_majority).sum()),
        int((by_majority & ~right).sum()),
        estimate_inflation(right.astype(np.float64) - by_majority, scored.splits[split].units),
        "the majority class" if is_largest else "the largest class there",
        known.df > 0 and known.interval(ALPHA)[0] > 0,
    )


def class_effect(says: np.ndarray, labels: np.ndarray, label: int, units: np.ndarray | None = None) -> ClassEffect:
    """How well `says` bool (n_rows,) tells class `label` from the other classes of train; `units` int (n_rows,) or
    None number what was drawn together."""
    own, others = labels == label, (labels != label) & (labels >= 0)
    both = (says - says.mean()) * (own - own.mean()) if len(says) else np.zeros(0)
    counts = int((says & own).sum()), int(own.sum()), int((says & others).sum()), int(others.sum())
    return ClassEffect(*counts, estimate_inflation(both, units))
