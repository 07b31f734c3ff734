"""From frames of text to arrays under one vocabulary, fitted on train alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.hashing import array_digest, digest
from brittlestar.core.large_arrays import blocks, collect, count, look_up
from brittlestar.core.splits import UNKNOWN_ID, EncodedData, EncodedSplit, Vocabulary
from brittlestar.core.token_rows import offsets_of
from brittlestar.data.factors import Decomposition, decompose, distinct_per_row, number_values
from brittlestar.data.names import distinct_name
from brittlestar.data.tables import format_count, format_list
from brittlestar.data.tokenise import tokenise
from brittlestar.study.settings import DataSettings

ROWS_AT_ONCE = 1 << 18  # budget: rows whose texts are Python objects together


@dataclass(frozen=True)
class Encoded(EncodedData):
    """Encoded data together with the tokens as they were written, which the vocabulary no longer knows.

    `raw_tokens[raw_codes[split]]` are the tokens of a split, int32 (n_tokens,); `group_names` of the codes of groups
    from 0 on (rows without a group have codes beyond them); `notes` say what the factor pattern missed.
    """

    raw_tokens: tuple[str, ...]
    raw_codes: Mapping[str, np.ndarray]
    group_names: tuple[str, ...]
    notes: tuple[str, ...]


def encode(frames: Mapping[str, pl.DataFrame], settings: DataSettings) -> Encoded:
    """Tokenise, fit the vocabulary and the classes on train, and encode every split.

    `frames` as `read_splits` returns them. Token ids follow the code-point order of train's tokens, after padding (0)
    and unknown (1). Raises InputError where a pattern, or the kind of tokens, does not fit the data.
    """
    lexicon: dict[str, int] = {}
    codes: dict[str, np.ndarray] = {}
    offsets: dict[str, np.ndarray] = {}
    for name, frame in frames.items():
        try:
            codes[name], offsets[name] = _raw(frame["sequence"], settings.tokens, lexicon)
        except InputError as error:
            raise InputError([Problem(p.what, f"{p.where} (split {name})", p.hint) for p in error.problems]) from error
    tokens = tuple(lexicon)
    parts = decompose(tokens, settings.factors)
    in_train = count(codes["train"], len(tokens)) > 0
    vocabulary, ids = _vocabulary(tokens, in_train, parts)
    classes = tuple(sorted(frames["train"]["label"].unique()))
    group_names, groups = _group_codes(frames)
    weights: dict[str, dict[str, np.ndarray]] = {name: {} for name in frames}
    for factor, of_token in parts.values.items():
        names = sorted({"", *of_token})
        value = number_values(of_token, names)
        for name in frames:
            weights[name][factor] = distinct_per_row(value, codes[name], offsets[name], len(names))
    splits = {
        name: EncodedSplit(
            codes=look_up(ids, codes[name]),
            offsets=offsets[name],
            name=name,
            labels=_positions(frame["label"], classes),
            factor_weights=weights[name],
            groups=groups.get(name),
            fingerprint=_fingerprint(frame, tokens, codes[name], offsets[name]),
        )
        for name, frame in frames.items()
    }
    notes = _factor_notes(parts, tokens, codes) if settings.factors else ()
    return Encoded(
        vocabulary, classes, splits, raw_tokens=tokens, raw_codes=codes, group_names=group_names, notes=notes
    )


def _raw(sequences: pl.Series, how: str, lexicon: dict[str, int]) -> tuple[np.ndarray, np.ndarray]:
    """Codes under the lexicon, which grows by the tokens it lacks, and offsets."""
    lengths: list[np.ndarray] = []

    def parts() -> Iterator[np.ndarray]:
        for chunk in tokenise(sequences, how):
            known = [lexicon.setdefault(token, len(lexicon)) for token in chunk.tokens]
            lengths.append(chunk.lengths)
            yield np.asarray(known, np.int32)[chunk.codes]

    codes = collect(parts(), np.int32)
    return codes, offsets_of(np.concatenate(lengths))


def _vocabulary(tokens: Sequence[str], in_train: np.ndarray, parts: Decomposition) -> tuple[Vocabulary, np.ndarray]:
    """The vocabulary of train, and int32 (n_tokens,): the id of every distinct token of any split."""
    real = sorted((tokens[code], code) for code in np.flatnonzero(in_train).tolist())
    names = [name for name, _ in real]
    order = np.asarray([code for _, code in real], np.int64)
    ids = np.full(len(tokens), UNKNOWN_ID, np.int32)
    ids[order] = np.arange(2, len(order) + 2, dtype=np.int32)
    taken = set(names)
    factors: dict[str, np.ndarray] = {}
    values: dict[str, tuple[str, ...]] = {}
    for factor, of_token in parts.values.items():
        mine: list[str] = ["", "", *(of_token[code] for _, code in real)]
        values[factor] = tuple(sorted({"", *mine}))
        factors[factor] = number_values(mine, values[factor])
    everything = (distinct_name("<pad>", taken), distinct_name("<unknown>", taken), *names)
    return Vocabulary(everything, factors, values), ids


def _positions(column: pl.Series, names: Sequence[str]) -> np.ndarray:
    """int32 (n_rows,): the position of each text in `names`, -1 where it is not there."""
    positions = column.cast(pl.Enum(list(names)), strict=False).to_physical().cast(pl.Int32)
    return positions.fill_null(-1).to_numpy().astype(np.int32)


def _group_codes(frames: Mapping[str, pl.DataFrame]) -> tuple[tuple[str, ...], dict[str, np.ndarray]]:
    """Names of groups, and codes shared by all splits; a row whose group is missing is a group of its own."""
    columns = {name: frame["group"] for name, frame in frames.items() if "group" in frame.columns}
    names = sorted({group for column in columns.values() for group in column.unique()} - {""})
    codes: dict[str, np.ndarray] = {}
    following = len(names)
    for split, column in columns.items():
        code = _positions(column, names)
        alone = code < 0
        code[alone] = following + np.arange(alone.sum(), dtype=np.int32)
        following += int(alone.sum())
        codes[split] = code
    return tuple(names), codes


def _fingerprint(frame: pl.DataFrame, tokens: Sequence[str], codes: np.ndarray, offsets: np.ndarray) -> str:
    """Over ids, token strings, labels and groups in row order, and nothing that depends on the other splits."""
    used = sorted((tokens[code], code) for code in np.flatnonzero(count(codes, len(tokens))).tolist())
    rank = np.zeros(len(tokens), np.int32)
    rank[[code for _, code in used]] = np.arange(len(used), dtype=np.int32)
    texts: dict[str, str] = {}
    for role in [role for role in ("id", "label", "group") if role in frame.columns]:
        parts = ("".join(frame[role][part].to_list()).encode() for part in blocks(frame.height, ROWS_AT_ONCE))
        everything = collect((np.frombuffer(text, np.uint8) for text in parts), np.uint8)
        # lengths too, so that no two columns share a digest because of where one text ends
        texts[role] = array_digest(frame[role].str.len_bytes().to_numpy().astype(np.int64), everything)
    rows = array_digest(look_up(rank, codes), offsets)
    return digest({**texts, "tokens": digest([token for token, _ in used]), "rows": rows})


def _factor_notes(parts: Decomposition, tokens: Sequence[str], codes: Mapping[str, np.ndarray]) -> tuple[str, ...]:
    failed: list[int] = np.flatnonzero(parts.unmatched).tolist()
    if not failed:
        return ()
    shown = format_list([repr(shorten_text(tokens[code])) for code in failed])
    where = {split: int(parts.unmatched[code].sum()) for split, code in codes.items()}
    places = ", ".join(f"{n:,} of {len(codes[split]):,} in {split}" for split, n in where.items() if n)
    what = f"the factor pattern does not fit {format_count(len(failed), 'distinct token')} of {len(tokens):,}"
    return (f"{what} ({shown}); tokens so affected: {places}",)


def shorten_text(text: str, longest: int = 40) -> str:
    """The text, cut with an ellipsis where it is too long to print."""
    return text if len(text) <= longest else text[: longest - 1] + "…"
