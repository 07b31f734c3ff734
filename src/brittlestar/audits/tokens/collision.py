"""Check `token.collision`: symbols that share an id or a vector, or that a vocabulary folds into one."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.checking import data_check, observe
from brittlestar.audits.dataset import AuditDataset, chosen, format_tokens, holding, occurrences
from brittlestar.audits.showing import percent, show_rows
from brittlestar.audits.tables.given_table import GivenTable
from brittlestar.core.checks import Observed

SERIOUS = 0.01  # convention: one token in a hundred
RARE_VECTORS = 0.001  # tuned on folders that others generated (129d48b): rare tokens share co-occurrence vectors
_FOLDS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("lower case", str.lower),
    ("upper case", str.upper),
    ("Unicode normal form C", lambda token: unicodedata.normalize("NFC", token)),
    ("Unicode normal form KC", lambda token: unicodedata.normalize("NFKC", token)),
)


@data_check(
    "token.collision",
    "Tokens of the data share an id or a vector (an error from 1 % of train's tokens on, else a warning; info for "
    "rare vectors) or have two (a warning). Or folding merges them (info).",
)
def collision(analysis: Analysis) -> Iterator[Observed]:
    """Distinct symbols that share an id, a vector, or the form under which a vocabulary knows them.

    **What it means.** The model cannot tell them apart. Where the label depends on the difference, that is lost before
    anything is learnt.

    **How it is decided.** Ids that brittlestar makes are distinct, one per token of train. What can collide is what was
    given: a vocabulary file (`--vocab FILE`) with two tokens under one id or one token under two, and an embedding
    table that names a token twice or has one and the same vector for two tokens. Further, a vocabulary or table of
    which every token is in lower case (or in one Unicode normal form), while the data hold several tokens that become
    one of its tokens when they are folded like that.

    **What it cannot see.** Ids that a model of your own makes; whether a label depends on what is folded.

    **What to do.** Write the vocabulary again from a list of distinct tokens, and keep apart what differs in meaning.
    """
    table = analysis.table if isinstance(analysis.table, GivenTable) else None
    given = analysis.vocabulary
    found = [
        *(_find_shared_ids(analysis, given.pairs) if given is not None else ()),
        *(_find_shared_vectors(analysis, table) if table is not None else ()),
        *_find_folded(analysis, frozenset((*(given.tokens if given else ()), *(table.look.names if table else ())))),
    ]
    yield from found
    if not found:
        looked = [what for what, one in (("vocabulary", analysis.vocabulary), ("table", table)) if one is not None]
        sentence = f"No two tokens collide in the given {' or '.join(looked)}." if looked else ""
        own = f"Our ids are distinct by construction: one for each of {len(analysis.tokens):,} tokens."
        yield observe(sentence or own, None, {}, {"tokens": len(analysis.tokens)})


def _find_shared_ids(dataset: AuditDataset, ids: Sequence[tuple[str, int]]) -> Iterator[Observed]:
    code_of = {token: code for code, token in enumerate(dataset.tokens)}
    by_id: dict[int, dict[str, None]] = {}
    by_token: dict[str, set[int]] = {}
    for token, number in ids:
        by_id.setdefault(number, {})[token] = None
        by_token.setdefault(token, set()).add(number)
    groups = [[code_of[token] for token in its if token in code_of] for its in by_id.values()]
    yield from _report_shared(dataset, groups, "an id of the vocabulary", "vocabulary")
    twice = [token for token, numbers in by_token.items() if len(numbers) > 1 and token in code_of]
    yield from _report_twice(dataset, "vocabulary", twice)


def _find_shared_vectors(dataset: AuditDataset, table: GivenTable) -> Iterator[Observed]:
    codes = table.alive
    _, group, size = np.unique(table.vectors(codes), axis=0, return_inverse=True, return_counts=True)
    if len(size) * 2 > len(codes):  # else half of the rows have a twin: that is embedding.collapsed
        order = np.argsort(group.reshape(-1), kind="stable")
        parts = np.split(codes[order], np.cumsum(size)[:-1])
        yield from _report_shared(dataset, [part.tolist() for part in parts], "a vector of the table", "table")
    yield from _report_twice(dataset, "table", table.twice)


def _report_shared(dataset: AuditDataset, groups: Iterable[list[int]], what: str, where: str) -> Iterator[Observed]:
    """Groups of tokens of the data that share something; groups of one share nothing."""
    groups = [group for group in groups if len(group) > 1]
    if not groups:
        return
    n, total = _count_lesser(dataset, groups)
    everyone = np.asarray([code for group in groups for code in group], np.int64)
    shown = "; ".join(format_tokens(dataset, group) for group in groups[:3])
    sentence = (
        f"{len(everyone):,} tokens of the data share {what} with another one ({shown}); without the most frequent of "
        f"each group they are {percent(n / total)} of train's tokens."
    )
    evidence = {
        "groups": _list_groups(dataset, groups),
        "tokens": len(everyone),
        "occurrences": n,
        "of": total,
        "share": n / total,
        **show_rows(dataset.train, holding(dataset.train, chosen(everyone, len(dataset.tokens)))),
    }
    rare = where == "table" and n < RARE_VECTORS * total
    severity = "info" if rare else "error" if n >= SERIOUS * total else "warning"
    yield observe(sentence, severity, {where: what}, evidence, _write_again(where))


def _report_twice(dataset: AuditDataset, where: str, names: Sequence[str]) -> Iterator[Observed]:
    if names:
        shown = ", ".join(repr(token)[:30] for token in names[:5])
        sentence = (
            f"The {where} names {len(names):,} of the data's {len(dataset.tokens):,} tokens twice ({shown}); which "
            "entry is used depends on who reads it."
        )
        evidence = {"tokens": list(names[:10]), "number": len(names)}
        yield observe(sentence, "warning", {where: "a token twice"}, evidence, _write_again(where))


def _write_again(where: str) -> str:
    return f"Write the {where} again from a list of distinct tokens."


def _count_lesser(dataset: AuditDataset, groups: Sequence[Sequence[int]]) -> tuple[int, int]:
    """Occurrences in train of all tokens but the most frequent of each group, and of all tokens (1 at least)."""
    counts = occurrences(dataset)["train"]
    lesser = [code for group in groups for code in sorted(group, key=lambda c: (-counts[c], c))[1:]]
    return int(counts[lesser].sum()), max(int(counts.sum()), 1)


def _list_groups(dataset: AuditDataset, groups: Sequence[Sequence[int]]) -> list[list[str]]:
    return [[dataset.tokens[code] for code in group[:10]] for group in groups[:10]]


def _find_folded(dataset: AuditDataset, names: frozenset[str]) -> Iterator[Observed]:
    """Tokens of train that a vocabulary knows in one folded form only, by the first fold that merges enough."""
    counts = occurrences(dataset)["train"]
    for fold, change in _FOLDS if names else ():
        if any(change(name) != name for name in names):
            continue
        forms: dict[str, list[int]] = {}
        for code in np.flatnonzero(counts).tolist():
            form = change(dataset.tokens[code])
            if form in names:
                forms.setdefault(form, []).append(code)
        groups = [codes for codes in forms.values() if len(codes) > 1]
        n, total = _count_lesser(dataset, groups)
        if n < SERIOUS * total:
            continue
        sentence = (
            f"The given vocabulary is in {fold}, and {len(groups):,} groups of train's tokens become one token there "
            f"({format_tokens(dataset, groups[0])}), {percent(n / total)} of its occurrences"
        )
        evidence = {
            "fold": fold,
            "groups": _list_groups(dataset, groups),
            "occurrences": n,
            "of": total,
            "share": n / total,
        }
        remedy = "Use a vocabulary that keeps them apart."
        yield observe(sentence, "info", {"change": fold}, evidence, remedy)
        return
