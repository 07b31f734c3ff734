"""The exam that a model sits before its answers are compared with those of others.

For models of your own, copy this file into your tests.
"""

import random
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from brittlestar.core.scores import SUM_TOLERANCE
from brittlestar.data.written_rows import rows_of_strings
from brittlestar.training.predictor import Predictor

Rows = Sequence[Sequence[str]]
STRANGER = "a-token-that-no-train-has"
TOLERANCE = 1e-5
"""How far a probability may move where nothing should change: the rounding of batched float32."""


def predictor_conformance(predictor: Predictor, rows: Rows) -> None:
    """Ask a model about rows in other orders, batches and lengths.

    Args:
        predictor: What `brittlestar.training.predictor.Predictor` describes.
        rows: Rows of tokens like those of train, not all alike. An empty row, one that train does not know a token of,
            and one four times as long as the longest are added.

    Raises:
        AssertionError: It names the rule that does not hold. Answers are finite probabilities (n, C), each row sums
            to 1, in the order of the rows, for no rows too; they are the same a second time, and under another global
            seed; no row's answer depends on the rows beside it, on their order, or on padding that a longer one brings;
            neither the rows nor a global random state change.
    """
    longest = max((*rows, ()), key=len)
    asked = [*map(list, rows), [], [STRANGER], [*longest, STRANGER]]
    plain = _ask(predictor, asked, "ordinary rows")
    assert _ask(predictor, [], "no rows").shape == (0, len(predictor.classes)), "no rows have answers"
    _same(plain, _ask(predictor, asked, "the same rows"), 0.0, "the same rows have other answers a second time")
    _global_state(predictor, asked, plain)
    backwards = _ask(predictor, asked[::-1], "rows backwards")[::-1]
    _same(plain, backwards, TOLERANCE, "answers depend on the order of the rows")
    twice = _ask(predictor, [*asked, *asked], "rows twice")
    _same(np.concatenate([plain, plain]), twice, TOLERANCE, "answers depend on how many rows there are")
    padded = _ask(predictor, [*asked, [*longest] * 4], "rows beside a long one")[:-1]
    _same(plain, padded, TOLERANCE, "answers depend on a longer row beside them")
    for number, row in enumerate(asked):
        alone = _ask(predictor, [row], "one row")
        _same(plain[[number]], alone, TOLERANCE, f"row {number} has another answer alone")


def _ask(predictor: Predictor, rows: Rows, what: str) -> np.ndarray:
    given = rows_of_strings(rows)
    before = given.codes.copy(), given.offsets.copy()
    values = predictor.predict(given)
    same = np.array_equal(before[0], given.codes) and np.array_equal(before[1], given.offsets)
    assert same, f"{what} are changed when they are asked about"
    expected = (len(rows), len(predictor.classes))
    assert values.shape == expected, f"answers to {what} have shape {values.shape}, not {expected}"
    assert values.dtype.kind == "f" and np.isfinite(values).all(), f"answers to {what} are not finite numbers"
    assert (values >= 0).all() and (values <= 1 + SUM_TOLERANCE).all(), f"answers to {what} lie outside [0, 1]"
    assert (np.abs(values.sum(axis=1) - 1) <= SUM_TOLERANCE).all(), f"answers to {what} do not sum to 1"
    return values


def _same(one: np.ndarray, other: np.ndarray, tolerance: float, message: str) -> None:
    moved = float(np.abs(one - other).max(initial=0.0))
    assert moved <= tolerance, f"{message}: a probability moves by {moved:.2g}"


def _global_state(predictor: Predictor, rows: Rows, plain: np.ndarray) -> None:
    torch: Any = sys.modules.get("torch")
    kept = random.getstate(), np.random.get_state(), torch and torch.get_rng_state()
    try:
        random.seed(1)
        np.random.seed(1)
        if torch:
            torch.manual_seed(1)
        values = _ask(predictor, rows, "rows under another seed")
        # What each generator gives next, against what a fresh one of this seed gives first.
        still = random.random() == random.Random(1).random() and np.random.random() == np.random.RandomState(1).random()
        if torch:
            fresh = torch.Generator().manual_seed(1)
            still = still and torch.rand(1).item() == torch.rand(1, generator=fresh).item()
        assert still, "a global random state moves"
        _same(plain, values, 0.0, "answers depend on the global seed")
    finally:
        random.setstate(kept[0])
        np.random.set_state(kept[1])
        if torch:
            torch.set_rng_state(kept[2])
