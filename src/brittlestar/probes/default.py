"""Which probes suit the data at hand."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from brittlestar.core.errors import InputError, Problem
from brittlestar.probes.composition import composition_probes, order_probes
from brittlestar.probes.factors import factor_probes
from brittlestar.probes.length import LONGEST, length_probes
from brittlestar.probes.noise import noise_probes
from brittlestar.probes.probe import Probe
from brittlestar.probes.suite import EXTRAS
from brittlestar.probes.task import Task
from brittlestar.probes.tokenisation import tokenisation_probes


def known_probes(task: Task) -> tuple[Probe, ...]:
    """Every probe that these data allow, those without a default strength among them; none where train has no token."""
    rooms = (order_probes, composition_probes, length_probes, factor_probes, noise_probes, tokenisation_probes)
    return tuple(probe for room in rooms for probe in room(task)) if task.frequency else ()


def chosen_probes(
    task: Task,
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
    names = [probe.name for probe in known]
    problems = [
        Problem(f"two probes are named '{name}'", "probes.own", "give yours another name, and each probe once")
        for name in dict.fromkeys(probe.name for probe in own)
        if names.count(name) > 1
    ]
    problems += _unknown({"only": only, "skip": skip, "strengths": given, "expect": expect or {}}, known)
    problems += [one for name, values in given.items() for one in _strengths(name, values, known, own, task.longest)]
    problems += _without_strength(only, given, known)
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


def _unknown(given: Mapping[str, Sequence[str] | Mapping[str, object]], known: Sequence[Probe]) -> list[Problem]:
    from brittlestar.core.texts import suggest

    single = {name for probe in known for name in _names(probe)}
    names = {"strengths": single, "expect": single | {probe.family for probe in known}}
    listed = {probe.name for probe in known}
    several = names["expect"] | {part for name in EXTRAS for part in _parts(name)}
    return [
        Problem(
            f"'{name}' is no probe of these data" if name not in several else f"'{name}' is no single probe",
            f"probes.{key}",
            suggest(name, there)
            or f"there are {', '.join(sorted(listed | ({*EXTRAS} if key not in names else set())))}",
        )
        for key, values in given.items()
        for there in [names.get(key, several)]
        for name in values
        if name not in there
    ]


def _without_strength(
    only: Sequence[str], given: Mapping[str, Sequence[float]], known: Sequence[Probe]
) -> list[Problem]:
    """Probes that are asked for by their name and would not run."""
    return [
        Problem(
            f"'{name}' has no strength by itself here",
            "probes.only",
            f"give --strength {name}=VALUE, or set probes.strengths.{name}",
        )
        for name in only
        for named in [[probe for probe in known if name in _names(probe)]]
        if named and not any(probe.strengths or any(part in given for part in _names(probe)) for probe in named)
    ]


def _strengths(
    name: str, values: Sequence[float], known: Sequence[Probe], own: Sequence[Probe], longest: int
) -> list[Problem]:
    """What is wrong with the strengths of a probe, by what it counts."""
    where = f"probes.strengths.{name}"
    probe = next((one for one in known if name in _names(one)), None)
    if probe is None:
        return []
    problems = [
        Problem(what, where, hint)
        for value in values
        for what, hint in [_wrong(float(value), "" if probe in own else probe.name, probe.unit, longest)]
        if what
    ]
    shown = [f"{value:g}" for value in values]
    problems += [
        Problem(f"{one} is given twice", where, "give each strength once")
        for one in dict.fromkeys(shown)
        if shown.count(one) > 1
    ]
    return problems


def _wrong(value: float, name: str, unit: str, longest: int) -> tuple[str, str]:
    """What is wrong with a strength of one of our probes (an own one: no name), and what to do; "" where nothing is."""
    if not np.isfinite(value) or value == 0 or (value < 0 and name != "order.pinned"):
        hint = "positions count from 1, or from -1 at the end" if name == "order.pinned" else "give a number above 0"
        return f"{value:g} is no strength", hint
    if not name or unit == "times train's longest row":
        return "", ""
    if not unit:
        wrong = f"{value:g} is no strength: this probe has but one"
        return (wrong, "write 1, or leave it out") if value != 1 else ("", "")
    if unit == "share of tokens":
        return (f"{value:g} is no share of tokens", "it lies between 0 and 1") if value > 1 else ("", "")
    if value != int(value):
        return f"{value:g} is no strength: it counts whole ones", "write it whole"
    if name == "order.pinned" and abs(value) > longest:
        return f"no row of train has a token at position {value:g}", f"the longest has {longest:,} tokens"
    return (f"{value:g} is too strong", f"write {LONGEST:,} at most") if abs(value) > LONGEST else ("", "")
