"""Everything a report leaves on disk."""

from collections.abc import Callable, Mapping
from pathlib import Path

from brittlestar.core.errors import BrittlestarError, format_error
from brittlestar.core.files import write_whole
from brittlestar.core.hashing import pretty_json
from brittlestar.reports import render
from brittlestar.reports.figures.gallery import gallery
from brittlestar.reports.page import page, results_document
from brittlestar.reports.reading import Reading
from brittlestar.reports.tables import write_tables, write_verdicts

RESULTS = "results.json"
FILES: Mapping[str, Callable[[Reading], str | bytes]] = {
    RESULTS: lambda reading: pretty_json(results_document(reading)),
    "report.html": page,
    "tables.md": lambda reading: write_tables(reading, ".md"),
    "tables.tex": lambda reading: write_tables(reading, ".tex"),
    "verdicts.md": lambda reading: write_verdicts(reading, ".md"),
    "verdicts.tex": lambda reading: write_verdicts(reading, ".tex"),
}
"""The files of a report, and what makes each of a reading."""
FIGURES = "figures"
"""The folder of figures in a report."""


def write_report(reading: Reading, folder: Path, figures: bool) -> tuple[str, ...]:
    """Write FILES into `folder` (results.json is the document without `timing`), and with `figures` also
    figures/NAME.svg, .pdf and .png.

    Every file is written whole. A file that a fault of ours keeps from being made says so in its place, and the others
    are written: returned is what failed, a sentence each. Raises MissingExtraError for `figures` without vl-convert,
    before anything is written, and OSError when the folder cannot be written.
    """
    drawn = draw_figures(reading) if figures else {}
    folder.mkdir(parents=True, exist_ok=True)
    faults: list[str] = []
    for name, make in FILES.items():
        try:
            content = make(reading)
        except (BrittlestarError, OSError):
            raise
        except Exception as error:
            content = f"{name} could not be made, by a fault of brittlestar: {format_error(error)}"
            faults.append(content)
        write_whole(folder / name, content if isinstance(content, bytes) else content.encode())
    if drawn:
        (folder / FIGURES).mkdir(exist_ok=True)
    for name, content in drawn.items():
        write_whole(folder / FIGURES / name, content)
    return tuple(faults)


def draw_figures(reading: Reading) -> dict[str, bytes]:
    """Every figure in three formats, by the name of its file. Raises MissingExtraError without vl-convert."""
    drawn: dict[str, bytes] = {}
    for name, figure in gallery(reading).items():
        drawn[f"{name}.svg"] = render.svg(figure.spec).encode()
        drawn[f"{name}.pdf"] = render.pdf(figure.spec)
        drawn[f"{name}.png"] = render.png(figure.spec)
    return drawn
