"""Noise: tokens lost, doubled, replaced, written with a look-alike symbol, or glued to their neighbour."""

import numpy as np

from brittlestar.core.token_rows import offsets_of
from brittlestar.data.written_rows import WrittenRows
from brittlestar.probes.probe import Probe
from brittlestar.probes.task import ProbeTask

LOOK_ALIKES = {
    **dict(zip("aceopxyABCEHIKMOPTX", "асеорхуАВСЕНІКМОРТХ", strict=True)),
    **dict(zip("▲■●◆", "▴▪•♦", strict=True)),
    **dict(zip("0123456789", "０１２３４５６７８９", strict=True)),
}
"""Characters and others that are drawn alike: Latin and Cyrillic, geometric shapes and their small forms, digits and
wide ones."""


def drop(rows: WrittenRows, task: ProbeTask, strength: float, random: np.random.Generator) -> WrittenRows:
    """Each token is lost at this rate; a row keeps one token at least."""
    keys = random.random(len(rows.codes))
    filled = np.flatnonzero(rows.lengths)
    kept = keys >= strength
    if len(filled):
        best = np.maximum.reduceat(keys, rows.offsets[:-1][filled])
        kept |= keys == np.repeat(best, rows.lengths[filled])
    return rows.keep_tokens(kept)


def duplicate(rows: WrittenRows, task: ProbeTask, strength: float, random: np.random.Generator) -> WrittenRows:
    """Each token stands twice at this rate."""
    return rows.repeat_tokens(1 + (random.random(len(rows.codes)) < strength))


def substitute(rows: WrittenRows, task: ProbeTask, strength: float, random: np.random.Generator) -> WrittenRows:
    """Each token becomes, at this rate, a token drawn as often as train has it."""
    rows, known = rows.knowing(task.tokens)
    drawn = known[random.choice(len(known), len(rows.codes), p=task.shares())]
    return rows.with_codes(np.where(random.random(len(rows.codes)) < strength, drawn, rows.codes))


def look_alike(rows: WrittenRows, task: ProbeTask, strength: float, random: np.random.Generator) -> WrittenRows:
    """Each token is written, at this rate, with symbols that look the same."""
    return respell_tokens(rows, [replace_symbols(token) for token in rows.lexicon], strength, random)


def replace_symbols(token: str) -> str:
    """The token in symbols that look like its own, as far as there are any."""
    return "".join(LOOK_ALIKES.get(symbol, symbol) for symbol in token)


def respell_tokens(rows: WrittenRows, names: list[str], strength: float, random: np.random.Generator) -> WrittenRows:
    """Each token goes by its other name, `names` by code, at a rate."""
    rows, known = rows.knowing(names)
    codes = np.where(random.random(len(rows.codes)) < strength, known[rows.codes], rows.codes)
    return rows.with_codes(codes)


def glue(rows: WrittenRows, task: ProbeTask, strength: float, random: np.random.Generator) -> WrittenRows:
    """The separator behind a token is lost at this rate: it and the next token become one. No three do: of separators
    in a row that would be lost, every second one stays."""
    last = rows.places == rows.lengths[rows.owners] - 1
    lost = (random.random(len(rows.codes)) < strength) & ~last
    numbers = np.arange(len(lost))
    since = numbers - np.maximum.accumulate(np.where(lost, -1, numbers))
    return join_tokens(rows, lost & (since % 2 == 1))


def join_tokens(rows: WrittenRows, lost: np.ndarray) -> WrittenRows:
    """Each token for which `lost` bool (n_tokens,) holds and the next one as one token; no two neighbours are lost."""
    left = np.flatnonzero(lost)
    pairs, of_pair = np.unique(
        np.stack([rows.codes[left], rows.codes[left + 1]], axis=1).reshape(-1, 2), axis=0, return_inverse=True
    )
    rows, known = rows.knowing([rows.lexicon[a] + rows.lexicon[b] for a, b in pairs.tolist()])
    codes = rows.codes.copy()
    codes[left] = known[of_pair.reshape(-1)]
    keep = np.ones(len(codes), np.bool_)
    keep[left + 1] = False
    lengths = np.bincount(rows.owners[keep], minlength=rows.n_rows)
    return WrittenRows(codes[keep], offsets_of(lengths), rows.lexicon)


def noise_probes(task: ProbeTask) -> tuple[Probe, ...]:
    """Probes of noise that these tokens allow."""
    unit = "share of tokens"
    probes = [
        Probe("noise.drop", unit, (0.1,), drop, "{share}tokens lost"),
        Probe("noise.duplicate", unit, (0.1,), duplicate, "{share}tokens doubled"),
        Probe("noise.substitute", unit, (0.1,), substitute, "{share}tokens replaced by random ones"),
        Probe(
            "noise.separators",
            unit,
            (0.1,),
            glue,
            "{share}separators lost, so that two tokens become one",
            lossless=True,
        ),
    ]
    if any(replace_symbols(token) != token for token in task.tokens):
        about = "{share}tokens written with look-alike characters"
        probes.append(Probe("noise.look-alike", unit, (0.1,), look_alike, about, "invariant", True))
    return tuple(probes)
