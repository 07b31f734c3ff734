"""What a gate requires: claims written before the result, and two releases on the rows that both have."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.outcomes import Outcomes, Runs
from brittlestar.claims.sentences import choose_judgement, make_unmeasured
from brittlestar.claims.several import judge_all
from brittlestar.claims.side_by_side import answer_alike, match_rows, number_copies, pick_seeds
from brittlestar.claims.study_outcomes import StudyOutcomes, choose_rows, make_outcomes, make_row_runs, refuse_unfit
from brittlestar.core.answers import Answers, Rows
from brittlestar.core.errors import InputError
from brittlestar.core.metrics import metric_of
from brittlestar.core.results import SplitAnswers, StudyAnswers, StudyRecord
from brittlestar.core.scores import ask_in_units
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.claims import Claim
from brittlestar.study.row_filters import RowFilter, read_filter
from brittlestar.study.sides import SPLIT_MARK, quote_name, write_metric

NEW, LAST = "new", "last-release"
LEAST_SHARED = 0.5
"""Less of the new rows than this says too little about them (chosen, not measured)."""


@dataclass(frozen=True)
class Release:
    """A variant on one split: the split's `rows`, the classes that its labels and predictions are codes of, and its
    runs row by row."""

    rows: SplitAnswers
    classes: tuple[str, ...]
    runs: Runs


@dataclass(frozen=True)
class ReleaseComparison:
    """`judgement` on "not worse by more than …", on `rows` shared of `of` in the new release; `relabelled` rows have
    another label now and are left out; `runs` are how many the new release has and the last one, and `shared_seeds` is
    0 where they are independent; `identical` says that every run answers every row as the last release did."""

    judgement: Judgement
    rows: int
    of: int
    relabelled: int
    runs: tuple[int, int]
    shared_seeds: int
    identical: bool


@dataclass(frozen=True)
class MatchedReleases:
    """Both releases on the rows that both have: their outcomes, the positions of these rows in the new split, int64,
    of how many rows there, how many have another label now, how many runs each has, how many seeds both share, and of
    how many candidates the new one is the best on these rows."""

    outcomes: Outcomes
    places: np.ndarray
    of: int
    relabelled: int
    runs: tuple[int, int]
    shared_seeds: int
    best_of: int

    def take(self, chosen: np.ndarray) -> "MatchedReleases":
        """The same on the `chosen` rows, bool (n_shared,), alone."""
        rows = np.flatnonzero(chosen)
        return replace(self, outcomes=self.outcomes.take_rows(rows, "accuracy"), places=self.places[rows])

    def find_changes(self) -> np.ndarray:
        """float64 (n_shared,): by how much more often the new release is right on each row, over its runs."""
        new, last = (self.outcomes.table(name, "accuracy") for name in (NEW, LAST))
        return np.zeros(len(self.places)) if new is None or last is None else new.mean(axis=0) - last.mean(axis=0)

    @property
    def seeds(self) -> tuple[int, int]:
        """Runs of the new release and of the last."""
        new, last = (len(self.outcomes.variants[name].seeds) for name in (NEW, LAST))
        return new, last


@dataclass(frozen=True)
class SliceChange:
    """What the last release and the new one have right among the rows of a slice that both have, as fractions, and the
    judgement on "not worse by more than …" there."""

    where: RowFilter
    before: float
    now: float
    judgement: Judgement


def find_release(record: StudyRecord, answers: StudyAnswers, split: str, metric: str) -> Release:
    """Main of a study on a split. Raises InputError where it has no such split, or no runs row by row."""
    place = record.place or record.name
    if split not in record.splits:
        raise InputError(f"{place} has no split '{split}'", "--against", "give predictions of the same split")
    runs = make_outcomes(record, answers, split, metric).variants.get(record.main)
    if runs is None or not runs.seeds:
        raise InputError(f"{place} has no finished run of {record.main}", "--against", "finish it first")
    if runs.score is not None:
        hint = "gate on another metric, or give probabilities in the predictions"
        raise InputError(f"{metric} of {place} is not known row by row", "--against", hint)
    return Release(answers[split], record.classes, runs)


def make_release(now: Release, seeds: tuple[int, ...], answers: Answers, metric: str) -> Release:
    """Given predictions for the very rows of `now`. Raises InputError where they do not give the metric."""
    runs = make_row_runs(seeds, answers, metric)
    if runs is None:
        hint = "give probabilities, or gate on another metric"
        raise InputError(f"{metric} of the last release is not known row by row", "--against", hint)
    return Release(now.rows, now.classes, runs)


def match_releases(new: Release, last: Release, split: str, metric: str, best_of: int = 1) -> MatchedReleases:
    """Both releases on the rows that both have. Rows with the same sequence are the same row, repeats in their order;
    runs are paired by the seeds that both have. Raises InputError where they share less than half of the new rows."""
    mine, its = match_rows(number_copies(new.rows.hashes), number_copies(last.rows.hashes))
    place = {name: k for k, name in enumerate(new.classes)}
    codes = np.asarray([*(place.get(name, len(place)) for name in last.classes), -1], np.int64)
    same = codes[last.rows.labels[its]] == new.rows.labels[mine]
    of = len(new.rows.hashes)
    if len(mine) < LEAST_SHARED * of or not same.any():
        what = f"only {len(mine):,} of {of:,} rows of {split} are in the last release"
        raise InputError(what, "--against", "score the last release on the rows of today")
    mine, its = mine[same], its[same]
    # a class that is gone now is always wrong
    rows = replace(new.rows.rows.take(mine), n_classes=len(place) + int(not set(last.classes) <= place.keys()))
    rows = ask_in_units(rows, metric)
    groups = rows.units
    taken = new.runs.take_rows(mine, metric), last.runs.take_rows(its, metric)
    shared, (now, before) = pick_seeds([_translate(taken[0], rows), _translate(taken[1], rows, codes)])
    alone = groups is None or len(np.unique(groups)) == len(groups)
    outcomes = Outcomes({NEW: now, LAST: before}, None if alone else groups)
    runs = len(new.runs.seeds), len(last.runs.seeds)
    return MatchedReleases(outcomes, mine, of, int((~same).sum()), runs, shared, best_of)


def compare_releases(found: MatchedReleases, split: str, metric: str, by: float) -> ReleaseComparison:
    """Judge whether the new release is at most `by` worse than the last one, in the metric's unit."""
    judged = judge_once(found.outcomes, _claim_no_worse(found, split, metric, by), min(found.seeds))
    now, before = (found.outcomes.variants[name] for name in (NEW, LAST))
    rows = len(found.places)
    identical = rows == found.of and answer_alike(now, before, metric)
    return ReleaseComparison(judged, rows, found.of, found.relabelled, found.runs, found.shared_seeds, identical)


