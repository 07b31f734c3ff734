"""Where the documentation stands: the one place that knows its address, and which codes have a page there."""

import functools
import os
import re

from brittlestar.core.code_pages import is_ours, split_at_codes

VARIABLE = "BRITTLESTAR_DOCS"
"""The address of the site in the place of the package's own; may be relative, and empty where there shall be none."""
_ADDRESS = re.compile(r"https?://[^\s\"'<>()]+|[\w./-]+")


def find_site() -> str:
    """The address of the documentation, without a slash at its end; empty where none is known."""
    site = os.environ.get(VARIABLE, _read_metadata()).strip().rstrip("/")
    return site if _ADDRESS.fullmatch(site) else ""


@functools.cache
def _read_metadata() -> str:
    """The address under `Documentation` of `[project.urls]`; empty where the package has none."""
    from importlib.metadata import PackageNotFoundError, metadata  # 12 ms, for those who show a code

    try:
        urls = metadata("brittlestar").get_all("Project-URL", [])
    except PackageNotFoundError:
        return ""
    return dict(one.split(", ", 1)[:2] for one in urls).get("Documentation", "")


def find_address(code: str) -> str:
    """The page of a code; empty for one of others, and where no site is known. The JSON of findings has no links: the
    address of the site and the code make them."""
    site = find_site()
    return f"{site}/reference/findings/{code}.html" if site and is_ours(code) else ""


def link_codes(text: str) -> list[tuple[str, str]]:
    """The text in pieces: codes with the address of their page, all else with an empty one."""
    return [(piece, find_address(piece) if number % 2 else "") for number, piece in enumerate(split_at_codes(text))]
