"""Which of the files that own code opened hold rows of a split: by what stands in them, wherever they lie."""

from collections.abc import Mapping
from pathlib import Path

from brittlestar.core.seen_training import SeenFile, SeenFiles
from brittlestar.data.opening import open_data
from brittlestar.execution.job_inputs import store_of
from brittlestar.execution.jobs import Site
from brittlestar.models.opened_files import find_unseen
from brittlestar.models.own import OwnModel
from brittlestar.models.source import is_library
from brittlestar.store.layout import Store
from brittlestar.store.split_rows import find_lone_rows

ROWS_SOUGHT = 20  # convention
SHORTEST = 8  # convention: shorter texts may stand in any file
MOSTLY = 0.5  # convention: of the rows that are sought
LARGEST_SEARCHED = 64 << 20  # budget: bytes of a file that is searched
FORM = b" \t\r\n\"',\\[]"
"""Characters that tables, JSON and lists put between tokens, or leave out."""


def find_split_files(own: OwnModel, opened: Mapping[str, str], site: Site) -> SeenFiles:
    """What own code read of splits. `opened` are {path: line} of files that it opened while it trained."""
    lines = {**own.opened, **opened}
    sought = _choose_rows(store_of(site)) if lines else {}
    found: set[SeenFile] = set()
    for path, line in lines.items():
        content = _read(Path(path))
        held = {name for name, rows in sought.items() if sum(row in content for row in rows) > MOSTLY * len(rows)}
        found |= {SeenFile(name, Path(path).name, line, "train" in held) for name in held - {"train"}}
    texts = [file.read_text(encoding="utf-8", errors="replace") for file in own.files if not is_library(file)]
    source = "" if site.session is None else site.session.source or ""
    return SeenFiles(tuple(sorted(found, key=repr)), find_unseen([*texts, source]))


def _read(path: Path) -> bytes:
    """What stands in a file, without its form; nothing where that cannot be searched."""
    try:
        return _strip(path.read_bytes()) if path.is_file() and path.stat().st_size <= LARGEST_SEARCHED else b""
    except OSError:
        return b""


def _strip(text: bytes) -> bytes:
    return text.translate(None, FORM).lower()


def _choose_rows(store: Store) -> dict[str, list[bytes]]:
    """The text of some rows of each split, without its form: none where no row is long enough to be told."""
    rows = find_lone_rows(store.data, tuple(open_data(store.data).splits), ROWS_SOUGHT)
    texts = {name: [_strip("".join(row).encode(errors="replace")) for row in some] for name, some in rows.items()}
    return {name: [text for text in some if len(text) >= SHORTEST] for name, some in texts.items()}
