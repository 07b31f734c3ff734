"""What `probe` prints: findings worst first, then every condition of main."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from brittlestar.core.commands import filled
from brittlestar.core.intervals import Summary
from brittlestar.diagnosis.probes.effects import Effect
from brittlestar.diagnosis.probes.phrasing import format_interval, format_points
from brittlestar.diagnosis.probes.readings import ProbedArm, labels_known
from brittlestar.reports.units import count
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
    """List the rows behind a condition or a slice; returns the exit code."""
    found = replay(study, condition, arm=arm)
    if json_:
        say_json({"condition": condition, "rows": [one.as_json() for one in found]})
    elif not quiet:
        console = Console(highlight=False, markup=False, emoji=False)
        if not found:
            console.print("no answer changed, and none is wrong")
        elif not any(one.changed for one in found):
            console.print("no answer changed; these are wrong:" if "@" in condition else "answered wrongly:")
        for one in found:
            console.print(Text(one.id or "a row of the probe's own", style="bold"))
            unchanged = (one.before, one.label_before) == (one.after, one.label_after)
            if one.before is not None and not unchanged:
                console.print(Text(f"  before  {one.before}   {_labelled(one.label_before)}"))
            word = "row  " if unchanged else "after"
            console.print(Text(f"  {word}   {one.after}   {_labelled(one.label_after)}"))
            answers = ", ".join(f"{seed}: {_changed(old, new)}" for seed, (old, new) in one.answers.items())
            console.print(Text(f"  seeds   {answers}", style="dim"))
    return 0


def _changed(old: str | None, new: str) -> str:
    return new if old is None or old == new else f"{old} → {new}"


def _labelled(label: str | None) -> str:
    return "" if label is None else f"(truly {label})"


def print_probed(console: Console, result: ProbeResult) -> None:
    """Findings, then a table for each variant."""
    found, facts = result.summary, result.facts
    for split, scored in result.later.items():
        console.print(Text(_about_split(split, facts[split])))
        for arm, one in scored.items():
            console.print(Text(f"  {arm}: accuracy {_over_seeds(one)} points"))
    if found is None:
        console.print("nothing was probed")
        for arm, why in result.not_probed.items():
            console.print(Text(f"  {arm}: {why}"))
        return
    probes = found.study.probes
    conditions = count(len(probes.conditions) - 1, "condition")
    head = f"{len(probes.sample):,} of {probes.of:,} rows of {probes.split}, {conditions}."
    console.print(Text(head))
    console.print(Text(found.rule))
    if any(labels_known(arm) for arm in found.study.arms):
        told = "Accuracy in points before and after the change, with 95 % intervals over seeds and rows; the majority "
        console.print(Text(f"{told}class of the changed rows; the worst seed; % of predictions that changed."))
    for note in (*found.not_tested_sentences, *found.notes):
        console.print(Text(note))
    main = found.study.record.main
    for arm in sorted(found.study.arms, key=lambda one: one.arm.name != main):
        console.print()
        console.print(_table(arm))
    for sentence in found.sentences:
        console.print(Text(sentence))
    console.print()
    for one in sorted(result.findings, key=lambda one: one.where.get("variant") != main):
        if one.status == "present" and "explained_by" in one.evidence:
            style = STYLES.get(one.severity or "", "")
            because = f"{one.evidence['explained_by']} explains it. {one.evidence['explanation']}"
            told = f"{one.code}  {one.where['variant']}: {because}"
            console.print(Text.assemble((f"{one.severity:8}", style), told))
        elif one.status == "present":
            style = STYLES.get(one.severity or "", "")
            console.print(Text.assemble((f"{one.severity:8}", style), f"{one.code}  {one.summary}"))
            if one.remedy:
                place = "STUDY" if result.store is None else shlex.quote(str(result.store))
                console.print(Text(f"        → {filled(one.remedy, place)}"))
    open_ = sorted({one.code for one in result.findings if one.status == "inconclusive"})
    absent = sorted({one.code for one in result.findings if one.status == "absent"} - set(open_))
    for word, codes in (("inconclusive", open_), ("absent", absent)):
        if codes:
            console.print(Text(f"{word:14}{', '.join(codes)}"))
    if result.store is not None:
        console.print(Text(f"\n{result.store / 'report' / 'report.html'} is written anew"), soft_wrap=True)


def _table(arm: ProbedArm) -> Table:
    """Accuracy in points where labels are known under any condition, else the reliance on what is taken away; and the
    share of predictions that changed."""
    known = labels_known(arm)
    scores = ("before", "after", "majority", "worst") if known else ("accuracy after", "reliance")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), title=arm.arm.name, title_justify="left")
    for place, heading in enumerate(("condition", *scores, "changed")):
        table.add_column(heading, justify="right" if place else "left", no_wrap=bool(place))
    for one in arm.readings[1:]:
        cells = (
            (_mean(one.before), _interval(one.after), _share(one.majority_after), _worst(one.after))
            if known
            else (_mean(one.after), _interval(one.reliance))
        )
        words = Text.assemble(one.condition.title, (f"\n{one.condition.name}", "dim"))
        table.add_row(words, *cells, _mean(one.flips))
    return table


def _about_split(split: str, facts: Mapping[str, float]) -> str:
    parts = [f"{facts['rows']:,} rows"]
    if facts["unknown_label_rows"]:
        parts.append(f"{facts['unknown_label_rows']:,} of them with a label that train lacks")
    if facts["rows_in_train"]:
        parts.append(f"{facts['rows_in_train']:,} of them stand in train")
    return f"{split}: {', '.join(parts)}; {100 * facts['unseen_token_rate']:.1f} % of its tokens are new to train"


def _over_seeds(one: Summary) -> str:
    interval = "" if one.interval is None else f" {format_interval(one.interval)}"
    return f"{format_points(one.mean)}{interval}"


def _worst(one: Effect | None) -> str:
    return "" if one is None or one.seeds < 2 else format_points(min(one.by_seed.values()))


def _mean(one: Effect | None) -> str:
    return "–" if one is None else format_points(one.estimate)


def _share(one: float | None) -> str:
    return "–" if one is None else format_points(one)


def _interval(one: Effect | None) -> str:
    if one is None:
        return "–"
    return (
        f"{format_points(one.estimate)} {format_interval(one.interval())}"
        if one.seeds > 1
        else format_points(one.estimate)
    )
