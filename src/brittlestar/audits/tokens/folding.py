"""Known tokens that became other known tokens: a split in lower case, where train has both cases of every letter."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.stats import norm

from brittlestar.audits.dataset import AuditDataset, AuditSplit
from brittlestar.audits.holding import format_tokens
from brittlestar.audits.showing import percent
from brittlestar.audits.tokens.unseen import Verdict
from brittlestar.core.token_rows import row_of_token

FEWEST_PAIRS = 4
FEWEST_EXPECTED = 5
LESS = 0.1
ALIKE = 0.9
HALF = 0.5
"""Pairs, occurrences expected of each, share of these that is missing, share of pairs that agree: convention."""


def find_folding(dataset: AuditDataset, rows: AuditSplit, counts: Mapping[str, np.ndarray]) -> Verdict | None:
    """A change of case that makes the split's tokens rarer in favour of their counterparts: in train, each pair of
    tokens has a share of the first, and occurrences here are compared with it, pair by pair."""
    train, here = counts["train"], counts[rows.name]
    code_of = {token: code for code, token in enumerate(dataset.tokens) if train[code]}
    found: list[Verdict] = []
    for name, change in (("lower case", str.lower), ("upper case", str.upper)):
        counterpart = {code: code_of.get(change(token), code) for token, code in code_of.items()}
        pairs = np.asarray([pair for pair in counterpart.items() if pair[0] != pair[1]], np.int64).reshape(-1, 2)
        share = train[pairs[:, 0]] / train[pairs].sum(axis=1)
        expected = share * here[pairs].sum(axis=1)
        enough = expected >= FEWEST_EXPECTED
        (altered, kept), share, expected = pairs[enough].T, share[enough], expected[enough]
        seen, total = here[altered], float(expected.sum())
        less = 1 - seen.sum() / max(total, 1)
        alike = float(expected[seen < expected].sum() / max(total, 1))
        if len(altered) < FEWEST_PAIRS or less < LESS or alike < ALIKE:
            continue
        value = np.zeros(len(dataset.tokens))
        np.add.at(value, altered, 1 - share)
        np.subtract.at(value, kept, share)
        story = (
            f"{seen.sum():,} tokens that {name} would change, where train's shares let expect {total:,.0f}; "
            f"{percent(less)} of them were changed ({format_tokens(dataset, altered)})"
        )
        evidence = {
            "expected": total,
            "seen": int(seen.sum()),
            "less": float(less),
            "pairs": len(altered),
            "pairs_alike": alike,
            "test": "mean over rows against train, normal approximation, for both changes of case",
            "p": min(1.0, 2 * _p(value, rows, dataset.train)),
        }
        found.append(Verdict(name, story, evidence, bool(less >= HALF)))
    return max(found, key=lambda one: one.evidence["less"], default=None)


def _p(value: np.ndarray, rows: AuditSplit, train: AuditSplit) -> float:
    """Two-sided p that the mean over rows of a sum of token values is what it is in train."""
    ours, own = (np.bincount(row_of_token(s.offsets), value[s.codes], minlength=s.n_rows) for s in (rows, train))
    error = np.sqrt(ours.var() / max(len(ours), 1) + own.var() / max(len(own), 1))
    return float(2 * norm.sf(abs(ours.mean() - own.mean()) / max(error, 1e-12)))
