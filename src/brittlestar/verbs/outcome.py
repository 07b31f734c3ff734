"""A study as `run`, `check` and `judge` show it: what did not finish, claims, and all there is of it for `-v`."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from brittlestar.core.headline import Headline
from brittlestar.core.results import Setting, StudyRecord
from brittlestar.reports.reading import Reading
from brittlestar.study.claims import format_claim
from brittlestar.study.default_claims import default_sentences
from brittlestar.study.units import count
from brittlestar.verbs.data_console import data_blocks, notes_sections
from brittlestar.verbs.ending import Section
from brittlestar.verbs.findings_console import findings_section
from brittlestar.verbs.layout import WIDTH, Block
from brittlestar.verdicts.judgement import Judgement
from brittlestar.verdicts.number_phrases import describe_population

VERDICTS = {"supported": "bold green", "refuted": "bold red", "inconclusive": "bold yellow"}
SECTIONS = ("data", "model", "training", "streams", "report")
LOOKED_AT = ("name", "data.tokens", "data.factors", "training.selection.split")
OF_OWN, OF_PREDICTIONS = ("model.own", "model.kind", "model.params"), ("model.predictions", "model.variant")
WIDE_ARM, WIDE_SPLIT = 28, 16
MOST_FAILURES, MOST_SEEDS, MOST_CLAIMS = 2, 5, 3
"""Kinds of failure, seeds and claims that an ending names one by one, and counts beyond: `-v` has all (convention)."""
FAILURE, CLAIM, HINT = 5, 5, 8
"""Ranks of an error's text, of a claim that no answer rests on, and of a hint."""


@dataclass(frozen=True)
class Failure:
    """A run without a result: `state` is failed or lost."""

    state: str
    variant: str
    seed: int
    error: str
    hash: str


def failures_of(record: StudyRecord) -> list[Failure]:
    """Runs that failed or were lost, in the order of the record."""
    return [
        Failure(cell.state, cell.variant, cell.seed, cell.error or "no reason is known", cell.hash)
        for cell in record.cells
        if cell.state in ("failed", "lost")
    ]


def failed_blocks(failures: Sequence[Failure], place: str, everything: bool = False) -> list[Block]:
    """Runs without a result, those with one error together, and the command that runs the first of them again; `place`
    is the study's folder as a shell takes it. Of many kinds the first two, and how many runs there are beside."""
    kinds: dict[tuple[str, str, str], list[Failure]] = {}
    for one in failures:
        kinds.setdefault((one.state, one.variant, one.error), []).append(one)
    shown = list(kinds.items())[: None if everything else MOST_FAILURES]
    blocks: list[Block] = []
    for (state, variant, error), alike in shown:
        name = Text(state.capitalize(), style="bold red")
        text = f"{variant}, {_seeds(alike, everything)}: {error}"
        blocks.append(Block(name, Text(text), rank=FAILURE, most=None if everything else 2, stays=True))
        blocks.append(Block("", Text(f"brittlestar run {place} --cell {alike[0].hash[:12]}"), command=True))
    named = sum(len(alike) for _, alike in shown)
    if named < len(failures):
        blocks.append(Block("", Text(f"and {count(len(failures) - named, 'more run')}:")))
        blocks.append(Block("", Text(f"brittlestar status {place} --verbose"), command=True))
    if any(one.state == "failed" for one in failures):
        text = "After a change of your code the same command trains what changed, and keeps the rest."
        blocks.append(Block("", Text(text), rank=HINT, least=0, most=2))
    return blocks


def stopped_blocks(record: StudyRecord, place: str, ended: str | None) -> list[Block]:
    """Why a run ended early, how many runs are open, and the command that goes on."""
    waiting = sum(cell.state in ("planned", "running") for cell in record.cells)
    if not ended and not waiting:
        return []
    text = f"{ended or 'not everything was run'}; {waiting:,} of {count(len(record.cells), 'run')} open."
    return [
        Block(Text("Stopped", style="bold yellow"), Text(text)),
        Block("", Text(f"brittlestar run {place}"), command=True),
    ]


def claim_blocks(reading: Reading) -> list[Block]:
    """Claims that somebody wrote and no answer rests on: a line each, or counts where there are many."""
    known = _answered(reading.headline) | _default_claims(reading.record)
    others = [one for one in reading.judgements if format_claim(one.claim) not in known]
    if len(others) > MOST_CLAIMS:
        counts = Counter(one.verdict for one in others)
        text = ", ".join(f"{counts[verdict]:,} {verdict}" for verdict in VERDICTS if counts[verdict])
        return [Block("Claims", Text(f"{text}."), rank=1)]
    return [
        Block("" if number else "Claims", verdict_line(one), rank=1 if one.verdict == "refuted" else CLAIM)
        for number, one in enumerate(others)
    ]


