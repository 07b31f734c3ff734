"""Asks a model that reads tokens its own way what of a row it reads: which tokens, and up to which place."""

from __future__ import annotations

import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from brittlestar.core.seeds import generator
from brittlestar.core.seen_training import SeenReading, SeenTraining

Ask = Callable[[list[list[str]]], np.ndarray]
"""Rows of tokens to probabilities (n, C)."""
MOST_TOKENS_TRIED = 150  # budget: tokens of train that are tried, the most frequent
TEMPLATES = 6  # budget: rows in which a token is exchanged
MOST_EXCHANGED_ROWS = 12  # budget: rows of which each token is exchanged
MOST_PLACES = 120  # budget: places of such a row
FROM_END = 3  # places from an end of a row
STRANGERS = ("token-never-seen", "another-token-never-seen", "zzyzx")
DIGITS = 6  # answers that are rounded to so many digits, or fewer, make tokens alike
LEAST_IN_32_BITS = 1e-30  # below it probabilities in 32 bits lose their digits
NO_MOVE = 1e-5  # nats: float noise of another row of one batch; two embeddings differ by far more
APART_BY_TOKEN = 1e-3  # nats: of two tokens that are told apart, usually
EDGE = 1e-2  # nats: of the last place that is read, where a model slowly forgets by less
ROWS_IN_FORMS = 500  # budget: rows that are asked in each form
FORMS: Mapping[str, Callable[[str], str]] = {
    "in lower case": str.lower,
    "in upper case": str.upper,
    "with a capital for each word": str.title,
    "without punctuation around tokens": lambda token: token.strip(string.punctuation + string.whitespace),
    "in Unicode's form NFKC": partial(unicodedata.normalize, "NFKC"),
}
"""Forms in which training may have given rows that are asked as they are, by what is said of them."""
FEWEST_ENDS = 3  # derived: two rows may end at one place by chance


def add_reading(seen: SeenTraining, ask: Ask, train: Sequence[Sequence[str]]) -> SeenTraining:
    """What was seen of a training, with what the model reads of rows; what fails here its answers tell, too."""
    try:
        return replace(seen, reading=ask_reading(ask, train))
    except Exception:
        return seen


def ask_forms(
    ask: Ask, train: Sequence[Sequence[str]], labels: np.ndarray, right: np.ndarray
) -> dict[str, tuple[int, ...]]:
    """Rows of train given in other forms: for each form that changes some, the counts that `SeenTraining.forms` has.
    `labels` int (n,) are columns of answers, `right` bool (n,) tells which rows are right as they are. Raises what
    `ask` raises."""
    chosen = np.sort(generator(0, "rows in other forms").permutation(len(train))[:ROWS_IN_FORMS])
    rows = [list(train[int(k)]) for k in chosen]
    found: dict[str, tuple[int, ...]] = {}
    for name, form in FORMS.items():
        given = [[changed for token in row if (changed := form(token))] for row in rows]
        if given != rows:
            here = np.asarray(ask([[*row] for row in given])).argmax(axis=1) == labels[chosen]
            more, fewer = (here & ~right[chosen]).sum(), (right[chosen] & ~here).sum()
            found[name] = len(rows), int(right[chosen].sum()), int(more), int(fewer)
    return found


