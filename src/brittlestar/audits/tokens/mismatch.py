"""Check `token.mismatch`: which change of tokenisation turns the tokens of a split into those of train."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from scipy.stats import norm

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.checking import compare_with_train, data_check, observe, unknown
from brittlestar.audits.dataset import AuditDataset, chosen, format_tokens, occurrences, order_codes, places_of, row_at
from brittlestar.audits.rows.spellings import cut
from brittlestar.audits.showing import percent, show_rows
from brittlestar.audits.tokens.markers import PIECES
from brittlestar.baselines.rows import BaselineRows
from brittlestar.core.checks import Observed
from brittlestar.core.token_rows import sum_rows

SEPARATORS = ":_-/.,|+&~=;"
LONGEST_TOKEN = 64
SHORTEST_STEM = 3
LONGEST_ENDING = 3
"""Characters of a token that is cut, of a stem and of an ending: convention."""
_MARKS = re.compile(r"^[\W_]+|[\W_]+$")
_SEPARATED = re.compile(r"([\W_]+)")
_PARTS = re.compile(r"[^\W_]+|[^\w\s]|_")

Spellings = Callable[[str], Iterable[Sequence[str]]]


@dataclass(frozen=True)
class Change:
    """`spellings(token)` are sequences of tokens that may stand for it; `name` completes "after …". `between` is what
    stood between neighbours that together spell a token, None where tokens are changed one by one. `throughout`: it
    only counts where it changes most rows, since `data.encoding` reports single ones."""

    name: str
    spellings: Spellings = lambda token: ()
    throughout: bool = False
    between: str | None = None

    def explains(self, token: str, known: Collection[str]) -> bool:
        """Whether all tokens of a spelling are known, which is not the token itself."""
        found = (parts for parts in self.spellings(token) if parts and list(parts) != [token])
        return any(all(part in known for part in parts) for parts in found)


def changes(known: Collection[str]) -> tuple[Change, ...]:
    """Every change that is tried, the simplest first; `known` are the tokens of the other tokenisation."""
    longest = max(map(len, known), default=0)
    inside = {character for token in known for character in token[1:-1]}
    forms = {form: _each(partial(unicodedata.normalize, form)) for form in ("NFC", "NFD", "NFKC", "NFKD")}

    def pieces(token: str) -> Iterator[Sequence[str]]:
        if len(token) <= LONGEST_TOKEN:
            yield cut(token, longest, lambda part: part != token and part in known)

    return (
        Change("lower case", _each(str.lower)),
        Change("upper case", _each(str.upper)),
        Change("a capital at the start", _each(str.capitalize)),
        *(Change(f"Unicode normal form {form}", spell, throughout=True) for form, spell in forms.items()),
        Change("changing a mark of word pieces (▁, ##, Ġ, @@, …)", _move_marks),
        Change("removing punctuation at the ends of tokens", _each(lambda token: _MARKS.sub("", token))),
        Change("reversing the order of a token's parts", _reverse),
        Change("adding an ending (cut off as by a stemmer)", _complete(known)),
        Change("splitting at punctuation", _split),
        Change("splitting into known tokens", pieces, throughout=True),
        Change("joining neighbours", between=""),
        *(Change(f"joining neighbours with {mark!r}", between=mark) for mark in SEPARATORS if mark in inside),
    )


def _each(change: Callable[[str], str]) -> Spellings:
    return lambda token: [[change(token)]]


def _move_marks(token: str) -> Iterator[Sequence[str]]:
    for mark in PIECES:
        yield from ([token.removeprefix(mark)], [token.removesuffix(mark)], [mark + token], [token + mark])


def _reverse(token: str) -> list[list[str]]:
    return [[token[::-1]], ["".join(_SEPARATED.split(token)[::-1])]]


def _split(token: str) -> Iterator[Sequence[str]]:
    """With and without the punctuation."""
    parts = _PARTS.findall(token)
    yield parts
    yield [part for part in parts if part[0].isalnum()]


def _complete(known: Collection[str]) -> Spellings:
    """Known tokens that begin with the token and have one to three characters more."""
    longer: dict[str, str] = {}
    for whole in sorted(known):
        for end in range(1, min(LONGEST_ENDING, len(whole) - SHORTEST_STEM) + 1):
            longer.setdefault(whole[:-end], whole)
    return lambda token: [[longer[token]]] if token in longer else []


RARER = 100
LEAST_UNSEEN = 0.01
EXPLAINED = 0.5
ABOVE_TRAIN = 0.3
SERIOUS_MISMATCH = 0.1
WHOLLY = 0.99
"""How much rarer in train a token is that counts as unseen, unseen share of the tokens, share of these that a change
explains, its excess over train's, share of all tokens from which on it is an error, and explained share at which no
other change is tried: convention."""
MOST_TYPES = 5_000
MOST_ONCE = 2_000
MOST_WINDOWS = 5_000
JOINED_UP_TO = 8
"""Budgets: tokens that are changed, in the split and in train, places where neighbours are joined, and how many; they
hold a change of all tokenisations at seconds."""
FEWEST_PAIRS = 4
FEWEST_EXPECTED = 5
LESS = 0.1
PAIRS_ALIKE = 0.9
"""Of case: pairs, occurrences expected of each, share of them that is missing, share of pairs alike: convention."""


@dataclass(frozen=True)
class Explained:
    """The `change` that turns the split's tokens into those of train, whether it `holds` beyond the threshold and
    `is_error`, and how a sentence about the split goes on."""

    change: str
    sentence: str
    evidence: Mapping[str, Any]
    is_error: bool = False
    holds: bool = True


def find_unseen(dataset: AuditDataset, rows: BaselineRows, counts: Mapping[str, np.ndarray]) -> Explained | None:
    """The change that explains at least half of the unseen tokens, and the most beyond what it explains in train: among
    the tokens that occur there once, by the others."""
    train, mine = counts["train"], counts[rows.name]
    is_unseen = train * float(RARER * mine.sum()) < mine * float(train.sum())
    missing, total = int(mine[is_unseen].sum()), int(mine.sum())
    if missing < max(LEAST_UNSEEN * total, 1):
        return None
    known = frozenset(dataset.tokens[code] for code in np.flatnonzero((train > 0) & ~is_unseen).tolist())
    unseen = order_codes(dataset, np.flatnonzero(is_unseen))[:MOST_TYPES]
    once = _evenly(order_codes(dataset, np.flatnonzero(train == 1)), MOST_ONCE)
    best, most = None, -1.0
    for change in changes(known):
        places, fits = _explain(dataset, rows, unseen, known, change)
        share = float(fits.mean()) if len(fits) else 0.0
        row = row_at(rows, places)
        touched = np.unique(row[fits])
        if share < EXPLAINED or (change.throughout and 2 * len(touched) < rows.n_rows):
            continue
        by_chance = _explain(dataset, dataset.train, once, known, change)[1]
        hits, of = int(by_chance.sum()), len(by_chance)
        excess = share - hits / max(of, 1)
        if excess <= most:
            continue
        examples = format_tokens(dataset, order_codes(dataset, np.unique(rows.codes[places[fits]])))
        in_row, have = (np.bincount(row, weights, minlength=rows.n_rows) for weights in (None, fits))
        of_them = "of them" if len(fits) == missing else f"of the {len(fits):,} looked at"
        sentence = (
            f"{missing:,} of {total:,} tokens ({percent(missing / total)}) are unseen in train or nearly so, "
            f"{percent(share)} {of_them} are known after {change.name} ({examples})"
        )
        evidence = {
            "change": change.name,
            "explained_share": share,
            "explained_occurrences": int(fits.sum()),
            "occurrences_looked_at": len(fits),
            "explained_share_in_train": hits / max(of, 1),
            "rows_touched": len(touched),
            "of": rows.n_rows,
            "test": "Hoeffding's bound on the mean over rows, against the upper bound of train's share",
            "p": mean_above(have[in_row > 0] / in_row[in_row > 0], (hits + 1) / (of + 20)),  # upper, as tokens are few
            **show_rows(rows, touched),
        }
        is_error = share * missing >= SERIOUS_MISMATCH * total
        best, most = Explained(change.name, sentence, evidence, is_error, excess >= ABOVE_TRAIN), excess
        if best.holds and share > WHOLLY:
            break
    return best


def _explain(
    dataset: AuditDataset, rows: BaselineRows, codes: np.ndarray, known: Collection[str], change: Change
) -> tuple[np.ndarray, np.ndarray]:
    """The places of the tokens, int64 in the split's codes, and bool: the change makes known tokens of them. Joining
    looks at up to 5,000 of the places, and at two to eight neighbours around each."""
    places = places_of(rows, chosen(codes, len(dataset.tokens)))
    if change.between is None:
        able = [code for code in codes.tolist() if change.explains(dataset.tokens[code], known)]
        return places, chosen(np.asarray(able, np.int64), len(dataset.tokens))[rows.codes[places]]
    places = _evenly(places, MOST_WINDOWS)
    row = row_at(rows, places)
    fits = np.zeros(len(places), np.bool_)
    for k, (place, low, high) in enumerate(zip(places, rows.offsets[row], rows.offsets[row + 1], strict=True)):
        first = max(low, place - JOINED_UP_TO + 1)
        words = [dataset.tokens[code] for code in rows.codes[first : min(high, place + JOINED_UP_TO)]]
        fits[k] = any(
            change.between.join(words[start:end]) in known
            for start in range(place - first + 1)
            for end in range(max(start + 2, place - first + 1), min(start + JOINED_UP_TO, len(words)) + 1)
        )
    return places, fits


def _evenly(values: np.ndarray, most: int) -> np.ndarray:
    """Up to so many of the values, evenly spaced."""
    return values[np.linspace(0, len(values) - 1, most).astype(np.int64)] if len(values) > most else values


def mean_above(shares: np.ndarray, chance: float) -> float:
    """A bound on the probability that independent shares in [0, 1] with an expectation of at most `chance` have a mean
    as high as these: exp(-n KL(mean, chance)), theorem 1 of Hoeffding (1963). 1 where the mean is not above it."""
    n = len(shares)
    mean = float(shares.mean()) if n else 0.0
    if mean <= chance:
        return 1.0
    if chance <= 0:
        return 0.0
    rest = (1 - mean) * np.log((1 - mean) / (1 - chance)) if mean < 1 else 0.0
    return float(np.exp(-n * (mean * np.log(mean / chance) + rest)))


def find_folding(dataset: AuditDataset, rows: BaselineRows, counts: Mapping[str, np.ndarray]) -> Explained | None:
    """A change of case that makes the split's tokens rarer in favour of their counterparts: in train, each pair of
    tokens has a share of the first, and occurrences here are compared with it, pair by pair."""
    train, here = counts["train"], counts[rows.name]
    code_of = {token: code for code, token in enumerate(dataset.tokens) if train[code]}
    found: list[Explained] = []
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
        if len(altered) < FEWEST_PAIRS or less < LESS or alike < PAIRS_ALIKE:
            continue
        value = np.zeros(len(dataset.tokens))
        np.add.at(value, altered, 1 - share)
        np.subtract.at(value, kept, share)
        ours, own = (sum_rows(value, one.codes, one.offsets) for one in (rows, dataset.train))
        error = np.sqrt(ours.var() / max(len(ours), 1) + own.var() / max(len(own), 1))
        sentence = (
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
            "p": min(1.0, 4 * float(norm.sf(abs(ours.mean() - own.mean()) / max(error, 1e-12)))),
        }
        found.append(Explained(name, sentence, evidence))
    return max(found, key=lambda one: one.evidence["less"], default=None)


TESTS = (find_unseen, find_folding)
FEWEST_FOR_CHANGE = 20  # chosen, not measured


@data_check(
    "token.mismatch",
    "One change of tokenisation turns half of a split's unseen tokens (1 % of all) into train's, 30 points beyond "
    "chance; or a tenth of one case is missing. Info for a declared shift.",
    remedy="Run one tokeniser, with the same normalisation, over all splits; then audit again.",
    softens=True,
    reads_labels=False,
)
def mismatch(analysis: Analysis) -> Iterator[Observed]:
    """An evaluation split that was tokenised in another way than train.

    **What it means.** The model sees unknown tokens where it would know the text, had it been split and normalised as
    train was. The score then measures the tokeniser.

    **How it is decided.** Tokens of the split that train lacks, or has a hundred times as rarely, are changed in one
    way at a time, the simplest first: case, Unicode normal forms, punctuation removed or split off, marks of word
    pieces (▁, ##, Ġ, @@), parts in reverse order, an ending put back, splitting into known tokens, and joining up to
    eight neighbours, with nothing or a separator between. Counted are the occurrences that become tokens of train.
    Chance is what the same change makes of the tokens that occur in train once. The mean over rows of the share that is
    explained is compared with an upper bound of train's. Where train has both cases of many tokens, the share of each
    among its pair is compared with train's.

    **What it cannot see.** Two changes at once; a change other than of case that makes known tokens of known tokens.
    """
    counts = occurrences(analysis)
    yield from compare_with_train(analysis, lambda rows: _find_change(analysis, rows, counts))


def _find_change(dataset: AuditDataset, rows: BaselineRows, counts: Mapping[str, np.ndarray]) -> Observed:
    total, missing = int(counts[rows.name].sum()), int(counts[rows.name][counts["train"] == 0].sum())
    verdicts = [one for test in TESTS if (one := test(dataset, rows, counts)) is not None]
    found = next((verdict for verdict in verdicts if verdict.holds), None)
    evidence: dict[str, Any] = {"tokens": total, "unseen": missing, "unseen_share": missing / max(total, 1)}
    evidence |= next((one.evidence for one in (found, *verdicts) if one is not None), {})
    where = {"split": rows.name}
    unseen = f"{rows.name}: {missing:,} of {total:,} tokens ({percent(missing / max(total, 1))}) are unseen in train"
    if found is None and rows.n_rows < FEWEST_FOR_CHANGE:
        sentence = f"{unseen}; {rows.n_rows} rows are too few to tell, {FEWEST_FOR_CHANGE} would do."
        return unknown(sentence, where, evidence)
    if found is None:
        sentence = f"{unseen}{', and no change of tokenisation explains them' if missing else ''}."
        return observe(sentence, None, where, evidence)
    severity = "error" if found.is_error else "warning"
    return observe(f"{rows.name}: {found.sentence}.", severity, {**where, "change": found.change}, evidence)
