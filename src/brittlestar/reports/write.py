"""Everything a report leaves on disk."""

from pathlib import Path
from typing import Any

from brittlestar.core.files import write_whole
from brittlestar.core.hashing import pretty_json
from brittlestar.reports import claim_cards, render, tables
from brittlestar.reports.figures.gallery import gallery
from brittlestar.reports.page import page, results_document
from brittlestar.reports.reading import Reading

FIGURES = "figures"
"""The folder of figures in a report."""


def write_report(reading: Reading, folder: Path, figures: bool) -> dict[str, Any]:
    """Write report.html, results.json (the document without `timing`), tables.md, tables.tex, verdicts.md
    and verdicts.tex into `folder`, and with `figures` also figures/NAME.svg, .pdf and .png; returns the whole document.

    Every file is written whole. Raises MissingExtraError for `figures` without vl-convert, before anything is
    written, and OSError when the folder cannot be written.
    """
    drawn = draw_figures(reading) if figures else {}
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / "report.html", page(reading).encode())
    write_whole(folder / "results.json", pretty_json(results_document(reading)))
    write_whole(folder / "tables.md", tables.markdown(reading).encode())
    write_whole(folder / "tables.tex", tables.latex(reading).encode())
    write_whole(folder / "verdicts.md", claim_cards.markdown(reading.judgements).encode())
    write_whole(folder / "verdicts.tex", claim_cards.latex(reading.judgements).encode())
    if drawn:
        (folder / FIGURES).mkdir(exist_ok=True)
    for name, content in drawn.items():
        write_whole(folder / FIGURES / name, content)
    return dict(reading.document)


def draw_figures(reading: Reading) -> dict[str, bytes]:
    """Every figure in three formats, by the name of its file. Raises MissingExtraError without vl-convert."""
    drawn: dict[str, bytes] = {}
    for name, figure in gallery(reading).items():
        drawn[f"{name}.svg"] = render.svg(figure.spec).encode()
        drawn[f"{name}.pdf"] = render.pdf(figure.spec)
        drawn[f"{name}.png"] = render.png(figure.spec)
    return drawn
