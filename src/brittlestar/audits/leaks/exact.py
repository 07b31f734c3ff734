"""Finding `leak.exact`."""

from collections.abc import Iterator
from typing import Any

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.chance import LEAST_EXCESS, SERIOUS, Overlap, overlap, repeats
from brittlestar.audits.rates import Rate
from brittlestar.audits.shortcuts.effect import points
from brittlestar.audits.showing import Rule, percent, show_rows
from brittlestar.baselines.rows import LabelledRows
from brittlestar.core.commands import CLEAN, Advice
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
REMEDY = Advice(("Take them out, ", CLEAN, ", or report the score on rows not seen in train."))
RULE = Rule(CODE, THRESHOLD)
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
    yield from RULE.compare_with_train(analysis, lambda rows: _finding(analysis, rows))


def _finding(analysis: Analysis, rows: LabelledRows) -> Finding:
    where = {"split": rows.name}
    found, source = overlap(analysis, analysis.train, rows), repeats(analysis.train)
    what, evidence = describe_overlap(found, rows, source, "in train", "train does")
    story = f"{rows.name}: {len(found.shared):,} of {rows.n_rows:,} rows {what}"
    if not found.beyond:
        return RULE.report_absent(story, rows.n_rows, where, evidence)
    if not beyond_model_error(found, source):
        return RULE.conclude(f"{story}: as short rows that obey a rule collide.", "info", where, evidence)
    ladder = analysis.baselines.ladder
    best, told = ladder.best(rows.name), list[str]()
    evidence["scores"] = []
    for name, rung in {f"The best trivial baseline ({best.name})": best, **ladder.given}.items():
        everything, unseen = rung.score(rows.name, "accuracy"), rung.score(rows.name, "accuracy", "unseen")
        if everything.value is not None and unseen.value is not None:
            one = {"name": name, "all": everything.value, "unseen": unseen.value, "rows": unseen.rows}
            evidence["scores"].append(one)
            told.append(
                f"{name}{AVERAGED if name in ladder.given else ''} is right on {points(everything.value)} of all rows "
                f"and on {points(unseen.value)} of the {unseen.rows:,} that are not."
            )
    severity = "error" if found.excess >= SERIOUS else "warning"
    return RULE.conclude(" ".join([f"{story}.", *told]), severity, where, evidence, REMEDY)


def describe_overlap(
    found: Overlap, rows: LabelledRows, source: Rate, place: str, who: str
) -> tuple[str, dict[str, Any]]:
    """How a sentence about the shared rows goes on, and their evidence: the shared rows, or those that repeat alone
    where only they are beyond chance."""
    shown = found.hot if len(found.hot) and found.share < found.rate + LEAST_EXCESS else found.shared
    story = (
        f"({percent(found.share)}) are {place}; chance gives {found.expected:.1f} rows, a source that repeats itself "
        f"as {who} would give {percent(source.share)}"
    )
    return story, {**found.as_json(), **show_rows(rows, shown), "source_explains": source.share}


def beyond_model_error(found: Overlap, source: Rate) -> bool:
    """Whether the overlap is clear of chance, though chance is a first-order model, or of what a `source` explains of
    whose rows so many occur more than once."""
    p = found.found.p_more_than(source)
    little = min(found.excess, source.share) < SERIOUS or found.share < MOSTLY_CHANCE * found.rate
    if source.hits > 0 and p > REPEATS_P and little:
        return False
    repeating = found.share >= MODEL_ERROR * found.rate and len(found.repeating) >= REPEATING * len(found.shared)
    hot = Rate(len(found.hot), found.of).share >= LEAST_EXCESS
    if hot or found.share >= LARGE_MODEL_ERROR * found.rate or repeating:
        return True
    return found.share - max(found.rate, source.share) >= LEAST_EXCESS and p <= REPEATS_P
