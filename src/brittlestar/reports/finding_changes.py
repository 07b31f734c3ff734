"""Findings of two studies: gained, lost, moved to another place, and of another severity."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from brittlestar.core.findings import Finding
from brittlestar.core.plain import plain

FIRST_KEYS = ("variant", "split")
EVERYWHERE = "everywhere"
"""The place of a finding that names none."""
REST = ("absent", "inconclusive", "not-applicable")
"""Statuses of a code that is not present, as one speaks for all of its places."""
Places = Mapping[tuple[str, str], Finding]
"""Findings by their code and place."""


@dataclass(frozen=True)
class FindingChange:
    """A finding that is present on one side alone, with its `status` on the other one (`not checked` where it has
    none)."""

    finding: Finding
    other: str

    def as_json(self) -> dict[str, Any]:
        """The finding as JSON, and what the other side says."""
        return {**plain(self.finding.document), "other": self.other}


@dataclass(frozen=True)
class FindingMove:
    """A code that is present on both sides, in places of `first` that the second does not share, and in those of
    `second` that the first does not."""

    first: tuple[Finding, ...]
    second: tuple[Finding, ...]

    @property
    def code(self) -> str:
        """The code."""
        return self.first[0].code

    @property
    def places(self) -> str:
        """`main → bag`: what tells the places apart, each once."""
        every = [one.where for one in (*self.first, *self.second)]
        shared = {key for key in every[0] if all(where.get(key) == every[0][key] for where in every)}
        if any(not set(where) - shared for where in every):
            shared = set()
        return " → ".join(
            ", ".join(dict.fromkeys(describe_place(one, shared) for one in side)) for side in (self.first, self.second)
        )

    @property
    def severities(self) -> str:
        """`warning → info`, or the one that both have."""
        sides = [", ".join(dict.fromkeys(str(one.severity) for one in side)) for side in (self.first, self.second)]
        return " → ".join(dict.fromkeys(sides))

    def as_json(self) -> dict[str, Any]:
        """The code, with its findings on both sides."""
        sides = {"first": self.first, "second": self.second}
        return {"code": self.code, **{name: [plain(one.document) for one in side] for name, side in sides.items()}}


@dataclass(frozen=True)
class SeverityChange:
    """A finding that is present in one place of both sides, with another severity; it is that of the second."""

    finding: Finding
    first: str

    @property
    def place(self) -> str:
        """`main · test`."""
        return describe_place(self.finding)

    @property
    def words(self) -> str:
        """`leak.exact (test): warning → error`."""
        return f"{self.finding.code} ({self.place}): {self.first} → {self.finding.severity}"

    def as_json(self) -> dict[str, Any]:
        """The finding as JSON, and its severity in the first."""
        return {**plain(self.finding.document), "first": self.first}


@dataclass(frozen=True)
class FindingChanges:
    """What differs in findings that are present; each is said once."""

    gained: tuple[FindingChange, ...] = ()
    lost: tuple[FindingChange, ...] = ()
    moved: tuple[FindingMove, ...] = ()
    severity: tuple[SeverityChange, ...] = ()

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(len(part) for part in vars(self).values())

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {name: [one.as_json() for one in part] for name, part in vars(self).items()}


def describe_place(one: Finding, shared: Iterable[str] = ()) -> str:
    """`main · test`: variant and split first, without the keys that are `shared`."""
    order = dict.fromkeys((*FIRST_KEYS, *one.where))
    return " · ".join(str(one.where[key]) for key in order if key in one.where and key not in shared) or EVERYWHERE


def list_finding_changes(first: Iterable[Finding], second: Iterable[Finding]) -> FindingChanges:
    """Findings that are present on one side alone, by code and place. A code of which each side has some that the other
    has not is one that moved: it is neither gained nor lost."""
    here, there = _by_place(first), _by_place(second)
    gained, lost = _present_alone(there, here), _present_alone(here, there)
    moved = {one.finding.code for one in gained} & {one.finding.code for one in lost}
    return FindingChanges(
        tuple(one for one in gained if one.finding.code not in moved),
        tuple(one for one in lost if one.finding.code not in moved),
        tuple(FindingMove(_take(lost, code), _take(gained, code)) for code in sorted(moved)),
        tuple(
            SeverityChange(one, str(here[key].severity))
            for key, one in there.items()
            if key in here and one.status == here[key].status == "present" and one.severity != here[key].severity
        ),
    )


def _take(changes: Sequence[FindingChange], code: str) -> tuple[Finding, ...]:
    return tuple(change.finding for change in changes if change.finding.code == code)


def _by_place(findings: Iterable[Finding]) -> Places:
    found: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        key = finding.code, json.dumps(plain(finding.where), sort_keys=True)
        if key not in found or finding.status == "present":
            found[key] = finding
    return found


def _present_alone(mine: Places, theirs: Places) -> list[FindingChange]:
    statuses: dict[str, set[str]] = {}
    for (code, _), one in theirs.items():
        statuses.setdefault(code, set()).add(one.status)
    found: list[FindingChange] = []
    for key, one in mine.items():
        other = theirs.get(key)
        if one.status == "present" and (other is None or other.status != "present"):
            said = statuses.get(one.code, set()) - {"present"}
            sentence = (
                other.status.replace("-", " ")
                if other is not None
                else "absent"
                if "absent" in said
                else "inconclusive"
                if said
                else ""
            )
            found.append(FindingChange(one, sentence or ("absent" if one.code in statuses else "not checked")))
    return found
