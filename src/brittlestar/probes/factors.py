"""Factors: one part of every token changed, its other parts left as they are."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from brittlestar.data.factors import number_values
from brittlestar.data.tokenise import compile_pattern
from brittlestar.data.written_rows import WrittenRows
from brittlestar.probes.probe import Probe
from brittlestar.probes.task import ProbeTask


def mask(factor: str, rows: WrittenRows, task: ProbeTask, strength: float, random: np.random.Generator) -> WrittenRows:
    """Tokens lose, at this rate, their value of the factor."""
    names, values = _names(factor, rows, task)
    where = random.random(len(rows.codes)) < strength
    return _with_values(factor, rows, task, np.where(where, 0, values), names)


def permute(
    factor: str, rows: WrittenRows, task: ProbeTask, strength: float, random: np.random.Generator
) -> WrittenRows:
    """The values of the factor change places within each row; what has no value keeps none."""
    names, values = _names(factor, rows, task)
    having = np.flatnonzero(values)
    drawn = having[np.lexsort((random.random(len(having)), rows.owners[having]))]
    changed = values.copy()
    changed[having] = values[drawn]
    return _with_values(factor, rows, task, changed, names)


def redraw(
    factor: str, rows: WrittenRows, task: ProbeTask, strength: float, random: np.random.Generator
) -> WrittenRows:
    """Values of the factor become, at this rate, values drawn as often as train has them."""
    names, values = _names(factor, rows, task)
    counts = _counts(factor, task)
    shares = np.array([counts.get(name, 0) for name in names], np.float64)
    drawn = random.choice(len(names), len(values), p=shares / shares.sum()) if shares.sum() else 0
    where = (values > 0) & (random.random(len(values)) < strength)
    return _with_values(factor, rows, task, np.where(where, drawn, values), names)


def _counts(factor: str, task: ProbeTask) -> Mapping[str, int]:
    counts: Counter[str] = Counter()
    for token, value in zip(task.tokens, task.values(task.tokens)[factor], strict=True):
        if value:
            counts[value] += task.frequency[token]
    return counts


def _names(factor: str, rows: WrittenRows, task: ProbeTask) -> tuple[list[str], np.ndarray]:
    """The values of the factor ("" first), and int (n_tokens,): which one each token has."""
    own: Sequence[str] = task.values(rows.lexicon)[factor]
    names = sorted({"", *own, *_counts(factor, task)})
    return names, number_values(own, names)[rows.codes]


def _with_values(
    factor: str, rows: WrittenRows, task: ProbeTask, values: np.ndarray, names: Sequence[str]
) -> WrittenRows:
    """The rows with other values (n_tokens,) of the factor, as positions in `names`."""
    pattern = compile_pattern(task.factors or "", "data.factors")
    pairs, of_pair = np.unique(np.stack([rows.codes, values], axis=1), axis=0, return_inverse=True)
    listed: list[list[int]] = pairs.tolist()
    written = [_rewrite_token(pattern, factor, rows.lexicon[code], names[value]) for code, value in listed]
    rows, known = rows.knowing(written)
    return rows.with_codes(known[of_pair.reshape(-1)])


def _rewrite_token(pattern: re.Pattern[str], factor: str, token: str, value: str) -> str:
    """The token with another value of the factor; a token that the pattern does not fit, or would be nothing, stays."""
    found = pattern.fullmatch(token)
    if found is None:
        return token
    start, stop = found.span(factor)
    if start < 0:
        start = stop = len(token) if value else 0
    return token[:start] + value + token[stop:] or token


SHARE = "share of tokens"
CHANGES = {
    "mask": (mask, SHARE, (1.0,), "FACTOR removed from {share}tokens"),
    "permute": (permute, "", (1.0,), "values of FACTOR shuffled within each row"),
    "redraw": (redraw, SHARE, (1.0,), "{share}values of FACTOR drawn at random"),
}
"""{name: change, unit, strengths, what happens}."""


def factor_probes(task: ProbeTask) -> tuple[Probe, ...]:
    """Three probes of each factor that takes more than one value in train."""
    factors = task.values(task.tokens)
    varied = [factor for factor in factors if len(_counts(factor, task)) > 1]
    return tuple(
        Probe(f"factors.{name}:{factor}", unit, strengths, partial(change, factor), about.replace("FACTOR", factor))
        for factor in varied
        for name, (change, unit, strengths, about) in CHANGES.items()
    )
