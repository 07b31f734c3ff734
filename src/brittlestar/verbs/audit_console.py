"""What `audit` prints: progress on standard error, then findings worst first and the checks that found nothing."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.text import Text

from brittlestar.core.findings import Finding
from brittlestar.verbs.audit import AuditResult, audit, checks_named
from brittlestar.verbs.guarding import say_json

_AS_WRITTEN: dict[str, Any] = {"highlight": False, "markup": False, "emoji": False}
_RANK = {"error": 0, "warning": 1, "info": 2, None: 3}
_STYLE = {"error": "bold red", "warning": "yellow", "info": "cyan", None: "dim"}


def audit_with_console(data: Path, *, json_: bool, quiet: bool, checks: Sequence[str], **options: Any) -> int:
    """Audit with progress on standard error, then print what was found; returns the exit code."""
    own = checks_named(checks)
    errors = Console(stderr=True, soft_wrap=not sys.stderr.isatty(), **_AS_WRITTEN)
    if quiet or not errors.is_terminal:
        result = audit(data, checks=own, **options)
    else:
        with Live(Text("reading"), console=errors, transient=True) as live:

            def progress(code: str, done: int, of: int) -> None:
                live.update(Text(f"{done} of {of} checks done  {code}"))

            result = audit(data, checks=own, progress=progress, **options)
    if json_:
        say_json(result.document)
    elif not quiet:
        print_audit(Console(**_AS_WRITTEN), result)
    return 0


def print_audit(console: Console, result: AuditResult) -> None:
    """Findings for people."""
    sizes = ", ".join(f"{name} {rows.n_rows:,}" for name, rows in result.material.splits.items())
    console.print(Text(f"{result.document['study']}: {sizes} rows"), style="bold")
    for note in result.document["notes"]:
        console.print(Text(f"note: {note}"))
    shown = sorted((f for f in result.findings if f.status == "present"), key=lambda f: _RANK[f.severity])
    for finding in shown:
        _print(console, finding, finding.severity or "")
    open_ = [finding for finding in result.findings if finding.status == "inconclusive"]
    for finding in open_:
        _print(console, finding, "open")
    absent = list(dict.fromkeys(finding.code for finding in result.findings if finding.status == "absent"))
    passed = [code for code in absent if not any(f.code == code for f in (*shown, *open_))]
    if not shown:
        console.print("nothing found", style="green")
    if passed:
        console.print(Text(f"looked for and not found: {', '.join(passed)}"), style="green")


def _print(console: Console, finding: Finding, mark: str) -> None:
    console.print(
        Text.assemble((f"{mark:8}", _STYLE[finding.severity]), (f"{finding.code}  ", "bold"), finding.summary)
    )
    if finding.status == "present" and finding.remedy:
        console.print(Text(f"{'':8}try: {finding.remedy}", style="dim"))
