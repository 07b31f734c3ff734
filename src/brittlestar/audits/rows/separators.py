"""Tokens that are several other tokens written without the separator between them."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from math import inf

import numpy as np

from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.holding import occurrences, row_at

LARGEST_ALPHABET = 300
"""Tokens that make up 95 % of train at most, where single lost separators are looked for: convention."""
COVERAGE = 0.95
RARER = 10
"""How often train has each part for one token that is made of them: convention."""
SPREAD = 0.5
"""Pairs joined of those that chance would join: convention."""
LONGEST = 4096
MOST_PAIRS = 1 << 22


def joined_tokens(dataset: AuditDataset) -> dict[int, list[str]]:
    """Rare tokens that are spelt by frequent ones, by code, and the tokens that each is made of.

    A separator is lost here and there, whatever stands beside it, so the pairs that are joined are as many of the pairs
    of neighbours as chance would join; a token that is only spelt like two others, such as `into`, is one pair.
    """
    counts = occurrences(dataset)
    in_train, everywhere = counts["train"], np.sum(list(counts.values()), axis=0)
    common = np.sort(in_train)[::-1]
    if common[:LARGEST_ALPHABET].sum() <= COVERAGE * common.sum():
        return {}
    times = dict(zip(dataset.tokens, in_train.tolist(), strict=True))
    longest = max((len(token) for token, n in times.items() if n >= RARER), default=0)
    found: dict[int, list[str]] = {}
    for code in np.flatnonzero(everywhere * RARER <= common[0]).tolist():
        parts = _parts(dataset.tokens[code], times, RARER * int(everywhere[code]), longest)
        if len(parts) > 1:
            found[code] = parts
    stuck = all(_is_mark(parts[-1]) and not _is_mark(parts[0]) for parts in found.values())  # `token.mismatch`
    return {} if stuck or not _is_spread(dataset, found, everywhere) else found


def _is_mark(token: str) -> bool:
    return all(unicodedata.category(character)[0] == "P" for character in token)


def _parts(token: str, times: Mapping[str, int], least: int, longest: int) -> list[str]:
    """The fewest tokens that occur at least `least` times in train and together spell the token, no number cut."""
    long = len(token) > LONGEST
    parts = [] if long else cut(token, longest, lambda part: part != token and times.get(part, 0) >= least)
    return [] if any(one[-1].isdigit() and other[0].isdigit() for one, other in pairwise(parts)) else parts


def _is_spread(dataset: AuditDataset, found: Mapping[int, Sequence[str]], everywhere: np.ndarray) -> bool:
    """Whether the pairs joined are as many as chance joins: 1 - exp(-j n / sum of n) of those of count n, j in all."""
    code_of, n_tokens = {token: code for code, token in enumerate(dataset.tokens)}, len(dataset.tokens)
    made = {code_of[one] * n_tokens + code_of[other] for parts in found.values() for one, other in pairwise(parts)}
    joints = sum(int(everywhere[code]) * (len(parts) - 1) for code, parts in found.items())
    codes = dataset.train.codes[:MOST_PAIRS].astype(np.int64)
    row = row_at(dataset.train, np.arange(len(codes)))
    seen, counts = np.unique((codes[:-1] * n_tokens + codes[1:])[row[:-1] == row[1:]], return_counts=True)
    known = ~np.isin(seen % n_tokens, list(found)) & ~np.isin(seen // n_tokens, list(found))
    seen, counts = seen[known], counts[known]
    expected = (1 - np.exp(-joints * counts / max(counts.sum(), 1))).sum()
    return len(counts) > 0 and np.isin(seen, list(made)).sum() >= SPREAD * expected


def cut(text: str, longest: int, is_part: Callable[[str], bool]) -> list[str]:
    """The fewest parts, of at most `longest` characters each, that make up the text; none where parts do not do."""
    cost = [0.0]
    back = [0]
    for end in range(1, len(text) + 1):
        ways = [(inf, end - 1)]
        for start in range(max(0, end - longest), end):
            if cost[start] + 1 < ways[-1][0] and is_part(text[start:end]):
                ways.append((cost[start] + 1, start))
        cost.append(ways[-1][0])
        back.append(ways[-1][1])
    parts: list[str] = []
    end = len(text) if cost[-1] < inf else 0
    while end:
        parts.append(text[back[end] : end])
        end = back[end]
    return parts[::-1]