def verdict_line(one: Judgement) -> Text:
    """`supported: main > bag by 0.01 on accuracy`; beside an open claim, what the models at hand say."""
    word = one.verdict if one.registered else f"{one.verdict} (exploratory)"
    model = one.this_model
    if one.verdict == "inconclusive" and model is not None and model.verdict != one.verdict:
        word = f"{word} ({model.verdict} for {describe_population(model.population, model.seeds)})"
    return Text.assemble((word, VERDICTS[one.verdict]), f": {format_claim(one.claim)}")


def study_sections(reading: Reading, place: str, looked: bool) -> list[Section]:
    """All there is of a study. `looked` says that there was no study file, so that tokens, factors and the split that
    selects come from a look at the data; `place` is what its commands name."""
    record = reading.record
    sections = [
        Section("Settings", settings_blocks(record, looked)),
        Section("Data", data_blocks(record.splits)),
        Section("Results", results_table(reading, WIDTH)),
    ]
    if "sources" in reading.document:
        spread = [
            Block(one["variant"], Text(one["sentence"].partition(": ")[2])) for one in reading.document["sources"]
        ]
        sections.append(Section("Where the spread comes from", spread))
    if reading.judgements:
        sections.append(Section("Claims", [claim_paragraph(one) for one in reading.judgements]))
    sections.append(findings_section(reading.findings, record.main, place))
    if failures := failures_of(record):
        sections.append(Section("Runs without a result", failed_blocks(failures, place, everything=True)))
    return sections + notes_sections(record.notes)


def claim_paragraph(one: Judgement) -> Block:
    """The verdict with the sentences that may be written."""
    return Block(Text(one.verdict, style=VERDICTS[one.verdict]), Text(f"{format_claim(one.claim)}\n{one.sentence}"))


def settings_blocks(record: StudyRecord, looked: bool) -> list[Block]:
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
    return [Block(Text(title, style="dim"), Text(text, style="dim")) for title, text in lines if text]


def _joined(settings: Iterable[Setting], section: str = "") -> str:
    """`path=value, …`, paths without the section that stands before the line."""
    return ", ".join(f"{s.path.removeprefix(section + '.') if section else s.path}={_short(s.value)}" for s in settings)


def _short(value: Any) -> str:
    plain = isinstance(value, (dict, list, tuple, bool, type(None)))
    return json.dumps(value, ensure_ascii=False) if plain else str(value)


def results_table(reading: Reading, width: int) -> Table:
    """Every variant on every split: mean, interval and n of the headline metric, the majority's score beside it.

    Splits are columns where they fit into `width` characters, rows otherwise.
    """
    unit, names = reading.unit, list(reading.record.splits)
    direction = "; lower is better" if unit.lower_is_better else ""
    title = f"{unit.name} in {unit.unit}, best checkpoint: mean over (n) seeds [95 % interval over seeds]{direction}"
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


def quiet_failures(record: StudyRecord, store: Path) -> tuple[str, ...]:
    """One line for `--quiet` where runs have no result: it is never hidden."""
    gone = failures_of(record)
    if not gone:
        return ()
    command = f"brittlestar run {shlex.quote(str(store))} --cell {gone[0].hash[:12]}"
    return (f"Failed  {len(gone):,} of {count(len(record.cells), 'run')}: {command}",)


def _answered(headline: Headline) -> set[str]:
    """The claims that answers rest on."""
    return {ground.ref for one in headline.answers.values() for ground in one.grounds if ground.kind == "claim"}


def _default_claims(record: StudyRecord) -> set[str]:
    """The claims that a study has where nobody writes any: the answers say what became of them."""
    rows = {name: split.rows for name, split in record.splits.items()}
    unseen = {name: many - 1 for name, many in rows.items()}
    return set(default_sentences(rows, unseen, record.metric, record.main))


def _seeds(alike: Sequence[Failure], everything: bool) -> str:
    named = alike if everything else alike[:MOST_SEEDS]
    more = f" and {len(alike) - len(named):,} more" if len(alike) > len(named) else ""
    return f"{'seed' if len(alike) == 1 else 'seeds'} {', '.join(str(one.seed) for one in named)}{more}"
