"""A result as Python and a notebook show it: a few lines, one figure, the worst findings; and its page in a browser."""

import contextlib
import hashlib
import tempfile
import webbrowser
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from brittlestar.core.brief import MOST_LINES
from brittlestar.core.documents import begin_document
from brittlestar.core.errors import InputError, MissingExtraError, StoreError
from brittlestar.core.findings import Finding
from brittlestar.core.texts import suggest
from brittlestar.reports.export_tables import Tables, list_findings, list_rows, pick_frame
from brittlestar.reports.figures.axis import draw_axis
from brittlestar.reports.figures.frame import Figure
from brittlestar.reports.finding_groups import group_findings
from brittlestar.reports.headline_text import lines_html, lines_text
from brittlestar.reports.html import draw_figure
from brittlestar.reports.paragraphs import EXPLAIN, Paragraph, list_lines
from brittlestar.reports.result_text import MOST_NOTES
from brittlestar.reports.study_view import StudyView
from brittlestar.reports.words import name_codes

Lines = Sequence[tuple[str, str]]
GROUND = (
    "width:fit-content;max-width:100%;box-sizing:border-box;background:white;color:#222;padding:8px;overflow-x:auto"
)
"""Figures stand on a ground of their own: a notebook may be dark."""
SIZES = Markup(
    "<style>.brittlestar-narrow{display:none}@media(max-width:700px){.brittlestar-narrow{display:block}"
    ".brittlestar-wide{display:none}}</style>"
)
MOST_FINDINGS = 5
"""Findings below the figure of a notebook; the page has all of them."""


class Document(dict[str, Any]):
    """A JSON document that Python and a notebook show in a few lines: the `blocks` that are given, else a line for each
    key. `faults` say which files could not be made beside it."""

    def __init__(
        self, document: Mapping[str, Any], blocks: Sequence[Paragraph] = (), faults: Sequence[str] = ()
    ) -> None:
        super().__init__(document)
        self.blocks, self.faults = blocks, tuple(faults)

    @property
    def _shown(self) -> Lines:
        return list_lines(self.blocks) or [
            (name, _describe(value)) for name, value in self.items() if name not in begin_document()
        ]

    def __repr__(self) -> str:
        return lines_text(fit_lines(self._shown))

    def _repr_html_(self) -> str:
        return lines_html(self._shown)


def _describe(value: Any) -> str:
    if isinstance(value, Mapping | list | tuple):
        flat = ", ".join(f"{name} {one}" for name, one in value.items()) if isinstance(value, Mapping) else ""
        return flat if flat and len(flat) <= 80 else f"{len(value)} entries"  # a line that a person reads
    return str(value)


def fit_lines(lines: Lines, whole: str = ".show()", most: int = MOST_LINES) -> list[tuple[str, str]]:
    """The lines, 12 at `most`: without how to read more where there are more, then without commands, the last first,
    then without what comes last; `whole` has all of them."""
    kept = [(name, " ".join(map(str.strip, text.splitlines()))) for name, text in lines]
    if len(kept) > most:
        kept = [line for line in kept if line[0] != EXPLAIN]
    for place in reversed([k for k, (name, text) in enumerate(kept) if not name and text.startswith("→")]):
        if len(kept) > most:
            del kept[place]
    if len(kept) > most:
        kept = [*kept[: most - 1], ("", f"… and {len(kept) - most + 1} more lines: {whole} has all")]
    return kept


def list_notes(notes: Sequence[str]) -> list[tuple[str, str]]:
    """The first notes on how data were read and models made, and how many there are beside."""
    told = [("" if number else "Note", " ".join(note.split())) for number, note in enumerate(notes[:MOST_NOTES])]
    more = len(notes) - MOST_NOTES
    return [*told, ("", f"and {more} more: .notes")] if more > 0 else told


def show_blocks(self: Any) -> str:
    """What is said of a result, as text of 12 lines at most."""
    return lines_text(fit_lines(list_lines(self.blocks), ".document"))


