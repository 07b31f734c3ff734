"""Splits and notes on how they were read, in a terminal."""

from collections.abc import Mapping, Sequence

from rich.text import Text

from brittlestar.cli.ending import Section
from brittlestar.cli.paragraphs import Block
from brittlestar.core.results import SplitRecord
from brittlestar.study.units import count

MOST_NOTES = 2
"""Notes that an ending prints: the others are counted, and `-v` has them (convention)."""
NOTE = 6
"""Rank of a note."""


def data_blocks(splits: Mapping[str, SplitRecord]) -> list[Block]:
    """Sizes of every split, and all that is odd about it and was kept."""
    blocks: list[Block] = []
    for name, split in splits.items():
        size = f"{count(split.rows, 'row')}, {count(len(split.classes), 'class', 'classes')}"
        text = f"{size}, {split.mean_length:.1f} tokens on average, {split.max_length:,} at most"
        blocks.append(Block(name, text))
        blocks += [Block("", Text(odd, style="yellow")) for odd in _odd(split)]
    return blocks


def note_blocks(notes: Sequence[str]) -> list[Block]:
    """The first notes on how data were read, and how many there are beside."""
    shown = [
        Block("" if number else "Note", note, rank=NOTE, most=2, brief=True)
        for number, note in enumerate(notes[:MOST_NOTES])
    ]
    more = len(notes) - len(shown)
    counted = [Block("", f"and {count(more, 'more note')} (-v)", rank=NOTE, brief=True)] if more else []
    return [*shown, *counted]


def notes_sections(notes: Sequence[str]) -> list[Section]:
    """Every note, where there is one."""
    return [Section("Notes", [Block("", note) for note in notes])] if notes else []


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
