"""Where a store is: a folder of this machine, or an address in an object store."""

import os
import re
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.core.texts import find_scheme

SCHEMES = ("s3", "gs", "az", "memory")
_ADDRESS = re.compile(rf"({'|'.join(SCHEMES)}):(?:/+(.*))?", re.DOTALL)
Place = Path | str
"""A folder, or an address `SCHEME://BUCKET/PREFIX` as text."""


def read_place(place: Any) -> Place:
    """A folder as a path, an address as text without a slash at its end. A path that was made of an address, which
    loses a slash (`s3:/bucket`), is one, and what `run` returns stands for its study. Raises InputError for an address
    that no store can have, and for what is no place."""
    if not isinstance(place, str | os.PathLike):
        hint = "give a study's folder, what `run` returned, or a file; write a frame as CSV first"
        raise InputError(f"a {type(place).__name__} is no place of a study", hint=hint)
    text: str = os.fspath(place)
    found = _ADDRESS.fullmatch(str(text))
    if found is None:
        if other := find_scheme(text):
            hint = (
                f"give a folder or file of this machine, or a study at {', '.join(f'{one}://' for one in SCHEMES[:3])}"
            )
            raise InputError(f"addresses that begin with {other}:// cannot be used", str(text), hint)
        return Path(text)
    scheme, rest = found[1], (found[2] or "").strip("/")
    if not rest:
        raise InputError("the address names no bucket", f"{scheme}://", f"write {scheme}://BUCKET/NAME.study")
    if "@" in rest.partition("/")[0]:
        hint = "credentials come from the environment, as other tools of the store read them"
        raise InputError("an address holds no user and no password", f"{scheme}://…", hint)
    return f"{scheme}://{rest}"


def join_place(place: Place, key: str) -> str:
    """A key of a store at `place`, as people write it."""
    return f"{place}/{key}" if isinstance(place, str) else str(place / key)


def sibling_place(place: Place, name: str) -> Place:
    """The place of another name beside a place."""
    return f"{place.rpartition('/')[0]}/{name}" if isinstance(place, str) else place.with_name(name)


def name_place(place: Place) -> str:
    """The last part of a place."""
    return place.rpartition("/")[2] if isinstance(place, str) else place.resolve().name
