"""Tokens that are several other tokens written without the separator between them."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from math import inf

import numpy as np

from brittlestar.audits.dataset import AuditDataset, AuditSplit
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
LOOKED_AT = 200
FEWEST_PARTS = 4
COVERED = 0.5
PART = 0.75
"""Of a whole row: known parts at least, characters in them, and their size against the usual one. Convention."""
GAP = 4  # chosen, not measured: a character outside of known tokens costs as much as so many tokens


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
    """Were each of the n occurrences of a pair of neighbours joined with one small probability, and j of them all were,
    then 1 - exp(-j n / sum of n) of the pairs of that count would be seen at least once."""
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


def glued_rows(dataset: AuditDataset) -> dict[int, list[str]]:
    """The tokens that are whole rows without their separators, by code, and what each is made of.

    Such a token is the only one of its row, stands in no other, and is longer than every token of train's other rows.
    At least half of its characters are spelt by four or more of their tokens, of nearly the usual size: an address can
    be spelt by letters, but not by words. Of more than 200 such tokens 200 are looked at, and speak for all.
    """
    sizes = np.fromiter(map(len, dataset.tokens), np.int64, len(dataset.tokens))
    alone = {name: _count_alone(rows, len(sizes)) for name, rows in dataset.splits.items()}
    among = {name: counts - alone[name] for name, counts in occurrences(dataset).items()}
    only_alone = np.any(list(alone.values()), axis=0) & ~np.any(list(among.values()), axis=0)
    usual = np.flatnonzero(among["train"])
    longest = int(sizes[usual].max(initial=0))
    candidates = np.flatnonzero(only_alone & (sizes > longest) & (sizes <= LONGEST))
    if not len(usual) or not len(candidates):
        return {}
    known = {dataset.tokens[code] for code in usual.tolist()}
    least = PART * _mean_of_letters(sizes[usual], among["train"][usual])
    looked_at = candidates[np.unique(np.linspace(0, len(candidates) - 1, LOOKED_AT).astype(np.int64))]
    found: dict[int, list[str]] = {}
    for code in looked_at.tolist():
        token = dataset.tokens[code]
        parts = cut(token, longest, known.__contains__, GAP)
        spelt = np.asarray([len(part) for part in parts if part in known], np.int64)
        if (
            len(spelt) >= FEWEST_PARTS
            and spelt.sum() >= COVERED * len(token)
            and _mean_of_letters(spelt, np.ones(len(spelt))) >= least
        ):
            found[code] = parts
    others = candidates.tolist() if 2 * len(found) > len(looked_at) else []
    return {**{code: [] for code in others}, **found}


def _count_alone(rows: AuditSplit, n_tokens: int) -> np.ndarray:
    """int64 (n_tokens,): how many rows are this token and no other."""
    return np.bincount(rows.codes[rows.offsets[:-1][rows.lengths == 1]], minlength=n_tokens)


def _mean_of_letters(sizes: np.ndarray, times: np.ndarray) -> float:
    """The mean over letters, not tokens, of the size of the token that a letter stands in; tokens of `sizes` occur so
    many `times`."""
    return float((times * sizes**2).sum() / (times * sizes).sum())


def cut(text: str, longest: int, is_part: Callable[[str], bool], gap: float = inf) -> list[str]:
    """The fewest parts, of at most `longest` characters each, that make up the text. A character outside of parts
    counts as `gap` of them; without a gap the list is empty where parts alone do not do."""
    cost = [0.0]
    back = [0]
    for end in range(1, len(text) + 1):
        ways = [(cost[end - 1] + gap, end - 1)]
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