class Shown:
    """What a verb found. `blocks`, the answer first, are what is said of it: a terminal prints them, Python as text of
    12 lines at most, and a notebook in HTML, with `_figure` and those findings (`_found`) that they leave out; notes
    stand below, where it has any. `_tables` are frames by name: `_table` is given where none is named (else the first),
    `_lacking` says why others are not there."""

    _table = _lacking = ""

    @property
    def blocks(self) -> Sequence[Paragraph]:
        """What is said of it: every result has its own."""
        raise NotImplementedError

    @property
    def _figure(self) -> Figure | None:
        return None

    @property
    def _figures(self) -> Mapping[str, Figure]:
        return {} if self._figure is None else {self._figure.name: self._figure}

    @property
    def _told(self) -> Lines:
        return list_notes(getattr(self, "notes", ()))

    @property
    def _found(self) -> Sequence[Finding]:
        found: Any = getattr(self, "findings", None)
        return found if isinstance(found, tuple) else ()

    @property
    def _tables(self) -> Tables:
        return {"findings": list_findings(self._found)}

    def __repr__(self) -> str:
        whole, notes = ".show()" if hasattr(self, "show") else ".document", self._told
        lines = list_lines(self.blocks)
        return lines_text([*fit_lines(lines, whole, MOST_LINES - len(notes)), *notes])

    def _repr_html_(self) -> str:
        return result_html([*list_lines(self.blocks), *self._told], self._figure, self._found)

    def figure(self, name: str = "") -> Figure:
        """One of its figures, the first where none is named, with `title`, `caption` and `spec` (Vega-Lite); a notebook
        draws it. Raises InputError, which names the figures that there are."""
        figures = self._figures
        if (chosen := name or next(iter(figures), "")) not in figures:
            hint = suggest(name, figures) or f"there is {', '.join(figures) or 'none'}"
            raise InputError(f"there is no figure {name!r} here", "figure", hint)
        return figures[chosen]

    def rows(self, code: str, library: str | None = None) -> Any:
        """The rows that the findings of a code name, one a line with its split and id, as a frame like `to_frame`.
        Raises InputError where they name none, with the codes that do, or too many to list."""
        named = [finding for finding in self._found if "row_ids" in finding.evidence]
        found = [finding for finding in named if finding.code == code]
        hint = (
            suggest(code, [finding.code for finding in named])
            or f"{', '.join(sorted({finding.code for finding in named}))} do"
        )
        if not found:
            raise InputError(f"no finding {code!r} names rows", "rows", hint if named else "")
        if many := [finding for finding in found if finding.evidence["row_ids"] is None]:
            raise InputError(f"{code} names too many rows to list", "rows", many[0].summary)
        listed = [(code, finding.where.get("split"), row) for finding in found for row in finding.evidence["row_ids"]]
        return pick_frame({"rows": list_rows(("code", "split", "id"), listed)}, "rows", library)

    def to_frame(self, what: str = "", library: str | None = None) -> Any:
        """One of its tables as a frame, the first where none is named: of pandas or Polars as `library` says, else of
        pandas where it is loaded. Raises InputError, which names the tables that there are."""
        tables = self._tables
        return pick_frame(tables, what or self._table or next(iter(tables), ""), library, self._lacking)


def result_html(lines: Lines, figure: Figure | None = None, findings: Sequence[Finding] = ()) -> str:
    """The same for a notebook, escaped and without any script: every line, the figure as SVG where vl-convert is
    installed, and the worst findings that no line says already."""
    parts = [Markup(lines_html(lines)), _draw_figure(figure)]
    said = " ".join(text for _, text in lines)
    groups = [finding for finding in group_findings(findings, None) if finding.status == "present"]
    rest = [group for group in groups if group.findings[0].summary not in said]
    if rest:
        row = Markup("<li><b>{}</b> {}: {}</li>")
        items = [
            row.format(group.severity, name_codes(group.code), group.findings[0].summary)
            for group in rest[:MOST_FINDINGS]
        ]
        more = len(rest) - len(items)
        items += [Markup("<li>and {} more: .show() has all</li>").format(more)] if more else []
        parts.append(Markup("<ul>{}</ul>").format(Markup("").join(items)))
    return str(Markup("<div>{}</div>").format(Markup("").join(parts)))


def _draw_figure(figure: Figure | None) -> Markup:
    if figure is None:
        return Markup("")
    try:
        place = f"{figure.name}-{hashlib.blake2b(repr(figure.spec).encode(), digest_size=4).hexdigest()}"
        shown = draw_figure(figure, place)
        sentence = Markup("<b>{}</b><br><small>{}</small>").format(figure.title, shown.caption)
        by_width = {"wide": shown.wide, "narrow": shown.narrow}
        parts = [Markup("<div class='brittlestar-{}'>{}</div>").format(*one) for one in by_width.items()]
        return Markup("{}<div style='{}'>{}{}</div>").format(SIZES, GROUND, sentence, Markup("").join(parts))
    except MissingExtraError:  # the lines say the same, and the page what to install
        return Markup("")


def main_figure(reading: StudyView | None) -> Figure | None:
    """The figure of a study that answers first: main against the trivial baselines."""
    return None if reading is None else draw_axis(reading)


def study_figures(reading: StudyView | None) -> Mapping[str, Figure]:
    """All figures of a study's report, that which answers first before the others."""
    from brittlestar.reports.figures.gallery import gallery

    return {} if reading is None else gallery(reading)


def write_page(text: str, path: str | Path) -> None:
    """Write a page. Raises StoreError where that is not possible."""
    try:
        Path(path).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise StoreError(f"cannot write: {error.strerror or error}", str(path), "choose another file") from error


def show_page(page: Path | Callable[[], str], name: str) -> Path:
    """Open a page in a browser: one that is written, or one to be made, which goes into a folder of its own among the
    system's temporary files. Returns where it lies, also where no browser can be started."""
    if not isinstance(page, Path):
        text, page = page(), Path(tempfile.mkdtemp(prefix="brittlestar-")) / f"{name}.html"
        page.write_text(text, encoding="utf-8", newline="\n")
    path = page.resolve()
    with contextlib.suppress(webbrowser.Error, OSError):
        webbrowser.open(path.as_uri())
    return path
