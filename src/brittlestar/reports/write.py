"""Everything a report leaves on disk."""

from collections.abc import Callable
from pathlib import Path

from brittlestar.core.errors import BrittlestarError
from brittlestar.core.files import write_whole
from brittlestar.core.hashing import pretty_json
from brittlestar.models.importing import format_exception
from brittlestar.reports import claim_cards, render, tables
from brittlestar.reports.figures.gallery import gallery
from brittlestar.reports.page import page, results_document
from brittlestar.reports.reading import Reading

FIGURES = "figures"
"""The folder of figures in a report."""


def write_report(reading: Reading, folder: Path, figures: bool) -> tuple[str, ...]:
    """Write results.json (the document without `timing`), report.html, tables.md, tables.tex, verdicts.md and
    verdicts.tex into `folder`, and with `figures` also figures/NAME.svg, .pdf and .png.

    Every file is written whole. A file that a fault of ours keeps from being made says so in its place, and the others
    are written: returned is what failed, a sentence each. Raises MissingExtraError for `figures` without vl-convert,
    before anything is written, and OSError when the folder cannot be written.
    """
    drawn = draw_figures(reading) if figures else {}
    folder.mkdir(parents=True, exist_ok=True)
    parts: dict[str, Callable[[], str | bytes]] = {
        "results.json": lambda: pretty_json(results_document(reading)),
        "report.html": lambda: page(reading),
        "tables.md": lambda: tables.markdown(reading),
        "tables.tex": lambda: tables.latex(reading),
        "verdicts.md": lambda: claim_cards.markdown(reading.judgements),
        "verdicts.tex": lambda: claim_cards.latex(reading.judgements),
    }
    faults: list[str] = []
    for name, make in parts.items():
        try:
            content = make()
        except (BrittlestarError, OSError):
            raise
        except Exception as error:
            content = f"{name} could not be made, by a fault of brittlestar: {format_exception(error)}"
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
