"""Checks `leak.exact`, `leak.selection` and `leak.group`: rows and groups that stand in two splits."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.stats import poisson

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.chance import LEAST_EXCESS, SERIOUS, Overlap, Rate, overlap, repeats, repeats_among
from brittlestar.audits.checking import compare_with_train, data_check, observe, unknown
from brittlestar.audits.leaks.at_stake import RESTS, grade_leak
from brittlestar.audits.shortcuts.effect import points
from brittlestar.audits.showing import percent, show_rows
from brittlestar.baselines.rows import BaselineRows
from brittlestar.core.checks import Observed
from brittlestar.core.commands import CLEAN, SPLIT_AGAIN, Advice

MODEL_ERROR = 4.0  # chosen, not measured: how far a first-order model errs for rows that obey a rule
MOSTLY_CHANCE = 2.0  # tuned on the sources of tests/audits/leaks/test_repeating_sources.py
LARGE_MODEL_ERROR = 30.0  # chosen, not measured: the same for short rows
REPEATING = 0.25  # chosen, not measured
REPEATS_P = 0.01  # convention: 1 %
TAKE_OUT = Advice(("Take them out, ", CLEAN, ", or report the score on rows not seen in train."))
ASK = "If new rows repeat as often, the score stands. If rows were copied before they were split, split first."
AVERAGED = ", its seeds averaged into one answer,"


@data_check(
    "leak.exact",
    "Copies of train rows exceed chance by 0.2 % and 2 rows: info; from 1 % of the split on a warning, unless the "
    "source repeats itself as much; "
    f"an error {RESTS}.",
)
def exact(analysis: Analysis) -> Iterator[Observed]:
    """Evaluation rows whose token sequence is in train more often than chance allows.

    **What it means.** A model that remembers train answers these rows without any ability on new ones. The score is
    that of a mixture: remembered rows and new rows.

    **How it is decided.** Rows of a split whose whole token sequence is also a row of train are counted. Short
    sequences collide by accident, so chance is computed: the probability that a row of the split's lengths, drawn from
    a first-order Markov model of train's *distinct* rows, is in train. A sequence that the split holds five times or
    more, and 20 times as often as chance gives, is beyond chance whatever the sum says. Beside it stands what a
    repeating source explains: the share of train rows that occur more than once (Good 1953). What the source explains
    (Fisher's exact test, 1 %) is information: new rows repeat train as often. So is what is below 4 times chance, or
    below 30 times for short rows that obey a rule, which the model misjudges. The sentence says what the
    best trivial baseline, and predictions at hand, score without these rows. Where main's score moves by a point for
    certain without them, or that of the best trivial baseline where there is no main, it is an error; what the source
    explains is a warning then, since rows that were copied before the split look the same.

    **What it cannot see.** Rows that were changed a little (`leak.near`) and other rows of one source (`leak.group`).

    **What to do.** Remove these rows from the split, or read the score on the rows not seen in train beside it.
    """
    yield from compare_with_train(analysis, lambda rows: _compare_rows(analysis, rows))


def _compare_rows(analysis: Analysis, rows: BaselineRows) -> Observed:
    where = {"split": rows.name}
    found, source = overlap(analysis, analysis.train, rows), repeats(analysis.train)
    what, evidence = describe_overlap(found, rows, source, "in train", "train does")
    sentence = f"{rows.name}: {len(found.shared):,} of {rows.n_rows:,} rows {what}"
    if not found.beyond:
        return observe(sentence, None, where, evidence, rows=rows.n_rows)
    by_source = is_explained(found, source)
    end = ": no more than that." if by_source else "."
    if not beyond_model_error(found, source):
        end = end if by_source else ": as short rows that obey a rule collide."
        return observe(f"{sentence}{end}", "info", where, evidence)
    baselines = analysis.baselines.trivial
    best, told = baselines.best(rows.name), list[str]()
    evidence["scores"] = []
    for name, baseline in {f"The best trivial baseline ({best.name})": best, **baselines.given}.items():
        everything, unseen = baseline.score(rows.name, "accuracy"), baseline.score(rows.name, "accuracy", "unseen")
        if everything.value is not None and unseen.value is not None:
            one = {"name": name, "all": everything.value, "unseen": unseen.value, "rows": unseen.rows}
            evidence["scores"].append(one)
            told.append(
                f"{name}{AVERAGED if name in baselines.given else ''} is right on {points(everything.value)} of all "
                f"rows and on {points(unseen.value)} of the {unseen.rows:,} that are not."
            )
    remedy = Advice(ASK, *TAKE_OUT) if by_source else TAKE_OUT
    if len(found.shared) == rows.n_rows:
        remedy = f"Score on other rows: none of {rows.name} is new to a model. The split command keeps copies together."
    leak = observe(" ".join([f"{sentence}{end}", *told]), None, where, evidence, remedy)
    return grade_leak(analysis, rows, show_overlap(found), leak, by_source=by_source)


def describe_overlap(
    found: Overlap, rows: BaselineRows, source: Rate, place: str, who: str
) -> tuple[str, dict[str, Any]]:
    """How a sentence about the shared rows goes on, and their evidence."""
    shown = show_overlap(found)
    sentence = (
        f"({percent(found.share)}) are {place}; chance gives {found.expected:.1f} rows, a source that repeats itself "
        f"as {who} would give {percent(source.share)}"
    )
    return sentence, {**found.as_json(), **show_rows(rows, shown), "source_explains": source.share}


def show_overlap(found: Overlap) -> np.ndarray:
    """int64: the shared rows, or those that repeat alone where only they are beyond chance."""
    return found.hot if len(found.hot) and found.share < found.rate + LEAST_EXCESS else found.shared


def beyond_model_error(found: Overlap, source: Rate) -> bool:
    """Whether the overlap is clear of chance, though chance is a first-order model, or of what a `source` explains of
    whose rows so many occur more than once."""
    little = min(found.excess, source.share) < SERIOUS or found.share < MOSTLY_CHANCE * found.rate
    if little and is_explained(found, source):
        return False
    repeating = found.share >= MODEL_ERROR * found.rate and len(found.repeating) >= REPEATING * len(found.shared)
    hot = Rate(len(found.hot), found.of).share >= LEAST_EXCESS
    if hot or found.share >= LARGE_MODEL_ERROR * found.rate or repeating:
        return True
    return found.share - max(found.rate, source.share) >= LEAST_EXCESS and not is_explained(found, source)


def is_explained(found: Overlap, source: Rate) -> bool:
    """Whether a source of whose rows so many occur more than once would share as many (Fisher's exact test, 1 %)."""
    return source.hits > 0 and found.found.p_more_than(source) > REPEATS_P


HALF = 0.5  # tuned on the sources of tests/audits/leaks/test_repeating_sources.py
SAME_P = 1e-6  # convention: one in a million, since it is an error whatever its size
LEAST_LIKE = 0.05  # convention: 5 %


@data_check(
    "leak.selection",
    "Rows that dev and test share exceed chance by 0.2 % of test and 2 rows: info, a warning from 1 % of test on; info "
    "where the source repeats itself as much. Two equal splits are an error.",
)
def selection(analysis: Analysis) -> Iterator[Observed]:
    """Dev and test share rows, or one file serves as both: the test score was selected on.

    **What it means.** Checkpoints and settings are chosen by the dev score. Where test holds the same rows, its score
    is the best of what was tried on it, and no estimate of anything new.

    **How it is decided.** Two splits are one file when they hold the same sequences, each as often, and chance does not
    give that. Else the rows of test that are also in dev are counted, and compared with chance as in `leak.exact`: the
    probability that a row of test's lengths, drawn from a first-order Markov model of train's distinct rows, stands in
    dev. Where dev repeats itself as much (the share of dev rows that occur more than once; Good 1953), or train does
    when it is thinned to the size of dev (Hurlbert 1971), since a small dev split may hold no row twice, a source with
    few distinct rows explains the overlap (half of it, or Fisher's exact test, 1 %), and it is reported as information.
    Whether dev or test is train itself is looked at, too.

    **What it cannot see.** A test split that was looked at in other ways: by hand, or by repeated submission. Near
    copies between dev and test.

    **What to do.** Take the shared rows out of dev, so that test stays as it is; draw a new dev split from train where
    one file served as both.
    """
    splits = analysis.splits
    for first, second in (("train", "dev"), ("train", "test"), ("dev", "test")):
        if first in splits and second in splits and _are_one_file(analysis, splits[first], splits[second]):
            n = splits[second].n_rows
            evidence = {"shared": n, "of": n, **show_rows(splits[second], np.arange(n))}
            summary = f"{first} and {second} are the same {n:,} rows: one file serves as both."
            remedy = f"Draw {second if first == 'train' else first} anew from rows that no other split holds."
            yield observe(summary, "error", {"split": second, "other": first}, evidence, remedy)
            if first == "dev":
                return
    if "dev" not in splits or "test" not in splits:
        lacking = " and ".join(name for name in ("dev", "test") if name not in splits)
        yield Observed("not-applicable", f"There is no {lacking} split; dev and test are compared")
        return
    yield _compare_dev_and_test(analysis, splits["dev"], splits["test"])


def _are_one_file(analysis: Analysis, first: BaselineRows, second: BaselineRows) -> bool:
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


def _compare_dev_and_test(analysis: Analysis, dev: BaselineRows, test: BaselineRows) -> Observed:
    where = {"split": test.name, "other": dev.name}
    found, own, of_train = overlap(analysis, dev, test), repeats(dev), repeats_among(analysis.train, dev.n_rows)
    # A small dev split alone may hold no row twice and say nothing of its source; train counts only where dev repeats
    # itself no less than it would.
    likely = poisson.cdf(own.hits / 2, of_train.share * dev.n_rows / 2) >= LEAST_LIKE
    source = max((own, of_train), key=lambda one: one.share) if likely else own
    what, evidence = describe_overlap(found, test, source, "also in dev", "dev and train do")
    sentence = f"{len(found.shared):,} of {test.n_rows:,} test rows {what}"
    if not found.beyond:
        return observe(sentence, None, where, evidence, rows=min(test.n_rows, dev.n_rows))
    left = found.share - source.share
    if source.share >= HALF * found.share or not beyond_model_error(found, source):
        return observe(f"{sentence}: the source repeats itself.", "info", where, evidence)
    remedy = Advice(("Take these rows out of dev, so that test stays as it is: ", CLEAN))
    return observe(sentence, "warning" if min(found.excess, left) >= SERIOUS else "info", where, evidence, remedy)


CATEGORIES = 12  # chosen, not measured
ROWS_EACH = 100  # chosen, not measured
SPLIT_BY_GROUP = Advice("Split by group: each group on one side.", (SPLIT_AGAIN, " shows whether it worked."))


@data_check(
    "leak.group",
    f"Rows whose group is in train are 0.2 % of the split: info; from 1 % on a warning; an error {RESTS}. Categories "
    "(12 groups at most, each of 100 train rows): info.",
)
def group(analysis: Analysis) -> Iterator[Observed]:
    """A group (author, template, patient, parent text) has rows in train and in an evaluation split.

    **What it means.** Rows of one group resemble each other in ways that rows of a new group will not. A model that
    learns the groups of train is rewarded for it on the split, and the score is not that on new groups.

    **How it is decided.** The group column is taken at its word: every row of the split whose group also stands in
    train counts. A row without a group is a group of its own. Chance has no part in it. Dev against test is noted in
    the evidence. The score is main's without these rows, class by class; without main the best trivial baseline's.

    **What it cannot see.** Groups that no column states; `leak.near` finds what is left of them in the tokens.

    **What to do.** Split by group, so that each is on one side. Where performance on known groups is the question,
    say so beside the score.
    """
    train = analysis.train.groups
    if train is None or not len(train):
        yield Observed("not-applicable", "There is no group column; one text a row would do")
    else:
        yield from compare_with_train(analysis, lambda rows: _compare_groups(analysis, train, rows))


def _compare_groups(analysis: Analysis, train: np.ndarray, rows: BaselineRows) -> Observed:
    where = {"split": rows.name}
    if not rows.n_rows:
        return unknown(f"{rows.name} has no rows", where)
    if rows.groups is None:
        return Observed("not-applicable", f"{rows.name} has no group column", where=where)
    known, counts = np.unique(train, return_counts=True)
    crossing = np.flatnonzero(np.isin(rows.groups, known))
    groups = np.unique(rows.groups)
    both = int(np.isin(groups, known).sum())
    share = len(crossing) / rows.n_rows
    evidence: dict[str, Any] = {
        "shared": len(crossing),
        "of": rows.n_rows,
        "share": share,
        "groups": {"both": both, "of": len(groups), "train": len(known)},
        **show_rows(rows, crossing),
        "dev_and_test": None,
    }
    dev, test = analysis.splits.get("dev"), analysis.splits.get("test")
    if dev is not None and test is not None and dev.groups is not None and test.groups is not None:
        evidence["dev_and_test"] = {"shared": int(np.isin(test.groups, dev.groups).sum()), "of": test.n_rows}
    sentence = (
        f"{rows.name}: {len(crossing):,} of {rows.n_rows:,} rows ({percent(share)}) belong to a group that is also in "
        f"train; {both:,} of its {len(groups):,} groups are on both sides"
    )
    if share < LEAST_EXCESS:
        return observe(sentence, None, where, evidence)
    if len(known) <= CATEGORIES and counts.min() >= ROWS_EACH:
        sentence = f"{sentence}. {len(known)} groups of {counts.min():,} train rows or more look like categories."
        return observe(sentence, "info", where, evidence)
    return grade_leak(analysis, rows, crossing, observe(sentence, None, where, evidence, SPLIT_BY_GROUP))
