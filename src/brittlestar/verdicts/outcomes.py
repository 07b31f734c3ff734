"""Outcomes of runs as verdicts read them: for each variant a table of runs x examples, or one score a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from brittlestar.core.errors import InputError
from brittlestar.study.names import BEST_TRIVIAL
from brittlestar.study.schema import suggest
from brittlestar.verdicts.scoring import Sums, is_additive, sums_of

Seed = int | str
MOST_NAMED = 12


@dataclass(frozen=True)
class Runs:
    """Runs of one variant, in the order of `seeds`: `outcome` float64 (n, m) for a metric that is a mean over rows,
    `predicted` int64 (n, m) classes, or `score` float64 (n,); what is not known is None. `lost` are seeds that were
    planned and gave nothing, `diverged` those of `seeds` whose loss was not finite."""

    seeds: tuple[Seed, ...]
    outcome: np.ndarray | None = None
    predicted: np.ndarray | None = None
    score: np.ndarray | None = None
    lost: tuple[Seed, ...] = ()
    diverged: tuple[Seed, ...] = ()


@dataclass(frozen=True)
class Outcomes:
    """Variants on the same examples. `labels` int64 (m,), -1 for one that train lacks, of `n_classes`;
    `weights[factor]` float64 (m,); `groups` int64 (m,): rows that are one unit, or None; `constants`: variants that are
    one number, such as the best rung of the ladder; `chance`: the trivial score, None where it is not known. `held_out`
    is the share of rows that a redrawn split leaves out of train over those in it, None where splits are fixed.
    `elsewhere` has the same variants on other splits, by the split's name. `alike` says that every variant was meant to
    have the same seeds, so that one that only others have is lost; without it those behind the last common one were not
    run yet. `chances` has trivial scores by metric, where outcomes serve several. `seedless` names variants whose one
    run stands for every seed, such as the best trivial baseline row by row."""

    arms: Mapping[str, Runs]
    labels: np.ndarray | None = None
    n_classes: int = 0
    weights: Mapping[str, np.ndarray] = field(default_factory=dict[str, np.ndarray])
    groups: np.ndarray | None = None
    constants: Mapping[str, float] = field(default_factory=dict[str, float])
    chance: float | None = None
    held_out: float | None = None
    elsewhere: Mapping[str, Outcomes] = field(default_factory=dict[str, "Outcomes"])
    alike: bool = False
    chances: Mapping[str, float] = field(default_factory=dict[str, float])
    seedless: frozenset[str] = frozenset()

    def chance_of(self, metric: str) -> float | None:
        """The trivial score under a metric, None where it is not known."""
        return self.chances.get(metric, self.chance)

    def arm(self, name: str) -> Runs:
        """One variant. Raises InputError with the names there are."""
        if name not in self.arms:
            known = [*self.arms, *self.constants]
            shown = ", ".join(known[:MOST_NAMED]) + (" …" if len(known) > MOST_NAMED else "")
            hint = suggest(name, known) or f"variants: {shown}"
            if name == BEST_TRIVIAL:
                hint = "give the score of the best trivial predictor: --ladder SCORE, or judge(…, ladder=SCORE)"
            raise InputError(f"there are no outcomes of a variant '{name}'", "claim", hint)
        return self.arms[name]

    def n_rows(self, name: str) -> int | None:
        """Rows that the outcomes of a variant have, None where only scores are known."""
        runs = self.arm(name)
        known = runs.outcome if runs.outcome is not None else runs.predicted
        return None if known is None else known.shape[1]

    def n_units(self, name: str) -> int | None:
        """Units of rows that the outcomes of a variant have: groups of rows where there are groups, else rows."""
        return self.n_rows(name) if self.groups is None else len(np.unique(self.groups))

    def table(self, name: str, metric: str) -> np.ndarray | None:
        """float64 (n, m): what each run scores in each row, whose mean is the metric; None where the metric is no mean
        over rows, or only scores are known."""
        runs = self.arm(name)
        if not is_additive(metric):
            return None
        if runs.outcome is not None:
            return runs.outcome
        if runs.predicted is None or self.labels is None or metric != "accuracy":
            return None
        return (runs.predicted == self.labels).astype(np.float64)

    def trivial_score(self, metric: str) -> float | None:
        """The score of the best trivial baseline on these rows, None where it is not known."""
        if BEST_TRIVIAL in self.arms:
            return float(self.scores(BEST_TRIVIAL, metric).mean())
        return self.constants.get(BEST_TRIVIAL)

    def sums(self, name: str, metric: str) -> Sums | None:
        """A metric that is no mean over rows as sums; None where only scores are known. Raises InputError."""
        runs = self.arm(name)
        if is_additive(metric) or runs.score is not None:
            return None
        if runs.predicted is None or self.labels is None:
            hint = (
                "give columns label and prediction (and weight_FACTOR for weighted accuracies), or a score for each run"
            )
            raise InputError(f"{metric} is no mean over rows, so outcomes row by row do not give it", "claim", hint)
        try:
            return sums_of(metric, runs.predicted, self.labels, self.n_classes, self.weights)
        except ValueError as error:
            raise InputError(str(error), "claim", "give it as a score for each run") from error

    def scores(self, name: str, metric: str) -> np.ndarray:
        """float64 (n,): the metric of each run on these very rows. Raises InputError where it cannot be had."""
        runs = self.arm(name)
        table = self.table(name, metric)
        if table is not None:
            return table.mean(axis=1)
        if runs.score is not None:
            return runs.score
        sums = self.sums(name, metric)
        if sums is None:
            hint = "give outcomes row by row (variant,seed,example,outcome) or scores (variant,seed,score)"
            raise InputError(f"{metric} of variant '{name}' cannot be had from these columns", "claim", hint)
        return sums.scores


def of_mapping(arms: Mapping[Any, Any]) -> Outcomes:
    """Outcomes of `{variant: {"seeds", "examples", "outcome": seeds x examples}}` or `{variant: {"seeds", "score"}}`;
    `"group"` may name the group of each example. Raises InputError."""
    found: dict[str, Runs] = {}
    examples: list[Any] | None = None
    groups: np.ndarray | None = None
    first = ""
    for name, given in arms.items():
        if not isinstance(name, str) or not isinstance(given, Mapping):
            hint = "give {'variant': {'seeds': …, 'examples': …, 'outcome': …}}"
            raise InputError(f"{name!r}: {type(given).__name__} is no variant with its runs", "outcomes", hint)
        seeds = _seeds(name, given.get("seeds"))
        if "score" in given:
            scores = _numbers(name, given["score"], (len(seeds),), "score")
            order = _order(seeds)
            found[name] = Runs(tuple(seeds[k] for k in order), score=scores[order])
            continue
        if "outcome" not in given:
            hint = "give outcome (seeds x examples) or score (one a seed)"
            raise InputError(f"variant '{name}' has neither", f"outcomes['{name}']", hint)
        own = _examples(name, given)
        table = _numbers(name, given["outcome"], (len(seeds), len(own)), "outcome")
        if len(set(own)) < len(own):
            raise InputError("an example stands there twice", f"outcomes['{name}'].examples", "name each once")
        if examples is None:
            examples, first = sorted(own, key=str), name
        _same_examples(first, examples, name, own)
        at = {example: k for k, example in enumerate(own)}
        if given.get("group") is not None:
            mine = _groups(name, given["group"], [at[example] for example in examples])
            if groups is not None and not np.array_equal(groups, mine):
                raise InputError("its groups are not those of another variant", f"outcomes['{name}'].group", _ONE_GROUP)
            groups = mine
        order = _order(seeds)
        found[name] = Runs(tuple(seeds[k] for k in order), table[order][:, [at[example] for example in examples]])
    return Outcomes(found, groups=groups, alike=True)


_ONE_GROUP = "an example has one group, the same in every variant"


def _examples(name: str, given: Mapping[str, Any]) -> list[Any]:
    """The examples of a variant, numbered where they are not named. Raises InputError."""
    try:
        width = np.asarray(given["outcome"], dtype=np.float64).shape[-1:] or (0,)
        own = list(given.get("examples", range(width[0])))
    except (TypeError, ValueError) as error:
        raise InputError(
            f"outcome is no table of numbers: {error}", f"outcomes['{name}']", "seeds x examples"
        ) from None
    if not own:
        raise InputError("there are no examples", f"outcomes['{name}']", "give outcome as seeds x examples")
    return own


def _groups(name: str, given: Any, order: Sequence[int]) -> np.ndarray:
    groups = [str(one) for one in given]
    if len(groups) != len(order):
        what = f"{len(groups)} groups are given for {len(order)} examples"
        raise InputError(what, f"outcomes['{name}'].group", "name the group of each example")
    _, numbers = np.unique([groups[k] for k in order], return_inverse=True)
    return numbers.reshape(-1)


def _same_examples(first: str, examples: Sequence[Any], name: str, own: Sequence[Any]) -> None:
    lacking, more = set(examples) - set(own), set(own) - set(examples)
    if lacking or more:
        some = [", ".join(map(str, sorted(part, key=str)[:5])) or "none" for part in (lacking, more)]
        what = f"'{name}' lacks {len(lacking)} examples of '{first}' ({some[0]}) and has {len(more)} others ({some[1]})"
        raise InputError(what, "outcomes", "score both on the same rows")


def _seeds(name: str, given: Any) -> list[Seed]:
    if given is None:
        raise InputError("no seeds are given", f"outcomes['{name}']", "name the seed of each run under `seeds`")
    try:
        seeds: list[Seed] = [one.item() if isinstance(one, np.generic) else one for one in given]
    except TypeError:
        seeds = []
    known: list[Any] = seeds
    if not seeds or not all(isinstance(one, int | float | str) and one == one for one in known):
        raise InputError("seeds are no list of numbers", f"outcomes['{name}'].seeds", "name the seed of each run")
    if len(set(seeds)) < len(seeds):
        twice = sorted({str(seed) for seed in seeds if seeds.count(seed) > 1})
        raise InputError(f"seed {', '.join(twice[:5])} stands there twice", f"outcomes['{name}']", "one run a seed")
    return seeds


def seed_rank(seed: Seed) -> tuple[bool, float, str]:
    """What seeds are sorted by: numbers by size, also those written as text, then other texts."""
    try:
        return False, float(seed), str(seed)
    except ValueError:
        return True, 0.0, str(seed)


def _order(seeds: Sequence[Seed]) -> list[int]:
    """Positions by seed."""
    return sorted(range(len(seeds)), key=lambda k: seed_rank(seeds[k]))


def _numbers(name: str, given: Any, shape: tuple[int, ...], what: str) -> np.ndarray:
    try:
        found = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{what} holds something that is no number: {error}", f"outcomes['{name}']") from error
    if found.shape != shape:
        raise InputError(f"{what} has shape {found.shape}, not {shape}", f"outcomes['{name}']", "seeds x examples")
    if not np.isfinite(found).all():
        hint = "score a run that diverged as the majority class, and leave a run that was lost out"
        raise InputError(
            f"{int((~np.isfinite(found)).sum())} values of {what} are not finite", f"outcomes['{name}']", hint
        )
    return found
