"""Finding `leak.exact`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.chance import FEWEST_EXCESS, LEAST_EXCESS, SERIOUS, Overlap, overlap, p_more_than, repeats
from brittlestar.audits.dataset import AuditSplit
from brittlestar.audits.shortcuts.effect import points
from brittlestar.audits.showing import FEWEST_ROWS, all_ids, listed_ids, percent
from brittlestar.core.findings import Finding

CODE = "leak.exact"
MODEL_ERROR = 4.0  # chosen, not measured: how far a first-order model errs for rows that obey a rule
MOSTLY_CHANCE = 2.0  # tuned on the sources of tests/audits/leaks/test_repeating_sources.py
LARGE_MODEL_ERROR = 30.0  # chosen, not measured: the same for short rows
REPEATING = 0.25  # chosen, not measured
REPEATS_P = 0.01  # convention: 1 %
THRESHOLD = (
    "Copies of train rows exceed chance by 0.2 % of the split and 2 rows: a warning, an error from 1 % on. Info where "
    "train repeats itself as much, or rows that obey a rule may collide as often."
)


AVERAGED = ", its seeds averaged into one answer,"


def check(analysis: Analysis) -> Iterator[Finding]:
    """Evaluation rows whose token sequence is in train more often than chance allows.

    **What it means.** A model that remembers train answers these rows without any ability on new ones. The score is
    that of a mixture: remembered rows and new rows.

    **How it is decided.** Rows of a split whose whole token sequence is also a row of train are counted. Short
    sequences over a small alphabet collide by accident, so chance is computed: the probability that a row of the
    split's lengths, drawn from a first-order Markov model of train's *distinct* rows, is in train (the summed
    probabilities of train's rows, each predicted from the others). A sequence that the split holds five times or more,
    and 20 times as often as chance gives, is beyond chance whatever the sum says. Beside it stands what a repeating
    source explains: the share of new draws that train has seen already, by Good and Turing's estimate (the share of
    train rows that occur more than once; Good 1953). Where the overlap is what the source explains, the split was
    drawn fairly, and the score still says little about new sequences. A first-order model is wrong by some factor for
    short rows that obey a rule. Where the source explains the overlap (Fisher's exact test, 1 %), it is therefore
    reported as information while the excess, or the rate that the source explains, is too small to move a score (1 %),
    below twice chance whatever repeats, below 4 times chance, and below 30 times unless a quarter of the shared rows
    repeat that far beyond chance in train. The sentence says what the best trivial baseline, and predictions at hand,
    score without these rows.

    **Thresholds.** Present: the excess over chance is at least 0.2 % of the split's rows and 2 rows, and more than
    chance gives (binomial test). Error from 1 % on, else warning; info as above.

    **What it cannot see.** Rows that were changed a little (`leak.near`) and other rows of one source (`leak.group`).

    **What to do.** Remove these rows from the split, or read the score on the rows not seen in train beside it.
    """
    if not analysis.evaluations:
        yield Finding(CODE, "inconclusive", "There is no split besides train to compare with it.", THRESHOLD)
    for rows in analysis.evaluations:
        yield _finding(analysis, rows)


def _finding(analysis: Analysis, rows: AuditSplit) -> Finding:
    where = {"split": rows.name}
    found = overlap(analysis, analysis.train, rows)
    repeated, of_train = repeats(analysis.train)
    explained = repeated / max(of_train, 1)
    shown = rows_beyond_chance(found)
    evidence = {
        **found.as_json(),
        "rows": listed_ids(rows, shown),
        "row_ids": all_ids(rows, shown),
        "source_explains": explained,
    }
    story = (
        f"{rows.name}: {len(found.shared):,} of {rows.n_rows:,} rows ({percent(found.share)}) are in train; chance "
        f"gives {found.expected:.1f} rows, a source that repeats itself as train does would give "
        f"{percent(explained)}"
    )
    if found.beyond(LEAST_EXCESS, FEWEST_EXCESS):
        if not beyond_model_error(found, repeated, of_train):
            what = f"{story}: as short rows that obey a rule collide"
            return Finding(CODE, "present", f"{what}.", THRESHOLD, "info", where, evidence)
        scores = _score_without_copies(analysis, rows)
        evidence = {**evidence, "scores": scores}
        given = analysis.climb.ladder.given
        told = "".join(
            f" {one['name']}{AVERAGED if one['name'] in given else ''} is right on {points(one['all'])} of all rows "
            f"and on {points(one['unseen'])} of the {one['rows']:,} that are not."
            for one in scores
        )
        return Finding(
            CODE,
            "present",
            f"{story}.{told}",
            THRESHOLD,
            "error" if found.excess >= SERIOUS else "warning",
            where,
            evidence,
            "Take them out, `brittlestar audit DATA --write-clean DIR`, or report the score on rows not seen in train.",
        )
    if rows.n_rows < FEWEST_ROWS:
        what = f"{story}; {rows.n_rows} rows are too few to tell, {FEWEST_ROWS} would do"
        return Finding(CODE, "inconclusive", f"{what}.", THRESHOLD, None, where, evidence)
    return Finding(CODE, "absent", f"{story}.", THRESHOLD, where=where, evidence=evidence)


def _score_without_copies(analysis: Analysis, rows: AuditSplit) -> list[dict[str, Any]]:
    """What the best trivial baseline, and any predictions at hand, score with and without rows that stand
    in train: fractions right of all rows, and of the rest. Empty where no row is left."""
    ladder = analysis.climb.ladder
    best = ladder.best("dev")
    found: list[dict[str, Any]] = []
    for name, rung in {f"The best trivial baseline ({best.name})": best, **ladder.given}.items():
        everything, unseen = rung.score(rows.name, "accuracy"), rung.score(rows.name, "accuracy", "unseen")
        if everything.value is not None and unseen.value is not None:
            found.append({"name": name, "all": everything.value, "unseen": unseen.value, "rows": unseen.rows})
    return found


def rows_beyond_chance(found: Overlap) -> np.ndarray:
    """int64: the shared rows; those that repeat alone, where only they are beyond chance."""
    return found.hot if len(found.hot) and found.share < found.rate + LEAST_EXCESS else found.shared


def beyond_model_error(found: Overlap, repeated: int, of: int) -> bool:
    """Whether the overlap is clear of chance, though chance is a first-order model, or of what a source with
    `repeated` of `of` rows that occur more than once explains."""
    drawn_fairly = repeated > 0 and p_more_than(len(found.shared), found.of, repeated, of) > REPEATS_P
    little = min(found.excess, repeated / max(of, 1)) < SERIOUS
    if drawn_fairly and (little or found.share < MOSTLY_CHANCE * found.rate):
        return False
    repeating = found.share >= MODEL_ERROR * found.rate and len(found.repeating) >= REPEATING * len(found.shared)
    if len(found.hot) / max(found.of, 1) >= LEAST_EXCESS or found.share >= LARGE_MODEL_ERROR * found.rate or repeating:
        return True
    more = found.share - max(found.rate, repeated / max(of, 1)) >= LEAST_EXCESS
    return more and p_more_than(len(found.shared), found.of, repeated, of) <= REPEATS_P
