"""How `export` ends: what was written, what is not in it, and the command that reads it back."""

from brittlestar.cli.blocks.splits import note_blocks, notes_sections
from brittlestar.cli.ending import Ending
from brittlestar.cli.paragraphs import Block
from brittlestar.verbs.export import ExportResult


def export_ending(result: ExportResult) -> Ending:
    """Every file with its rows, notes, and the command that goes on."""
    blocks = [
        *(Block(one.title, one.words, path=True) for one in result.written),
        *note_blocks(result.notes),
        *([Block("Next", result.again, command=True)] if result.again else []),
    ]
    return Ending(
        document=result.document,
        answer=tuple(one.place for one in result.written),
        blocks=tuple(blocks),
        rest=lambda: notes_sections(result.notes),
    )
