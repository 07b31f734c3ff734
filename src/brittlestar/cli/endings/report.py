"""How `report` ends: the page, and what lies beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.text import Text

from brittlestar.cli.ending import Ending
from brittlestar.cli.pages import report_page
from brittlestar.cli.paragraphs import Block


def report_ending(document: Mapping[str, Any], study: Path, figures: bool) -> Ending:
    """The page, and what lies beside it."""
    page = report_page(study)
    blocks = [
        Block("Report", Text(str(page)), path=True),
        Block("Beside", Text("results.json, and tables and verdicts as Markdown and LaTeX")),
    ]
    if figures:
        blocks.append(Block("Figures", Text(str(page.with_name("figures"))), path=True))
    return Ending(document, (str(page),), tuple(blocks), after_json=(f"report: {page}",), page=page)
