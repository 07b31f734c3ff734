"""`python -m exam.record.sealing [--write]`: are the cases those that were sealed before anything met them?"""

from __future__ import annotations

import argparse
import hashlib
import inspect
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.core.hashing import pretty_json
from exam.record import archives, base, forged_rows, forged_runs, forged_words, forging, hashes, retrained
from exam.record.mutations import MUTATIONS
from exam.record.programs import PROGRAMS
from exam.record.reports import REPORTS, STUDIES

PLACE = Path(__file__).with_name("sealed.json")
SHARED = (archives, base, forged_rows, forged_runs, forged_words, forging, hashes, retrained)
"""Modules that mutations share parts of."""


def digest(content: Any) -> str:
    """SHA-256 of a JSON value."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def manifest() -> dict[str, dict[str, str]]:
    """The digest of every case with its expected answer, by part and name."""
    return {
        "mutations": {
            one.name: digest([inspect.getsource(one.change), one.depth, one.names, one.form, one.resealed])
            for one in MUTATIONS
        },
        "shared": {one.__name__: digest(inspect.getsource(one)) for one in SHARED},
        "studies": {name: digest(text) for name, text in STUDIES.items()},
        "reports": {one.name: digest([one.study, one.suffix, one.text, dict(one.expected)]) for one in REPORTS},
        "programs": {
            one.name: digest([one.kind, one.text, one.study(), list(one.codes), one.names]) for one in PROGRAMS
        },
    }


def seal() -> None:
    """Write the digests."""
    PLACE.write_bytes(pretty_json(manifest()))


def check_sealed() -> str:
    """SHA-256 of the seal. Raises InputError where a case is not the one that was sealed."""
    sealed, now = json.loads(PLACE.read_bytes()), manifest()
    for part in sorted({*sealed, *now}):
        before, after = sealed.get(part, {}), now.get(part, {})
        for name in sorted({*before, *after}):
            if before.get(name) != after.get(name):
                raise InputError(f"{part}: '{name}' is not what was sealed", PLACE.name, "restore the file it is in")
    return hashlib.sha256(PLACE.read_bytes()).hexdigest()


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the seal, or write it."""
    parser = argparse.ArgumentParser(prog="python -m exam.record.sealing", description=__doc__)
    parser.add_argument("--write", action="store_true", help="seal the cases as they are")
    given = parser.parse_args(arguments)
    if given.write:
        seal()
    try:
        print(check_sealed())
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
