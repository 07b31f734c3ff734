"""Everything a report leaves on disk, results and verdicts as tables for a paper among it."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.sentences import describe_level, describe_population
from brittlestar.core.errors import BrittlestarError, format_error
from brittlestar.core.files import write_whole
from brittlestar.reports import render
from brittlestar.reports.claim_cards import describe_power
from brittlestar.reports.figures.gallery import gallery
from brittlestar.reports.page import page
from brittlestar.reports.result_files import RESULT_FILES, write_result
from brittlestar.reports.study_view import StudyView
from brittlestar.reports.words import write_text
from brittlestar.study.claims import format_claim
from brittlestar.study.units import unit_of


def _write_result(name: str, reading: StudyView) -> bytes:
    return write_result(name, reading.document)


VERDICTS = ("claim", "verdict", "relation", "difference", "interval", "level", "seeds", "rows", "population")


def write_tables(reading: StudyView, ending: str) -> str:
    """One table for each split (`.md`, or `.tex` with booktabs): mean and interval per metric, n, and the majority
    class in the first row."""
    record = reading.record
    tables = [(name, split.rows, *list_cells(reading, name)) for name, split in record.splits.items()]
    return write_text(f"tables{ending}.j2", name=record.name, tables=tables, variants=record.variants)


def list_cells(reading: StudyView, split: str) -> tuple[list[str], list[list[str]]]:
    """Header and rows of one split as plain text; the first row is the majority class."""
    units = {metric: unit_of(metric) for metric in reading.record.metrics}
    header = ["variant", "n", *(f"{unit.name} ({unit.unit})" for unit in units.values())]
    trivial = (unit.number(reading.majority(split, metric)) for metric, unit in units.items())
    rows = [["majority class", "", *trivial]]
    for name, variant in reading.record.variants.items():
        title = name if variant.title == name else f"{name} ({variant.title})"
        entries = {metric: reading.entry(name, split, metric) for metric in units}
        scores = (unit.estimate(entries[one]["mean"], entries[one]["interval"]) for one, unit in units.items())
        mark = " ‡" if variant.unequal_budget else ""
        rows.append([title + mark, f"{len(reading.done(name))} of {len(reading.record.cells_of(name))}", *scores])
    return header, rows


def write_verdicts(reading: StudyView, ending: str) -> str:
    """Every claim on record in one table (`.md`, or `.tex` with booktabs), and below it what became of each."""
    found = reading.judgements
    said = [
        f"{format_claim(judgement.claim)}. {judgement.sentence} {describe_power(judgement)}".strip()
        for judgement in found
    ]
    return write_text(
        f"verdicts{ending}.j2", head=VERDICTS, rows=[_list_verdict(judgement) for judgement in found], paragraphs=said
    )


def _list_verdict(judgement: Judgement) -> tuple[str, ...]:
    unit = unit_of(judgement.claim.metric)
    return (
        format_claim(judgement.claim),
        judgement.verdict + ("" if judgement.registered else " (exploratory)"),
        judgement.relation,
        unit.number(judgement.estimate, sign=True),
        unit.interval(judgement.interval, sign=True) or "–",
        describe_level(judgement.level),
        str(judgement.seeds),
        "–" if judgement.rows is None else f"{judgement.rows:,}",
        describe_population(judgement.population, judgement.seeds),
    )


FILES: Mapping[str, Callable[[StudyView], str | bytes]] = {
    **{name: partial(_write_result, name) for name in RESULT_FILES},
    "report.html": page,
    "tables.md": lambda reading: write_tables(reading, ".md"),
    "tables.tex": lambda reading: write_tables(reading, ".tex"),
    "verdicts.md": lambda reading: write_verdicts(reading, ".md"),
    "verdicts.tex": lambda reading: write_verdicts(reading, ".tex"),
}
"""The files of a report, and what makes each of a reading."""
FIGURES = "figures"
"""The folder of figures in a report."""


def write_report(reading: StudyView, folder: Path, figures: bool) -> tuple[str, ...]:
    """Write FILES into `folder` (documents without `timing`), and with `figures` also
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


def draw_figures(reading: StudyView) -> dict[str, bytes]:
    """Every figure in three formats, by the name of its file. Raises MissingExtraError without vl-convert."""
    drawn: dict[str, bytes] = {}
    for name, figure in gallery(reading).items():
        drawn[f"{name}.svg"] = render.svg(figure.spec).encode()
        drawn[f"{name}.pdf"] = render.pdf(figure.spec)
        drawn[f"{name}.png"] = render.png(figure.spec)
    return drawn
