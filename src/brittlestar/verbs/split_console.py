"""What `split` prints: the stage on standard error, then splits, what to know about them, and what an audit found."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.text import Text

from brittlestar.core.findings import Finding, worst_first
from brittlestar.reports.audit_view import verdict_of
from brittlestar.verbs.guarding import say_json
from brittlestar.verbs.split import SplitResult, split
from brittlestar.verbs.split_certificate import certificate_lines

_AS_WRITTEN: dict[str, Any] = {"highlight": False, "markup": False, "emoji": False}
MOST_CLASSES = 6
_STYLE = {"error": "bold red", "warning": "yellow", "info": "cyan"}


def split_with_console(file: Path, *, json_: bool, quiet: bool, **options: Any) -> int:
    """Split with progress on standard error, then print what was made; returns the exit code."""
    errors = Console(stderr=True, soft_wrap=not sys.stderr.isatty(), **_AS_WRITTEN)
    if quiet or not errors.is_terminal:
        result = split(file, **options)
    else:
        with Live(Text("reading"), console=errors, transient=True) as live:
            result = split(file, progress=lambda stage: live.update(Text(stage)), **options)
    if json_:
        say_json({"folder": str(result.folder), **result.document})
    elif not quiet:
        print_split(Console(**_AS_WRITTEN), result)
    return 0


def print_split(console: Console, result: SplitResult) -> None:
    """Sizes and class shares of every split, notes, findings, and what comes next."""
    width = max(12, 1 + max(map(len, result.document["splits"])))
    for name, entry in result.document["splits"].items():
        shares = [f"{label} {of['share']:.1%}" for label, of in entry["classes"].items()]
        more = f" and {len(shares) - MOST_CLASSES} more" if len(shares) > MOST_CLASSES else ""
        sizes = f"{name:{width}}{entry['rows']:>10,} rows  {entry['share']:6.1%}  "
        console.print(Text.assemble((sizes, "bold"), f"{', '.join(shares[:MOST_CLASSES])}{more}"))
    for line in certificate_lines(result.document["certificate"]):
        console.print(Text(line))
    for note in result.document["notes"]:
        console.print(Text(f"note: {note}"))
    console.print(Text(f"audit: {verdict_of(result.audit.record)[1]}"))
    for finding in worst_first(result.findings):
        if finding.severity is not None:
            console.print(Text.assemble((f"{finding.severity:9}", _STYLE[finding.severity]), _line(finding)))
    if result.folder is not None:
        console.print(Text(f"{result.folder} is written. Next: brittlestar run {shlex.quote(str(result.folder))}"))


def _line(finding: Finding) -> str:
    remedy = f" → {finding.remedy}" if finding.severity != "info" and finding.remedy else ""
    return f"{finding.code}  {finding.summary}{remedy}"
