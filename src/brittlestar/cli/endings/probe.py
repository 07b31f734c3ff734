"""How `probe` ends: does the score hold, and what was found about main; or the rows behind a condition."""

from collections.abc import Mapping, Sequence

from rich.table import Table
from rich.text import Text

from brittlestar.cli.blocks.answers import answer_line, style_answer
from brittlestar.cli.blocks.findings import counts_block, findings_section, leading_blocks, order_blocks
from brittlestar.cli.blocks.splits import notes_sections
from brittlestar.cli.ending import Ending, Section
from brittlestar.cli.paragraphs import Block
from brittlestar.diagnosis.probes.phrasing import format_interval, format_points
from brittlestar.diagnosis.probes.readings import ProbedArm, labels_known
from brittlestar.pipeline.probe_result import ProbeResult
from brittlestar.statistics.effects import Effect
from brittlestar.store.layout import PAGE, Store
from brittlestar.study.units import count
from brittlestar.verbs.replaying import Replayed

MOST_SPLITS = 3
"""Added splits that an ending names: the others are counted, and the JSON has them (convention)."""
MOST_ROWS = 5
"""Rows that an ending prints: `-v` has all (convention)."""


def probe_ending(result: ProbeResult) -> Ending:
    """Whether the score holds, added splits, what was found about main, counts, and where the rest is."""
    main = result.record.main
    holds = result.headline.holds
    blocks = [Block("Holds?", style_answer(holds))]
    if holds.next is not None:
        blocks.append(Block("", holds.next, command=True))
    blocks += [*order_blocks(result.summary), *_split_blocks(result)]
    blocks += [Block(Text("Failed", style="bold red"), one, rank=1, most=2) for one in result.problems[:2]]
    blocks += leading_blocks(result.findings, main)
    blocks += [Block("Probed", _probed_words(result), rank=2), counts_block(result.findings, main)]
    if result.dropped:
        gone = count(result.dropped, "condition")
        note = f"{gone} of the last suite, about other rows or labels, left the report. All of them again:"
        blocks += [Block("Note", note), Block("", f"brittlestar probe {result.place}", command=True)]
    if result.store is not None:
        blocks.append(Block("Report", Store(result.store).name_key(PAGE), path=True))
    return Ending(
        document=result.document,
        answer=(answer_line("Holds?", holds),),
        blocks=tuple(blocks),
        rest=lambda: _sections(result),
        more="-v prints every condition, and findings by code with their rules.",
        after_json=result.problems,
        exit_code=result.exit_code,
    )


def _split_blocks(result: ProbeResult) -> list[Block]:
    facts, later = result.facts, list(result.later.items())
    blocks: list[Block] = []
    for split, scored in later[:MOST_SPLITS]:
        blocks.append(Block("Split", _about_split(split, facts[split]), rank=4))
        intervals = {arm: f" {format_interval(one.interval)}" if one.interval else "" for arm, one in scored.items()}
        scores = [f"{arm}: accuracy {format_points(one.mean)}{intervals[arm]} points" for arm, one in scored.items()]
        blocks.append(Block("", "; ".join(scores), rank=3))
    if len(later) > MOST_SPLITS:
        blocks.append(Block("", f"and {count(len(later) - MOST_SPLITS, 'more split')} (--json)"))
    return blocks


def _probed_words(result: ProbeResult) -> str:
    """How many rows, conditions and runs there were, and which variants were not probed."""
    why = [f"{arm} was not probed: {reason}" for arm, reason in result.not_probed.items()]
    found = result.summary
    if found is None:
        return "; ".join(["nothing", *why])
    probes = found.study.probes
    conditions = count(len(probes.conditions) - 1, "condition")
    head = f"{len(probes.sample):,} of {probes.of:,} rows of {probes.split} under {conditions}"
    return "; ".join([head, *why])


