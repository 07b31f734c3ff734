"""`report`: the page, the tables and the figures, rebuilt from the store alone."""

from collections.abc import Sequence
from pathlib import Path

from brittlestar.core.checks import Check
from brittlestar.core.errors import InputError
from brittlestar.pipeline.assess import assess_study
from brittlestar.pipeline.report import build_report
from brittlestar.reports.paper.figures import FigureSize
from brittlestar.reports.paper.names import Names, read_names
from brittlestar.reports.paper.table import TableRequest
from brittlestar.reports.paper.writing import PaperRequest, make_paper, write_paper
from brittlestar.reports.showing import Document
from brittlestar.store.layout import PAPER, open_store, telling_failures
from brittlestar.store.study_record import read_record


def report(
    study: str | Path,
    *,
    figures: bool | FigureSize = False,
    table: TableRequest | None = None,
    methods: bool = False,
    names: Names | str | Path | None = None,
    checks: Sequence[Check] = (),
) -> Document:
    """Rebuild the report of a study from its folder; nothing is trained.

    Args:
        study: The folder NAME.study that `run` made.
        figures: Also write every figure as SVG, PDF and PNG; with a `FigureSize` at their final size for a paper,
            into `report/paper/figures`.
        table: Also write a booktabs table for a column of a paper, `report/paper/table.tex`.
        methods: Also write a paragraph of methods from the settings in effect, `report/paper/methods.tex` and `.md`,
            with what it cites in `references.bib`.
        names: How the paper calls variants, splits and metrics: a mapping, or a YAML file of one.
        checks: Own checks of the record, its probes or its claims, beside ours and those that the study names.

    Returns:
        The document of `results.json`, with `timing`. Numbers are fractions (nats for log loss).

    Raises:
        InputError: There is no such study, a check needs data, which only `audit` and `run` read, or a table or figure
            names what the study does not have.
        StoreError: A run's folder is damaged, or the report cannot be written.
        MissingExtraError: Figures are asked for, and vl-convert is not installed.

    Example:
        The study is that of `run("data")`.

        >>> from brittlestar import report
        >>> document = report("data.study")
        >>> document["schema_version"], sorted(document["variants"])
        (1, ['bag', 'main'])
    """
    if of_data := [one.code for one in checks if one.needs == "data"]:
        hint = "give it to `audit`, or name it under `report.checks` in the study file and run the study again"
        raise InputError(f"{', '.join(of_data)} needs data, and a report reads none", "--check", hint)
    called = read_names(Path(names)) if isinstance(names, str | Path) else dict(names or {})
    size = figures if isinstance(figures, FigureSize) else None
    store = open_store(study)
    assessment = assess_study(store, read_record(store), checks=checks)
    files = make_paper(assessment.reading, PaperRequest(table, size, methods, called))
    document = build_report(store, assessment, figures is True)
    with telling_failures(store.name_key(PAPER)), store.backend.folder(PAPER) as folder:
        write_paper(files, folder)
    return document
