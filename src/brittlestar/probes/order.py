"""Token order: the same tokens, elsewhere in their row."""

import numpy as np

from brittlestar.data.written_rows import WrittenRows
from brittlestar.probes.probe import Probe
from brittlestar.probes.task import Task


def shuffle(rows: WrittenRows, task: Task, strength: float, random: np.random.Generator) -> WrittenRows:
    """Each row in a random order; of strength below 1, that share of its tokens among themselves."""
    moving = random.random(len(rows.codes)) < strength
    return _shuffle_tokens(rows, moving, random)


def windows(rows: WrittenRows, task: Task, strength: float, random: np.random.Generator) -> WrittenRows:
    """Each row cut into windows of so many tokens, and each window in a random order."""
    return rows.order_tokens(rows.places // int(strength) + random.random(len(rows.codes)))


def swaps(rows: WrittenRows, task: Task, strength: float, random: np.random.Generator) -> WrittenRows:
    """So many times, a random token and the next one change places."""
    codes = rows.codes.copy()
    able = np.flatnonzero(rows.lengths > 1)
    starts, lengths = rows.offsets[:-1][able], rows.lengths[able]
    for _ in range(int(strength)):
        left = starts + random.integers(0, lengths - 1)
        codes[left], codes[left + 1] = codes[left + 1], codes[left]
    return rows.with_codes(codes)


def reverse(rows: WrittenRows, task: Task, strength: float, random: np.random.Generator) -> WrittenRows:
    """Each row from its end to its beginning."""
    return rows.order_tokens(-rows.places)


def rotate(rows: WrittenRows, task: Task, strength: float, random: np.random.Generator) -> WrittenRows:
    """Each row begins so many tokens later; what stood before goes to its end."""
    lengths = rows.lengths[rows.owners]
    return rows.order_tokens((rows.places - int(strength)) % np.maximum(lengths, 1))


def pin_position(rows: WrittenRows, task: Task, strength: float, random: np.random.Generator) -> WrittenRows:
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


def order_probes(task: Task) -> tuple[Probe, ...]:
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
