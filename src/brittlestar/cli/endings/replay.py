"""How `probe --show` ends: the rows behind a condition or a slice."""

from __future__ import annotations

from collections.abc import Sequence

from brittlestar.cli.ending import Ending, Section
from brittlestar.cli.paragraphs import Block
from brittlestar.study.units import count
from brittlestar.verbs.replaying import Replayed

MOST_ROWS = 5
"""Rows that an ending prints: `-v` has all (convention)."""


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
    """A row before and after, and the answer of each seed."""
    unchanged = (one.before, one.label_before) == (one.after, one.label_after)
    lines: list[str] = []
    if one.before is not None and not unchanged:
        lines.append(f"before  {one.before} {_format_label(one.label_before)}".rstrip())
    word = "row  " if unchanged else "after"
    lines.append(f"{word}   {one.after} {_format_label(one.label_after)}".rstrip())
    answers = ", ".join(f"{seed}: {_format_change(old, new)}" for seed, (old, new) in one.answers.items())
    lines.append(f"seeds   {answers}")
    return Block(one.id or "own row", "\n".join(lines), rank=1, least=2)


def _format_change(old: str | None, new: str) -> str:
    return new if old is None or old == new else f"{old} → {new}"


def _format_label(label: str | None) -> str:
    return "" if label is None else f"(truly {label})"
