"""Outcomes of a study's runs on one split, from what they answer in its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.outcomes import Outcomes, Runs, Seed
from brittlestar.claims.pairing import pair_runs
from brittlestar.claims.sentences import make_unmeasured
from brittlestar.claims.several import judge_all, list_sides
from brittlestar.claims.variance_sources import list_crossed_streams
from brittlestar.core.answers import Answers
from brittlestar.core.errors import InputError
from brittlestar.core.metric_kinds import is_given
from brittlestar.core.metrics import find_metric, is_asked
from brittlestar.core.results import CellRecord, SplitAnswers, StudyAnswers, StudyRecord, VariantRecord
from brittlestar.core.scores import ask_in_units
from brittlestar.core.splits import is_shifted
from brittlestar.core.texts import suggest
from brittlestar.core.trivial_baselines import TrivialBaselines
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.claims import (
    UNSEEN,
    Claim,
    SharedSeeds,
    check_claim,
    data_of,
    format_claim,
    settle_pairing,
)
from brittlestar.study.default_claims import default_claims
from brittlestar.study.names import BEST_TRIVIAL, STUDY_ALIASES
from brittlestar.study.row_filters import LABEL, TOKEN, RowFilter, describe_filter, read_filter
from brittlestar.study.sides import arms_of, splits_of

ADDED = ("hash", "registered", "withdrawn")  # what a study's record adds to a claim


class StudyOutcomes:
    """Outcomes of a study's claims, each table made once."""

    def __init__(self, record: StudyRecord, answers: StudyAnswers) -> None:
        self.record, self.answers = record, answers
        self._made: dict[tuple[str, str, str | None], Outcomes] = {}

    def of(self, claim: Claim) -> Outcomes:
        """What a claim is judged on: its split, and the splits that its variants name. Raises InputError."""
        found = self.on(claim.split, claim.metric, claim.where)
        named = splits_of(claim.arm, claim.other)
        return replace(found, elsewhere={split: self.on(split, claim.metric, claim.where) for split in named})

    def on(self, split: str, metric: str, where: str | None = None) -> Outcomes:
        """Every variant on a split, or on those of its rows that `where` says. Raises InputError."""
        key = split, metric, where
        if key not in self._made:
            if where is None:
                self._made[key] = make_outcomes(self.record, self.answers, split, metric)
            else:
                self._made[key] = self.on(split, metric).take_rows(self._choose(split, read_filter(where)), metric)
        return self._made[key]

    def _choose(self, split: str, where: RowFilter) -> np.ndarray:
        """The positions, int64, of the rows that are meant among those of the split."""
        here = self.answers[split.removesuffix(UNSEEN)]
        chosen = choose_rows(here, where, self.record.classes)
        found = np.flatnonzero(chosen[~here.in_train] if split.endswith(UNSEEN) else chosen)
        if not len(found):
            raise InputError(f"there are no {describe_filter(where)} in {split}", "claim")
        return found


def choose_rows(here: SplitAnswers, where: RowFilter, classes: Sequence[str]) -> np.ndarray:
    """bool (n_rows,): the rows of a split that are meant. Raises InputError for a class or column that is not there."""
    if where.column == LABEL:
        if where.value not in classes:
            raise InputError(f"there is no class '{where.value}'", "claim", suggest(where.value, classes))
        return here.labels == [*classes].index(where.value)
    if where.column == TOKEN and TOKEN not in here.columns and here.read_tokens is not None:
        found = here.read_tokens()
        codes = [k for k, name in enumerate(found.names) if name == where.value]
        inside = np.zeros(len(here.labels), bool)
        inside[found.rows[np.isin(found.codes, codes)]] = True
        return inside
    if where.column not in here.columns:
        hint = suggest(where.column, [LABEL, *here.columns]) or f"keep it with the data: --slices {where.column}"
        raise InputError(f"the column '{where.column}' is not kept", "claim", hint)
    return where.choose(here.columns[where.column])


