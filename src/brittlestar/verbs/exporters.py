"""What a study is written as for other tools, beside its tables: one table, which the verb and its errors read. To add
one, write what makes it, and name it in EXPORTERS.

Imports stand inside functions: what is not asked for is not loaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from brittlestar.core.errors import Problem
from brittlestar.core.optional import require
from brittlestar.records.opened_study import OpenedStudy
from brittlestar.study.units import count
from brittlestar.verbs.export_files import refuse_existing_file, write_file


@dataclass(frozen=True)
class Exporter:
    """One form of a study: what people call it, what its option takes, and what writes it to a place and returns how
    many runs it wrote, None where it counts none. `extra` is the library that it needs, which an extra of that name
    brings."""

    title: str
    takes: str
    write: Callable[[OpenedStudy, str], int | None]
    extra: str = ""


def name_option(name: str) -> str:
    """`--mlflow` for `mlflow`."""
    return f"--{name.replace('_', '-')}"


def refuse_places(places: Mapping[str, str], tables: Sequence[Path] = ()) -> list[Problem]:
    """What keeps exports from being written, by their names: a file or folder that is there already, or that another
    of them or of `tables` is to be written to. Raises MissingExtraError where the library of one is not installed."""
    files = [Path(place) for name, place in places.items() if EXPORTERS[name].takes != ADDRESS]
    paths = [path.absolute() for path in (*tables, *files)]
    found: list[Problem | None] = [
        Problem("two exports are to be written there", str(one)) for one in dict.fromkeys(paths) if paths.count(one) > 1
    ]
    for name, place in places.items():
        one = EXPORTERS[name]
        if one.extra:
            require(one.extra, one.extra)
        if one.takes != ADDRESS:
            found.append(refuse_existing_file(Path(place), name_option(name), one.takes))
    return [problem for problem in found if problem is not None]


def _write_settings(study: OpenedStudy, place: str) -> None:
    from brittlestar.records.reported.effect import write_settings

    write_file(Path(place), write_settings(study.effect).encode())


def _write_mlflow(study: OpenedStudy, place: str) -> int:
    from brittlestar.core.hashing import digest
    from brittlestar.reports.trackers import write_runs
    from brittlestar.store.attempts import read_attempts
    from brittlestar.store.layout import REPORT
    from brittlestar.store.study_document import read_study

    clocks: dict[str, tuple[float, float]] = {}
    for line in read_attempts(study.store):
        begun = clocks.get(line["cell"], (line["at"],))[0]
        clocks[line["cell"]] = (line["at"] if line["event"] == "started" else begun), line["at"]
    named = digest(read_study(study.store))
    return write_runs(study.reading, place, named, clocks, study.store.path(REPORT))


ADDRESS = "URI"
EXPORTERS: Mapping[str, Exporter] = {
    "settings": Exporter("Settings", "FILE", _write_settings),
    "mlflow": Exporter("MLflow", ADDRESS, _write_mlflow, "mlflow"),
}
"""Every form by its name, which is the parameter of `export` and the option of the command."""


@dataclass(frozen=True)
class Written:
    """One thing that was written: its kind, its place, and its rows or runs, None where it has none to count."""

    kind: str
    place: str
    rows: int | None = None
    runs: int | None = None

    @property
    def words(self) -> str:
        """`p.csv (600 rows)`."""
        counted = [count(n, one) for n, one in ((self.rows, "row"), (self.runs, "run")) if n is not None]
        return f"{self.place} ({counted[0]})" if counted else self.place

    @property
    def title(self) -> str:
        """`Model card`."""
        return EXPORTERS[self.kind].title if self.kind in EXPORTERS else self.kind.capitalize()
