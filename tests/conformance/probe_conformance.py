"""The exam that a probe sits before it is let loose on other people's models.

For probes of your own, copy this file into your tests.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from brittlestar.core.expectations import EXPECTATIONS, is_expectation
from brittlestar.core.seeds import generator
from brittlestar.data.written_rows import WrittenRows, rows_of_strings
from brittlestar.probes.own import FAMILIES, NAME
from brittlestar.probes.probe import Probe
from brittlestar.probes.task import ProbeTask

Rows = Sequence[Sequence[str]]

STRONGER = (2.0, 10.0)
"""A strength that somebody else may set: so many times the strongest that the probe has by itself."""


def probe_conformance(probe: Probe, rows: Mapping[str, Rows] | None = None, task: ProbeTask | None = None) -> None:
    """Run a probe on odd rows (those of `ODD`, unless others are given), at each of its strengths and at stronger
    ones; `task` is what is known of train (unless given, letters a to d and a longest row of eight).

    Raises AssertionError, which names the probe, the strength and the rows, unless its name is `family.what`, and unit,
    strengths, expectation and a sentence are declared; it gives as many rows as it gets, of texts, twice the same from
    the same generator; it changes neither its input nor a global random state; and whatever is odd raises nothing. A
    share of tokens is at most 1, and a stronger one is not tried.
    """
    _check_declaration(probe)
    known = task or ProbeTask(Counter("aaaabbbccd"), 8, (1, 2))
    for what, given in (ODD if rows is None else rows).items():
        for strength in (*(probe.strengths or (1.0,)), *_stronger(probe)):
            _sound(probe, rows_of_strings(given), known, strength, f"{probe.name} at {strength:g} on {what}")


def _check_declaration(probe: Probe) -> None:
    assert isinstance(probe, Probe), f"{probe!r} is no probe: make one with brittlestar.own_probe"
    name, _, detail = probe.name.partition(":")
    well_formed = NAME.fullmatch(name) is not None and (bool(detail) or ":" not in probe.name)
    assert well_formed, f"{probe.name!r} is no name of a probe: name it family.what, in lower case"
    assert probe.family in FAMILIES, f"{probe.name}: families are {', '.join(FAMILIES)}"
    expected = is_expectation(probe.expectation)
    assert expected, f"{probe.name}: the expectation is one of {', '.join(EXPECTATIONS)}"
    assert probe.about.strip(), f"{probe.name}: no sentence that says what happens"
    assert all(np.isfinite(strength) and strength != 0 for strength in probe.strengths), (
        f"{probe.name}: strengths are numbers but 0"
    )
    distinct = {f"{strength:g}" for strength in probe.strengths}
    assert len(distinct) == len(probe.strengths), f"{probe.name}: a strength stands there twice"
    one_only = tuple(probe.strengths) in ((), (1.0,))
    assert probe.unit.strip() or one_only, f"{probe.name}: no unit that says what a strength counts"
    share = max(probe.strengths, default=0.0) <= 1 or "share" not in probe.unit
    assert share, f"{probe.name}: a share above 1 in {probe.unit!r}"


def _stronger(probe: Probe) -> tuple[float, ...]:
    """Strengths beyond those of the probe: none where it has but one, up to 1 where it counts a share."""
    most = max(probe.strengths, default=1.0)
    if not probe.unit.strip():
        return ()
    return (1.0,) if "share" in probe.unit else tuple(most * times for times in STRONGER)


def _sound(probe: Probe, rows: WrittenRows, task: ProbeTask, strength: float, where: str) -> None:
    before, state = _read_rows(rows), _random_state()
    first = _check_change(probe, rows, task, strength, where)
    assert _random_state() == state, f"{where}: it changed a global random state"
    assert _read_rows(rows) == before, f"{where}: it changed its input"
    assert first == _check_change(probe, rows, task, strength, where), f"{where}: a second run gives other rows"


def _read_rows(rows: WrittenRows) -> tuple[Any, ...]:
    return rows.codes.tobytes(), rows.offsets.tobytes(), rows.lexicon


def _random_state() -> tuple[Any, ...]:
    kind, keys, *rest = np.random.get_state(legacy=True)
    return random.getstate(), kind, np.asarray(keys).tobytes(), *rest


def _check_change(probe: Probe, rows: WrittenRows, task: ProbeTask, strength: float, where: str) -> list[list[str]]:
    try:
        changed = probe.change(rows, task, strength, generator(0, "conformance"))
    except Exception as error:
        raise AssertionError(f"{where}: {type(error).__name__}: {error}") from error
    assert isinstance(changed, WrittenRows), f"{where}: it gave a {type(changed).__name__}, not rows of tokens"
    assert changed.n_rows == rows.n_rows, f"{where}: it gave {changed.n_rows:,} rows for {rows.n_rows:,}"
    odd = next((token for token in changed.lexicon if not isinstance(token, str)), None)
    assert odd is None, f"{where}: {odd!r} is no token"
    assert len({*changed.lexicon}) == len(changed.lexicon), f"{where}: a token stands twice in the lexicon"
    ends = len(changed.codes), changed.offsets[0], (changed.lengths < 0).any()
    assert ends == (changed.offsets[-1], 0, False), f"{where}: offsets do not cut the tokens into rows"
    known = len(changed.codes) == 0 or 0 <= changed.codes.min() <= changed.codes.max() < len(changed.lexicon)
    assert known, f"{where}: a code that the lexicon lacks"
    return changed.strings()


ODD: dict[str, Rows] = {
    "ordinary rows": ["abca", "bbd", "dacbabca", "ab"] * 5,
    "no rows": [],
    "rows without tokens": ["", "", ""],
    "rows of one token": ["a", "b", "a"],
    "one row": ["abc"],
    "empty rows in between": ["", "ab", "", "", "bca", ""],
    "tokens unknown to train": [["new", "z", "a"], ["z"], ["new"] * 5],
    "one distinct token": ["aaa", "aa", "aaaaaaa"],
    "odd tokens": [["a b", "", "\t"], ["é", "e\u0301", "\u200b"], ["<unk>", "▲r"]],
    "a very long row": ["ab", "abcd" * 700],
}
"""{what is odd: the rows, where each token is a letter as text}."""
