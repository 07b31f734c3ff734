"""Finding `leak.selection`."""

from collections.abc import Iterator

import numpy as np
from scipy.stats import poisson

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.chance import LEAST_EXCESS, SERIOUS, Overlap, overlap, repeats, repeats_among
from brittlestar.audits.leaks.exact import LARGE_MODEL_ERROR, REPEATS_P, beyond_model_error, describe_overlap
from brittlestar.audits.rates import Rate
from brittlestar.audits.showing import Rule, show_rows
from brittlestar.baselines.rows import LabelledRows
from brittlestar.core.commands import CLEAN, Advice
from brittlestar.core.findings import Finding, Severity

CODE = "leak.selection"
FEW_REPEATS = 0.3  # chosen, not measured
HALF = 0.5  # tuned on the sources of tests/audits/leaks/test_repeating_sources.py
SAME_P = 1e-6  # convention: one in a million, since it is an error whatever its size
LEAST_LIKE = 0.05  # convention: 5 %
THRESHOLD = (
    "Rows that dev and test share exceed chance by 0.2 % of test and 2 rows: a warning, an error from 1 % on, info "
    "where the source repeats itself as much. Two equal splits are an error."
)

RULE = Rule(CODE, THRESHOLD)


def check(analysis: Analysis) -> Iterator[Finding]:
    """Dev and test share rows, or one file serves as both: the test score was selected on.

    **What it means.** Checkpoints and settings are chosen by the dev score. Where test holds the same rows, its score
    is the best of what was tried on it, and no estimate of anything new.

    **How it is decided.** Two splits are one file when they hold the same sequences, each as often, and chance does not
    give that. Else the rows of test that are also in dev are counted, and compared with chance as in `leak.exact`: the
    probability that a row of test's lengths, drawn from a first-order Markov model of train's distinct rows, stands in
    dev. Where dev repeats itself as much (the share of dev rows that occur more than once; Good 1953), or train does
    when it is thinned to the size of dev (Hurlbert 1971), since a small dev split may hold no row twice, a source with
    few distinct rows explains the overlap (Fisher's exact test, 1 %), and it is reported as information, unless that
    leaves 1 % of test and half of the overlap open. Whether dev or test is train itself is looked at, too.

    **Thresholds.** Present: .2 % of test's rows and 2 rows beyond chance. Error from 1 % on, or when one file serves
    as two splits.

    **What it cannot see.** A test split that was looked at in other ways: by hand, or by repeated submission. Near
    copies between dev and test.

    **What to do.** Take the shared rows out of dev, so that test stays as it is; draw a new dev split from train where
    one file served as both.
    """
    splits = analysis.splits
    for first, second in (("train", "dev"), ("train", "test"), ("dev", "test")):
        if first in splits and second in splits and _same(analysis, splits[first], splits[second]):
            n = splits[second].n_rows
            evidence = {"shared": n, "of": n, **show_rows(splits[second], np.arange(n))}
            summary = f"{first} and {second} are the same {n:,} rows: one file serves as both."
            remedy = f"Draw {second if first == 'train' else first} anew from rows that no other split holds."
            yield RULE.conclude(summary, "error", {"split": second, "other": first}, evidence, remedy)
            if first == "dev":
                return
    if "dev" not in splits or "test" not in splits:
        lacking = " and ".join(name for name in ("dev", "test") if name not in splits)
        yield RULE.abstain(f"There is no {lacking} split; dev and test are compared.")
        return
    yield _finding(analysis, splits["dev"], splits["test"])


def _same(analysis: Analysis, first: LabelledRows, second: LabelledRows) -> bool:
    """Whether two splits are the same rows in any order, and not by chance."""
    if first.n_rows != second.n_rows or not first.n_rows:
        return False
    if not np.array_equal(np.sort(first.hashes), np.sort(second.hashes)):
        return False
    if overlap(analysis, first, second).p <= SAME_P:
        return True
    # Where chance gives every row, an order in common still tells.
    _, counts = np.unique(first.hashes, return_counts=True)
    by_chance = first.n_rows * np.log(np.square(counts / first.n_rows).sum())
    return len(counts) > 1 and by_chance <= np.log(SAME_P) and np.array_equal(first.hashes, second.hashes)


def _finding(analysis: Analysis, dev: LabelledRows, test: LabelledRows) -> Finding:
    where = {"split": test.name, "other": dev.name}
    found, own, of_train = overlap(analysis, dev, test), repeats(dev), repeats_among(analysis.train, dev.n_rows)
    # A small dev split alone may hold no row twice and say nothing of its source; train counts only where dev repeats
    # itself no less than it would.
    likely = poisson.cdf(own.hits / 2, of_train.share * dev.n_rows / 2) >= LEAST_LIKE
    source = max((own, of_train), key=lambda one: one.share) if likely else own
    what, evidence = describe_overlap(found, test, source, "also in dev", "dev and train do")
    story = f"{len(found.shared):,} of {test.n_rows:,} test rows {what}"
    if not found.beyond:
        return RULE.report_absent(story, min(test.n_rows, dev.n_rows), where, evidence)
    severity = _severity(found, source)
    if severity == "info":
        return RULE.conclude(f"{story}: the source repeats itself.", severity, where, evidence)
    remedy = Advice(("Take these rows out of dev, so that test stays as it is: ", CLEAN))
    return RULE.conclude(f"{story}.", severity, where, evidence, remedy)


def _severity(found: Overlap, source: Rate) -> Severity:
    left = found.share - source.share
    more = left >= LEAST_EXCESS and found.found.p_more_than(source) <= REPEATS_P
    mostly = source.share >= HALF * found.share
    if source.share > FEW_REPEATS * found.share and not more and (left < SERIOUS or mostly):
        return "info"
    if left >= SERIOUS and not mostly and found.share >= LARGE_MODEL_ERROR * found.rate:
        return "error"
    if not beyond_model_error(found, source):
        return "info"
    return "error" if min(found.excess, left) >= SERIOUS else "warning"
