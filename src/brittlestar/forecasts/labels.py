"""What a few labels of the new rows add: prediction-powered inference, and how many would settle a question."""

import numpy as np
from scipy.stats import binom, t

from brittlestar.core.forecasts import Forecast, JoinedLabels
from brittlestar.statistics.power import POWER
from brittlestar.statistics.proportions import bound_share, wilson_interval
from brittlestar.study.units import count, unit_of

SMALLEST_GAP = 0.01  # convention: a point
FEWEST_OF_EACH = 5  # convention: right and wrong answers below which no variance is known (as for counts, Cochran 1954)


def join_labels(right: np.ndarray, expected: np.ndarray, labelled: np.ndarray, level: float) -> JoinedLabels:
    """Join labels with what is expected of every row (Angelopoulos et al. 2023, with the weight of Angelopoulos, Duchi
    and Zrnic 2023, by which rows that tell nothing count nothing). The interval is Wilson's of as many rows as the
    variance is worth.

    Args:
        right: float (k,) in [0, 1], the share of runs that are right on each labelled row.
        expected: float (n,) in [0, 1], how surely the answer to each new row is right; the labelled among them.
        labelled: int (k,), the labelled rows. They were drawn at random.
        level: Of the interval.

    Returns:
        The joined estimate, whose interval is never wider than the exact one of the labels alone.
    """
    k, n = len(right), len(expected)
    alone = bound_share(float(right.sum()), k, level)
    guess = expected[labelled]
    rest = np.delete(expected, labelled)
    if min(right.sum(), k - right.sum()) < FEWEST_OF_EACH or not len(rest):
        return JoinedLabels(k, float(right.mean()), alone, alone, 0)
    spread, both = float(guess.var(ddof=1)), float(np.cov(right, guess, ddof=1)[0, 1])
    weight = float(np.clip(both / (spread * (1 + k / len(rest))), 0.0, 1.0)) if spread > 0 else 0.0
    value = float(right.mean() + weight * (rest.mean() - guess.mean()))
    variance = float((right - weight * guess).var(ddof=2)) / k + weight**2 * float(rest.var(ddof=1)) / len(rest)
    if variance <= 0 or not 0 < value < 1:
        return JoinedLabels(k, float(right.mean()), alone, alone, 0)
    joined = wilson_interval(value, value * (1 - value) / variance, float(t.ppf((1 + level) / 2, k - 2)))
    if joined[1] - joined[0] >= alone[1] - alone[0]:
        return JoinedLabels(k, float(right.mean()), alone, alone, 0)
    worth = round(k * ((alone[1] - alone[0]) / (joined[1] - joined[0])) ** 2) - k
    return JoinedLabels(k, value, joined, alone, max(min(worth, n), 0))


def tell_joined(joined: JoinedLabels, found: Forecast) -> str:
    """What labels and answers say together, what the labels say alone, and what is left open."""
    points = unit_of("accuracy")
    sentence = (
        f"{points.estimate(joined.value, joined.interval)} points with {count(joined.labels, 'label')} of {found.name}"
    )
    sentence += f"; the labels alone: {points.interval(joined.alone)}"
    sentence += f"; the other rows stand for {count(joined.worth, 'more label')}" if joined.worth else ""
    if joined.strange:
        many = count(joined.strange, "label is", "labels are")
        sentence += f"; {many} no class of train, and counted as wrong"
    if found.here is None:
        return sentence
    usual = f"the score on {found.here['split']}, {points.number(found.here['value'])}"
    if joined.more is not None:
        return f"{sentence}. About {count(joined.more, 'more label')} would show whether that is {usual}"
    return f"{sentence}. That is {'below' if joined.value < found.here['value'] else 'above'} {usual}"


def count_labels_to_decide(found: Forecast, least: float) -> int | None:
    """How many more labels drawn at random would show whether the score is `least`, were it as expected; None where
    nothing is expected."""
    expected = found.value if found.joined is None else found.joined.value
    if expected is None:
        return None
    apart = max(abs(expected - least), SMALLEST_GAP)
    bar = least if expected < least else 1 - least  # what is above the bar is wrong in so many rows below 1 - bar
    needed = count_labels_needed(bar, apart, found.level)
    known = found.joined
    more = needed if known is None else round(needed * known.labels / (known.labels + known.worth)) - known.labels
    return max(more, 1)


def count_labels_needed(here: float, fall: float, level: float) -> int:
    """How many labelled rows would show a fall of so much from accuracy `here`: with 80 % power the exact interval of
    what is right of them ends below `here`."""
    low, n = max(here - fall, 0.0), 2
    while n < 1 << 20:
        most = binom.ppf((1 - level) / 2, n, here) - 1  # right answers whose interval ends below
        if binom.cdf(most, n, low) >= POWER:
            break
        n = max(n + 1, round(n * 1.05))
    return n