def ask_reading(ask: Ask, train: Sequence[Sequence[str]]) -> SeenReading | None:
    """What a model reads of rows like those of train.

    In some rows one token is exchanged for every other token, and for one that was never seen: tokens whose answers are
    the same in all of these rows are one token to the model. In the longest rows each token is exchanged in turn:
    places whose token never matters, behind one that does, are not read. Behind some rows each token is put in turn.
    Every batch has one length, so that padding and batches play no part. None where the model does not tell tokens
    apart. Raises what `ask` raises.
    """
    counts = Counter(token for row in train for token in row)
    known = [token for token, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST_TOKENS_TRIED]]
    rows = sorted({tuple(row) for row in train if len(row) >= 2})
    if len(known) < 3 or len(rows) < TEMPLATES:
        return None
    distances = _exchange_tokens(ask, rows, [*known, *STRANGERS])
    if distances is None:
        return None
    among, strange = distances[: len(known), : len(known)], distances[len(known) :]
    if np.median(among[np.triu_indices(len(known), 1)]) < APART_BY_TOKEN:
        return None
    alike = (strange[:, len(known) :] <= NO_MOVE).all()  # else each stranger is another token, by a hash for example
    unknown = tuple(sorted(token for token, near in zip(known, strange[0] <= NO_MOVE, strict=False) if near and alike))
    merged = _group(known, among <= NO_MOVE, unknown)
    other = dict(zip(known, (known[int(np.argmax(row))] for row in among), strict=True))
    longest = sorted((row for row in rows if all(token in other for token in row)), key=len)[-MOST_EXCHANGED_ROWS:]
    read_to, read_last, *skipped = _ask_places(ask, longest, other)
    every = sum(counts.values())
    lost = sum(sum(counts[token] for token in group) - max(counts[token] for token in group) for group in merged)
    shares = sum(counts[token] for token in unknown) / every, lost / every
    ignored, strangers = _find_ignored(ask, rows, known) if read_to is None else ((), False)
    most = max(map(len, longest), default=0)
    share = sum(counts[token] for token in ignored) / every
    return SeenReading(
        len(known), unknown, merged, *shares, most, read_to, read_last, ignored, share, strangers, *skipped
    )


def ask_ends(ask: Ask, train: Sequence[Sequence[str]]) -> SeenReading | None:
    """Up to which place a model that is no network reads, or which places it skips: None where it reads all, or gives
    no probabilities that move. In the longest rows of up to `MOST_PLACES` tokens each is exchanged for a frequent one.
    Raises what `ask` raises."""
    counts = Counter(token for row in train for token in row)
    rows = sorted({tuple(row) for row in train if 2 <= len(row) <= MOST_PLACES}, key=lambda row: (len(row), row))
    if len(counts) < 2 or len(rows) < FEWEST_ENDS:
        return None
    first, second = (token for token, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:2])
    other = dict.fromkeys(counts, first) | {first: second}
    longest = rows[-MOST_EXCHANGED_ROWS:]
    read_to, read_last, *skipped = _ask_places(ask, longest, other)
    found = read_to is not None or read_last is not None or any(skipped)
    return SeenReading(0, (), (), 0, 0, len(longest[-1]), read_to, read_last, (), 0, False, *skipped) if found else None


def _ask_places(
    ask: Ask, rows: Sequence[Sequence[str]], other: Mapping[str, str]
) -> tuple[int | None, int | None, int, int]:
    """The place behind which, and that before which from the end, nothing matters in these rows; and how many of the
    first and of the last places are never read."""
    moves = [_exchange_places(ask, row, other) for row in rows]
    whole = [move for move, row in zip(moves, rows, strict=True) if len(row) <= MOST_PLACES]
    back, back_whole = ([move[::-1] for move in each] for each in (moves, whole))
    return _find_edge(moves), _find_edge(back), _count_skipped(whole), _count_skipped(back_whole)


