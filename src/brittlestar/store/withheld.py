"""What a record of a study holds back: files that were left out of it when it was sealed, or written without tokens."""

import json
from typing import Any

from brittlestar.core.hashing import pretty_json
from brittlestar.store.backend import Backend

WITHHELD = "withheld.json"


def list_withheld(keys: list[str]) -> bytes:
    """The file that says so; `keys` of what is not there, or not as the study has it."""
    return pretty_json({"withheld": sorted(keys)})


def read_withheld(backend: Backend) -> frozenset[str]:
    """The keys that a study's record holds back: none of a study's own folder."""
    try:
        listed: Any = json.loads(backend.read(WITHHELD))["withheld"]
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()
    return frozenset(one for one in listed if isinstance(one, str))
