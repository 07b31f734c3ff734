"""What an audit derives from its dataset, each quantity once and only when a check asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from brittlestar.audits.baselines.ladder import Climb, climb
from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.draws import Draws, find_draws
from brittlestar.audits.labels.cheap import CheapModels, cheap_models
from brittlestar.audits.sampling import draw_rows, take_rows
from brittlestar.audits.shifts.rows import Comparison, compare_splits
from brittlestar.audits.tables.given import GivenTable, given_table
from brittlestar.audits.token_model import Surprise, TokenModel, sample_for_fit
from brittlestar.core.brief import brief_repr
from brittlestar.core.token_rows import take


@dataclass(frozen=True, repr=False)
class Analysis(AuditDataset):
    """An audit dataset with what is derived from it: what every check takes."""

    __repr__ = brief_repr

    @cached_property
    def drawn(self) -> Mapping[str, np.ndarray]:
        """int64 by split: the rows of splits so large that models and pairs of tokens are looked at in a sample.
        Nothing is drawn from a sample."""
        return draw_rows(self) if self.known is None else {}

    @cached_property
    def sampled(self) -> "Analysis":
        """The same with those rows of these splits; this very analysis where no split is so large."""
        return take_rows(self, self.drawn) if self.drawn else self

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
    def draws(self) -> Draws:
        """What was drawn together, and by what units each split was parted from train."""
        return find_draws(self)

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Every evaluation split side by side with train."""
        return compare_splits(self, self.draws)

    @cached_property
    def climb(self) -> Climb:
        """The trivial baselines with every answer they were scored on."""
        return climb(self, self.draws) if self.sampled is self else self.sampled.climb

    @cached_property
    def cheap(self) -> CheapModels | None:
        """Shallow models and their out-of-fold answers on all splits; None where train has no two classes to learn."""
        return cheap_models(self) if self.sampled is self else self.sampled.cheap

    @cached_property
    def table(self) -> GivenTable | str:
        """The embedding table that the study names, or a sentence that says why there is none to look at."""
        return given_table(self)


def analyse(dataset: AuditDataset) -> Analysis:
    """The analysis of a dataset, with nothing derived yet."""
    return Analysis(**{field.name: getattr(dataset, field.name) for field in fields(AuditDataset)})
