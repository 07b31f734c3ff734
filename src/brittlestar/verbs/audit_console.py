"""What `audit` prints: progress on standard error, then the verdict, findings worst first, and what was not found."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from brittlestar.core.commands import filled
from brittlestar.core.findings import Finding, worst_first
from brittlestar.reports.audit_view import blind, counts_of, passed, verdict_of
from brittlestar.verbs.audit import AuditResult, audit, checks_named
from brittlestar.verbs.cleaning import told
from brittlestar.verbs.guarding import say_json
from brittlestar.verbs.watching import Terminal

_AS_WRITTEN: dict[str, Any] = {"highlight": False, "markup": False, "emoji": False}
_STYLE = {"error": "bold red", "warning": "yellow", "info": "cyan"}
_VERDICT = {"error": "bold red", "warning": "bold yellow", "clean": "bold green", "unknown": "bold"}
MOST_REASONS = 12
LONGEST_REASON = 200
"""What is said of what could not be told; the JSON and the page have all of it."""


def audit_with_console(
    data: Path, *, json_: bool, quiet: bool, checks: Sequence[str], html: Path | None = None, **options: Any
) -> int:
    """Audit with progress on standard error, then print what was found; returns the exit code."""
    own = checks_named(checks)
    errors = Console(stderr=True, soft_wrap=not sys.stderr.isatty(), **_AS_WRITTEN)
    if quiet:
        result = audit(data, checks=own, **options)
    else:
        with Terminal(errors, "") as terminal:
            terminal.on_audit("reading", 0, 1)
            result = audit(data, checks=own, progress=terminal.on_audit, **options)
    if html is not None:
        result.write_html(html)
    if json_:
        say_json(result.document)
        if html is not None and not quiet:
            errors.print(Text(f"page: {html}"))
    elif not quiet:
        print_audit(Console(**_AS_WRITTEN), result, html)
    if "clean" in result.document and not quiet:
        console = errors if json_ else Console(**_AS_WRITTEN)
        lines = told(result.document["clean"], Path(options["write_clean"]))
        _hanging(console, [(Text("" if place else "clean"), Text(line)) for place, line in enumerate(lines)])
    return 0


def print_audit(console: Console, result: AuditResult, html: Path | None = None) -> None:
    """The verdict, findings worst first with what to do, what was not found, and what could not be told."""
    record = result.record
    sizes = ", ".join(f"{name} {rows.n_rows:,}" for name, rows in result.material.splits.items())
    _hanging(console, [(Text(result.document["study"], style="bold"), Text(f"{sizes} rows"))])
    for note in result.document["notes"]:
        _hanging(console, [(Text("note"), Text(note))])
    level, verdict = verdict_of(record)
    console.print(Text(f"\n{verdict}", style=_VERDICT[level]))
    console.print(Text(counts_of(record), style="dim"))
    if present := [finding for finding in worst_first(record.findings) if finding.severity is not None]:
        console.print()
        _hanging(console, _lines(present, result.place))
    rest: list[tuple[Text, Text]] = []
    if found_nothing := passed(record.findings):
        rest.append((Text("not found", style="green"), Text(", ".join(found_nothing))))
    could_not = blind(record.findings)
    for place, one in enumerate(could_not[:MOST_REASONS]):
        why = one.reason if len(one.reason) <= LONGEST_REASON else f"{one.reason[:LONGEST_REASON].rsplit(' ', 1)[0]} …"
        line = f"{', '.join(one.codes)}: {why}"
        more = f" (and {len(one.findings) - 1} more)" if len(one.findings) > len(one.codes) else ""
        rest.append((Text("" if place else "could not look", style="dim"), Text(line + more)))
    if len(could_not) > MOST_REASONS:
        rest.append((Text(""), Text(f"and {len(could_not) - MOST_REASONS} more reasons, in the JSON and the page")))
    for place, line in enumerate(limits_told(result.document.get("limits"))):
        rest.append((Text("" if place else "limits"), Text(line)))
    if html is not None:
        rest.append((Text("page"), Text(str(html))))
    if rest:
        console.print()
        _hanging(console, rest)


def limits_told(found: Mapping[str, Any] | None) -> list[str]:
    """What would have been caught in these data, a line a check."""
    if found is None:
        return []
    lines: list[str] = []
    for one in found["limits"]:
        if one["dose"] is not None:
            hits = one["caught"][f"{one['dose']:g}"]
            lines.append(f"{one['code']}: from {100 * one['dose']:g} % {one['unit']}, caught {hits} of {one['of']}")
        elif one["there_already"]:
            lines.append(f"{one['code']}: cannot be told, clean splits of these rows have it too")
        else:
            lines.append(f"{one['code']}: not even {100 * one['largest']:g} % {one['unit']}")
    false = found["false_alarms"]
    lines.append(
        f"false alarms of these checks on clean splits of the same rows: {false['splits']} of {false['of']}, so below "
        f"{100 * false['below']:.0f} % (95 %)"
    )
    return lines


def _lines(present: Iterable[Finding], place: str) -> list[tuple[Text, Text]]:
    """Each finding, and below the last of several that ask for the same, what to do."""
    listed = list(present)
    lines: list[tuple[Text, Text]] = []
    for finding, after in zip(listed, [*listed[1:], None], strict=True):
        severity = finding.severity or ""
        text = Text.assemble((f"{finding.code}  ", "bold"), finding.summary)
        lines.append((Text(severity, style=_STYLE[severity]), text))
        if finding.remedy and (after is None or (after.code, after.remedy) != (finding.code, finding.remedy)):
            lines.append((Text(""), Text(f"→ {filled(finding.remedy, place)}", style="dim")))
    return lines


def _hanging(console: Console, lines: Iterable[tuple[Text, Text]]) -> None:
    """Two columns: the second is wrapped within itself."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for left, right in lines:
        grid.add_row(left, right)
    console.print(grid)
