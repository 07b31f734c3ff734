"""Outcomes of a study's runs on one split, from what they answer in its rows."""

from dataclasses import replace

import numpy as np

from brittlestar.claims.outcomes import Outcomes, Runs, Seed
from brittlestar.core.answers import RunAnswers, SplitAnswers, StudyAnswers
from brittlestar.core.errors import InputError
from brittlestar.core.ladder import Ladder
from brittlestar.core.metrics import SMALLEST_PROBABILITY
from brittlestar.core.results import CellRecord, StudyRecord
from brittlestar.data.joining import join
from brittlestar.study.claims import LATER, UNSEEN, Claim
from brittlestar.study.names import BEST_TRIVIAL
from brittlestar.study.sides import splits_of


class StudyOutcomes:
    """Outcomes of a study's claims, each table made once."""

    def __init__(self, record: StudyRecord, answers: StudyAnswers) -> None:
        self._record, self._answers = record, answers
        self._made: dict[tuple[str, str], Outcomes] = {}

    def of(self, claim: Claim) -> Outcomes:
        """What a claim is judged on: its split, and the splits that its variants name. Raises InputError."""
        found = self.on(claim.split, claim.metric)
        named = splits_of(claim.arm, claim.other)
        return replace(found, elsewhere={split: self.on(split, claim.metric) for split in named})

    def on(self, split: str, metric: str) -> Outcomes:
        """Every variant on a split. Raises InputError."""
        if (split, metric) not in self._made:
            self._made[split, metric] = make_outcomes(self._record, self._answers, split, metric)
        return self._made[split, metric]


def make_outcomes(record: StudyRecord, answers: StudyAnswers, split: str, metric: str) -> Outcomes:
    """Every variant's best checkpoints on a split, or on its rows whose sequence is no row of train (`SPLIT:unseen`).

    Rows of one group or with one sequence are one unit; cells that failed or were lost are missing runs; the trivial
    baseline that is best on dev is `best-trivial`, which has outcomes row by row and no seeds, or is a constant where
    nothing but its score is known. Where a metric cannot be had row by row, runs are the scores of the record. Raises
    InputError where there is no such split or row, or a score is known for all rows alone.
    """
    name, unseen = split.removesuffix(UNSEEN), split.endswith(UNSEEN)
    if name not in record.splits:
        later = "; the probe command adds a file of it with --split, and scores it"
        what = f"there is no split '{name}' yet{later}" if name.startswith(LATER) else f"there is no split '{name}'"
        raise InputError(what, "claim", f"splits: {', '.join(record.splits)}")
    here = answers[name]
    kept = np.flatnonzero(~here.in_train) if unseen else np.arange(len(here.labels))
    if unseen and not len(kept):
        raise InputError(f"every row of {name} is in train", "claim", f"claim on {name} alone")
    arms = {variant: _make_runs(record, here, variant, name, metric) for variant in record.variants}
    ladder = None if record.audit is None else record.audit.ladder
    trivial = None if ladder is None else _make_trivial_run(ladder, here, metric)
    if trivial is not None:
        arms[BEST_TRIVIAL] = trivial
    if unseen:
        arms = {variant: take_rows(runs, kept, metric) for variant, runs in arms.items()}
    units = join(here.hashes[kept], None if here.groups is None else here.groups[kept]).component
    constants: dict[str, float] = {}
    chance = record.splits[name].majority.get(metric)
    if ladder is not None:
        best = ladder.best("dev", metric).score(name, metric, "unseen" if unseen else "all").value
        if best is not None and trivial is None:
            constants[BEST_TRIVIAL] = best
        if unseen:
            chance = ladder.majority.score(name, metric, "unseen").value
    varied = record.streams.get("split") == "varied" and "dev" in record.splits
    held_out = record.splits["dev"].rows / max(record.splits["train"].rows, 1) if varied else None
    return Outcomes(
        {name: runs for name, runs in arms.items() if runs.seeds or runs.lost},
        here.labels[kept],
        len(record.classes),
        {factor: here.weights[factor][kept] for factor in record.factors},
        units if len(np.unique(units)) < len(units) else None,
        constants,
        chance,
        held_out,
        seedless=frozenset({BEST_TRIVIAL}),
    )


def _make_trivial_run(ladder: Ladder, here: SplitAnswers, metric: str) -> Runs | None:
    """The trivial baseline that is best on dev under a metric, as one run; None where it is not known row by row."""
    best = here.trivial.get(ladder.best("dev", metric).name)
    if metric == "ece" or best is None or len(best.predicted) != len(here.labels):
        return None
    if metric == "log_loss":
        return Runs((0,), outcome=_find_losses(best.own)[None])
    return Runs((0,), predicted=best.predicted.astype(np.int64)[None])


def take_rows(runs: Runs, rows: np.ndarray, metric: str) -> Runs:
    """Runs on some rows, int64, alone. Raises InputError where nothing but the score of all rows is known."""
    if runs.score is not None and runs.seeds:
        what = f"{metric} is known for all rows together only"
        raise InputError(what, "claim", "use another metric for some of the rows")
    outcome = None if runs.outcome is None else runs.outcome[:, rows]
    predicted = None if runs.predicted is None else runs.predicted[:, rows]
    return replace(runs, outcome=outcome, predicted=predicted)


def _make_runs(record: StudyRecord, here: SplitAnswers, variant: str, split: str, metric: str) -> Runs:
    done = record.list_finished(variant, split)
    seeds: tuple[Seed, ...] = tuple(cell.seed for cell in done)
    missing = (cell for cell in record.cells if cell.variant == variant and cell.state in ("failed", "lost"))
    lost: tuple[Seed, ...] = tuple(cell.seed for cell in missing)
    diverged: tuple[Seed, ...] = tuple(cell.seed for cell in done if cell.outcome == "diverged")
    own = here.runs.get(variant)
    by_row = None if own is None else make_row_runs(seeds, own, metric)
    if by_row is not None:
        return replace(by_row, lost=lost, diverged=diverged)
    scores = [_find_score(cell, split, metric) for cell in done]
    return Runs(seeds, score=np.asarray(scores), lost=lost, diverged=diverged)


def make_row_runs(seeds: tuple[Seed, ...], answers: RunAnswers, metric: str) -> Runs | None:
    """Runs row by row; None where their answers do not give the metric so."""
    if metric == "log_loss" and not answers.hard:
        return Runs(seeds, outcome=_find_losses(answers.own))
    return None if metric in ("log_loss", "ece") else Runs(seeds, predicted=answers.predicted)


def _find_score(cell: CellRecord, split: str, metric: str) -> float:
    value = cell.scores[split]["best"].get(metric)
    if value is None:
        what = f"{metric} on {split} is not known for {cell.variant}, seed {cell.seed}"
        raise InputError(what, "claim", "claim another metric, or give probabilities in the predictions file")
    return float(value)


def _find_losses(own: np.ndarray) -> np.ndarray:
    """The log loss of each run and row in nats, from the probabilities of the labels."""
    return -np.log(np.maximum(own, SMALLEST_PROBABILITY))