def make_outcomes(record: StudyRecord, answers: StudyAnswers, split: str, metric: str) -> Outcomes:
    """Every variant's best checkpoints on a split, or on its rows whose sequence is no row of train (`SPLIT:unseen`).

    Rows of one group or with one sequence are one unit; cells that failed or were lost are missing runs. Each trivial
    baseline that leads has outcomes row by row and no seeds, and the one with the best score here stands for
    `best-trivial`, as a constant where nothing but its score is known. Where a metric cannot be had row by row, runs
    are the scores of the record. Raises InputError where there is no such split or row, or a score is known for all
    rows alone.
    """
    name, unseen = split.removesuffix(UNSEEN), split.endswith(UNSEEN)
    if name not in record.splits:
        later = "; the probe command adds a file of it with --split, and scores it"
        what = f"there is no split '{name}' yet{later}" if is_shifted(name) else f"there is no split '{name}'"
        raise InputError(what, "claim", f"splits: {', '.join(record.splits)}")
    here = ask_split(answers[name], metric)
    kept = np.flatnonzero(~here.in_train) if unseen else np.arange(len(here.labels))
    if unseen and not len(kept):
        raise InputError(f"every row of {name} is in train", "claim", f"claim on {name} alone")
    variants = {variant: _make_runs(record, here, variant, name, metric) for variant in record.variants}
    baselines = None if record.audit is None else record.audit.trivial_baselines
    if baselines is not None and metric not in baselines.metrics:  # which a later version has
        baselines = None
    trivial = {} if baselines is None else _make_trivial_runs(baselines, here, metric)
    if unseen:
        variants = {variant: runs.take_rows(kept, metric) for variant, runs in variants.items()}
        trivial = {one: runs.take_rows(kept, metric) for one, runs in trivial.items()}
    population, constants = "unseen" if unseen else "all", dict[str, float]()
    chance = record.splits[name].majority.get(metric)
    best = None if baselines is None else baselines.best(name, metric, population)
    if baselines is not None and best is not None:
        if trivial:
            variants[BEST_TRIVIAL] = trivial[best.name]
        elif (score := best.score(name, metric, population).value) is not None:
            constants[BEST_TRIVIAL] = score
        chance = baselines.majority.score(name, metric, "unseen").value if unseen else chance
    units = None if here.rows.units is None else here.rows.units[kept]
    return Outcomes(
        {name: runs for name, runs in variants.items() if runs.seeds or runs.lost},
        units if units is not None and len(np.unique(units)) < len(units) else None,
        constants,
        chance,
        _find_held_out(record),
        seedless=frozenset({BEST_TRIVIAL}),
        trivial=trivial,
        baseline=None if best is None else best.name,
    )


def ask_split(here: SplitAnswers, metric: str) -> SplitAnswers:
    """A split as a metric is asked of its rows."""
    rows = ask_in_units(here.rows, metric)
    if rows is here.rows:
        return here
    runs, trivial = (
        {name: replace(one, rows=rows) for name, one in each.items()} for each in (here.runs, here.trivial)
    )
    return replace(here, rows=rows, runs=runs, trivial=trivial)


def _find_held_out(record: StudyRecord) -> float | None:
    """Rows of dev over those of train where each seed draws both anew."""
    if record.streams.get("split") != "varied" or "dev" not in record.splits:
        return None
    return record.splits["dev"].rows / max(record.splits["train"].rows, 1)


def _make_trivial_runs(baselines: TrivialBaselines, here: SplitAnswers, metric: str) -> dict[str, Runs]:
    """The trivial baselines that lead under a metric, each as one run; none where they are not known row by row."""
    names = [leader.name for leader in baselines.leaders(metric)]
    known = {name: make_row_runs((0,), here.trivial[name], metric) for name in names if name in here.trivial}
    found = {name: runs for name, runs in known.items() if runs is not None and runs.n_rows == len(here.labels)}
    return found if len(found) == len(names) else {}


def _make_runs(record: StudyRecord, here: SplitAnswers, variant: str, split: str, metric: str) -> Runs:
    done = record.list_finished(variant, split)
    seeds: tuple[Seed, ...] = tuple(cell.seed for cell in done)
    lost: tuple[Seed, ...] = tuple(cell.seed for cell in record.cells_of(variant, "failed", "lost"))
    diverged: tuple[Seed, ...] = tuple(cell.seed for cell in done if cell.outcome == "diverged")
    own = here.runs.get(variant)
    by_row = None if own is None else make_row_runs(seeds, own, metric)
    if by_row is not None:
        return replace(by_row, lost=lost, diverged=diverged)
    scores = [_find_score(cell, split, metric) for cell in done]
    return Runs(seeds, score=np.asarray(scores), lost=lost, diverged=diverged)


def make_row_runs(seeds: tuple[Seed, ...], answers: Answers, metric: str) -> Runs | None:
    """Runs row by row; None where their answers do not give the metric so."""
    needs = find_metric(metric, answers.rows.weights).needs
    return Runs(seeds, answers=answers) if all(is_given(needs, run) for run in answers.runs) else None


def _find_score(cell: CellRecord, split: str, metric: str) -> float:
    value, known = cell.score(split, metric), metric in cell.scores.get(split, {}).get("best", {})
    if value is None:
        what = f"{metric} on {split} is not known for {cell.variant}, seed {cell.seed}"
        hint = "claim another metric, or give probabilities in the predictions file"
        raise InputError(what, "claim", f"ask for it: --metric {metric}" if is_asked(metric) and not known else hint)
    return float(value)


def recorded_claims(record: StudyRecord) -> list[tuple[Claim, bool]]:
    """The claims that stand, in their order, and whether each was registered before the first run."""
    kept = [claim for claim in record.claims if not claim.get("withdrawn")]
    return [
        (parse_claim(without_record(claim), "claims.json", STUDY_ALIASES), bool(claim["registered"])) for claim in kept
    ]