def _find_ignored(ask: Ask, rows: Sequence[tuple[str, ...]], known: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """The tokens that change no answer when they are put behind a row, and whether one that was never seen is such a
    token; none where most tokens are."""
    chosen = generator(0, "rows with a token behind them").choice(len(rows), TEMPLATES // 2, replace=False)
    tried = (*known, STRANGERS[0])
    moved, told = np.zeros(len(tried)), np.zeros(len(tried), bool)
    for number in chosen:
        row = list(rows[number])
        alone = _ask_logs(ask, [row])
        longer = _ask_logs(ask, [[*row, token] for token in tried])
        moved = np.maximum(moved, np.abs(longer - alone).max(axis=1))
        new = np.array([token not in row for token in tried])  # of a set of tokens, one that is there changes nothing
        told |= new & ~(_are_sure(longer) & _are_sure(alone))
    if np.median(moved[:-1]) <= APART_BY_TOKEN:
        return (), False
    still = told & (moved <= NO_MOVE)
    return tuple(sorted(token for token, is_still in zip(known, still, strict=False) if is_still)), bool(still[-1])


def _exchange_tokens(ask: Ask, rows: Sequence[tuple[str, ...]], tokens: Sequence[str]) -> np.ndarray | None:
    """How far the answers to rows with one or the other of these tokens in one place are apart, (n_tokens, n_tokens);
    None where none of the places matters. Two answers that are as sure as can be are the same for any two tokens: where
    fewer than two places tell, two tokens count as apart."""
    random = generator(0, "places of exchanged tokens")
    found: list[np.ndarray] = []
    for turn, number in enumerate(random.choice(len(rows), TEMPLATES, replace=False)):
        row = list(rows[number])
        near = int(random.integers(0, min(len(row), FROM_END)))  # a model may not read to the end, or from the start
        place = near if turn % 2 else len(row) - 1 - near
        answers = _ask_logs(ask, [[*row[:place], token, *row[place + 1 :]] for token in tokens])
        if np.ptp(answers, axis=0).max() > APART_BY_TOKEN:
            apart, sure = np.abs(answers[:, None] - answers[None]).max(axis=2), _are_sure(answers)
            found.append(np.where(sure[:, None] & sure[None], np.nan, apart))
    if len(found) < 2:
        return None
    known = np.stack(found)
    often = (~np.isnan(known)).sum(axis=0) >= 2
    apart = np.where(often, np.nan_to_num(known, nan=0.0).max(axis=0), np.inf)
    np.fill_diagonal(apart, 0.0)
    return apart


def _are_sure(logs: np.ndarray) -> np.ndarray:
    """Which answers (n, C) give all to one class: (n,)."""
    return (logs <= np.log(LEAST_IN_32_BITS)).sum(axis=1) >= logs.shape[1] - 1


def _ask_logs(ask: Ask, rows: list[list[str]]) -> np.ndarray:
    """Logarithms of probabilities (n, C): a model that is sure of its answer still tells tokens apart in those."""
    answers = np.asarray(ask(rows), np.float64)
    if answers.size and np.abs(answers - answers.round(DIGITS)).max() < 1e-9 and ((answers > 0) & (answers < 1)).any():
        raise ValueError("answers are rounded, and two tokens may be one for that alone")
    return np.log(np.maximum(answers, LEAST_IN_32_BITS))


def _group(tokens: Sequence[str], same: np.ndarray, unknown: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Tokens that are one to the model, in groups of two or more, without those that are unknown to it."""
    groups: dict[int, list[str]] = {}
    for k, token in enumerate(tokens):
        if token not in unknown:
            groups.setdefault(int(np.argmax(same[k])), []).append(token)
    return tuple(sorted(tuple(sorted(group)) for group in groups.values() if len(group) > 1))


def _exchange_places(ask: Ask, row: Sequence[str], other: Mapping[str, str]) -> np.ndarray:
    places = range(min(len(row), MOST_PLACES))
    given = [[*row[:place], other[row[place]], *row[place + 1 :]] for place in places]
    answers = _ask_logs(ask, [list(row), *given])
    return np.abs(answers[1:] - answers[0]).max(axis=1)


def _find_edge(moves: Sequence[np.ndarray]) -> int | None:
    """The place behind which nothing matters: one number for all rows that are longer, at least three, and with a sharp
    edge in most of them; None where there is none."""
    ends = [int(np.flatnonzero(move > NO_MOVE)[-1]) + 1 if (move > NO_MOVE).any() else 0 for move in moves]
    edge = max(ends, default=0)
    cut = [move for move in moves if len(move) > edge]
    if edge == 0 or len(cut) < FEWEST_ENDS:
        return None
    sharp = sum(bool(move[edge - 1] > EDGE) for move in cut)
    return edge if 2 * sharp > len(cut) else None


def _count_skipped(moves: Sequence[np.ndarray]) -> int:
    """How many of the first places never matter, the same number in every row of at least three, and with a sharp edge
    in most of them."""
    matters = [move > NO_MOVE for move in moves]
    if len(moves) < FEWEST_ENDS or not all(matter.any() for matter in matters):
        return 0
    first, *others = {int(np.argmax(matter)) for matter in matters}
    if others:
        return 0
    return first if 2 * sum(bool(move[first] > EDGE) for move in moves) > len(moves) else 0
