"""Outcomes of runs as verdicts read them: for each variant a table of runs x examples, or one score a run."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from brittlestar.core.answers import Answers
from brittlestar.core.errors import InputError
from brittlestar.core.metrics import metric_of
from brittlestar.core.scores import tabulate
from brittlestar.core.texts import suggest
from brittlestar.data.encode import shorten_text
from brittlestar.study.names import BEST_TRIVIAL
from brittlestar.study.sides import quote_name

Seed = int | str
MOST_KNOWN = 12  # a sentence that a person reads


@dataclass(frozen=True)
class Runs:
    """Runs of one variant, in the order of `seeds`: `outcome` float64 (n, m) for a metric that is a mean over rows, the
    `answers` of all, or `score` float64 (n,); what is not known is None. `lost` are seeds that were planned and gave
    nothing, `diverged` those of `seeds` whose loss was not finite."""

    seeds: tuple[Seed, ...]
    outcome: np.ndarray | None = None
    answers: Answers | None = None
    score: np.ndarray | None = None
    lost: tuple[Seed, ...] = ()
    diverged: tuple[Seed, ...] = ()

    @property
    def n_rows(self) -> int | None:
        """Rows that the outcomes have, None where only scores are known."""
        known = self.outcome if self.answers is None else self.answers.predicted
        return None if known is None else known.shape[1]

    def take(self, chosen: Sequence[int]) -> Runs:
        """The runs at some places alone, in this order."""
        at = np.asarray(chosen, np.int64)
        outcome, score = (None if one is None else one[at] for one in (self.outcome, self.score))
        answers = None if self.answers is None else self.answers.take_runs(at)
        seeds = tuple(self.seeds[k] for k in chosen)
        return Runs(seeds, outcome, answers, score, self.lost, tuple(s for s in self.diverged if s in seeds))

    def take_rows(self, rows: np.ndarray, metric: str) -> Runs:
        """The runs on some rows, int64, alone. Raises InputError where nothing but the score of all rows is known."""
        if self.score is not None and self.seeds:
            what = f"{metric} is known for all rows together only"
            raise InputError(what, "claim", "use another metric for some of the rows")
        outcome = None if self.outcome is None else self.outcome[:, rows]
        return replace(self, outcome=outcome, answers=None if self.answers is None else self.answers.take(rows))


@dataclass(frozen=True)
class Outcomes:
    """Variants on the same examples. `groups` int64 (m,): rows that are one unit, or None; `constants`: variants that
    are one number, such as the best trivial baseline; `chance`: the trivial score, None where it is not known.
    `held_out` is the share of rows that a redrawn split leaves out of train over those in it, None where splits are
    fixed.
    `elsewhere` has the same variants on other splits, by the split's name. `alike` says that every variant was meant to
    have the same seeds, so that one that only others have is lost; without it those behind the last common one were not
    run yet. `chances` has trivial scores by metric, where outcomes serve several. `seedless` names variants whose one
    run stands for every seed, such as the best trivial baseline row by row; `examples` are the names of the rows, where
    they have any. `trivial` are the trivial baselines that are `best-trivial` together, by name, and `baseline` names
    the one of them that stands under `variants`."""

    variants: Mapping[str, Runs]
    groups: np.ndarray | None = None
    constants: Mapping[str, float] = field(default_factory=dict[str, float])
    chance: float | None = None
    held_out: float | None = None
    elsewhere: Mapping[str, Outcomes] = field(default_factory=dict[str, "Outcomes"])
    alike: bool = False
    chances: Mapping[str, float] = field(default_factory=dict[str, float])
    seedless: frozenset[str] = frozenset()
    examples: Sequence[Any] = ()
    trivial: Mapping[str, Runs] = field(default_factory=dict[str, Runs])
    baseline: str | None = None

    def choose_baseline(self, name: str) -> Outcomes:
        """The same with one of `trivial` as the best trivial baseline."""
        return replace(self, variants={**self.variants, BEST_TRIVIAL: self.trivial[name]}, baseline=name)

    def chance_of(self, metric: str) -> float | None:
        """The trivial score under a metric, None where it is not known."""
        return self.chances.get(metric, self.chance)

    def find_runs(self, name: str) -> Runs:
        """One variant. Raises InputError with the names there are."""
        if name not in self.variants:
            known = [quote_name(one) for one in (*self.variants, *self.constants)]
            shown = ", ".join(map(shorten_text, known[:MOST_KNOWN])) + (" …" if len(known) > MOST_KNOWN else "")
            hint = suggest(quote_name(name), known) or f"variants: {shown}"
            if name == BEST_TRIVIAL:
                hint = "give its score: --best-trivial SCORE, or judge(…, best_trivial=SCORE)"
            raise InputError(f"there are no outcomes of a variant '{shorten_text(name)}'", "claim", hint)
        return self.variants[name]

    def n_rows(self, name: str) -> int | None:
        """Rows that the outcomes of a variant have, None where only scores are known."""
        return self.find_runs(name).n_rows

    def n_units(self, name: str) -> int | None:
        """Units of rows that the outcomes of a variant have: groups of rows where there are groups, else rows."""
        return self.n_rows(name) if self.groups is None else len(np.unique(self.groups))

    def table(self, name: str, metric: str) -> np.ndarray | None:
        """float64 (n, m): what each run scores in each row, whose mean is the metric, or whose mean and spread are
        (`tabulate`); None where only scores are known. Raises InputError where these columns do not give it."""
        runs = self.find_runs(name)
        if runs.outcome is not None and (metric_of(metric).additive or not metric_of(metric).is_known):
            return runs.outcome
        if runs.score is not None:
            return None
        if runs.answers is None:
            columns = "give columns label and prediction (and weight_FACTOR for weighted accuracies)"
            what = f"{metric} is no mean over rows, so outcomes row by row do not give it"
            raise InputError(what, "claim", f"{columns}, or a score for each run")
        try:
            return tabulate(runs.answers, metric)
        except ValueError as error:
            raise InputError(str(error), "claim", "give it as a score for each run") from error

    def take_rows(self, rows: np.ndarray, metric: str) -> Outcomes:
        """The same on some rows, int64, alone: what is one number of all rows is not known of these. Raises InputError
        where the metric of a variant is known of all rows together only."""

        def take(runs: Mapping[str, Runs]) -> dict[str, Runs]:
            return {name: run.take_rows(rows, metric) for name, run in runs.items()}

        return replace(
            self,
            variants=take(self.variants),
            trivial=take(self.trivial),
            groups=None if self.groups is None else self.groups[rows],
            examples=[self.examples[row] for row in rows] if len(self.examples) else (),
            constants={},
            chance=None,
            chances={},
            elsewhere={},
        )

    def trivial_score(self, metric: str) -> float | None:
        """The score of the best trivial baseline on these rows, None where it is not known."""
        if BEST_TRIVIAL in self.variants:
            return float(self.scores(BEST_TRIVIAL, metric).mean())
        return self.constants.get(BEST_TRIVIAL)

    def scores(self, name: str, metric: str) -> np.ndarray:
        """float64 (n,): the metric of each run on these very rows. Raises InputError where it cannot be had."""
        runs = self.find_runs(name)
        table = self.table(name, metric)
        if table is not None:
            return table.mean(axis=1)
        if runs.score is not None:
            return runs.score
        hint = "give outcomes row by row (variant,seed,example,outcome) or scores (variant,seed,score)"
        raise InputError(f"{metric} of variant '{name}' cannot be had from these columns", "claim", hint)


def seed_rank(seed: Seed) -> tuple[bool, float, tuple[tuple[bool, int, str], ...]]:
    """What seeds are sorted by: whole numbers by size, also those written as text, then texts, with the numbers in them
    by size (`run2` before `run10`)."""
    text = str(seed)
    last = (True, 0, text)
    if not isinstance(seed, str) or re.fullmatch(r"[-+]?[0-9]{1,18}", text):
        return False, float(seed), (last,)
    return True, 0.0, (*(_part_rank(part) for part in re.split(r"([0-9]+)", text) if part), last)


def _part_rank(part: str) -> tuple[bool, int, str]:
    """Digits before letters, and by their value: by length without leading zeros, then as text."""
    digits = part.lstrip("0")
    return (False, len(digits), digits) if re.fullmatch("[0-9]+", part) else (True, 0, part)
