"""Every check of the package, by what it needs, in the order in which a reader wants them."""

import functools
import importlib
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, get_args

from brittlestar.core.checks import Check, Needs, join_checks, run_checks
from brittlestar.core.findings import Finding

NEEDS: tuple[Needs, ...] = get_args(Needs)
_ROOMS: Mapping[Needs, str] = {
    "data": "audits",
    "record": "diagnosis",
    "answers": "diagnosis",
    "probes": "diagnosis.probes",
    "claims": "claims",
}
"""Whose `checks.py` lists them. Rooms above this one are named, and opened only when their checks are wanted: whoever
reads one kind loads that kind alone."""


@functools.cache
def find_checks(needs: Needs) -> Mapping[str, Check]:
    """{code: check} of those that need this, in the order of their list. A code may be looked for in data and in
    models: its checks have different needs."""
    checks: Sequence[Check] = importlib.import_module(f"brittlestar.{_ROOMS[needs]}.checks").CHECKS
    return MappingProxyType({check.code: check for check in checks if check.needs == needs})


def check_all(needs: Needs, subject: Any, own: Sequence[Check] = ()) -> list[Finding]:
    """Findings of all our checks that need this about one subject, then those of `own`, whose other kinds are left
    out. Raises InputError for a code that is given twice."""
    return run_checks(join_checks(find_checks(needs), own, needs).values(), subject)
