"""What an audit derives from its dataset, each quantity once and only when a check asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np

from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.draws import Clusters, KeptWhole, find_draws, fold_names, units_of
from brittlestar.audits.shifts.rows import SplitPair, compare_splits
from brittlestar.audits.tables.given_table import GivenTable, given_table
from brittlestar.audits.token_model import Surprise, TokenModel, sample_for_fit
from brittlestar.baselines.bayes import folds_of
from brittlestar.baselines.facts import list_alphabets
from brittlestar.baselines.pool import draw_pool
from brittlestar.baselines.rows import BaselineRows
from brittlestar.baselines.scoring import Split
from brittlestar.baselines.shallow import ShallowModels, fit_shallow
from brittlestar.baselines.table import BaselineTask, ScoredBaselines, score_baselines
from brittlestar.core.answers import Rows
from brittlestar.core.brief import brief_repr
from brittlestar.core.checks import Observed
from brittlestar.core.large_arrays import are_in
from brittlestar.core.seeds import generator
from brittlestar.core.token_rows import take
from brittlestar.data.factors import distinct_per_row
from brittlestar.study.asked_metrics import list_metrics_of

MOST_TOKENS_OF_SPLIT = 20_000_000  # budget: tokens of one split, 2 GB of what is derived from them
SEED = 0  # convention: an audit is the same each time


@dataclass(frozen=True, repr=False)
class Analysis(AuditDataset):
    """An audit dataset with what is derived from it: what every check takes."""

    __repr__ = brief_repr

    @cached_property
    def drawn(self) -> Mapping[str, np.ndarray]:
        """int64 by split: the rows of splits so large that models and pairs of tokens are looked at in a sample.
        Nothing is drawn from a sample."""
        return draw_sample(self) if self.known is None else {}

    @cached_property
    def sampled(self) -> "Analysis":
        """The same with those rows of these splits; this very analysis where no split is so large."""
        return take_sample(self, self.drawn) if self.drawn else self

    @cached_property
    def beside_new(self) -> "Analysis | None":
        """Train beside the rows without labels, all of one class: what checks look at that read no label. None where
        every split has labels."""
        if not self.unlabelled:
            return None
        splits = {"train": self.train, **self.unlabelled}
        alike = {name: replace(rows, labels=np.zeros_like(rows.labels)) for name, rows in splits.items()}
        return replace(self, splits=alike, n_classes=1, predictions=None, unlabelled={})

    @cached_property
    def token_model(self) -> TokenModel:
        """The first-order model of train's distinct rows: what chance is computed with."""
        rows = self.sampled.distinct_train
        return TokenModel.fit(rows.codes, rows.offsets)

    @cached_property
    def surprise_rows(self) -> np.ndarray:
        """int64: the rows of `distinct_train` that `surprise` is fitted on, all of them up to two million tokens."""
        return sample_for_fit(self.distinct_train.lengths)

    @cached_property
    def surprise(self) -> Surprise:
        """How likely rows are under a smoothed first-order model of train's distinct rows."""
        rows = self.distinct_train
        return Surprise.fit(*take(rows.codes, rows.offsets, self.surprise_rows), len(self.tokens))

    @cached_property
    def draws(self) -> Clusters:
        """What was drawn together, and by what units each split was parted from train."""
        return find_draws(self)

    @cached_property
    def comparisons(self) -> tuple[SplitPair, ...]:
        """Every evaluation split side by side with train."""
        return compare_splits(self, self.draws)

    @cached_property
    def baselines(self) -> ScoredBaselines:
        """The trivial baselines with every answer they were scored on."""
        return _score_baselines(self, self.draws) if self.sampled is self else self.sampled.baselines

    @cached_property
    def shallow(self) -> ShallowModels | None:
        """Shallow models and their out-of-fold answers on all splits; None where train has no two classes to learn."""
        if self.sampled is not self:
            return self.sampled.shallow
        pool = draw_pool(self.splits, self.n_classes, len(self.labels), len(self.tokens))
        return fit_shallow(pool, list_alphabets(self.tokens, self.factors, self.factor_values))

    @cached_property
    def table(self) -> GivenTable | Observed:
        """The embedding table that the study names, or why there is none to look at."""
        return given_table(self)


def analyse(dataset: AuditDataset) -> Analysis:
    """The analysis of a dataset, with nothing derived yet."""
    return Analysis(**{field.name: getattr(dataset, field.name) for field in fields(AuditDataset)})


