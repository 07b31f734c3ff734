"""Check `token.padding`: padding that is written into rows as a token."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.checking import data_check, observe
from brittlestar.audits.dataset import AuditDataset, chosen, format_tokens, holding, occurrences
from brittlestar.audits.showing import percent, show_rows
from brittlestar.audits.tokens.markers import padding_codes, unknown_codes
from brittlestar.baselines.rows import BaselineRows
from brittlestar.core.checks import Observed

AMONG_TOKENS = 0.01  # convention: one row in a hundred
REAL = 0.02  # chosen, not measured
SHORTEST, RUN = 4, 3
LEAST_FRAMED, FEWEST_LENGTHS = 0.2, 3
INSIDE, OTHERS, LONGER = 0.1, 0.05, 3.0
FRAMED, UNFRAMED = 0.9, 0.5
"""Chosen with the check (f775447), not measured; how far runs stand out, and how many rows of the frame and of others
end so, on the third set (d9a42a1)."""


@data_check(
    "token.padding",
    "Padding is written into sequences as a token (info). A warning where 1 % of a split's rows hold it between "
    "real tokens, it is also a real token, or padding shares its id with a real or unknown token.",
    remedy="Take the padding out of the files; batches are padded and masked while training.",
    rows="sample",
    softens=True,
)
def padding(analysis: Analysis) -> Iterator[Observed]:
    """Padding that a model reads as a token, or that shares its token or id with something real.

    **What it means.** Batches are padded and masked while training, so files need no padding. Where it is written
    into the sequences it is read as tokens: it takes part in averages, in attention and in the last state. Where
    the padding token is a real token as well, no mask can tell them apart.

    **How it is decided.** Tokens written as padding (`<pad>`, `[PAD]`, `PAD`, `<blank>` and the like) are looked for
    at the start of rows, at their end, and between other tokens. Without such a name, a token that fills rows up is
    recognised by its runs: a fifth of the rows have one length and end or start with three or more of it, in runs of
    many lengths. Rows of other lengths must not do so; where nearly all rows have one length, no other token may, or
    the runs must be three times as long as the token's runs elsewhere. Where a vocabulary is given, its id 0, which
    pads by convention, must not be a token of the data, and padding and unknown must be two ids.

    **What it cannot see.** Padding that a model adds later; padding without a name that fills up each
    batch to a length of its own.
    """
    padding = written_padding(analysis)
    found = [] if padding is None else [_examine(analysis, rows, padding) for rows in analysis.splits.values()]
    notes = [one for one in (*found, *_examine_ids(analysis)) if one is not None]
    none = f"No padding is written as a token ({len(analysis.tokens):,} distinct tokens were looked at)."
    yield from notes or [observe(none)]


def _examine_ids(dataset: AuditDataset) -> Iterator[Observed]:
    """Id 0 of a vocabulary that states its ids, where it is a token of the data; padding and unknown under one id."""
    ids = dataset.vocabulary
    if ids is None or not ids.stated:
        return
    names, numbers = tuple(token for token, _ in ids.pairs), dict(ids.pairs)
    pads, unknown = (frozenset(names[int(k)] for k in codes(names)) for codes in (padding_codes, unknown_codes))
    code_of = {token: code for code, token in enumerate(dataset.tokens)}
    first = [token for token, number in ids.pairs if number == 0]
    real = [code_of[token] for token in first if token in code_of and token not in pads]
    if real and not any(numbers[pad] for pad in pads):
        counts = occurrences(dataset)["train"]
        n, of = int(counts[real].sum()), max(int(counts.sum()), 1)
        evidence = {
            "tokens": [dataset.tokens[code] for code in real],
            "occurrences": n,
            "of": of,
            **show_rows(dataset.train, holding(dataset.train, chosen(np.asarray(real), len(dataset.tokens)))),
        }
        shown = format_tokens(dataset, real)
        sentence = (
            f"Id 0 of the given vocabulary, which pads by convention, is {shown}: {percent(n / of)} of train's tokens."
        )
        remedy = "Keep id 0 for padding: start the ids of real tokens at 1, or better at 2."
        yield observe(sentence, "warning", {"vocabulary": "id 0"}, evidence, remedy)
    for pad, one in [(pad, one) for pad in pads for one in unknown if numbers[pad] == numbers[one]][:1]:
        shared = f"id {numbers[pad]}"
        sentence = f"Padding ({pad!r}) and the unknown token ({one!r}) share the {shared} of the given vocabulary."
        remedy = "Give the two their own ids."
        yield observe(sentence, "warning", {"vocabulary": shared}, {"tokens": [pad, one]}, remedy)


def _examine(dataset: AuditDataset, rows: BaselineRows, padding: "Padding") -> Observed | None:
    sides = padding.splits[rows.name]
    padded = np.flatnonzero(sides.edges | sides.inside if padding.named else sides.edges)
    if not len(padded):
        return None
    between, share = int(sides.inside.sum()), len(padded) / rows.n_rows
    token_share = float(np.isin(rows.codes, padding.codes).mean())
    sentence = (
        f"{rows.name}: {len(padded):,} of {rows.n_rows:,} rows ({percent(share)}) are padded with "
        f"{format_tokens(dataset, padding.codes)}, {percent(token_share)} of all tokens; a model reads it as a token"
    )
    mixed = between >= AMONG_TOKENS * rows.n_rows if padding.named else padding.real >= REAL
    if mixed and padding.named:
        sentence += f"; in {between:,} rows it stands between real tokens"
    elif mixed:
        sentence += f"; it is a real token too, inside {percent(padding.real)} of train's rows"
    tokens = [dataset.tokens[int(code)] for code in padding.codes]
    evidence = {
        "tokens": tokens,
        "named": padding.named,
        "rows_touched": len(padded),
        "of": rows.n_rows,
        "share": share,
        **sides.counts,
        "between": between,
        "token_share": token_share,
        **show_rows(rows, padded),
    }
    severity = "warning" if mixed else "info"
    return observe(sentence, severity, {"split": rows.name, "token": ", ".join(tokens[:3])}, evidence)


@dataclass(frozen=True)
class Sides:
    """One split: rows with padding at the start, at the end, and somewhere inside (bool each, (n_rows,)); a row of
    nothing but padding counts as padded at the end."""

    start: np.ndarray
    end: np.ndarray
    inside: np.ndarray

    @property
    def edges(self) -> np.ndarray:
        """bool (n_rows,): padding at an end or at both."""
        return self.start | self.end

    @property
    def counts(self) -> dict[str, int]:
        """How many rows are padded at one end alone, and at both."""
        both = int((self.start & self.end).sum())
        return {"at_start": int(self.start.sum()) - both, "at_end": int(self.end.sum()) - both, "at_both": both}


@dataclass(frozen=True)
class Padding:
    """`codes` int64 are the tokens that pad; `named` where their name says so (`<pad>`), else they were found by their
    runs; `real` is the share of rows that also hold such a token inside; `splits` are the sides of each split."""

    codes: np.ndarray
    named: bool
    real: float
    splits: Mapping[str, Sides]


def written_padding(dataset: AuditDataset) -> Padding | None:
    """The padding that the splits hold as tokens, or None.

    A name such as `<pad>` or `[PAD]` decides. Otherwise a token is padding when at least 20 % of train's rows have the
    most common length and end (or start) with three or more of it, in runs of at least three different lengths, and

    - 90 % of all rows that end so have that one length, and less than half of the others; or
    - 90 % of these rows and of all rows have that length, and the runs are three times as long as 99 % of the token's
      runs elsewhere, or hardly any other token ends rows so (5 % of rows together) while at most 10 % of its own runs
      elsewhere are as long.
    """
    codes = padding_codes(dataset.tokens)
    if len(codes):
        return Padding(codes, True, 0.0, _sides(dataset, codes))
    filling = _find_unnamed(dataset.train, len(dataset.tokens))
    if filling is None:
        return None
    codes, frame = np.asarray([filling[0]]), filling[1]
    splits: dict[str, Sides] = {}
    for name, sides in _sides(dataset, codes).items():  # in rows of other lengths the token is a real one everywhere
        framed = dataset.splits[name].lengths == frame
        splits[name] = Sides(sides.start & framed, sides.end & framed, sides.inside | (sides.edges & ~framed))
    return Padding(codes, False, float(splits["train"].inside.mean()), splits)


def _sides(dataset: AuditDataset, codes: np.ndarray) -> dict[str, Sides]:
    wanted = chosen(codes, len(dataset.tokens))
    return {name: sides_of(rows, wanted) for name, rows in dataset.splits.items()}


def sides_of(rows: BaselineRows, wanted: np.ndarray) -> Sides:
    """Where each row is padded; `wanted` bool (n_tokens,) says which tokens pad."""
    lengths, pads = rows.lengths, wanted[rows.codes]
    row, place = rows.owners[~pads], rows.places[~pads]
    first, last = lengths.copy(), np.full(rows.n_rows, -1)  # of the tokens that do not pad
    np.minimum.at(first, row, place)
    np.maximum.at(last, row, place)
    leading, trailing = np.where(last < 0, 0, first), lengths - 1 - last
    count = np.bincount(rows.owners[pads], minlength=rows.n_rows)
    return Sides(leading > 0, trailing > 0, count > leading + trailing)


def _find_unnamed(rows: BaselineRows, n_tokens: int) -> tuple[int, int] | None:
    """The token without a telling name that fills rows up to one length, and that length, or None."""
    lengths = rows.lengths
    if not len(lengths):
        return None
    frame = int(np.bincount(lengths).argmax())
    framed = lengths == frame
    if frame < SHORTEST or framed.mean() < LEAST_FRAMED:
        return None
    runs = _Runs(rows)
    for edge in (runs.last, runs.first):
        token, size = runs.code[edge], runs.size[edge]
        long = (size >= RUN) & (lengths > 0)
        by_token = np.bincount(token[long & framed], minlength=n_tokens)
        code = int(by_token.argmax())
        mine = long & (token == code)
        if (mine & framed).mean() < LEAST_FRAMED or len(np.unique(size[mine & framed])) < FEWEST_LENGTHS:
            continue
        inner = np.delete(runs.size, edge)[np.delete(runs.code, edge) == code]
        within = framed[mine].mean() >= FRAMED
        filled = within and (framed & ~mine).sum() < UNFRAMED * (~mine).sum()
        if framed.mean() >= FRAMED:
            alone = (by_token.sum() - by_token[code]) <= OTHERS * len(lengths)
            few = (inner >= RUN).sum() <= INSIDE * len(inner)
            longest = float(np.quantile(inner, 0.99)) if len(inner) else 1.0
            filled |= within and ((alone and few) or float(np.median(size[mine])) >= LONGER * longest)
        if filled:
            return code, frame
    return None


class _Runs:
    """Runs of one token within a row: `code` and `size` of each, and the places in them of each row's `first` and
    `last` run (int64; those of an empty row mean nothing)."""

    def __init__(self, rows: BaselineRows) -> None:
        new = np.ones(len(rows.codes), np.bool_)
        new[1:] = rows.codes[1:] != rows.codes[:-1]
        new[rows.offsets[:-1][rows.lengths > 0]] = True
        starts = np.flatnonzero(new)
        number = np.cumsum(new) - 1
        last = max(len(rows.codes) - 1, 0)
        self.code = rows.codes[starts].astype(np.int64)
        self.size = np.diff(np.append(starts, len(rows.codes)))
        self.first = number[np.minimum(rows.offsets[:-1], last)]
        self.last = number[np.clip(rows.offsets[1:] - 1, 0, last)]
