"""Two releases of a model on the rows that both have: is the new one not worse than the last?"""

from dataclasses import dataclass, replace

import numpy as np

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.outcomes import Outcomes, Runs
from brittlestar.claims.required import judge_once
from brittlestar.claims.study_outcomes import make_outcomes
from brittlestar.core.answers import StudyAnswers
from brittlestar.core.errors import InputError
from brittlestar.core.metric_names import higher_is_better
from brittlestar.core.results import StudyRecord
from brittlestar.data.joining import join
from brittlestar.study.claim_parsing import parse_claim

NEW, LAST = "new", "last-release"
LEAST_SHARED = 0.5
"""Less of the new rows than this says too little about them (chosen, not measured)."""


@dataclass(frozen=True)
class Release:
    """A study with what its runs answer row by row."""

    record: StudyRecord
    answers: StudyAnswers


@dataclass(frozen=True)
class ReleaseComparison:
    """`judgement` on "not worse by more than …", on `rows` shared of `of` in the new release; `relabelled` rows have
    another label now and are left out; `shared_seeds` is 0 where runs are independent."""

    judgement: Judgement
    rows: int
    of: int
    relabelled: int
    shared_seeds: int


def compare_releases(new: Release, last: Release, split: str, metric: str, by: float) -> ReleaseComparison:
    """Judge whether main of the new release is at most `by` worse than main of the last one, in the metric's unit.

    Rows with the same sequence are the same row, repeats in their order; runs are paired by the seeds that both have.
    Raises InputError where the splits share too few rows, or a release has no finished run or other classes.
    """
    if split not in last.record.splits:
        raise InputError(f"the last release has no split '{split}'", "--against", "give predictions of the same split")
    ours, theirs = (_find_runs(one, split, metric) for one in (new, last))
    mine, its = match_rows(new.answers[split].hashes, last.answers[split].hashes)
    place = {name: k for k, name in enumerate(new.record.classes)}
    codes = np.asarray([*(place.get(name, len(place)) for name in last.record.classes), -1], np.int64)
    before = codes[last.answers[split].labels[its]]
    same = before == new.answers[split].labels[mine]
    if len(mine) < LEAST_SHARED * len(new.answers[split].hashes) or not same.any():
        what = f"only {len(mine):,} of {len(new.answers[split].hashes):,} rows of {split} are in the last release"
        raise InputError(what, "--against", "score the last release on the rows of today")
    mine, its = mine[same], its[same]
    shared = sorted(set(ours.seeds) & set(theirs.seeds))
    runs = {NEW: _take_rows(ours, mine, None), LAST: _take_rows(theirs, its, codes)}
    here = new.answers[split]
    groups = join(here.hashes[mine], None if here.groups is None else here.groups[mine]).component
    outcomes = Outcomes(
        runs,
        here.labels[mine],
        len(place) + int(not set(last.record.classes) <= place.keys()),  # a class that is gone now is always wrong
        {factor: here.weights[factor][mine] for factor in new.record.factors},
        groups if len(np.unique(groups)) < len(groups) else None,
    )
    first, second = (NEW, LAST) if higher_is_better(metric) else (LAST, NEW)
    claim = parse_claim(f"{first} > {second} by {-by:g} on {metric} on {split}", "--against")
    if not shared and max(len(ours.seeds), len(theirs.seeds)) > 1:
        claim = replace(claim, pairing="independent")
    seeds = len(shared) or min(len(ours.seeds), len(theirs.seeds))
    found = judge_once(outcomes, claim, max(seeds, 1))
    return ReleaseComparison(found, len(mine), len(here.hashes), int((~same).sum()), len(shared))


def match_rows(new: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places of the rows that both have, int64 each and in pairs, in the order of the new rows; hashes uint64. The
    k-th repeat of a sequence is the k-th there."""
    kinds = [("hash", np.uint64), ("repeat", np.int64)]
    keys: list[np.ndarray] = []
    for one in (new, last):
        key = np.empty(len(one), kinds)
        key["hash"], key["repeat"] = one, _number_repeats(one)
        keys.append(key)
    _, mine, its = np.intersect1d(keys[0], keys[1], assume_unique=True, return_indices=True)
    order = np.argsort(mine, kind="stable")
    return mine[order].astype(np.int64), its[order].astype(np.int64)


def _number_repeats(hashes: np.ndarray) -> np.ndarray:
    """int64: how many rows with the same hash come before each."""
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(ordered) else np.zeros(0, np.int64)
    sizes = np.diff(np.r_[starts, len(ordered)])
    numbers = np.empty(len(hashes), np.int64)
    numbers[order] = np.arange(len(hashes)) - np.repeat(starts, sizes)
    return numbers


def _find_runs(release: Release, split: str, metric: str) -> Runs:
    """Main's runs row by row. Raises InputError where they are not known so."""
    runs = make_outcomes(release.record, release.answers, split, metric).arms.get(release.record.main)
    if runs is None or not runs.seeds:
        raise InputError(f"{release.record.place or release.record.name} has no finished run of main", "--against")
    if runs.score is not None:
        hint = "gate on another metric, or give probabilities in the predictions"
        raise InputError(f"{metric} is not known row by row", "--against", hint)
    return runs


def _take_rows(runs: Runs, rows: np.ndarray, codes: np.ndarray | None) -> Runs:
    """Some rows of a variant, its classes by their codes in the new release."""
    outcome = None if runs.outcome is None else runs.outcome[:, rows]
    predicted = None if runs.predicted is None else runs.predicted[:, rows]
    if predicted is not None and codes is not None:
        predicted = codes[predicted]
    return replace(runs, outcome=outcome, predicted=predicted)
