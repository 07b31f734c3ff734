"""Checks of others: found by name, kept in a study by name, and found again by whoever reads the study."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brittlestar.core.checks import Check, Needs
from brittlestar.core.errors import InputError
from brittlestar.core.findings import Finding
from brittlestar.models.importing import import_object
from brittlestar.store.layout import Store

SETTING = "report.checks"


@dataclass(frozen=True)
class OwnCheck:
    """A check with the name that it was found by, `package.module:NAME`, and the folder that it was looked for in."""

    check: Check
    reference: str
    folder: Path

    def as_json(self, store: Store) -> dict[str, Any]:
        """What study.json keeps of it; the folder relative to the store."""
        folder = store.relate(self.folder)
        return {"reference": self.reference, "folder": folder, "code": self.check.code, "needs": self.check.needs}


def load_checks(references: Sequence[str], where: str, base: Path | None = None) -> tuple[OwnCheck, ...]:
    """Checks by `package.module:NAME`, looked for in `base` if they are there, else in the working directory and among
    installed packages. Raises InputError, which names `where` and all that is wrong."""
    found: list[OwnCheck] = []
    problems: list[Any] = []
    for reference in references:
        folder = base.resolve() if base is not None and is_beside(reference, base) else Path.cwd()
        try:
            found.append(OwnCheck(load_check(reference, folder, where), reference, folder))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return tuple(found)


def load_check(reference: str, folder: Path, where: str) -> Check:
    """The check that `package.module:NAME` names, `folder` first on the import path. Raises InputError."""
    found = import_object(reference, folder, where)
    if not isinstance(found, Check):
        what = f"{reference!r} is a {type(found).__name__}, not a Check"
        raise InputError(what, where, "make one with brittlestar.Check(code, function, needs)")
    return found


def stored_checks(document: Mapping[str, Any], store: Store) -> tuple[Check, ...]:
    """The checks that study.json names. One that is not to be found any more yields that it failed."""
    found: list[Check] = []
    for entry in document.get("checks", []):
        try:
            found.append(load_check(entry["reference"], (store.anchor / entry["folder"]).resolve(), SETTING))
        except InputError as error:
            found.append(_missing(entry["code"], "data" if entry["needs"] == "data" else "record", error))
    return tuple(found)


def _missing(code: str, needs: Needs, error: InputError) -> Check:
    def function(subject: Any) -> Iterator[Finding]:
        """A check that cannot be loaded."""
        raise error

    return Check(code, function, needs)


def is_beside(reference: str, base: Path) -> bool:
    """Whether the package or module that `package.module:NAME` names is in the folder `base`."""
    top = reference.partition(":")[0].partition(".")[0]
    return (base / top).is_dir() or (base / f"{top}.py").is_file()
