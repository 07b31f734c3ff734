"""A file that states settings, read as what its name ends in says: a tree of names, a table, or a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.records.reported.pages import read_page
from brittlestar.records.reported.prose import NO_OWN
from brittlestar.records.reported.stated import Stated
from brittlestar.records.reported.tables import read_csv, read_latex, read_markdown
from brittlestar.records.reported.trees import read_json, read_toml, read_yaml

LARGEST = 1 << 22  # budget: bytes; a table of settings has some thousand
HINT = "write a table of settings: YAML (`lr: 1e-4`), CSV (`name,value`), or a Markdown table"
ONE = f"{HINT}; of a table with a row for each configuration keep the row that is reported"


def read_stated(path: Path, own: Mapping[str, Any] = NO_OWN) -> tuple[Stated, ...]:
    """The settings that a file states; `own` are an own model's parameters, which sentences may name. Raises
    InputError where it cannot be read, or states none."""
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(f"it has more than {LARGEST:,} bytes", str(path), HINT)
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"it cannot be read: {error.strerror}", str(path), HINT) from error
    except UnicodeDecodeError as error:
        raise InputError("it is no text in UTF-8", str(path), HINT) from error
    suffix = path.suffix.lower()
    found = tuple(READERS.get(suffix, read_yaml)(text, str(path)))
    if not found and suffix in PAGES:
        found = tuple(read_page(text, own))
    if not found:
        raise InputError("it states no setting", str(path), ONE)
    return found


READERS: Mapping[str, Callable[[str, str], Iterator[Stated]]] = {
    ".yaml": read_yaml,
    ".yml": read_yaml,
    ".json": read_json,
    ".toml": read_toml,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".txt": read_markdown,
    ".tex": read_latex,
}
"""What reads a file, by what its name ends in."""
PAGES = (".md", ".markdown", ".txt", ".tex")
"""Of these, lines and sentences are read where no table states a setting."""
