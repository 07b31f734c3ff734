"""What `probe` prints: findings worst first, then every condition of the baseline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from brittlestar.diagnosis.probes.effects import Effect
from brittlestar.diagnosis.probes.readings import ProbedArm, Reading
from brittlestar.diagnosis.probes.saying import points
from brittlestar.verbs.guarding import say_json
from brittlestar.verbs.probe import ProbeResult, probe
from brittlestar.verbs.replaying import replay
from brittlestar.verbs.watching import Terminal

STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}


def probe_with_console(study: Path, *, json_: bool, quiet: bool, **options: Any) -> int:
    """Probe and print; returns the exit code."""
    errors = Console(stderr=True, highlight=False, markup=False, emoji=False)
    if quiet:
        result = probe(study, **options)
    else:
        with Terminal(errors, "") as terminal:
            result = probe(study, progress=terminal.on_probe, **options)
    for problem in result.problems:
        errors.print(Text(problem))
    if json_:
        say_json(result.document)
    elif not quiet:
        print_probed(Console(highlight=False, markup=False, emoji=False), result)
    return result.exit_code


def show_rows(study: Path, condition: str, arm: str | None, *, json_: bool, quiet: bool) -> int:
    """List the rows behind a condition; returns the exit code."""
    found = replay(study, condition, arm=arm)
    if json_:
        say_json({"condition": condition, "rows": [one.as_json() for one in found]})
    elif not quiet:
        console = Console(highlight=False, markup=False, emoji=False)
        if not found:
            console.print("no answer changed, and none is wrong")
        for one in found:
            console.print(Text(one.id or "", style="bold"))
            if one.before is not None:
                console.print(Text(f"  before  {one.before}   {_labelled(one.label_before)}"))
            console.print(Text(f"  after   {one.after}   {_labelled(one.label_after)}"))
            answers = ", ".join(f"{seed}: {old or ''} → {new}" for seed, (old, new) in one.answers.items())
            console.print(Text(f"  seeds   {answers}", style="dim"))
    return 0


def _labelled(label: str | None) -> str:
    return "" if label is None else f"(truly {label})"


def print_probed(console: Console, result: ProbeResult) -> None:
    """Findings, then a table for each arm."""
    found = result.summary
    if found is None:
        console.print("nothing was probed: no suite was asked for, or there is no evaluation split with rows")
        return
    probes = found.study.probes
    rule = (
        "no rule is known: how predictions change is told" if probes.rule is None else f"true labels by: {probes.rule}"
    )
    head = f"{len(probes.sample):,} of {probes.of:,} rows of {probes.split}, {len(probes.conditions) - 1} conditions"
    console.print(Text(f"{head}; {rule}"))
    console.print(Text("accuracy in points before and after, its worst seed, and % of predictions that changed"))
    for arm in found.study.arms:
        console.print()
        console.print(_table(arm))
    for sentence in found.sentences:
        console.print(Text(sentence))
    console.print()
    for one in result.findings:
        if one.status == "present":
            style = STYLES.get(one.severity or "", "")
            console.print(Text.assemble((f"{one.severity:8}", style), f"{one.code}  {one.summary}"))
            if one.remedy:
                console.print(Text(f"        → {one.remedy}"))
    open_ = sorted({one.code for one in result.findings if one.status == "inconclusive"})
    absent = sorted({one.code for one in result.findings if one.status == "absent"} - set(open_))
    for word, codes in (("open", open_), ("absent", absent)):
        if codes:
            console.print(Text(f"{word:8}{', '.join(codes)}"))
    if result.store is not None:
        console.print(Text(f"\n{result.store / 'report' / 'report.html'} is written anew"), soft_wrap=True)


def _table(arm: ProbedArm) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), title=arm.arm.name, title_justify="left")
    for place, heading in enumerate(("condition", "before", "after", "worst", "changed")):
        table.add_column(heading, justify="right" if place else "left", no_wrap=True)
    for one in arm.readings[1:]:
        table.add_row(one.condition.name, *_cells(one))
    return table


def _cells(one: Reading) -> tuple[str, str, str, str]:
    worst = "" if one.after is None or one.after.seeds < 2 else points(min(one.after.by_seed.values()))
    return _mean(one.before), _interval(one.after), worst, _mean(one.flips)


def _mean(one: Effect | None) -> str:
    return "–" if one is None else points(one.estimate)


def _interval(one: Effect | None) -> str:
    if one is None:
        return "–"
    low, high = one.interval()
    return f"{points(one.estimate)} [{points(max(low, 0))}, {points(min(high, 1))}]"
