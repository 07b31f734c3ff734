"""Tokenisation: the same text cut into other tokens, or written in another normal form. Nothing of it is lost."""

import unicodedata
from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np

from brittlestar.core.token_rows import offsets_of, take
from brittlestar.data.matching import matches
from brittlestar.data.tokenise import compile_pattern
from brittlestar.data.written_rows import WrittenRows
from brittlestar.probes.noise import join_tokens
from brittlestar.probes.probe import Probe
from brittlestar.probes.task import ProbeTask


def characters(rows: WrittenRows, task: ProbeTask, strength: float, random: np.random.Generator) -> WrittenRows:
    """Each token as its characters."""
    return recut(rows, [list(token) for token in rows.lexicon])


def split_factors(rows: WrittenRows, task: ProbeTask, strength: float, random: np.random.Generator) -> WrittenRows:
    """Each token as the values of its factors, where they are all of it."""
    parts = matches(compile_pattern(task.factors or "", "data.factors"), rows.lexicon, whole=True)
    values = [[value for value in found or () if value] for found in parts]
    names = zip(rows.lexicon, values, strict=True)
    return recut(rows, [own if "".join(own) == token else [token] for token, own in names])


def merge_pairs(rows: WrittenRows, task: ProbeTask, strength: float, random: np.random.Generator) -> WrittenRows:
    """Every two tokens as one."""
    last = rows.places == rows.lengths[rows.owners] - 1
    return join_tokens(rows, (rows.places % 2 == 0) & ~last)


Form = Literal["NFC", "NFD", "NFKC", "NFKD"]


def normal_form(form: Form) -> Probe:
    """The probe that writes tokens in one of Unicode's normal forms."""

    def change(rows: WrittenRows, task: ProbeTask, strength: float, random: np.random.Generator) -> WrittenRows:
        rows, known = rows.knowing([unicodedata.normalize(form, token) for token in rows.lexicon])
        return rows.with_codes(known[rows.codes])

    name = f"tokenisation.{form.lower()}"
    return Probe(name, "", (1.0,), change, f"text in Unicode normal form {form}", "invariant", True)


def recut(rows: WrittenRows, pieces: Sequence[Sequence[str]]) -> WrittenRows:
    """Each token as its `pieces`, by code; a token without any stays."""
    whole = [list(piece) or [token] for piece, token in zip(pieces, rows.lexicon, strict=True)]
    rows, known = rows.knowing([piece for own in whole for piece in own])
    starts = offsets_of(np.fromiter(map(len, whole), np.int64, len(whole)))
    codes, ends = take(known, starts, rows.codes)
    return WrittenRows(codes, ends[rows.offsets], rows.lexicon)


def tokenisation_probes(task: ProbeTask) -> tuple[Probe, ...]:
    """Probes of tokenisation that would change these tokens."""
    found: list[Probe] = []
    if any(len(token) > 1 for token in task.tokens):
        about = "tokens cut into characters"
        found.append(Probe("tokenisation.characters", "", (1.0,), characters, about, "invariant", True))
    values = zip(task.tokens, *task.values(task.tokens).values(), strict=True)
    if task.factors is not None and any(list(token) != [one for one in own if one] for token, *own in values):
        about = "tokens cut into their factor values"
        found.append(Probe("tokenisation.factored", "", (1.0,), split_factors, about, "invariant", True))
    found.append(
        Probe("tokenisation.merged", "", (1.0,), merge_pairs, "every two tokens joined into one", "invariant", True)
    )
    changing = [
        form for form in get_args(Form) if any(unicodedata.normalize(form, token) != token for token in task.tokens)
    ]
    return (*found, *(normal_form(form) for form in changing))
