"""All checks on one material, corrected together."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from brittlestar.audits.check import Check
from brittlestar.audits.checks import CHECKS
from brittlestar.audits.correction import corrected
from brittlestar.audits.material import Material
from brittlestar.core.errors import InputError
from brittlestar.core.findings import Finding

Progress = Callable[[str, int, int], None]


def audit_material(
    material: Material,
    *,
    only: Sequence[str] = (),
    own: Sequence[Check] = (),
    progress: Progress = lambda code, done, of: None,
) -> tuple[Finding, ...]:
    """Findings of every check (or of the codes and families named in `only`), in the order of the checks.

    `own` are further checks. P-values are corrected over everything that ran. Raises InputError for an unknown code,
    a code given twice, and an own check that fails or yields something else than findings of its code. A check of ours
    that fails is `inconclusive`, with the error under `evidence["failure"]`: a fault of ours must not hide the rest.
    """
    checks = _chosen({**CHECKS}, own, only)
    found: list[Finding] = []
    for position, check in enumerate(checks):
        progress(check.code, position, len(checks))
        found += _ours(check, material) if check.code in CHECKS else _own(check, material)
    progress("", len(checks), len(checks))
    return corrected(found)


def _chosen(ours: dict[str, Check], own: Sequence[Check], only: Sequence[str]) -> list[Check]:
    everything = dict(ours)
    for check in own:
        if check.code in everything:
            raise InputError(f"there is a check {check.code} already", "checks", "give yours another name")
        everything[check.code] = check
    unknown = [
        name for name in only if name not in everything and not any(c.startswith(f"{name}.") for c in everything)
    ]
    if unknown:
        raise InputError(
            f"no check {', '.join(unknown)}",
            "--only",
            f"codes: {', '.join(everything)}; a family such as leak works too",
        )
    return [c for code, c in everything.items() if not only or code in only or code.partition(".")[0] in only]


def _ours(check: Check, material: Material) -> list[Finding]:
    try:
        return list(check.function(material))
    except Exception as error:
        failure = f"{type(error).__name__}: {error}"
        where = traceback.extract_tb(error.__traceback__)[-1]
        evidence = {"failure": failure, "at": f"{Path(where.filename).name}:{where.lineno}"}
        summary = f"The check failed ({failure:.200}): nothing is known about {check.code}."
        remedy = "Please report this: a check must not fail, whatever the data."
        return [Finding(check.code, "inconclusive", summary, "The check runs to its end.", None, {}, evidence, remedy)]


def _own(check: Check, material: Material) -> list[Finding]:
    """Findings of a check that others wrote. Raises InputError with what is wrong about it."""
    try:
        found: list[Any] = list(check.function(material))
    except Exception as error:
        raise InputError(f"the check failed: {type(error).__name__}: {error}", check.code) from error
    if not found or not all(isinstance(one, Finding) and one.code == check.code for one in found):
        raise InputError(
            f"it yielded {found!r:.200}", check.code, f"yield findings with code {check.code}, at least one"
        )
    return found
