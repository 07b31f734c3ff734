"""`report`: the page, the tables and the figures, rebuilt from the store alone."""

from collections.abc import Sequence
from pathlib import Path

from brittlestar.claims.against_trivial import compare_variants
from brittlestar.core.checks import Check
from brittlestar.core.errors import InputError
from brittlestar.pipeline.assess import assess_study
from brittlestar.pipeline.own_metrics import read_live_record
from brittlestar.pipeline.report import build_report
from brittlestar.reports.paper.names import Names, read_names
from brittlestar.reports.paper.table import TableRequest, choose_compared
from brittlestar.reports.paper.writing import PaperRequest, make_paper, write_paper
from brittlestar.reports.showing import Document
from brittlestar.store.layout import PAPER, open_store, telling_failures
from brittlestar.store.split_answers import AnsweredRows


def report(
    study: str | Path,
    *,
    figures: bool = False,
    table: TableRequest | None = None,
    methods: bool = False,
    names: Names | str | Path | None = None,
    checks: Sequence[Check] = (),
) -> Document:
    """Rebuild the report.

    That is the page, tables as Markdown and LaTeX, and results.json; nothing is trained. Needs a study's folder;
    `figures` need brittlestar[report]. For a paper it also writes a table and a paragraph of methods, into
    report/paper.

    Args:
        study (STUDY): The folder NAME.study that `run` made.
        figures: Also write every figure as SVG, PDF and PNG.
        table: In Python: also write this booktabs table for a column of a paper, `report/paper/table.tex`.
        methods: Write a paragraph of methods from the settings in effect, with BibTeX, and the study's limits.
        names (FILE): YAML: how the paper calls variants, splits and metrics. In Python also a mapping.
        checks (--check PACKAGE.MODULE:NAME…): A check of your own. Repeatable. In Python own checks of the record, its
            probes or its claims, beside ours and those that the study names.

    Returns:
        The document of `results.json`, with `timing`. Numbers are fractions (nats for log loss).

    Raises:
        InputError: There is no such study, a check needs data, which only `audit` and `run` read, or a table names
            what the study does not have.
        StoreError: A run's folder is damaged, or the report cannot be written.
        MissingExtraError: Figures are asked for, and vl-convert is not installed.

    Command:
        Prints where the page lies.

        Examples:
          brittlestar report demo/data.study --open
          brittlestar report demo/data.study --figures
          brittlestar report demo/data.study --table accuracy --split test --style pm
          brittlestar report demo/data.study --methods --names names.yaml
          brittlestar report demo/data.study --json

        Exit codes: 0 done; 1 a file is damaged or cannot be written; 2 wrong usage, or no study's folder.

    Example:
        The study is that of `run("data")`.

        >>> from brittlestar import report
        >>> document = report("data.study")
        >>> document["schema_version"], sorted(document["variants"])
        (1, ['bag', 'main'])
    """
    if of_data := [check.code for check in checks if check.needs == "data"]:
        hint = "give it to `audit`, or name it under `report.checks` in the study file and run the study again"
        raise InputError(f"{', '.join(of_data)} needs data, and a report reads none", "--check", hint)
    called = read_names(Path(names)) if isinstance(names, str | Path) else dict(names or {})
    store = open_store(study)
    record = read_live_record(store)
    answers = AnsweredRows(store, record)
    reading = assess_study(store, record, answers=answers, checks=checks)
    column = None if table is None else choose_compared(reading, table)
    differences = {} if column is None else compare_variants(record, answers, *column, reading.numbers)
    files = make_paper(reading, PaperRequest(table, methods, called), differences)
    document = build_report(store, reading, figures)
    with telling_failures(store.name_key(PAPER)):
        folder = store.backend.folder(PAPER)
        write_paper(files, folder)
    return document
