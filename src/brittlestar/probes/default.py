"""Which probes suit the data at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.probing import Expectation
from brittlestar.probes.composition import composition_probes
from brittlestar.probes.factors import factor_probes
from brittlestar.probes.length import length_probes
from brittlestar.probes.noise import noise_probes
from brittlestar.probes.order import order_probes
from brittlestar.probes.probe import Probe
from brittlestar.probes.task import Task
from brittlestar.probes.tokenisation import tokenisation_probes


def known_probes(task: Task) -> tuple[Probe, ...]:
    """Every probe that these data allow, those without a default strength among them."""
    rooms = (order_probes, composition_probes, length_probes, factor_probes, noise_probes, tokenisation_probes)
    return tuple(probe for room in rooms for probe in room(task))


def chosen_probes(
    task: Task,
    *,
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    strengths: Mapping[str, Sequence[float]] | None = None,
    expect: Mapping[str, Expectation] | None = None,
    own: Sequence[Probe] = (),
) -> tuple[Probe, ...]:
    """The probes of a suite: `only` and `skip` name probes or families, `strengths` and `expect` set those of single
    probes. Raises InputError for names that are no probe of these data, and strengths that a probe cannot have."""
    known = (*known_probes(task), *own)
    problems = _unknown({"only": only, "skip": skip, "strengths": strengths or {}, "expect": expect or {}}, known)
    problems += _strengths(strengths or {})
    if problems:
        raise InputError(problems)
    found: list[Probe] = []
    for probe in known:
        if (only and not _named(probe, only)) or _named(probe, skip):
            continue
        given = tuple(float(one) for one in (strengths or {}).get(probe.name, probe.strengths))
        expected = next((e for name, e in (expect or {}).items() if _named(probe, (name,))), probe.expectation)
        found.append(replace(probe, strengths=given, expectation=expected))
    return tuple(probe for probe in found if probe.strengths)


def _named(probe: Probe, names: Sequence[str]) -> bool:
    return any(name in (probe.name, probe.family, probe.name.partition(":")[0]) for name in names)


def _unknown(given: Mapping[str, Sequence[str] | Mapping[str, object]], known: Sequence[Probe]) -> list[Problem]:
    from brittlestar.study.schema import suggest

    names = {part for probe in known for part in (probe.name, probe.family, probe.name.partition(":")[0])}
    extra = {"contrast", "composition.tilt", "length.sweep"}
    return [
        Problem(
            f"'{name}' is no probe of these data",
            f"probes.{key}",
            suggest(name, names | extra) or f"there are {', '.join(sorted({probe.name for probe in known}))}",
        )
        for key, values in given.items()
        for name in values
        if name not in names | extra
    ]


def _strengths(strengths: Mapping[str, Sequence[float]]) -> list[Problem]:
    """What is wrong with strengths, by what each kind of probe counts."""
    whole = ("order.window", "order.swaps", "order.rotate", "order.pinned", "length.repeat")
    counts = (*whole, "length.prefix", "length.suffix", "length.distract")
    problems: list[Problem] = []
    for name, values in strengths.items():
        where = f"probes.strengths.{name}"
        for value in values:
            low = -np.inf if name == "order.pinned" else 0.0
            if not np.isfinite(value) or value <= low or (name == "order.pinned" and value == 0):
                problems.append(Problem(f"{value:g} is no strength", where, "give a number above 0"))
            elif name in counts[:5] + counts[5:7] and value != int(value):
                problems.append(Problem(f"{value:g} is no strength: it counts whole ones", where, "write it whole"))
            elif name not in counts and not name.startswith("own.") and value > 1:
                problems.append(Problem(f"{value:g} is no share of tokens", where, "it lies between 0 and 1"))
    return problems
