"""What the numbers that a model gives to its loss look like."""

from collections.abc import Sequence

import numpy as np

from brittlestar.core.seen_training import Form

FEWEST_VALUES = 16  # derived: that scores of both signs are all positive has then a chance of 1 in 65,536
NEAR = 1e-3  # probabilities rounded to four digits still sum to 1
ZEROS = 0.1  # convention: scores that are exactly zero in a tenth of all places were cut there
SHARE = 0.9  # convention: of the batches that are looked at


def describe_outputs(values: np.ndarray) -> Form | None:
    """The form of outputs (n, C); None where there are too few to tell, or one is not finite."""
    if values.ndim != 2 or values.size < FEWEST_VALUES or values.shape[1] < 2 or not np.isfinite(values).all():
        return None
    least, most = float(values.min()), float(values.max())
    if least >= -1e-6 and np.abs(values.sum(axis=1) - 1).max() < NEAR:
        return "probabilities"
    if least >= -1e-6 and np.abs(values.sum(axis=0) - 1).max() < NEAR:
        return "shares of a batch"
    if most <= 1e-6:
        powers = np.exp(values.astype(np.float64))
        if np.abs(powers.sum(axis=1) - 1).max() < NEAR:
            return "log-probabilities"
        if np.abs(powers.sum(axis=0) - 1).max() < NEAR:
            return "shares of a batch"
    return _describe_range(values, least, most)


def describe_column(values: np.ndarray) -> Form | None:
    """The form of outputs (n,) or (n, 1), of which each is one number for a row."""
    if values.size < FEWEST_VALUES or not np.isfinite(values).all():
        return None
    return _describe_range(values, float(values.min()), float(values.max()))


def _describe_range(values: np.ndarray, least: float, most: float) -> Form:
    if least >= 0 and float((values == 0).mean()) >= ZEROS:
        return "cut at zero"
    if least >= 0 and most <= 1:
        return "between 0 and 1"
    return "scores"


def agree_on_form(forms: Sequence[Form | None]) -> Form:
    """The form that at least 90 % of batches have; `scores` where they differ."""
    known: list[Form] = [form for form in forms if form is not None]
    for form in known:
        if known.count(form) >= SHARE * len(known):
            return form
    return "scores"
