"""Finding `token.padding`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.dataset import AuditDataset, AuditSplit
from brittlestar.audits.holding import chosen, holding, occurrences
from brittlestar.audits.holding import format_tokens as shown_tokens
from brittlestar.audits.showing import all_ids, listed_ids, percent
from brittlestar.audits.tokens.markers import padding_codes, unknown_codes
from brittlestar.audits.tokens.written_padding import Padding, written_padding
from brittlestar.core.findings import Finding, Severity

CODE = "token.padding"
AMONG_TOKENS = 0.01  # convention: one row in a hundred
REAL = 0.02  # chosen, not measured
THRESHOLD = (
    "Padding is written into sequences as a token (info). A warning where 1 % of a split's rows hold it between real "
    "tokens, it is also a real token, or padding shares its id with a real or unknown token."
)


def check(analysis: Analysis) -> Iterator[Finding]:
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

    **Thresholds.** Padding written consistently at one end is info. A warning: 1 % of a split's rows hold it
    between other tokens; the token that pads also stands inside 2 % of train's rows; or id 0 of the given vocabulary
    occurs in the data. Info on a split declared as shifted.

    **What it cannot see.** Padding that a model adds later; padding without a name that fills up each
    batch to a length of its own.

    **What to do.** Take the padding out of the files: batches are padded and masked while training.
    """
    found = False
    padding = written_padding(analysis)
    if padding is not None:
        for rows in analysis.splits.values():
            finding = _finding(analysis, rows, padding)
            if finding is not None:
                found = True
                yield finding
    for finding in _first_id(analysis):
        found = True
        yield finding
    if not found:
        summary = f"No padding is written as a token ({len(analysis.tokens):,} distinct tokens were looked at)."
        yield Finding(CODE, "absent", summary, THRESHOLD)


def _first_id(dataset: AuditDataset) -> Iterator[Finding]:
    """Id 0 of a vocabulary that states its ids, where it is a token of the data; padding and unknown under one id."""
    ids = dataset.vocabulary_ids
    if ids is None or not ids.stated:
        return
    names = tuple(token for token, _ in ids.pairs)
    pads, unknown = (frozenset(names[int(k)] for k in codes(names)) for codes in (padding_codes, unknown_codes))
    first = [token for token, number in ids.pairs if number == 0]
    counts = occurrences(dataset)["train"]
    code_of = {token: code for code, token in enumerate(dataset.tokens)}
    real = [code_of[token] for token in first if token in code_of and token not in pads]
    numbers = dict(ids.pairs)
    if real and not any(numbers[pad] for pad in pads):
        rows = holding(dataset.train, chosen(np.asarray(real), len(dataset.tokens)))
        n, of = int(counts[real].sum()), max(int(counts.sum()), 1)
        yield Finding(
            CODE,
            "present",
            f"Id 0 of the given vocabulary, which pads by convention, is {shown_tokens(dataset, real)}: "
            f"{percent(n / of)} of train's tokens.",
            THRESHOLD,
            "warning",
            {"vocabulary": "id 0"},
            {
                "tokens": [dataset.tokens[code] for code in real],
                "occurrences": n,
                "of": of,
                "rows": listed_ids(dataset.train, rows),
                "row_ids": all_ids(dataset.train, rows),
            },
            "Keep id 0 for padding: start the ids of real tokens at 1, or better at 2.",
        )
    same = [(pad, one) for pad in pads for one in unknown if numbers[pad] == numbers[one]]
    if same:
        pad, one = same[0]
        yield Finding(
            CODE,
            "present",
            f"Padding ({pad!r}) and the unknown token ({one!r}) share the id {numbers[pad]} of the given vocabulary.",
            THRESHOLD,
            "warning",
            {"vocabulary": f"id {numbers[pad]}"},
            {"tokens": [pad, one]},
            "Give the two their own ids.",
        )


def _finding(dataset: AuditDataset, rows: AuditSplit, padding: Padding) -> Finding | None:
    sides = padding.splits[rows.name]
    padded = np.flatnonzero(sides.padded if padding.named else sides.start | sides.end | sides.both)
    if not len(padded):
        return None
    between = int(sides.inside.sum())
    wanted = np.isin(rows.codes, padding.codes)
    share = len(padded) / rows.n_rows
    name = shown_tokens(dataset, padding.codes)
    story = (
        f"{rows.name}: {len(padded):,} of {rows.n_rows:,} rows ({percent(share)}) are padded with {name}, "
        f"{percent(float(wanted.mean()))} of all tokens; a model reads it as a token"
    )
    severity: Severity = "info"
    if padding.named and between >= AMONG_TOKENS * rows.n_rows:
        severity = "warning"
        story += f"; in {between:,} rows it stands between real tokens"
    elif not padding.named and padding.real >= REAL:
        severity = "warning"
        story += f"; it is a real token too, inside {percent(padding.real)} of train's rows"
    if rows.name.startswith("shift"):
        severity = "info"
    tokens = [dataset.tokens[int(code)] for code in padding.codes]
    evidence = {
        "tokens": tokens,
        "named": padding.named,
        "rows_touched": len(padded),
        "of": rows.n_rows,
        "share": share,
        "at_start": int(sides.start.sum()),
        "at_end": int(sides.end.sum()),
        "at_both": int(sides.both.sum()),
        "between": between,
        "token_share": float(wanted.mean()),
        "rows": listed_ids(rows, padded),
        "row_ids": all_ids(rows, padded),
    }
    return Finding(
        CODE,
        "present",
        f"{story}.",
        THRESHOLD,
        severity,
        {"split": rows.name, "token": ", ".join(tokens[:3])},
        evidence,
        "Take the padding out of the files; batches are padded and masked while training.",
    )
