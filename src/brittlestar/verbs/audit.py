"""`audit`: what is wrong with data, splits and tokens, in seconds and without training."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brittlestar.audits.audit import Progress, audit_material
from brittlestar.audits.check import Check
from brittlestar.audits.material import Material, material_of
from brittlestar.core.errors import InputError
from brittlestar.core.findings import Finding
from brittlestar.verbs.opening import Opened, open_input


@dataclass(frozen=True)
class AuditResult:
    """What an audit found: `findings` in the order of the checks, and `document`, the JSON of the verb."""

    findings: tuple[Finding, ...]
    document: Mapping[str, Any]
    material: Material

    def of(self, code: str) -> tuple[Finding, ...]:
        """Findings of one code."""
        return tuple(finding for finding in self.findings if finding.code == code)


def audit(
    data: str | Path | Mapping[str, Any] | None = None,
    *,
    train: Any = None,
    dev: Any = None,
    test: Any = None,
    shifted: Mapping[str, Any] | None = None,
    columns: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
    only: Sequence[str] = (),
    checks: Sequence[Check] = (),
    progress: Progress = lambda code, done, of: None,
) -> AuditResult:
    """Check data, splits, tokens and labels; nothing is trained and no input is changed.

    `data` is a folder of splits, a study file, or a mapping from split names to pandas, Polars or Arrow frames, pairs
    (sequences, labels) or lists of dicts; instead of it, splits are given one by one (`shifted` maps names to splits,
    `shift_` is put before a name that lacks it). `only` names codes or families to run; `checks` are own ones.
    `progress` is called with the code that starts, how many are done, and of how many. Raises InputError.
    """
    opened = open_input(_splits(data, train, dev, test, shifted or {}), columns=columns, overrides=settings)
    material = material_of(opened.frames, opened.data, opened.loaded.study, opened.base)
    findings = audit_material(material, only=only, own=checks, progress=progress)
    return AuditResult(findings, document(opened, findings), material)


def document(opened: Opened, findings: Sequence[Finding]) -> dict[str, Any]:
    """The JSON of `audit`: `study`, `data.splits.NAME`, `findings`, `notes`."""
    return {
        "study": opened.loaded.study.name,
        "data": {"splits": {name: {"rows": split.n_rows} for name, split in opened.data.splits.items()}},
        "findings": [finding.as_json() for finding in findings],
        "notes": [*opened.frames.notes, *opened.data.notes],
    }


def checks_named(names: Sequence[str]) -> tuple[Check, ...]:
    """Own checks by `package.module:NAME`, imported from the working directory or the path. Raises InputError."""
    return tuple(_named(name) for name in names)


def _named(name: str) -> Check:
    module, _, attribute = name.partition(":")
    try:
        with _here():
            found = getattr(importlib.import_module(module), attribute)
    except Exception as error:
        what = f"{name!r} cannot be imported: {type(error).__name__}: {error}"
        raise InputError(what, "--check", "give package.module:NAME of a brittlestar Check") from error
    if not isinstance(found, Check):
        raise InputError(f"{name!r} is a {type(found).__name__}, not a Check", "--check", f"a check is {Check.__doc__}")
    return found


@contextmanager
def _here() -> Generator[None]:
    sys.path.insert(0, str(Path.cwd()))
    try:
        yield
    finally:
        sys.path.pop(0)


def _splits(data: Any, train: Any, dev: Any, test: Any, shifted: Mapping[str, Any]) -> Any:
    """What `open_input` reads. Raises InputError where both ways are used, or none."""
    given = {name: value for name, value in (("train", train), ("dev", dev), ("test", test)) if value is not None}
    given |= {name if name.startswith("shift_") else f"shift_{name}": value for name, value in shifted.items()}
    if data is not None and given:
        raise InputError("data and single splits are given", "data", "leave one of the two out")
    if data is None and not given:
        raise InputError("nothing to audit is given", "data", "audit('FOLDER') or audit(train=…, test=…)")
    return given if data is None else data