def without_record(claim: Any) -> Any:
    """A claim as a study keeps it, without what it adds."""
    if not isinstance(claim, Mapping):
        return claim
    return {name: value for name, value in claim.items() if name not in ADDED}


def judge_study(
    record: StudyRecord, answers: StudyAnswers, claims: Sequence[Claim] | None = None, *, anytime: bool = False
) -> tuple[Judgement, ...]:
    """Judge the claims of a study, or `claims`: those that the study registered share alpha, others are exploratory,
    and `inconclusive` where nothing is known yet. Raises InputError where one of `claims` does not fit the study."""
    registered = {claim.hash: known for claim, known in recorded_claims(record)}
    luck = find_shared_luck(record.variants, record.streams)
    asked = [claim for claim, _ in recorded_claims(record)] if claims is None else list(claims)
    asked = [claim if claim.hash in registered else settle_pairing(claim, luck) for claim in asked]
    if claims is not None:
        refuse_unfit(record, answers, asked)
    if streams := list_crossed_streams(record):
        reason = f"its runs are crossed over {' and '.join(streams)}, so that they are no independent runs"
        return tuple(make_unmeasured(claim, reason, registered.get(claim.hash, False)) for claim in asked)
    outcomes = StudyOutcomes(record, answers)
    stand = {format_claim(claim) for claim, known in recorded_claims(record) if known}
    beside = sum(format_claim(default) not in stand for default in list_defaults(record, answers)) if stand else 0
    found: dict[int, Judgement] = {}
    for known in (True, False):
        places = [k for k, claim in enumerate(asked) if registered.get(claim.hash, False) is known]
        cases: dict[int, tuple[Outcomes, Claim]] = {}
        for k in places:
            try:
                cases[k] = _open_paired(outcomes, asked[k]), asked[k]
            except InputError as error:
                found[k] = make_unmeasured(asked[k], error.problems[0].what, known)
        sharing = len(places) + beside
        judged = judge_all(list(cases.values()), registered=known, anytime=anytime, sharing=sharing)
        found |= dict(zip(cases, judged, strict=True))
    return tuple(found[k] for k in range(len(asked)))


def list_defaults(record: StudyRecord, answers: StudyAnswers) -> tuple[Claim, ...]:
    """The default claims of a study, whether or not it registered them."""
    rows = {name: split.rows for name, split in record.splits.items()}
    unseen = {name: int((~answers[name].in_train).sum()) for name in rows if name != "train"}
    return default_claims(rows, unseen, record.metric, record.main)


def refuse_unfit(record: StudyRecord, answers: StudyAnswers, claims: Sequence[Claim]) -> None:
    """Raise InputError with everything that claims name and a study does not have."""
    known_names = {"metrics": record.metrics, "variants": tuple(record.variants), "splits": tuple(record.splits)}
    redraws = record.streams.get("split") == "varied"
    problems = [problem for claim in claims for problem in check_claim(claim, "claim", **known_names, redraws=redraws)]
    for claim in claims:
        name = claim.split.removesuffix(UNSEEN)
        if claim.where is not None and name in record.splits:
            try:
                choose_rows(answers[name], read_filter(claim.where), record.classes)
            except InputError as error:
                problems += error.problems
    if problems:
        raise InputError(dict.fromkeys(problems))


def _open_paired(outcomes: StudyOutcomes, claim: Claim) -> Outcomes:
    """What a claim is judged on. Raises InputError where nothing is known of one of its sides."""
    read = outcomes.of(claim)
    if BEST_TRIVIAL in arms_of(claim.arm, claim.other) and BEST_TRIVIAL not in {*read.variants, *read.constants}:
        audit = outcomes.record.audit
        known = () if audit is None or audit.trivial_baselines is None else audit.trivial_baselines.metrics
        if known and claim.metric not in known:
            raise InputError(
                f"the trivial baselines were not scored on {claim.metric}: set the study up with --metric "
                f"{claim.metric}, which trains nothing again"
            )
        missing = f"no trivial baseline was scored on {claim.split}"
        raise InputError(f"{missing}, which the audit of the data did not look at")
    for variant, other in list_sides(claim):
        pair_runs(read, variant, other, claim.metric, claim.pairing)
    return read


def find_shared_luck(variants: Mapping[str, VariantRecord], streams: Mapping[str, str]) -> SharedSeeds:
    """What variants, by name, have in common through their seeds; `streams` are those of their study."""
    settings = {
        name: {setting.path: setting.value for setting in variant.settings} for name, variant in variants.items()
    }
    data = {name: data_of({path.removeprefix("data."): of[path] for path in of}) for name, of in settings.items()}
    redrawn = "varied" in (streams.get("split"), streams.get("sampling"))
    return SharedSeeds({name: variant.shapes for name, variant in variants.items()}, data, redrawn)
