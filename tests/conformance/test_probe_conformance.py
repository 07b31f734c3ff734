"""Our own probes sit the exam that probes of others sit, and the exam fails those that deserve it."""

import itertools
import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from brittlestar.data.spr.symbols import TOKENS
from brittlestar.data.written_rows import WrittenRows
from brittlestar.probes.default import known_probes
from brittlestar.probes.own import own_probe
from brittlestar.probes.probe import Probe
from brittlestar.probes.task import ProbeTask
from tests.conformance.probe_conformance import probe_conformance
from tests.data.spr.labelling import TOKEN_PATTERN

SPR = ProbeTask(dict.fromkeys((*TOKENS, "é"), 2), 6, (1, 2), TOKEN_PATTERN)
OURS = {probe.name: probe for probe in known_probes(SPR)}


@pytest.mark.parametrize("name", OURS)
def test_our_probes_pass(name: str) -> None:
    probe_conformance(OURS[name], task=SPR)


def probe(function: Any, **options: Any) -> Probe:
    given: dict[str, Any] = {"unit": "share of tokens", "strengths": [0.2], "expectation": "invariant"}
    return own_probe("own.mine", **(given | options))(function)


def test_a_sound_probe_of_others_passes() -> None:
    def lose(rows: list[list[str]], strength: float, random: np.random.Generator) -> list[list[str]]:
        """Tokens lost."""
        return [[token for token in row if random.random() >= strength] for row in rows]

    probe_conformance(probe(lose, strengths=[0.1, 0.5, 1]))
    probe_conformance(probe(lambda rows, strength, random: [row * int(strength) for row in rows], unit="times"))
    probe_conformance(probe(lose), rows={"mine": [["x"], []]}, task=ProbeTask({"x": 1}, 1))


CALLS = itertools.count()


def spoil(rows: WrittenRows, *_: Any) -> WrittenRows:
    rows.codes[:] = 0
    return rows


def change(made: Any) -> Probe:
    """A probe made by hand, whose change gives what `made` gives."""
    return Probe("own.mine", "tokens", (1.0,), made, "Something.")


BAD: dict[str, tuple[Any, str]] = {
    "loses rows": (
        probe(lambda rows, *_: rows[:2]),
        "own.mine at 0.2 on ordinary rows: InputError: .* it gave 2 rows for 20",
    ),
    "returns text": (probe(lambda rows, *_: [" ".join(row) for row in rows]), "is no row of tokens: it is a str"),
    "returns numbers": (probe(lambda rows, *_: [[1] for _ in rows]), "1 is no token"),
    "returns nothing": (change(lambda *_: None), "it gave a NoneType, not rows of tokens"),
    "has tokens that are no text": (change(lambda rows, *_: replace(rows, lexicon=(1, 2, 3, 4))), "1 is no token"),
    "has a token twice": (change(lambda rows, *_: replace(rows, lexicon=(*"abca",))), "a token stands twice"),
    "has unknown codes": (change(lambda rows, *_: rows.with_codes(rows.codes + 9)), "a code that the lexicon lacks"),
    "has offsets of others": (change(lambda rows, *_: replace(rows, codes=rows.codes[1:])), "offsets do not cut"),
    "changes its input": (change(spoil), "it changed its input"),
    "is chance": (probe(lambda rows, *_: [[str(next(CALLS))] for _ in rows]), "a second run gives other rows"),
    "draws from the global seed": (
        probe(lambda rows, *_: [row if random.random() < 2 else [] for row in rows]),
        "global random state",
    ),
    "expects tokens": (probe(lambda rows, *_: [[row[0]] for row in rows]), "on rows without tokens: .*IndexError"),
    "expects rows": (probe(lambda rows, *_: [rows[0], *rows[1:]]), "on no rows: .*IndexError"),
    "knows train's tokens only": (
        probe(lambda rows, *_: [[{"a": "b", "b": "c", "c": "d", "d": "a"}[t] for t in row] for row in rows]),
        "on tokens unknown to train: .*KeyError",
    ),
    "breaks when it is stronger": (
        probe(lambda rows, s, _: [[row[int(s)]] if len(row) > 2 else row for row in rows], unit="place", strengths=[1]),
        "own.mine at 10 on ordinary rows: .*IndexError",
    ),
    "counts a share above 1": (probe(lambda rows, *_: rows, strengths=[2]), "a share above 1 in 'share of tokens'"),
    "is no probe": (lambda rows: rows, "is no probe: make one with brittlestar.own_probe"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_probe_fails_that(what: str) -> None:
    bad, message = BAD[what]
    with pytest.raises(AssertionError, match=message):
        probe_conformance(bad)


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ({"name": "Mine"}, "'Mine' is no name of a probe: name it family.what"),
        ({"name": "own.mine:"}, "'own.mine:' is no name of a probe"),
        ({"name": "ordr.mine"}, "ordr.mine: families are order, composition"),
        ({"expectation": "stays"}, "own.mine: the expectation is one of invariant, changes, open"),
        ({"about": " "}, "own.mine: no sentence that says what happens"),
        ({"unit": "", "strengths": (2.0,)}, "own.mine: no unit that says what a strength counts"),
        ({"strengths": (float("nan"),)}, "own.mine: strengths are numbers but 0"),
        ({"strengths": (1.0, 1.0)}, "own.mine: a strength stands there twice"),
    ],
    ids=str,
)
def test_a_probe_fails_that_is_badly_declared(declared: dict[str, Any], message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        probe_conformance(replace(change(lambda rows, *_: rows), **declared))
