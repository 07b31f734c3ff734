"""Finding `token.collision`."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.stats import binom

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.bayes import folds_of, out_of_fold
from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.holding import chosen, holding, occurrences
from brittlestar.audits.holding import format_tokens as shown_tokens
from brittlestar.audits.shortcuts.occurrences import Columns, counts_of, tokens
from brittlestar.audits.showing import all_ids, listed_ids, percent
from brittlestar.audits.tables.given import GivenTable
from brittlestar.audits.tables.unused import dead
from brittlestar.core.findings import Finding, Severity
from brittlestar.core.seeds import generator

CODE = "token.collision"
SERIOUS = 0.01  # convention: one token in a hundred
RARE_VECTORS = 0.001  # tuned on folders that others generated (129d48b): rare tokens share co-occurrence vectors
LOSS = 0.02  # chosen, not measured
SURE = 0.01  # convention
MOST_ROWS = 50_000  # budget: naive Bayes takes a second
MOST_CELLS = 20_000_000  # budget: weights of 160 MB
THRESHOLD = (
    "Tokens of the data share an id or a vector (an error from 1 % of train's tokens on, else a warning; info for "
    "rare vectors) or have two (a warning). Or folding merges them (info, or a warning)."
)


def check(analysis: Analysis) -> Iterator[Finding]:
    """Distinct symbols that share an id, a vector, or the form under which a vocabulary knows them.

    **What it means.** The model cannot tell them apart. Where the label depends on the difference, that is lost before
    anything is learnt.

    **How it is decided.** Ids that brittlestar makes are distinct, one per token of train. What can collide is what was
    given: a vocabulary file (`--vocab FILE`) with two tokens under one id or one token under two, and an embedding
    table that names a token twice or has one and the same vector for two tokens. Further, a vocabulary or table of
    which every token is in lower case (or in one Unicode normal form), while the data hold several tokens that become
    one of its tokens when they are folded like that. How much the difference is worth is read from naive Bayes on
    the bag of tokens, out of fold on train's rows (50,000 at most), with the tokens apart and merged.

    **Thresholds.** Shared ids or vectors among tokens of the data: an error where all but the most frequent token of
    each group make up 1 % of train's tokens, else a warning; info for vectors of less than .1 %, since rare tokens with
    the same counts get the same vector from co-occurrence. A token that is named twice is a warning. Folding: a warning
    where accuracy falls by 2 points (and more rows are lost than won, sign test at 1 %), info from 1 % of train's
    tokens on.

    **What it cannot see.** Ids that a model of your own makes; differences that a bag of tokens does not show.

    **What to do.** Write the vocabulary again from a list of distinct tokens, and keep apart what differs in meaning.
    """
    found: list[Finding] = []
    table = analysis.table
    ids = analysis.vocabulary_ids
    if ids is not None:
        found += _shared_ids(analysis, ids.pairs)
    if isinstance(table, GivenTable):
        found += _shared_vectors(analysis, table)
        if table.twice:
            found.append(_twice(analysis, "table", table.twice))
    names = [*(analysis.vocabulary or ()), *(table.look.names if isinstance(table, GivenTable) else ())]
    if names:
        found += _find_folded(analysis, frozenset(names))
    yield from found
    if not found:
        given = {"vocabulary": analysis.vocabulary is not None, "table": isinstance(table, GivenTable)}
        looked = [what for what, there in given.items() if there]
        told = f"No two tokens collide in the given {' or '.join(looked)}." if looked else ""
        own = f"Our ids are distinct by construction: one for each of {len(analysis.tokens):,} tokens."
        yield Finding(CODE, "absent", told or own, THRESHOLD, evidence={"tokens": len(analysis.tokens)})


def _shared_ids(dataset: AuditDataset, ids: Sequence[tuple[str, int]]) -> Iterator[Finding]:
    code_of = {token: code for code, token in enumerate(dataset.tokens)}
    by_id: dict[int, dict[str, None]] = {}
    by_token: dict[str, set[int]] = {}
    for token, number in ids:
        by_id.setdefault(number, {})[token] = None
        by_token.setdefault(token, set()).add(number)
    groups = [[code_of[token] for token in tokens if token in code_of] for tokens in by_id.values() if len(tokens) > 1]
    groups = [group for group in groups if len(group) > 1]
    if groups:
        yield _report_shared(dataset, groups, "an id of the vocabulary", "vocabulary")
    twice = tuple(token for token, numbers in by_token.items() if len(numbers) > 1 and token in code_of)
    if twice:
        yield _twice(dataset, "vocabulary", twice)


def _shared_vectors(dataset: AuditDataset, table: GivenTable) -> Iterator[Finding]:
    vectors = table.vectors(table.known)
    alive = ~dead(vectors)
    codes = table.known[alive]
    if len(codes) < 2:
        return
    _, group, size = np.unique(vectors[alive], axis=0, return_inverse=True, return_counts=True)
    group = group.reshape(-1)
    if len(size) * 2 <= len(codes):  # half of the rows have a twin: that is embedding.collapsed
        return
    shared = np.flatnonzero(size[group] > 1)
    if len(shared):
        order = shared[np.argsort(group[shared], kind="stable")]
        parts = np.split(codes[order], np.flatnonzero(np.diff(group[order])) + 1)
        yield _report_shared(dataset, [part.tolist() for part in parts], "a vector of the table", "table")


def _report_shared(dataset: AuditDataset, groups: Sequence[Sequence[int]], what: str, where: str) -> Finding:
    """Groups of tokens of the data that share something."""
    counts = occurrences(dataset)["train"]
    lesser = np.asarray(
        [code for group in groups for code in sorted(group, key=lambda c: (-counts[c], c))[1:]], np.int64
    )
    everyone = np.asarray([code for group in groups for code in group], np.int64)
    n, total = int(counts[lesser].sum()), max(int(counts.sum()), 1)
    rows = holding(dataset.train, chosen(everyone, len(dataset.tokens)))
    severity: Severity = "error" if n >= SERIOUS * total else "warning"
    if where == "table" and n < RARE_VECTORS * total:
        severity = "info"
    shown = "; ".join(shown_tokens(dataset, list(group)) for group in groups[:3])
    return Finding(
        CODE,
        "present",
        f"{len(everyone):,} tokens of the data share {what} with another one ({shown}); without the most frequent of "
        f"each group they are {percent(n / total)} of train's tokens.",
        THRESHOLD,
        severity,
        {where: what},
        {
            "groups": [[dataset.tokens[code] for code in group[:10]] for group in groups[:10]],
            "tokens": len(everyone),
            "occurrences": n,
            "of": total,
            "share": n / total,
            "rows": listed_ids(dataset.train, rows),
            "row_ids": all_ids(dataset.train, rows),
        },
        f"Write the {where} again from a list of distinct tokens.",
    )


def _twice(dataset: AuditDataset, where: str, tokens: Sequence[str]) -> Finding:
    shown = ", ".join(repr(token)[:30] for token in tokens[:5])
    return Finding(
        CODE,
        "present",
        f"The {where} names {len(tokens):,} of the data's {len(dataset.tokens):,} tokens twice ({shown}); which entry "
        "is used depends on who reads it.",
        THRESHOLD,
        "warning",
        {where: "a token twice"},
        {"tokens": list(tokens[:10]), "number": len(tokens)},
        f"Write the {where} again from a list of distinct tokens.",
    )


_FOLDS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("lower case", str.lower),
    ("upper case", str.upper),
    ("Unicode normal form C", lambda token: unicodedata.normalize("NFC", token)),
    ("Unicode normal form KC", lambda token: unicodedata.normalize("NFKC", token)),
)


@dataclass(frozen=True)
class _Loss:
    apart: float
    merged: float
    lost: int
    won: int
    p: float


def _find_folded(dataset: AuditDataset, names: frozenset[str]) -> Iterator[Finding]:
    """Tokens of train that a vocabulary knows in one folded form only."""
    counts = occurrences(dataset)["train"]
    for fold, change in _FOLDS:
        if any(change(name) != name for name in names):
            continue
        forms: dict[str, list[int]] = {}
        for code in np.flatnonzero(counts).tolist():
            form = change(dataset.tokens[code])
            if form in names:
                forms.setdefault(form, []).append(code)
        groups = [codes for codes in forms.values() if len(codes) > 1]
        lesser = [code for group in groups for code in sorted(group, key=lambda c: (-counts[c], c))[1:]]
        n, total = int(counts[lesser].sum()), max(int(counts.sum()), 1)
        if n < SERIOUS * total:
            continue
        loss = _loss(dataset, groups)
        strong = loss is not None and loss.apart - loss.merged >= LOSS and loss.p < SURE
        severity: Severity = "warning" if strong else "info"
        told = (
            f"; apart they are worth {100 * (loss.apart - loss.merged):.1f} points of accuracy to a bag of tokens"
            if loss is not None
            else ""
        )
        evidence = {
            "fold": fold,
            "groups": [[dataset.tokens[code] for code in group[:10]] for group in groups[:10]],
            "occurrences": n,
            "of": total,
            "share": n / total,
        }
        if loss is not None:
            evidence |= {"accuracy_apart": loss.apart, "accuracy_merged": loss.merged, "test": "sign test over rows"}
            evidence |= {"p": loss.p} if strong else {}
        yield Finding(
            CODE,
            "present",
            f"The given vocabulary is in {fold}, and {len(groups):,} groups of train's tokens become one token there "
            f"({shown_tokens(dataset, groups[0])}), {percent(n / total)} of its occurrences{told}.",
            THRESHOLD,
            severity,
            {"change": fold},
            evidence,
            "Use a vocabulary that keeps them apart.",
        )
        return


def _loss(dataset: AuditDataset, groups: Sequence[Sequence[int]]) -> _Loss | None:
    """Accuracy of naive Bayes out of fold with the tokens apart and merged; None where that would be too large."""
    train = dataset.train
    if train.n_rows > MOST_ROWS:
        train = train.take(np.sort(generator(0, CODE).choice(train.n_rows, MOST_ROWS, replace=False)))
    read = tokens(len(dataset.tokens))(train)
    columns = Columns.of(read, 1)
    if not train.n_rows or columns.n * dataset.n_classes > MOST_CELLS:
        return None
    counts = counts_of(read, columns)
    target = np.arange(len(dataset.tokens))
    for group in groups:
        target[list(group)] = group[0]
    _, column = np.unique(target[columns.keys], return_inverse=True)
    ones = (np.ones(len(column), np.float32), (np.arange(len(column)), column.reshape(-1)))
    merged = counts @ sparse.csr_matrix(ones, shape=(len(column), int(column.max()) + 1))
    folds = folds_of(train.hashes)
    apart_right, merged_right = (
        out_of_fold(sparse.csr_matrix(table), train.labels, dataset.n_classes, folds).argmax(axis=1) == train.labels
        for table in (counts, merged)
    )
    lost, won = int((apart_right & ~merged_right).sum()), int((merged_right & ~apart_right).sum())
    p = float(binom.sf(lost - 1, lost + won, 0.5)) if lost + won else 1.0
    return _Loss(float(apart_right.mean()), float(merged_right.mean()), lost, won, p)
