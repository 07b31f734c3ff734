"""`clean`: what a study's folder holds that its study names no more."""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brittlestar.core.brief import MOST_LINES
from brittlestar.core.errors import StoreError
from brittlestar.core.texts import show_size
from brittlestar.data.opening import open_data
from brittlestar.reports.document import SCHEMA_VERSION
from brittlestar.store.layout import Store, open_store
from brittlestar.store.leftovers import Leftover, find_leftovers, remove_leftovers
from brittlestar.store.lock import exclusive, is_locked
from brittlestar.store.study_document import read_cells, read_study
from brittlestar.study.units import count


@dataclass(frozen=True, repr=False)
class CleanResult:
    """What nothing names any more, by kind; whether it was `removed`, or only listed; and the study's folder."""

    store: Path
    leftovers: tuple[Leftover, ...]
    removed: bool

    @property
    def bytes(self) -> int:
        """Bytes of all of it."""
        return sum(one.bytes for one in self.leftovers)

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb."""
        return {
            "schema_version": SCHEMA_VERSION,
            "study": str(self.store),
            "removed": self.removed,
            "bytes": self.bytes,
            "leftovers": [dict(vars(one)) for one in self.leftovers],
        }

    @property
    def kinds(self) -> dict[str, tuple[int, int]]:
        """How many there are of each kind, and their bytes."""
        found: dict[str, tuple[int, int]] = {}
        for one in self.leftovers:
            many, size = found.get(one.kind, (0, 0))
            found[one.kind] = many + 1, size + one.bytes
        return found

    @property
    def words(self) -> str:
        """`3 files and folders, 1.2 MB, that nothing needs; nothing is removed yet`."""
        if not self.leftovers:
            return "nothing to remove: study.json names all there is"
        found = f"{count(len(self.leftovers), 'file or folder', 'files and folders')}, {show_size(self.bytes)}"
        return found if self.removed else f"{found}, that nothing needs; nothing is removed yet"

    @property
    def next(self) -> str | None:
        """The command that removes them, None where nothing is left to remove."""
        return (
            f"brittlestar clean {shlex.quote(str(self.store))} --yes" if self.leftovers and not self.removed else None
        )

    def __repr__(self) -> str:
        lines = [f"{kind}: {many:,}, {show_size(size)}" for kind, (many, size) in self.kinds.items()]
        return "\n".join([self.words, *lines][:MOST_LINES])


def clean(study: str | Path, *, remove: bool = False) -> CleanResult:
    """List what a study's folder needs no more, and remove it if asked.

    Needs a study's folder on which nothing is at work. It lists what the study names no more, with sizes.

    That is runs of settings, seeds or data that are gone, runs that failed or were damaged and set aside, scores and
    probe answers of splits and suites that are gone, and what killed processes left. The study's runs, data, claims,
    audit, report and attempts.jsonl are never touched.

    Args:
        study (STUDY): The folder NAME.study that `run` made.
        remove (--yes): Remove it. Without it nothing is removed.

    Returns:
        What was found, with its size, and whether it was removed.

    Raises:
        InputError: There is no such study, or its study.json cannot be read.
        StoreError: Another process is at work on it, or a file cannot be removed.

    Command:
        Examples:
          brittlestar clean demo/data.study
          brittlestar clean demo/data.study --yes

        Exit codes: 0 done; 1 a run is at work on the study, or a file cannot be removed; 2 wrong usage, or no study's
        folder.

    Example:
        The study is that of `run("data", seeds=2)`.

        >>> from brittlestar import clean
        >>> clean("data.study")
        nothing to remove: study.json names all there is
    """
    store = open_store(study)
    if not remove:
        if is_locked(store):
            hint = f"watch it with: brittlestar status {shlex.quote(str(store.root))}"
            raise StoreError("another run is at work on this store", str(store.root), hint)
        return CleanResult(store.root, tuple(_list_leftovers(store)), False)
    with exclusive(store):
        found = tuple(_list_leftovers(store))
        remove_leftovers(store, found)
    return CleanResult(store.root, found, True)


def _list_leftovers(store: Store) -> Iterable[Leftover]:
    """The same for who lists and who removes: what is removed is what would have been listed then."""
    cells = read_cells(read_study(store))
    splits = open_data(store.data).splits
    return find_leftovers(store, cells, {name: one.fingerprint for name, one in splits.items()})
