"""Rows, tasks and short ways to change rows that the tests of probes share."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from brittlestar.core.seeds import generator
from brittlestar.data.written_rows import WrittenRows, rows_of_strings
from brittlestar.probes.probe import Change
from brittlestar.probes.task import ProbeTask
from tests.data.spr.labelling import TOKEN_PATTERN

Rows = list[list[str]]

ROWS: st.SearchStrategy[Rows] = st.lists(st.lists(st.sampled_from("abcdez"), max_size=9), max_size=6)
"""Rows of a few tokens, some empty, some of one token; `z` is unknown to train."""
SPR_TOKENS = tuple(shape + colour for shape in "▲■●◆" for colour in ("", *"rgby"))
SPR_ROWS: st.SearchStrategy[Rows] = st.lists(st.lists(st.sampled_from((*SPR_TOKENS, "alien")), max_size=8), max_size=6)
SEEDS = st.integers(0, 2**32)

ODD: dict[str, Rows] = {
    "no rows": [],
    "one empty row": [[]],
    "empty rows only": [[], [], []],
    "one row of one token": [["a"]],
    "rows of one token": [["a"], ["b"], ["a"]],
    "tokens unknown to train": [["z", "z", "y"], ["y"]],
    "one distinct token": [["a", "a", "a"], ["a", "a"]],
    "empty rows in between": [[], ["a", "b"], [], [], ["b", "c", "a"], []],
    "an empty token": [["", "a"], [""]],
}
"""Rows that a careless change stumbles over, by what is odd about them."""


def task_of(rows: Sequence[Sequence[str]], factors: str | None = None) -> ProbeTask:
    """A task whose train split has these rows."""
    counts = Counter(token for row in rows for token in row)
    return ProbeTask(counts, max((len(row) for row in rows), default=0), (1, 2), factors)


TRAIN: Rows = [list("aaaabbbccd"), list("abcde"), list("aab")]
TASK = task_of(TRAIN)
SPR_TASK = task_of([list(SPR_TOKENS), ["▲r", "▲r", "●", "■g"]], TOKEN_PATTERN)


def changed(
    change: Change, rows: Sequence[Sequence[str]], strength: float = 1.0, seed: int = 0, task: ProbeTask = TASK
) -> Rows:
    """What a change makes of rows of strings."""
    before = rows_of_strings(rows)
    kept = (before.lexicon, before.codes.tobytes(), before.offsets.tobytes())
    after = change(before, task, strength, generator(seed, "tests"))
    assert kept == (before.lexicon, before.codes.tobytes(), before.offsets.tobytes()), "it changed its input"
    assert after.n_rows == len(rows)
    sound(after)
    return after.strings()


def sound(rows: WrittenRows) -> None:
    """Rows are what their class says: right types, codes within a lexicon without repeats, offsets that end there."""
    assert rows.codes.dtype == np.int32 and rows.offsets.dtype == np.int64
    assert rows.offsets[0] == 0 and rows.offsets[-1] == len(rows.codes) and (np.diff(rows.offsets) >= 0).all()
    assert len(set(rows.lexicon)) == len(rows.lexicon)
    assert not len(rows.codes) or (rows.codes.min() >= 0 and rows.codes.max() < len(rows.lexicon))


def multisets(rows: Sequence[Sequence[str]]) -> list[Counter[str]]:
    """How often each row has each token."""
    return [Counter(row) for row in rows]


def tokens_of(rows: Sequence[Sequence[str]]) -> list[str]:
    """All tokens, row after row."""
    return [token for row in rows for token in row]
