"""Order and composition: the same tokens elsewhere in their row, others in their places, or rows weighted anew."""

import numpy as np

from brittlestar.data.names import distinct_name
from brittlestar.data.written_rows import WrittenRows
from brittlestar.probes.probe import Probe
from brittlestar.probes.task import ProbeTask
from brittlestar.statistics.power import narrow

STRANGER = "\N{WHITE QUESTION MARK ORNAMENT}"
"""What a token that train does not have is written as."""
MOST_WEIGHT = 50.0  # convention: no row stands for more than 50


def strangers(rows: WrittenRows, task: ProbeTask, strength: float, random: np.random.Generator) -> WrittenRows:
    """Behind each token, at this rate, a token that train does not have."""
    rows, known = rows.knowing([distinct_name(STRANGER, set(task.frequency))])
    here = random.random(len(rows.codes)) < strength
    return rows.with_behind(here, np.full(len(rows.codes), known[0]))


def rename(rows: WrittenRows, task: ProbeTask, strength: float, random: np.random.Generator) -> WrittenRows:
    """That share of train's tokens, two at least, change names in one cycle, the same way in every row."""
    rows, known = rows.knowing(task.tokens)
    cycle = known[random.permutation(len(known))[: max(round(strength * len(known)), 2)]]
    names = np.arange(len(rows.lexicon), dtype=np.int32)
    names[cycle] = np.roll(cycle, 1)
    return rows.with_codes(names[rows.codes])


def composition_probes(task: ProbeTask) -> tuple[Probe, ...]:
    """Probes of composition."""
    unit = "share of tokens"
    return (
        Probe("composition.strangers", unit, (0.1,), strangers, "unknown tokens inserted after {share}tokens"),
        Probe("composition.rename", unit, (1.0,), rename, "{share}tokens of train renamed among themselves"),
    )


def tilt_weights(rows: WrittenRows, members: np.ndarray, divergence: float) -> np.ndarray | None:
    """float64 (n_rows,), mean 1: weights of the rows under which the share of the tokens in `members` (bool by code)
    has grown so that the two-valued distribution "such a token or another" lies `divergence` nats (Kullback-Leibler,
    tilted from plain) away. Each row's weight is exp(t x its share of such tokens). None where no t reaches that, or
    one row would weigh more than 50 others."""
    lengths = rows.lengths
    counts = np.bincount(rows.owners, weights=members[rows.codes], minlength=rows.n_rows)
    if not 0 < counts.sum() < lengths.sum():
        return None
    own = counts / np.maximum(lengths, 1)
    plain = counts.sum() / lengths.sum()
    low, high = 0.0, 1.0
    while _measure_divergence(own, counts, lengths, plain, high) < divergence:
        high *= 2
        if high > 1e4:
            return None
    tilt = narrow(lambda one: _measure_divergence(own, counts, lengths, plain, one) >= divergence, low, high)[1]
    weights = _weights(own, tilt)
    return weights if weights.max() <= MOST_WEIGHT else None


def share(rows: WrittenRows, members: np.ndarray, weights: np.ndarray) -> float:
    """The share of tokens in `members` (bool by code) among all, rows counted by `weights` (n_rows,)."""
    counts = np.bincount(rows.owners, weights=members[rows.codes], minlength=rows.n_rows)
    return float((weights * counts).sum() / (weights * rows.lengths).sum())


def _weights(own: np.ndarray, tilt: float) -> np.ndarray:
    raw = np.exp(tilt * (own - own.max()))
    return raw / raw.mean()


def _measure_divergence(own: np.ndarray, counts: np.ndarray, lengths: np.ndarray, plain: float, tilt: float) -> float:
    """Nats between the tilted and the plain share of such tokens."""
    weights = _weights(own, tilt)
    p = float((weights * counts).sum() / (weights * lengths).sum())
    both = np.array([p, 1 - p]), np.array([plain, 1 - plain])
    return float(sum(a * np.log(a / b) for a, b in zip(*both, strict=True) if a > 0))


def shuffle(rows: WrittenRows, task: ProbeTask, strength: float, random: np.random.Generator) -> WrittenRows:
    """Each row in a random order; of strength below 1, that share of its tokens among themselves."""
    moving = random.random(len(rows.codes)) < strength
    return _shuffle_tokens(rows, moving, random)


def windows(rows: WrittenRows, task: ProbeTask, strength: float, random: np.random.Generator) -> WrittenRows:
    """Each row cut into windows of so many tokens, and each window in a random order."""
    return rows.order_tokens(rows.places // int(strength) + random.random(len(rows.codes)))


def swaps(rows: WrittenRows, task: ProbeTask, strength: float, random: np.random.Generator) -> WrittenRows:
    """So many times, a random token and the next one change places."""
    codes = rows.codes.copy()
    able = np.flatnonzero(rows.lengths > 1)
    starts, lengths = rows.offsets[:-1][able], rows.lengths[able]
    for _ in range(int(strength)):
        left = starts + random.integers(0, lengths - 1)
        codes[left], codes[left + 1] = codes[left + 1], codes[left]
    return rows.with_codes(codes)


def reverse(rows: WrittenRows, task: ProbeTask, strength: float, random: np.random.Generator) -> WrittenRows:
    """Each row from its end to its beginning."""
    return rows.order_tokens(-rows.places)


def rotate(rows: WrittenRows, task: ProbeTask, strength: float, random: np.random.Generator) -> WrittenRows:
    """Each row begins so many tokens later; what stood before goes to its end."""
    lengths = rows.lengths[rows.owners]
    return rows.order_tokens((rows.places - int(strength)) % np.maximum(lengths, 1))


def pin_position(rows: WrittenRows, task: ProbeTask, strength: float, random: np.random.Generator) -> WrittenRows:
    """Each row in a random order but for one position, from 1, or from -1 at the end, whose token stays."""
    place = int(strength) - 1 if strength > 0 else rows.lengths[rows.owners] + int(strength)
    return _shuffle_tokens(rows, rows.places != place, random)


def _shuffle_tokens(rows: WrittenRows, moving: np.ndarray, random: np.random.Generator) -> WrittenRows:
    """The tokens that are `moving` in a random order among their own places, row by row."""
    chosen = np.flatnonzero(moving)
    drawn = chosen[np.lexsort((random.random(len(chosen)), rows.owners[chosen]))]
    codes = rows.codes.copy()
    codes[chosen] = rows.codes[drawn]
    return rows.with_codes(codes)


def order_probes(task: ProbeTask) -> tuple[Probe, ...]:
    """Probes of token order that rows of these lengths allow; positions are pinned that tell most of the label."""
    widths = tuple(float(width) for width in (2, 4) if width < task.longest)
    pins = tuple(float(place) for place in task.telling)
    return (
        Probe("order.shuffle", "share of tokens", (1.0,), shuffle, "{share}tokens in random order"),
        Probe("order.window", "tokens a window", widths, windows, "tokens shuffled within windows of {n}"),
        Probe("order.swaps", "swaps of neighbours", (1.0,), swaps, "neighbouring tokens exchanged {times}"),
        Probe("order.reverse", "", (1.0,), reverse, "tokens in reverse order"),
        Probe("order.rotate", "tokens", (1.0,), rotate, "the first {tokens} moved to the end"),
        Probe("order.pinned", "position", pins, pin_position, "tokens in random order but for {place}"),
    )