def _sections(result: ProbeResult) -> list[Section]:
    found = result.summary
    if found is None:
        return []
    heads = [found.rule]
    if any(labels_known(arm) for arm in found.study.arms):
        heads.append(
            "Accuracy in points before and after the change, with 95 % intervals over seeds and rows; the majority "
            "class of the changed rows; the worst seed; % of predictions that changed."
        )
    sections = [Section("Conditions", [Block("", head) for head in heads])]
    sections += [Section(arm.arm.name, _table(arm)) for arm in found.arms]
    if found.sentences:
        sections.append(Section("In words", [Block("", one) for one in found.sentences]))
    sections.append(findings_section(result.findings, result.record.main))
    return sections + notes_sections([*found.not_tested_sentences, *found.notes])


def _table(arm: ProbedArm) -> Table:
    """Accuracy in points where labels are known, else the reliance on what is taken away; and what share changed."""
    known = labels_known(arm)
    scores = ("before", "after", "majority", "worst") if known else ("accuracy after", "reliance")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for place, heading in enumerate(("condition", *scores, "changed")):
        table.add_column(heading, justify="right" if place else "left", no_wrap=bool(place))
    for one in arm.readings[1:]:
        worst = "" if one.after is None or one.after.seeds < 2 else format_points(min(one.after.by_seed.values()))
        cells = (
            (_mean(one.before), _format_effect(one.after), format_points(one.majority_after), worst)
            if known
            else (_mean(one.after), _format_effect(one.reliance))
        )
        words = Text.assemble(one.condition.title, (f"\n{one.condition.name}", "dim"))
        table.add_row(words, *cells, _mean(one.flips))
    return table


def _about_split(split: str, facts: Mapping[str, float]) -> str:
    parts = [f"{facts['rows']:,} rows"]
    if facts["unknown_label_rows"]:
        parts.append(f"{facts['unknown_label_rows']:,} of them with a label that train lacks")
    if facts["rows_in_train"]:
        parts.append(f"{facts['rows_in_train']:,} of them are in train")
    return f"{split}: {', '.join(parts)}; {100 * facts['unseen_token_rate']:.1f} % of its tokens are new to train"


def _format_effect(one: Effect | None) -> str:
    if one is None or one.seeds < 2:
        return _mean(one)
    return f"{_mean(one)} {format_interval(one.interval())}"


def _mean(one: Effect | None) -> str:
    return format_points(None if one is None else one.estimate)


def replay_ending(found: Sequence[Replayed], condition: str) -> Ending:
    """The rows, each before and after, with the answer of each seed."""
    document = {"condition": condition, "rows": [one.as_json() for one in found]}
    heading, rows = _rows_heading(found, condition), [_row_block(one) for one in found]
    more = len(rows) - MOST_ROWS
    counted = [Block("", f"and {count(more, 'more row')} (-v)")] if more > 0 else []
    blocks = (Block("Rows", heading), *rows[:MOST_ROWS], *counted)
    return Ending(document, (heading,), blocks, lambda: [Section("Rows", rows)])


def _rows_heading(found: Sequence[Replayed], condition: str) -> str:
    if not found:
        return f"{condition}: no answer changed, and none is wrong."
    if any(one.changed for one in found):
        return f"{condition}: {count(len(found), 'row')} whose answer changed in the most seeds."
    told = "no answer changed; these are wrong" if "@" in condition else "these are answered wrongly"
    return f"{condition}: {told} ({count(len(found), 'row')})."


def _row_block(one: Replayed) -> Block:
    unchanged = (one.before, one.label_before) == (one.after, one.label_after)
    lines: list[str] = []
    if one.before is not None and not unchanged:
        lines.append(f"before  {one.before} {_format_label(one.label_before)}".rstrip())
    word = "row  " if unchanged else "after"
    lines.append(f"{word}   {one.after} {_format_label(one.label_after)}".rstrip())
    changed = {seed: new if old in (None, new) else f"{old} → {new}" for seed, (old, new) in one.answers.items()}
    answers = ", ".join(f"{seed}: {told}" for seed, told in changed.items())
    lines.append(f"seeds   {answers}")
    return Block(one.id or "own row", "\n".join(lines), rank=1, least=2)


def _format_label(label: str | None) -> str:
    return "" if label is None else f"(truly {label})"