def _claim_no_worse(found: MatchedReleases, split: str, metric: str, by: float, where: str | None = None) -> Claim:
    first, second = (NEW, LAST) if metric_of(metric).higher_is_better else (LAST, NEW)
    claim = replace(
        parse_claim(f"{first} > {second} by {-by:g} on {write_metric(metric)} on {split}", "--against"),
        where=where,
        best_of=found.best_of,
    )
    independent = not found.shared_seeds and max(found.seeds) > 1
    return replace(claim, pairing="independent") if independent else claim


def compare_slices(
    found: MatchedReleases, new: Release, slices: Sequence[RowFilter], split: str, by: float
) -> tuple[SliceChange, ...]:
    """Judge of each slice whether the new release has at most `by` less of its rows right, as a fraction. All share
    one error (Holm), so that the more are looked at, the wider each interval. A slice without a row that both have is
    left out."""
    cases: list[tuple[Outcomes, Claim]] = []
    kept: list[RowFilter] = []
    seeds = min(found.seeds)
    for where in slices:
        rows = np.flatnonzero(choose_rows(new.rows, where, new.classes)[found.places])
        if len(rows):
            claim = _claim_no_worse(found, split, "accuracy", by, str(where))
            cases.append((found.outcomes.take_rows(rows, "accuracy"), replace(claim, looks=(seeds,), max_seeds=seeds)))
            kept.append(where)
    judged = map(choose_judgement, judge_all(cases))
    scores = [[float(one.scores(name, "accuracy").mean()) for name in (LAST, NEW)] for one, _ in cases]
    return tuple(
        SliceChange(where, before, now, one) for where, (before, now), one in zip(kept, scores, judged, strict=True)
    )


def judge_beside(found: MatchedReleases, new: Release, claim: Claim, main: str) -> Judgement:
    """The judgement of a claim on main against `last-release`, on the rows that both have. Raises InputError where it
    names another variant."""
    runs = found.outcomes.variants
    outcomes = replace(found.outcomes, variants={main: runs[NEW], LAST: runs[LAST]})
    if claim.where is not None:
        chosen = choose_rows(new.rows, read_filter(claim.where), new.classes)[found.places]
        outcomes = outcomes.take_rows(np.flatnonzero(chosen), claim.metric)
    independent = not found.shared_seeds and max(found.seeds) > 1 and claim.pairing is None
    claim = replace(claim, pairing="independent") if independent else claim
    return judge_once(outcomes, claim, min(found.seeds))


def _translate(runs: Runs, rows: Rows, codes: np.ndarray | None = None) -> Runs:
    """The runs with what they answer in the codes of `rows`."""
    if runs.answers is None:
        return runs
    predicted = runs.answers.predicted if codes is None else codes[runs.answers.predicted]
    return replace(runs, answers=replace(runs.answers, rows=rows, predicted=predicted))


def make_drop_claim(variant: str, split: str, held_out: str, loss: float, metric: str) -> Claim:
    """A variant loses at most so much on a split against the headline split."""
    sides = [quote_name(variant), f"{quote_name(variant)}{SPLIT_MARK}{held_out}"]
    first, second = sides if metric_of(metric).higher_is_better else reversed(sides)
    return parse_claim(f"{first} > {second} by {-loss:g} on {write_metric(metric)} on {split}", "max_drop")


def judge_required(record: StudyRecord, answers: StudyAnswers, claims: Sequence[Claim]) -> tuple[Judgement, ...]:
    """The judgement that answers for each claim, each at its own error rate. Raises InputError for a claim about what
    the study does not have."""
    refuse_unfit(record, answers, claims)
    outcomes = StudyOutcomes(record, answers)
    return tuple(_judge_one(outcomes, claim) for claim in claims)


def judge_once(outcomes: Outcomes, claim: Claim, seeds: int) -> Judgement:
    """The judgement of a claim at a single look, at the seeds that there are."""
    (found,) = judge_all([(outcomes, replace(claim, looks=(seeds,), max_seeds=seeds))])
    return choose_judgement(found)


def _judge_one(outcomes: StudyOutcomes, claim: Claim) -> Judgement:
    try:
        read = outcomes.of(claim)
        seeds = max((len(runs.seeds) for runs in read.variants.values()), default=0)
        return judge_once(read, claim, max(seeds, 1))
    except InputError as error:
        return make_unmeasured(claim, error.problems[0].what, True)
