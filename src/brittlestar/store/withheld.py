"""What a record of a study holds back: files that were left out of it when it was sealed, or written without tokens."""

import json
from typing import TYPE_CHECKING, Any

from brittlestar.core.hashing import pretty_json

if TYPE_CHECKING:
    from brittlestar.store.layout import Store

WITHHELD = "withheld.json"


def list_withheld(keys: list[str]) -> bytes:
    """The file that says so; `keys` of what is not there, or not as the study has it."""
    return pretty_json({"withheld": sorted(keys)})


def read_withheld(store: "Store") -> frozenset[str]:
    """The keys that a study's record holds back: none of a study's own folder."""
    try:
        listed: Any = json.loads(store.backend.read(WITHHELD))["withheld"]
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()
    return frozenset(one for one in listed if isinstance(one, str))
