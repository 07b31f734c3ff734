"""How `split` ends: the splits, are they sound, what to know about them, and what comes next."""

import shlex
from collections.abc import Mapping
from typing import Any

from brittlestar.cli.blocks.findings import counts_block, findings_section, leading_blocks
from brittlestar.cli.blocks.splits import note_blocks, notes_sections
from brittlestar.cli.ending import Ending
from brittlestar.cli.endings.audit import sound_blocks
from brittlestar.cli.paragraphs import Block
from brittlestar.verbs.split import SplitResult

MOST_CLASSES = 6
"""Classes of which a split's line gives the share: the others are counted (convention)."""


def split_ending(result: SplitResult) -> Ending:
    """Sizes and class shares, whether the splits are sound, notes, and the command that goes on."""
    document, place = result.document, shlex.quote(str(result.folder))
    findings = result.audit.record.findings
    notes = tuple(document["notes"])
    blocks = [
        *(Block(name, _share_words(entry), rank=2, most=2) for name, entry in document["splits"].items()),
        *sound_blocks(result.audit.headline.sound),
        *leading_blocks(findings, None, place),
        counts_block(findings, None),
        *note_blocks(notes),
        Block("Written", str(result.folder), path=True),
        Block("Next", f"brittlestar run {place}", command=True),
    ]
    return Ending(
        document={"folder": str(result.folder), **document},
        answer=(str(result.folder),),
        blocks=tuple(blocks),
        rest=lambda: [findings_section(findings, None, place), *notes_sections(notes)],
        more="-v prints every finding by code, and all notes.",
    )


def _share_words(entry: Mapping[str, Any]) -> str:
    """`800 rows (80.0 %): a 50.0%, b 50.0%`."""
    shares = [f"{label} {of['share']:.1%}" for label, of in entry["classes"].items()]
    more = f" and {len(shares) - MOST_CLASSES:,} more" if len(shares) > MOST_CLASSES else ""
    return f"{entry['rows']:,} rows ({entry['share']:.1%}): {', '.join(shares[:MOST_CLASSES])}{more}"
