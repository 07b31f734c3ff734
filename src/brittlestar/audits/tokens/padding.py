"""Finding `token.padding`."""

from collections.abc import Iterator

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.concluding import Rule, soften_declared
from brittlestar.audits.dataset import AuditDataset, AuditSplit
from brittlestar.audits.holding import chosen, format_tokens, holding, occurrences
from brittlestar.audits.showing import percent, show_rows
from brittlestar.audits.tokens.markers import padding_codes, unknown_codes
from brittlestar.audits.tokens.written_padding import Padding, written_padding
from brittlestar.core.findings import Finding

CODE = "token.padding"
SEES = "sample"
AMONG_TOKENS = 0.01  # convention: one row in a hundred
REAL = 0.02  # chosen, not measured
THRESHOLD = (
    "Padding is written into sequences as a token (info). A warning where 1 % of a split's rows hold it between real "
    "tokens, it is also a real token, or padding shares its id with a real or unknown token."
)
RULE = Rule(CODE, THRESHOLD, "Take the padding out of the files; batches are padded and masked while training.")


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
    padding = written_padding(analysis)
    found = [] if padding is None else [_examine(analysis, rows, padding) for rows in analysis.splits.values()]
    told = [one for one in (*found, *_examine_ids(analysis)) if one is not None]
    none = f"No padding is written as a token ({len(analysis.tokens):,} distinct tokens were looked at)."
    yield from told or [RULE.conclude(none)]


def _examine_ids(dataset: AuditDataset) -> Iterator[Finding]:
    """Id 0 of a vocabulary that states its ids, where it is a token of the data; padding and unknown under one id."""
    ids = dataset.vocabulary_ids
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
        told = (
            f"Id 0 of the given vocabulary, which pads by convention, is {shown}: {percent(n / of)} of train's tokens."
        )
        remedy = "Keep id 0 for padding: start the ids of real tokens at 1, or better at 2."
        yield RULE.conclude(told, "warning", {"vocabulary": "id 0"}, evidence, remedy)
    for pad, one in [(pad, one) for pad in pads for one in unknown if numbers[pad] == numbers[one]][:1]:
        shared = f"id {numbers[pad]}"
        told = f"Padding ({pad!r}) and the unknown token ({one!r}) share the {shared} of the given vocabulary."
        remedy = "Give the two their own ids."
        yield RULE.conclude(told, "warning", {"vocabulary": shared}, {"tokens": [pad, one]}, remedy)


def _examine(dataset: AuditDataset, rows: AuditSplit, padding: Padding) -> Finding | None:
    sides = padding.splits[rows.name]
    padded = np.flatnonzero(sides.edges | sides.inside if padding.named else sides.edges)
    if not len(padded):
        return None
    between, share = int(sides.inside.sum()), len(padded) / rows.n_rows
    token_share = float(np.isin(rows.codes, padding.codes).mean())
    story = (
        f"{rows.name}: {len(padded):,} of {rows.n_rows:,} rows ({percent(share)}) are padded with "
        f"{format_tokens(dataset, padding.codes)}, {percent(token_share)} of all tokens; a model reads it as a token"
    )
    mixed = between >= AMONG_TOKENS * rows.n_rows if padding.named else padding.real >= REAL
    if mixed and padding.named:
        story += f"; in {between:,} rows it stands between real tokens"
    elif mixed:
        story += f"; it is a real token too, inside {percent(padding.real)} of train's rows"
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
    severity = soften_declared(rows.name, "warning" if mixed else "info")
    return RULE.conclude(f"{story}.", severity, {"split": rows.name, "token": ", ".join(tokens[:3])}, evidence)
