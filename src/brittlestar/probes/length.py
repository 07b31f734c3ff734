"""Length: rows made shorter, or longer by what they hold already, by other rows, or by one token again and again."""

import numpy as np

from brittlestar.core.token_rows import offsets_of
from brittlestar.data.spr.rule import Rule
from brittlestar.data.spr.sampler import ACCEPT, RowSampler
from brittlestar.data.spr.symbols import TOKENS
from brittlestar.data.written_rows import WrittenRows
from brittlestar.probes.probe import Probe
from brittlestar.probes.task import ProbeTask

LONGEST_ROW = 10_000
"""No row is made longer than this."""
SWEEP = (2.0, 4.0, 10.0)  # twice, four and ten times the longest length of train
MOST_DRAWN = 600  # an accuracy of .5 is known to 2 points (standard error)
LEAST_LIKELIHOOD = 1e-200
"""Rows that are less likely than this are not drawn: the probabilities of their parts would be rounded to nothing."""


def crop(rows: WrittenRows, task: ProbeTask, strength: float, random: np.random.Generator) -> WrittenRows:
    """That share of each row's tokens from its beginning, one at least."""
    kept = np.maximum(np.round(strength * rows.lengths), 1)
    return rows.keep_tokens(rows.places < kept[rows.owners])


def repeat(rows: WrittenRows, task: ProbeTask, strength: float, random: np.random.Generator) -> WrittenRows:
    """Each row so many times, end to end, as far as it stays within 10,000 tokens."""
    times = np.clip(LONGEST_ROW // np.maximum(rows.lengths, 1), 1, int(strength))
    longer = rows.rows(np.repeat(np.arange(rows.n_rows), times))
    return WrittenRows(longer.codes, offsets_of(rows.lengths * times), rows.lexicon)


def distract(rows: WrittenRows, task: ProbeTask, strength: float, random: np.random.Generator) -> WrittenRows:
    """Behind each row tokens drawn as often as train has them, until it is so many times as long as train's longest;
    a row that is longer already stays."""
    rows, known = rows.knowing(task.tokens)
    wanted = min(round(strength * task.longest), LONGEST_ROW)
    missing = offsets_of(np.maximum(wanted - rows.lengths, 0))
    drawn = known[random.choice(len(known), missing[-1], p=task.shares())]
    return rows.followed_by(WrittenRows(drawn, missing, rows.lexicon))


def prefix(rows: WrittenRows, task: ProbeTask, strength: float, random: np.random.Generator) -> WrittenRows:
    """So many times train's most frequent token before each row."""
    rows, front = _padding(rows, task, strength)
    return front.followed_by(rows)


def suffix(rows: WrittenRows, task: ProbeTask, strength: float, random: np.random.Generator) -> WrittenRows:
    """So many times train's most frequent token behind each row."""
    rows, back = _padding(rows, task, strength)
    return rows.followed_by(back)


def _padding(rows: WrittenRows, task: ProbeTask, strength: float) -> tuple[WrittenRows, WrittenRows]:
    """The rows, and beside them so many times train's most frequent token in each, up to 10,000 tokens in all."""
    rows, known = rows.knowing(task.tokens[:1])
    lengths = np.clip(LONGEST_ROW - rows.lengths, 0, int(strength))
    return rows, WrittenRows(np.full(lengths.sum(), known[0], np.int32), offsets_of(lengths), rows.lexicon)


def length_probes(task: ProbeTask) -> tuple[Probe, ...]:
    """Probes of length."""
    times = "times train's longest row"
    return (
        Probe("length.crop", "share of tokens", (0.5,), crop, "only the first {percent} of each row"),
        Probe("length.repeat", "times", (2.0,), repeat, "each row written {times}"),
        Probe(
            "length.distract", times, (2.0,), distract, "random tokens appended, up to {n} times train's longest row"
        ),
        Probe("length.prefix", "tokens", (4.0,), prefix, "train's most frequent token put in front {times}"),
        Probe("length.suffix", "tokens", (4.0,), suffix, "train's most frequent token appended {times}"),
    )


def draw_by_length(
    rule: Rule, task: ProbeTask, strength: float, random: np.random.Generator, n_rows: int = MOST_DRAWN
) -> WrittenRows | None:
    """`n_rows` rows of `strength` times train's longest row, tokens as often as train has them, half of them accepted
    and the others near misses that break one predicate; None where the rule has none of these at that length, or it is
    above 10,000."""
    weights = np.array([task.frequency.get(token, 0) for token in TOKENS], np.float64)
    length = round(strength * task.longest)
    if weights.sum() == 0 or length > LONGEST_ROW:
        return None
    sampler = RowSampler(rule, weights / weights.sum())
    able = np.flatnonzero(sampler.probabilities(length)[length, :-1] > LEAST_LIKELIHOOD)
    misses = able[able != ACCEPT]
    if ACCEPT not in able or not len(misses):
        return None
    half = np.zeros(n_rows // 2, np.int64)
    targets = np.concatenate([half, misses[np.arange(n_rows - len(half)) % len(misses)]])
    codes = sampler.draw(targets, np.full(n_rows, length), random)
    return WrittenRows(codes.reshape(-1).astype(np.int32), offsets_of(np.full(n_rows, length)), TOKENS)
