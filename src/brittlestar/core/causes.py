"""Which findings name a cause of a poor score, the surest first, and which only say that something is wrong: as their
checks declare it."""

from collections.abc import Mapping
from functools import cache

from brittlestar.core.catalogue import find_checks
from brittlestar.core.checks import NONE, Needs, Role
from brittlestar.core.findings import Finding

LEAST_DIFFERENCE = 0.005  # half a point: what a person sees of a rounded score
KINDS = ("broken", "shaky", "untaught")
"""Causes, the surest first."""
_OF_VARIANTS: tuple[Needs, ...] = ("record", "answers", "probes", "claims")


@cache
def list_roles() -> Mapping[str, Role]:
    """{code: role} of every check of variants that declares one."""
    checks = (check for needs in _OF_VARIANTS for check in find_checks(needs).values())
    return {check.code: check.role for check in checks if check.role != NONE}


def role_of(finding: Finding) -> Role:
    """The role of a finding: none where it is about no variant."""
    return list_roles().get(finding.code, NONE) if "variant" in finding.where else NONE


@cache
def rank_causes(*kinds: str) -> tuple[str, ...]:
    """The codes of these kinds of causes, all without any, the surest first."""
    found = [(KINDS.index(role.cause), role.place, code) for code, role in list_roles().items() if role.cause]
    return tuple(code for kind, _, code in sorted(found) if KINDS[kind] in (kinds or KINDS))
