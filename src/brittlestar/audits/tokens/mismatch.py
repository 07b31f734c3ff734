"""Finding `token.mismatch`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.dataset import AuditDataset, Rows
from brittlestar.audits.holding import chosen, occurrences, row_at
from brittlestar.audits.holding import shown as shown_tokens
from brittlestar.audits.showing import all_ids, listed_ids, percent
from brittlestar.audits.tokens.changes import changes
from brittlestar.audits.tokens.folding import folded
from brittlestar.audits.tokens.joining import explained_by_joining, joinings
from brittlestar.audits.tokens.over_rows import mean_above, shares_of_rows
from brittlestar.core.findings import Finding, Severity

CODE = "token.mismatch"
LEAST_UNSEEN = 0.01
EXPLAINED = 0.5
ABOVE_TRAIN = 0.3
SERIOUS = 0.1
WHOLE = 0.5
THROUGHOUT = 0.5
FEWEST_ROWS = 20
MOST_TYPES = 5_000
MOST_ONCE = 2_000
CHARACTERS = 0.95
WORDS = 0.5
WHOLLY = 0.99
THRESHOLD = (
    "At least 1 % of a split's tokens are unseen in train, one change of tokenisation turns at least half of them into "
    "tokens of train, and 30 points more of them than of the tokens that occur once in train (tested over rows); or "
    "a tenth of the tokens that a change of case would alter are missing, alike in 90 % of at least four pairs; or 95 "
    "% of the tokens of an average row of one split, and at most half in the other, are single characters."
)


def check(analysis: Analysis) -> Iterator[Finding]:
    """An evaluation split that was tokenised in another way than train.

    **What it means.** The model sees unknown tokens where it would know the text, had it been split and normalised as
    train was. The score then measures the tokeniser.

    **How it is decided.** Tokens of the split that train lacks are changed in one way at a time, the simplest first:
    lower or upper case, a capital at the start, the Unicode normal forms, punctuation removed or split off, marks of
    word pieces (▁, ##, Ġ, @@) removed or added, the parts of a token in reverse order, an ending of up to three
    characters put back, splitting at separators, into characters or into known tokens, and joining up to eight
    neighbours, directly or with one of `:_-/.,|+&~=;` between them. Counted are the unseen occurrences that become
    tokens of train. Some do so by chance, since any word can be spelt with letters that are tokens too; how many is
    read from train itself: the same change is applied to the tokens that occur there once, and looked for among the
    others. Rows carry the evidence, however long they are: the mean over rows of the share that is explained is
    compared with an upper bound of train's. Whether words in one split stand against characters in the other is seen
    from the share of tokens that are one character, the mean over rows of each split. Where train has both forms of
    many tokens, as with `A` and `a`, a split in one case has no unseen tokens: there the share of each form among its
    pair is compared with train's.

    **Thresholds.** Unseen: 1 % of the split's tokens. Explained by the change: half of these, and 30 points more
    than in train (Hoeffding's bound over rows, 1963, with the upper bound of train's share as chance). Normal forms
    and splitting into known tokens count only where most of the split's tokens, or half of its rows, are so; single
    rows are `data.encoding`. Case among pairs: a tenth of one form is missing, alike in 90 % of at least four pairs
    (z-test over rows). A warning; an error where 10 % of the split's tokens are explained, half of one form is missing,
    or words meet characters; info on a split declared as shifted. Of more than 5,000 distinct unseen tokens the most
    frequent 5,000 are looked at.

    **What it cannot see.** Two changes at once; a change other than of case that makes known tokens of known tokens.

    **What to do.** Run one tokeniser over all splits.
    """
    if not analysis.evaluations:
        yield Finding(CODE, "inconclusive", "There is no split besides train to compare with it.", THRESHOLD)
        return
    counts = occurrences(analysis)
    null = _Null(analysis, counts["train"])
    for rows in analysis.evaluations:
        yield _finding(analysis, rows, counts, null)


class _Null:
    """What each change makes of the tokens that occur once in train: the share it turns into other tokens of train."""

    def __init__(self, dataset: AuditDataset, in_train: np.ndarray) -> None:
        self.dataset = dataset
        once = np.asarray(sorted(np.flatnonzero(in_train == 1).tolist(), key=lambda c: dataset.tokens[c]), np.int64)
        self.once = once[np.linspace(0, len(once) - 1, MOST_ONCE).astype(np.int64)] if len(once) > MOST_ONCE else once
        self.known = frozenset(dataset.tokens[code] for code in np.flatnonzero(in_train > 0).tolist())
        self._shares: dict[str, tuple[int, int]] = {}

    def upper(self, change: str) -> tuple[float, float]:
        """The share, and a bound above it that a few tokens cannot push to nothing."""
        if change not in self._shares:
            self._shares[change] = self._count(change)
        hits, of = self._shares[change]
        return hits / max(of, 1), (hits + 1) / (of + 20)

    def _count(self, change: str) -> tuple[int, int]:
        between = joinings(self.known).get(change)
        if between is not None:
            hits = explained_by_joining(self.dataset, self.dataset.train, self.once, self.known, between)
            return int(hits.explained.sum()), len(hits.places)
        named = {one.name: one for one in changes(self.known)}[change]
        tokens = [self.dataset.tokens[code] for code in self.once.tolist()]
        return sum(bool(named.explained(token, self.known)) for token in tokens), len(tokens)


@dataclass(frozen=True)
class _Explanation:
    change: str
    share: float
    in_train: float
    rows: np.ndarray
    occurrences: int
    codes: np.ndarray
    p: float

    @property
    def holds(self) -> bool:
        return self.share >= EXPLAINED and self.share - self.in_train >= ABOVE_TRAIN


def _finding(dataset: AuditDataset, rows: Rows, counts: dict[str, np.ndarray], null: _Null) -> Finding:
    where = {"split": rows.name}
    mine = counts[rows.name]
    total = int(mine.sum())
    single = {name: _single(dataset, dataset.splits[name]) for name in ("train", rows.name)}
    unseen = np.flatnonzero((mine > 0) & (counts["train"] == 0))
    missing = int(mine[unseen].sum())
    evidence: dict[str, Any] = {
        "tokens": total,
        "unseen": missing,
        "unseen_share": missing / max(total, 1),
        "single_characters": single,
    }
    enough = rows.n_rows >= FEWEST_ROWS and min(total, int(counts["train"].sum())) > 0
    split_otherwise = enough and _words_against_characters(single["train"], single[rows.name])
    best = None
    if missing and missing >= LEAST_UNSEEN * total:
        best = _best(dataset, rows, mine, unseen, null)
        evidence |= _told(rows, best) if best is not None else {}
    if best is not None and best.holds:
        affected = best.share * missing / total
        story = (
            f"{rows.name}: {missing:,} of {total:,} tokens ({percent(missing / total)}) are unseen in train, "
            f"{percent(best.share)} of them are known after {best.change} ({shown_tokens(dataset, best.codes)})"
        )
        severity: Severity = "error" if affected >= SERIOUS else "warning"
        where = {**where, "change": best.change}
    elif (fold := folded(dataset, rows, counts)) is not None and fold.holds:
        story = (
            f"{rows.name}: {fold.seen:,} tokens that {fold.change} would change, where train's shares let expect "
            f"{fold.expected:,.0f}; {percent(fold.less)} of them were changed ({shown_tokens(dataset, fold.codes)})"
        )
        severity = "error" if fold.less >= WHOLE else "warning"
        where = {**where, "change": fold.change}
        evidence |= {
            "expected": fold.expected,
            "seen": fold.seen,
            "less": fold.less,
            "pairs": fold.pairs,
            "pairs_alike": fold.alike,
            "test": "mean over rows against train, normal approximation, for all changes",
            "p": fold.p,
        }
    elif split_otherwise:
        story = (
            f"{percent(single[rows.name])} of the tokens of an average row of {rows.name} are single characters, and "
            f"{percent(single['train'])} in train: one was split into characters, the other into words"
        )
        severity = "error"
        where = {**where, "change": "splitting into characters"}
        evidence.pop("p", None)
    else:
        return _nothing(rows, missing, total, where, evidence)
    if rows.name.startswith("shift"):
        severity = "info"
    return Finding(
        CODE,
        "present",
        f"{story}.",
        THRESHOLD,
        severity,
        where,
        evidence,
        "Run one tokeniser, with the same normalisation, over all splits; then audit again.",
    )


def _nothing(rows: Rows, missing: int, total: int, where: dict[str, str], evidence: dict[str, Any]) -> Finding:
    story = f"{rows.name}: {missing:,} of {total:,} tokens ({percent(missing / max(total, 1))}) are unseen in train"
    if rows.n_rows < FEWEST_ROWS:
        summary = f"{story}; {rows.n_rows} rows are too few to tell, {FEWEST_ROWS} would do."
        return Finding(CODE, "inconclusive", summary, THRESHOLD, where=where, evidence=evidence)
    summary = f"{story}, and no change of tokenisation explains them." if missing else f"{story}."
    return Finding(CODE, "absent", summary, THRESHOLD, where=where, evidence=evidence)


def _single(dataset: AuditDataset, rows: Rows) -> float:
    """Share of the tokens that are one character: the mean over rows, so that no long row decides."""
    of = np.fromiter((len(token) == 1 for token in dataset.tokens), np.bool_, len(dataset.tokens))
    shares = shares_of_rows(rows, np.arange(len(rows.codes)), of[rows.codes])
    return float(shares.mean()) if len(shares) else 0.0


def _words_against_characters(train: float, split: float) -> bool:
    return max(train, split) >= CHARACTERS and min(train, split) <= WORDS


def _best(dataset: AuditDataset, rows: Rows, mine: np.ndarray, unseen: np.ndarray, null: _Null) -> _Explanation | None:
    """The change that explains the most unseen occurrences beyond what it explains in train."""
    times: list[int] = mine.tolist()
    listed: list[int] = unseen.tolist()
    sorted_ = sorted(listed, key=lambda code: (-times[code], dataset.tokens[code]))[:MOST_TYPES]
    ordered = np.asarray(sorted_, np.int64)
    looked_at = int(mine[ordered].sum())
    places = np.flatnonzero(chosen(ordered, len(dataset.tokens))[rows.codes])
    candidates: list[_Explanation] = []
    words = [dataset.tokens[code] for code in ordered.tolist()]
    for change in changes(null.known):
        made = [change.explained(word, null.known) for word in words]
        codes = ordered[np.fromiter(map(bool, made), np.bool_, len(words))]
        if int(mine[codes].sum()) < EXPLAINED * looked_at:
            continue
        explained = chosen(codes, len(dataset.tokens))[rows.codes[places]]
        found = _explanation(rows, change.name, places, explained, codes, null)
        in_few_rows = len(found.rows) < THROUGHOUT * rows.n_rows
        if change.throughout and in_few_rows and _some_only(dataset, mine, ordered, made):
            continue
        candidates.append(found)
        if candidates[-1].holds and candidates[-1].share > WHOLLY:
            return candidates[-1]
    for name, between in joinings(null.known).items():
        joins = explained_by_joining(dataset, rows, ordered, null.known, between)
        if len(joins.places) and joins.explained.mean() >= EXPLAINED:
            codes = ordered[np.isin(ordered, rows.codes[joins.places[joins.explained]])]
            candidates.append(_explanation(rows, name, joins.places, joins.explained, codes, null))
    return max(candidates, key=lambda one: one.share - one.in_train, default=None)


def _some_only(dataset: AuditDataset, mine: np.ndarray, codes: np.ndarray, made: Sequence[Sequence[str]]) -> bool:
    """Whether the split has more tokens in the form of train than the change would add to them."""
    added: dict[str, int] = {}
    for code, parts in zip(codes.tolist(), made, strict=True):
        for part in parts:
            added[part] = added.get(part, 0) + int(mine[code])
    there = sum(int(mine[code]) for code, token in enumerate(dataset.tokens) if token in added)
    return there > sum(added.values())


def _explanation(
    rows: Rows, change: str, places: np.ndarray, explained: np.ndarray, codes: np.ndarray, null: _Null
) -> _Explanation:
    """`places` int64 of unseen tokens in the split's codes, and bool: the change explains it."""
    in_train, upper = null.upper(change)
    found = np.unique(row_at(rows, places[explained]))
    p = mean_above(shares_of_rows(rows, places, explained), upper)
    return _Explanation(change, float(explained.mean()), in_train, found, int(explained.sum()), codes, p)


def _told(rows: Rows, best: _Explanation) -> dict[str, Any]:
    return {
        "change": best.change,
        "explained_share": best.share,
        "explained_occurrences": best.occurrences,
        "explained_share_in_train": best.in_train,
        "rows_touched": len(best.rows),
        "of": rows.n_rows,
        "test": "Hoeffding's bound on the mean over rows, against the upper bound of train's share",
        "p": best.p,
        "rows": listed_ids(rows, best.rows),
        "row_ids": all_ids(rows, best.rows),
    }