MOST_TRAIN = 200_000
"""Budget: rows of train that are answered out of fold; models that answer other splits are fitted on all of train."""
LARGEST_FOLD = 0.5
"""Convention: with more of train in one fold, the others say too little."""
MOST_CHOOSING = 50_000
"""Budget: rows of train on which the position and the token are chosen."""


def draw_sample(dataset: AuditDataset) -> dict[str, np.ndarray]:
    """By split, the rows that fill 20 million tokens, ascending int64; splits with no more tokens are left out."""
    found: dict[str, np.ndarray] = {}
    for name, rows in dataset.splits.items():
        if len(rows.codes) > MOST_TOKENS_OF_SPLIT:
            fitting = max(1, int(MOST_TOKENS_OF_SPLIT * rows.n_rows / len(rows.codes)))
            found[name] = np.sort(
                generator(SEED, "audit", "sample", rows.name).choice(rows.n_rows, fitting, replace=False)
            )
    return found


def take_sample(analysis: Analysis, drawn: Mapping[str, np.ndarray]) -> Analysis:
    """The analysis of these rows of these splits, and with all rows of the others."""
    splits = {name: rows.take(drawn[name]) if name in drawn else rows for name, rows in analysis.splits.items()}
    given = None
    if analysis.predictions is not None:
        given = {
            variant: {name: one.take(drawn[name]) if name in drawn else one for name, one in tables.items()}
            for variant, tables in analysis.predictions.items()
        }
    return replace(analysis, splits=splits, predictions=given, known=analysis.train.hashes)


def _score_baselines(dataset: AuditDataset, draws: Clusters) -> ScoredBaselines:
    """The trivial baselines of a dataset, with units and folds that follow from what was drawn together."""
    train, anywhere = dataset.train, draws.kept_anywhere
    sample = train.thin(MOST_TRAIN, "ladder", "train")
    folding, folds = anywhere, folds_of(fold_names(sample, draws.families, anywhere))
    if np.bincount(folds, minlength=1).max() > LARGEST_FOLD * sample.n_rows:
        folding = KeptWhole(False, False, False)

    def make_split(rows: BaselineRows, unseen: np.ndarray | None, kept: KeptWhole) -> Split:
        labels = np.where(rows.labels < dataset.n_classes, rows.labels, -1)
        weights = {
            name: distinct_per_row(values, rows.codes, rows.offsets, len(dataset.factor_values[name]))
            for name, values in dataset.factors.items()
        }
        units = units_of(rows, draws.families, kept)
        classes = dataset.labels[: dataset.n_classes]
        asked = Rows(labels=labels, n_classes=len(classes), weights=weights, units=units, classes=classes)
        return Split(rows, asked, unseen, folds_of(fold_names(rows, draws.families, folding)))

    splits = {"train": make_split(sample, None, anywhere)}
    for rows in dataset.evaluations:
        unseen = np.flatnonzero(~are_in(rows.hashes, dataset.train_hashes))
        splits[rows.name] = make_split(rows, unseen, draws.kept[rows.name])
    chosen = train.thin(MOST_CHOOSING, "ladder", "choosing")
    task = BaselineTask(
        train,
        splits,
        chosen,
        folds_of(fold_names(chosen, draws.families, folding)),
        dataset.n_classes,
        dataset.tokens,
        dataset.factors,
        dataset.study.trivial.linear == "on",
        dataset.predictions or {},
        list_metrics_of(dataset.study, tuple(dataset.factors)),
    )
    counts = {name: rows.n_rows for name, rows in dataset.splits.items()}
    return score_baselines(task, counts, _describe_samples(train.n_rows, len(dataset.train_hashes)))


def _describe_samples(n: int, of: int) -> list[str]:
    """What was sampled of train, `n` rows of `of`, as notes."""
    notes = [f"All were fitted on {n:,} of train's {of:,} rows, drawn at random."] if n < of else []
    notes += ["Train is answered out of fold; the single position and the single token were chosen on train alone."]
    if n > MOST_TRAIN:
        notes.append(f"Train's own scores are those of {MOST_TRAIN:,} of its {of:,} rows, drawn at random.")
    if n > MOST_CHOOSING:
        notes.append(f"Position and token were chosen on {MOST_CHOOSING:,} of train's {of:,} rows, drawn at random.")
    return notes
