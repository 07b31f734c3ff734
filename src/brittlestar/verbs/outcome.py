"""The outcome of a run as a person reads it: what was not said, results, findings worst first, and what to do next."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from brittlestar.core.commands import filled
from brittlestar.core.findings import Finding
from brittlestar.core.results import CellRecord, Setting, SplitRecord, StudyRecord
from brittlestar.reports.reading import Reading, read
from brittlestar.reports.sentences import ranked
from brittlestar.reports.units import count

VERDICTS = {"supported": "bold green", "refuted": "bold red", "inconclusive": "bold yellow"}
STYLES = {"error": "bold red", "warning": "yellow", "info": ""}
SECTIONS = ("data", "model", "training", "streams", "report")
LOOKED_AT = ("name", "data.tokens", "data.factors", "training.selection.split")
OF_OWN, OF_PREDICTIONS = ("model.own", "model.kind", "model.params"), ("model.predictions", "model.variant")
WIDE_ARM, WIDE_SPLIT = 28, 16


def print_outcome(
    console: Console, document: Mapping[str, Any], record: StudyRecord, store: Path, ended: str | None, looked: bool
) -> None:
    """Everything of a finished, failed or interrupted run. `looked` says that there was no study file, so that tokens,
    factors and the split that selects come from a look at the data."""
    audited = 0 if record.audit is None else len(record.audit.findings)
    reading = read(record, [Finding(**finding) for finding in document["findings"][audited:]])
    _section(console, "Settings", settings_lines(record, looked))
    _section(console, "Data", data_lines(record))
    _section(console, "Findings on the data", audit_lines(reading, store))
    console.print(Text("\nResults", style="bold"))
    console.print()
    console.print(results_table(reading, console.width))
    if "sources" in document:
        spread = [(Text(one["variant"]), Text(one["sentence"].partition(": ")[2])) for one in document["sources"]]
        _section(console, "Where the spread comes from", spread)
    _section(console, "Claims", claim_lines(document))
    _section(console, "Findings on training and evaluation", finding_lines(reading, reading.of_training, store))
    console.print(Text("\nNext", style="bold"))
    for left, right in next_lines(reading, store, ended):  # whole lines: commands and paths are there to be copied
        console.print(Text.assemble(f"{left:12}", right), soft_wrap=True)


def _section(console: Console, title: str, lines: Iterable[tuple[Text | str, Text | str]]) -> None:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for left, right in lines:
        grid.add_row(left, right)
    console.print(Text(f"\n{title}", style="bold"))
    console.print(grid)


def settings_lines(record: StudyRecord, looked: bool) -> list[tuple[Text, Text]]:
    """Every setting that main uses, by who said it: somebody, a look at the data, or nobody."""
    settings = record.variants[record.main].settings
    values = {setting.path: setting.value for setting in settings}
    used = OF_PREDICTIONS if values.get("model.predictions") else OF_OWN if values.get("model.own") else None
    if used is not None:  # what describes the reference model alone says nothing about another one
        settings = tuple(s for s in settings if not s.path.startswith("model.") or s.path.startswith(used))
    ours = [setting for setting in settings if setting.origin == "our default"]
    stated = [setting for setting in settings if setting.origin not in ("our default", "library default")]
    seen = [setting for setting in ours if looked and setting.path in LOOKED_AT]
    rest = [setting for setting in ours if setting not in seen]
    lines = [("stated", _joined(stated)), ("looked at", _joined(seen))]
    for section in SECTIONS:
        lines.append((f"default {section}", _joined((s for s in rest if s.path.startswith(f"{section}.")), section)))
    lines.append(("default", _joined(s for s in rest if s.path.partition(".")[0] not in SECTIONS)))
    return [(Text(title, style="dim"), Text(text, style="dim")) for title, text in lines if text]


def claim_lines(document: Mapping[str, Any]) -> list[tuple[Text, Text]]:
    """Every claim that stands with its verdict and the sentence that may be written, whatever the verdict."""
    return [
        (Text(claim["verdict"], style=VERDICTS[claim["verdict"]]), Text(claim["sentence"]))
        for claim in document["claims"]
        if "verdict" in claim
    ]


def _joined(settings: Iterable[Setting], section: str = "") -> str:
    """`path=value, …`, paths without the section that stands before the line."""
    return ", ".join(f"{s.path.removeprefix(section + '.') if section else s.path}={_short(s.value)}" for s in settings)


def _short(value: Any) -> str:
    plain = isinstance(value, (dict, list, tuple, bool, type(None)))
    return json.dumps(value, ensure_ascii=False) if plain else str(value)


def data_lines(record: StudyRecord) -> list[tuple[str, Text]]:
    """Sizes of every split, and all that is odd about it and was kept."""
    lines: list[tuple[str, Text]] = []
    for name, split in record.splits.items():
        text = f"{count(split.rows, 'row')}, {count(len(split.classes), 'class', 'classes')}"
        lines.append((name, Text(f"{text}, {split.mean_length:.1f} tokens on average, {split.max_length:,} at most")))
        lines += [("", Text(odd, style="yellow")) for odd in _odd(split)]
    lines += [("note", Text(note, style="yellow")) for note in record.notes]
    return lines


def _odd(split: SplitRecord) -> list[str]:
    found: list[str] = []
    if split.empty_rows:
        found.append(f"{count(split.empty_rows, 'empty row')}, kept and scored")
    if split.unknown_label_rows:
        found.append(f"{count(split.unknown_label_rows, 'row')} with a label that train lacks, counted as wrong")
    if split.unseen_token_rate:
        found.append(f"{split.unseen_token_rate * 100:.2g} % of its tokens do not occur in train")
    if split.name != "train" and len(split.classes) == 1:
        found.append("only one class: accuracy here says little")
    return found


def results_table(reading: Reading, width: int) -> Table:
    """Every variant on every split: mean, interval and n of the headline metric, the majority's score beside it.

    Splits are columns where they fit into `width` characters, rows otherwise.
    """
    unit, names = reading.unit, list(reading.record.splits)
    direction = "; lower is better" if unit.lower_is_better else ""
    title = f"{unit.name} in {unit.unit}, best checkpoint: mean over (n) seeds [95 % interval]{direction}"
    table = Table(title=title, title_justify="left", title_style="", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    arms = list(reading.record.variants)
    if WIDE_ARM + WIDE_SPLIT * len(names) <= width:
        table.add_column("variant", overflow="fold")
        for name in names:
            table.add_column(name, justify="right", no_wrap=True)
        table.add_row("majority class", *(unit.number(reading.majority(name)) for name in names), style="dim")
        for arm in arms:
            table.add_row(reading.label(arm), *(_entry(reading, arm, name, "\n") for name in names))
        return table
    table.add_column("split", no_wrap=True)
    table.add_column("variant", overflow="fold")
    table.add_column("score", justify="right", no_wrap=True)
    for name in names:
        table.add_row(name, "majority class", unit.number(reading.majority(name)), style="dim")
        for arm in arms:
            table.add_row("", reading.label(arm), _entry(reading, arm, name, " "))
    return table


def _entry(reading: Reading, arm: str, split: str, between: str) -> str:
    entry = reading.entry(arm, split)
    planned = sum(cell.variant == arm for cell in reading.record.cells)
    n = len(entry["seeds"])
    if entry["mean"] is None:
        return "–" if n == planned else f"– ({n} of {planned})"
    seeds = f"({n})" if n == planned else f"({n} of {planned})"
    interval = reading.unit.interval(entry["interval"]) or "[one seed]"
    return f"{reading.unit.number(entry['mean'])} {seeds}{between}{interval}"


def audit_lines(reading: Reading, store: Path) -> list[tuple[Text, Text]]:
    """What the audit found, worst first; that there was none, or that it failed."""
    audit = reading.record.audit
    if audit is None:
        return [(Text("none", style="dim"), Text("this store has no audit: run the study again from its data"))]
    failed = [(Text("failed", style="red"), Text(audit.failed, style="red"))] if audit.failed else []
    return failed + (finding_lines(reading, reading.of_audit, store) if audit.findings else [])


def finding_lines(reading: Reading, findings: tuple[Finding, ...], store: Path) -> list[tuple[Text, Text]]:
    """Present findings worst first, each with what to do; then what could not be told, by what would tell it."""
    lines: list[tuple[Text, Text]] = []
    usual = shlex.quote(reading.record.folder)
    given = any(setting.path == "model.predictions" and setting.value for setting in reading.subject.settings)

    def act(remedy: str) -> str:
        remedy = remedy.replace(f" {usual}", " STUDY")  # as the document names it; the folder may be another
        return filled(_with_more_files(remedy) if given else remedy, shlex.quote(str(store)))

    found = ranked(findings)
    present = [finding for finding in found if finding.status == "present"]
    for (code, severity, remedy), group in groupby(present, lambda f: (f.code, f.severity or "", f.remedy)):
        style = STYLES.get(severity, "")
        for finding in group:
            lines.append((Text(severity, style=style), Text(f"{code}: {finding.summary}", style=style)))
        if remedy:
            lines.append((Text(""), Text(f"→ {act(remedy)}")))
    missing: dict[str, list[Finding]] = {}
    for finding in found:
        if finding.status == "inconclusive":
            missing.setdefault(finding.remedy or finding.summary, []).append(finding)
    for reason, group in missing.items():
        text = f"{_codes(group)}: {act(reason)}"
        lines.append((Text("open", style="dim"), Text(text)))
    if absent := [finding for finding in found if finding.status == "absent"]:
        lines.append((Text("absent", style="dim"), Text(_codes(absent), style="dim")))
    return lines or [(Text("none", style="dim"), Text("no check ran", style="dim"))]


def _codes(findings: Iterable[Finding]) -> str:
    counts: dict[str, int] = {}
    for finding in findings:
        counts[finding.code] = counts.get(finding.code, 0) + 1
    return ", ".join(code if n == 1 else f"{code} ({n})" for code, n in counts.items())


def _with_more_files(remedy: str) -> str:
    """Seeds of given predictions come with their files."""
    command = r"`brittlestar run STUDY --seeds (\d+)`"
    return re.sub(command, r"the same command with prediction files of \1 seeds", remedy)


def next_lines(reading: Reading, store: Path, ended: str | None) -> list[tuple[str, Text]]:
    """What failed and how to run it alone, what is open, where the report is."""
    record, place = reading.record, shlex.quote(str(store))
    lines = stopped_lines(record, store)
    if lines:
        lines.append(("", Text("changed code makes new cells: the same command runs them and keeps what is done")))
    waiting = sum(cell.state in ("planned", "running") for cell in record.cells)
    if ended or waiting:
        open_cells = f"{count(waiting, 'cell')} of {len(record.cells)} still open"
        text = f"{ended or 'not everything was run'}; {open_cells}. The same command goes on where it stopped."
        lines.append(("stopped", Text(text, style="yellow")))
    lines.append(("report", Text(str(store / "report" / "report.html"))))
    lines.append(("figures", Text(f"brittlestar report {place} --figures")))
    if not any(variant.own for variant in record.variants.values()):
        lines.append(("your model", Text("the same command with --model package.module:function and another --out")))
    return lines


def stopped_lines(record: StudyRecord, store: Path) -> list[tuple[str, Text]]:
    """What failed or was lost, with its error, and the command that runs it alone."""
    lines: list[tuple[str, Text]] = []
    for state, arm, told, cells in _stopped(record):
        seeds = ", ".join(str(cell.seed) for cell in cells)
        text = f"{arm}, {'seed' if len(cells) == 1 else 'seeds'} {seeds}: {told}".replace("\n", "\n" + " " * 12)
        lines.append((state, Text(text, style="red")))
        alone = f"this cell alone: brittlestar run {shlex.quote(str(store))} --cell {cells[0].hash[:12]}"
        lines.append(("", Text(alone)))
    return lines


def _stopped(record: StudyRecord) -> list[tuple[str, str, str, list[CellRecord]]]:
    """(state, variant, error, cells) of what failed or was lost; seeds that failed in the same way are told once."""
    groups: dict[tuple[str, str, str], list[CellRecord]] = {}
    for cell in record.cells:
        if cell.state in ("failed", "lost"):
            told = cell.error or "no reason is known"
            groups.setdefault((cell.state, cell.variant, told), []).append(cell)
    return [(*key, cells) for key, cells in groups.items()]
