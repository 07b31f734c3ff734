"""A file that states settings, read as what its name ends in says: a tree of names, a table, or a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.records.reported.aliases import find_paths
from brittlestar.records.reported.comments import blank_comments
from brittlestar.records.reported.pages import read_page
from brittlestar.records.reported.prose import NO_OWN
from brittlestar.records.reported.stated import Stated
from brittlestar.records.reported.tables import blank_tables, read_csv, read_latex, read_markdown
from brittlestar.records.reported.trees import read_ini, read_json, read_toml, read_yaml
from brittlestar.records.reported.web_pages import is_web, write_markdown

LARGEST = 1 << 22  # budget: bytes; a table of settings has some thousand
LEAST_ROWS = 3  # convention: a table with fewer known names is read only where a page says no more
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
    try:
        if suffix in PAGES:
            found = tuple(_read_page(text, str(path), suffix, own))
        else:
            found = tuple(READERS.get(suffix, read_yaml)(text, str(path)))
    except (ValueError, ArithmeticError, RecursionError, AssertionError) as error:  # of libraries, about odd files
        told = " ".join(str(error).split())[:100]
        raise InputError(f"it cannot be read: {told or type(error).__name__}", str(path), HINT) from error
    if not found:
        raise InputError("it states no setting", str(path), ONE)
    return found


def _read_page(text: str, where: str, suffix: str, own: Mapping[str, Any]) -> Iterator[Stated]:
    """Settings of the tables of a page; where no table states one, of its commands, lines and sentences."""
    text = blank_comments(text, suffix)
    text, lines = write_markdown(text) if suffix != ".tex" and is_web(text) else (text, ())
    found = [*READERS[suffix](text, where)]
    if _count_known(found) < LEAST_ROWS:  # a table of results, of rows or of a log
        spoken = [*read_page(blank_tables(text, suffix), own)]
        found = spoken if _count_known(spoken) > _count_known(found) else found or spoken
    for one in found:
        yield replace(one, line=lines[one.line - 1]) if lines and one.line else one


def _count_known(found: Iterable[Stated]) -> int:
    return len({one.name for one in found if len(find_paths(one.name)) == 1})


READERS: Mapping[str, Callable[[str, str], Iterator[Stated]]] = {
    ".yaml": read_yaml,
    ".yml": read_yaml,
    ".json": read_json,
    ".toml": read_toml,
    ".ini": read_ini,
    ".cfg": read_ini,
    ".conf": read_ini,
    ".env": read_ini,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".txt": read_markdown,
    ".html": read_markdown,
    ".htm": read_markdown,
    ".rst": read_markdown,
    ".log": read_markdown,
    ".sh": read_markdown,
    ".py": read_markdown,
    ".tex": read_latex,
}
"""What reads a file, by what its name ends in."""
PAGES = (".md", ".markdown", ".txt", ".html", ".htm", ".rst", ".log", ".sh", ".py", ".tex")
"""Of these, commands, lines and sentences are read where no table states a setting."""
