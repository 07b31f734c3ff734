"""Which probes suit the data at hand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from brittlestar.core.errors import InputError, Problem
from brittlestar.probes.composition import composition_probes, order_probes
from brittlestar.probes.factors import factor_probes
from brittlestar.probes.length import LONGEST_ROW, length_probes
from brittlestar.probes.noise import noise_probes
from brittlestar.probes.probe import Probe
from brittlestar.probes.suite import EXTRAS
from brittlestar.probes.task import ProbeTask
from brittlestar.probes.tokenisation import tokenisation_probes


def known_probes(task: ProbeTask) -> tuple[Probe, ...]:
    """Every probe that these data allow, those without a default strength among them; none where train has no token."""
    rooms = (order_probes, composition_probes, length_probes, factor_probes, noise_probes, tokenisation_probes)
    return tuple(probe for room in rooms for probe in room(task)) if task.frequency else ()


def chosen_probes(
    task: ProbeTask,
    *,
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    strengths: Mapping[str, Sequence[float]] | None = None,
    expect: Mapping[str, str] | None = None,
    own: Sequence[Probe] = (),
) -> tuple[Probe, ...]:
    """The probes of a suite: `only` and `skip` name probes or families, `strengths` and `expect` set those of single
    probes (of all factors, where no factor is named). Raises InputError for names that are no probe of these data or
    that two probes have, strengths that a probe cannot have, and probes that are asked for and have no strength."""
    given, known = strengths or {}, (*known_probes(task), *own)
    asked = {"only": only, "skip": skip, "strengths": given, "expect": expect or {}}
    problems = [
        *_find_twins(own, known),
        *_find_unknown(asked, known),
        *(one for name, values in given.items() for one in _find_wrong(name, values, known, own, task.longest)),
        *_find_without_strength(only, given, known),
    ]
    if problems:
        raise InputError(problems)
    found: list[Probe] = []
    for probe in known:
        if (only and not _is_named(probe, only)) or _is_named(probe, skip):
            continue
        wanted = next((given[name] for name in _names(probe) if name in given), probe.strengths)
        stated = next((e for name, e in (expect or {}).items() if _meant(probe, name, e)), None)
        said = {} if stated is None else {"expectation": stated, "declared": stated != "open"}
        found.append(replace(probe, strengths=tuple(float(one) for one in wanted), **said))
    return tuple(probe for probe in found if probe.strengths)


def _names(probe: Probe) -> tuple[str, str]:
    """Its name, and the name without the factor that it is about."""
    return probe.name, probe.name.partition(":")[0]


def _is_named(probe: Probe, names: Sequence[str]) -> bool:
    return any(name in (*_names(probe), probe.family) for name in names)


def _meant(probe: Probe, name: str, expectation: str) -> bool:
    """Whether an expectation is about a probe; that a family changes predictions, of those that take it away alone."""
    if name == probe.family and expectation == "changes" and probe.family in WHOLE:
        return _names(probe)[1] in WHOLE[probe.family]
    return _is_named(probe, (name,))


WHOLE = {"order": ("order.shuffle",), "factors": ("factors.permute", "factors.redraw")}
"""The probes that take away what a family is about."""


def chosen_extras(only: Sequence[str], skip: Sequence[str]) -> tuple[str, ...]:
    """What a suite has beside probes, by the names that are chosen: it has no strengths to set."""
    return tuple(one for one in EXTRAS if (not only or {*_parts(one)} & {*only}) and not {*_parts(one)} & {*skip})


def _parts(name: str) -> tuple[str, str]:
    return name, name.partition(".")[0]


def _find_twins(own: Sequence[Probe], known: Sequence[Probe]) -> Iterator[Problem]:
    names = [probe.name for probe in known]
    for name in dict.fromkeys(probe.name for probe in own):
        if names.count(name) > 1:
            yield Problem(
                f"two probes are named '{name}'", "probes.own", "give yours another name, and each probe once"
            )


def _find_unknown(
    asked: Mapping[str, Sequence[str] | Mapping[str, object]], known: Sequence[Probe]
) -> Iterator[Problem]:
    from brittlestar.core.texts import suggest

    single = {name for probe in known for name in _names(probe)}
    several = single | {probe.family for probe in known} | {part for name in EXTRAS for part in _parts(name)}
    allowed = {"strengths": single, "expect": single | {probe.family for probe in known}}
    for key, names in asked.items():
        there = allowed.get(key, several)
        listed = {probe.name for probe in known} | (set() if key in allowed else {*EXTRAS})
        for name in names:
            if name not in there:
                what = "no single probe" if name in several else "no probe of these data"
                hint = suggest(name, there) or f"there are {', '.join(sorted(listed))}"
                yield Problem(f"'{name}' is {what}", f"probes.{key}", hint)


def _find_without_strength(
    only: Sequence[str], given: Mapping[str, Sequence[float]], known: Sequence[Probe]
) -> Iterator[Problem]:
    """Probes that are asked for by their name and would not run."""
    for name in only:
        named = [probe for probe in known if name in _names(probe)]
        if named and not any(probe.strengths or any(part in given for part in _names(probe)) for probe in named):
            hint = f"give --strength {name}=VALUE, or set probes.strengths.{name}"
            yield Problem(f"'{name}' has no strength by itself here", "probes.only", hint)


def _find_wrong(
    name: str, values: Sequence[float], known: Sequence[Probe], own: Sequence[Probe], longest: int
) -> Iterator[Problem]:
    """What is wrong with the strengths of a probe, by what it counts."""
    where, probe = f"probes.strengths.{name}", next((one for one in known if name in _names(one)), None)
    if probe is None:
        return
    for value in values:
        if problem := _judge_strength(float(value), "" if probe in own else probe.name, probe.unit, longest):
            yield Problem(problem[0], where, problem[1])
    shown = [f"{value:g}" for value in values]
    for one in dict.fromkeys(one for one in shown if shown.count(one) > 1):
        yield Problem(f"{one} is given twice", where, "give each strength once")


def _judge_strength(value: float, name: str, unit: str, longest: int) -> tuple[str, str] | None:
    """What is wrong with a strength of one of our probes (an own one: no name), and what to do; None if nothing is."""
    none = f"{value:g} is no strength"
    if not np.isfinite(value) or value == 0 or (value < 0 and name != "order.pinned"):
        pinned = name == "order.pinned"
        return none, "positions count from 1, or from -1 at the end" if pinned else "give a number above 0"
    if not name or unit == "times train's longest row":
        return None
    if not unit:
        return (f"{none}: this probe has but one", "write 1, or leave it out") if value != 1 else None
    if unit == "share of tokens":
        return (f"{value:g} is no share of tokens", "it lies between 0 and 1") if value > 1 else None
    if value != int(value):
        return f"{none}: it counts whole ones", "write it whole"
    if name == "order.pinned" and abs(value) > longest:
        return f"no row of train has a token at position {value:g}", f"the longest has {longest:,} tokens"
    return (f"{value:g} is too strong", f"write {LONGEST_ROW:,} at most") if abs(value) > LONGEST_ROW else None
