"""Tokens that are two or more other tokens written without the separator between them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.holding import occurrences
from brittlestar.audits.rows.cutting import cut
from brittlestar.data.rows import row_of_token

LARGEST_ALPHABET = 300
COVERAGE = 0.95
RARER = 10
SPREAD = 0.5
SEEN = 0.5
PUNCTUATION = 0.9
LONGEST = 4096
MOST_PAIRS = 1 << 22


def joined_tokens(dataset: AuditDataset) -> dict[int, list[str]]:
    """The tokens that lost a separator, by code, and the tokens that each is made of.

    Such a token is spelt as two or more tokens that train shows at least ten times as often, and a boundary between two
    digits does not count. A separator is lost here and there, whatever stands beside it, so the pairs that are joined
    are as many different ones as the pairs of neighbours are; a token that is only spelt like two others, such as
    `into`, is one pair out of hundreds. Where fewer than half as many pairs are joined as neighbours let expect,
    nothing is reported. Nor where the joined pairs seldom stand side by side in train, as the syllables of a name
    seldom do. Nor where only punctuation is joined, though it is not among most neighbours: then another
    tokeniser left it at its word (`token.mismatch`). Alphabets of which 300 tokens do not make up 95 % of train are
    words, and left alone.
    """
    counts = occurrences(dataset)
    in_train = counts["train"]
    everywhere = np.sum(list(counts.values()), axis=0)
    common = np.sort(in_train)[::-1]
    if not len(common) or common[:LARGEST_ALPHABET].sum() < COVERAGE * common.sum():
        return {}
    times = dict(zip(dataset.tokens, in_train.tolist(), strict=True))
    # A part occurs at least RARER times, so the longest one bounds the look-back.
    lengths = [len(token) for token, n in times.items() if n >= RARER]
    longest = max(lengths, default=0)
    found: dict[int, list[str]] = {}
    for code in np.flatnonzero(everywhere * RARER <= common[0]).tolist():
        token = dataset.tokens[code]
        if 2 <= len(token) <= LONGEST:
            parts = _parts(token, times, RARER * int(everywhere[code]), longest)
            if len(parts) > 1:
                found[code] = parts
    return found if found and _spread(dataset, found, everywhere) else {}


def _parts(token: str, times: Mapping[str, int], least: int, longest: int) -> list[str]:
    """The fewest tokens that occur at least `least` times in train and together spell the token; empty if none do."""

    def is_part(start: int, end: int) -> bool:
        if start and token[start - 1].isdigit() and token[start].isdigit():
            return False
        return end - start < len(token) and times.get(token[start:end], 0) >= least

    return cut(token, longest, is_part)


def _is_punctuation(token: str) -> bool:
    return all(unicodedata.category(character)[0] == "P" for character in token)


def _spread(dataset: AuditDataset, found: Mapping[int, Sequence[str]], everywhere: np.ndarray) -> bool:
    """Whether the joined pairs are pairs of neighbours in train, and as varied as these.

    A pair of neighbours is also seen elsewhere with a probability of the share of occurrences whose pair is no
    singleton (Good 1953); at least half of that share of the joined pairs have to be seen.

    Were each of the n occurrences of a pair joined with the same small probability, and j of them all were, then
    1 - exp(-j n / sum of n) of the pairs of that count would be seen at least once.
    """
    code_of = {token: code for code, token in enumerate(dataset.tokens)}
    n_tokens = len(dataset.tokens)
    pairs = {
        code_of[first] * n_tokens + code_of[second] for parts in found.values() for first, second in pairwise(parts)
    }
    joints = sum(int(everywhere[code]) * (len(parts) - 1) for code, parts in found.items())
    train = dataset.train
    codes = train.codes[:MOST_PAIRS].astype(np.int64)
    row = row_of_token(train.offsets)[: len(codes)]
    inner = row[:-1] == row[1:]
    seen, counts = np.unique((codes[:-1] * n_tokens + codes[1:])[inner], return_counts=True)
    known = ~np.isin(seen % n_tokens, list(found)) & ~np.isin(seen // n_tokens, list(found))
    seen, counts = seen[known], counts[known]
    if not len(counts):
        return False
    is_mark = np.fromiter((_is_punctuation(token) for token in dataset.tokens), np.bool_, n_tokens)
    made = np.asarray(sorted(pairs), np.int64)
    if np.isin(made, seen).mean() < SEEN * counts[counts > 1].sum() / counts.sum():
        return False
    with_mark = is_mark[made % n_tokens] | is_mark[made // n_tokens]
    usually = counts[is_mark[seen % n_tokens] | is_mark[seen // n_tokens]].sum() / counts.sum()
    if with_mark.mean() >= PUNCTUATION and usually < PUNCTUATION / 2:
        return False
    expected = float((1 - np.exp(-joints * counts / counts.sum())).sum())
    return len(pairs) >= SPREAD * expected
