"""`python -m exam.record.sealing [--set SET] [--write]`: are the cases those sealed before anything met them?"""

from __future__ import annotations

import argparse
import hashlib
import inspect
import json
import sys
from collections.abc import Sequence
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.core.hashing import pretty_json
from exam.record.case_set import CaseSet
from exam.record.sets import FIRST, SETS


def digest(content: Any) -> str:
    """SHA-256 of a JSON value."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def manifest(cases: CaseSet) -> dict[str, dict[str, str]]:
    """The digest of every case with its expected answer, by part and name."""
    return {
        "mutations": {
            one.name: digest([inspect.getsource(one.change), one.depth, one.names, one.form, one.resealed])
            for one in cases.mutations
        },
        "shared": {one.__name__: digest(inspect.getsource(one)) for one in cases.shared},
        "studies": {name: digest(text) for name, text in cases.studies.items()},
        "reports": {one.name: digest([one.study, one.suffix, one.text, dict(one.expected)]) for one in cases.reports},
        "programs": {
            one.name: digest([one.kind, one.text, one.study(), list(one.codes), one.names]) for one in cases.programs
        },
    }


def seal(cases: CaseSet) -> None:
    """Write the digests."""
    cases.sealed.write_bytes(pretty_json(manifest(cases)))


def check_sealed(cases: CaseSet = FIRST) -> str:
    """SHA-256 of the seal. Raises InputError where a case is not the one that was sealed."""
    place = cases.sealed
    sealed, now = json.loads(place.read_bytes()), manifest(cases)
    for part in sorted({*sealed, *now}):
        before, after = sealed.get(part, {}), now.get(part, {})
        for name in sorted({*before, *after}):
            if before.get(name) != after.get(name):
                raise InputError(f"{part}: '{name}' is not what was sealed", place.name, "restore the file it is in")
    return hashlib.sha256(place.read_bytes()).hexdigest()


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the seal, or write it."""
    parser = argparse.ArgumentParser(prog="python -m exam.record.sealing", description=__doc__)
    parser.add_argument("--set", choices=sorted(SETS), default=FIRST.name, help="which set of cases")
    parser.add_argument("--write", action="store_true", help="seal the cases as they are")
    given = parser.parse_args(arguments)
    cases = SETS[given.set]
    if given.write:
        seal(cases)
    try:
        print(check_sealed(cases))
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
