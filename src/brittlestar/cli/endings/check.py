"""How `check` ends: the headline, counts of findings, and where the rest is."""

from collections.abc import Sequence

from brittlestar.cli.blocks.answers import answer_lines, claim_blocks, headline_blocks
from brittlestar.cli.blocks.findings import counts_block
from brittlestar.cli.blocks.splits import note_blocks
from brittlestar.cli.blocks.study import study_sections
from brittlestar.cli.ending import Ending, Section
from brittlestar.cli.endings.audit import audit_sections
from brittlestar.cli.paragraphs import Block
from brittlestar.store.layout import PAGE, Store
from brittlestar.verbs.check import CheckResult

MORE = "-v prints the trivial baselines and findings by code."
MORE_OF_STUDY = "-v prints scores, claims and findings."
KEEP = "--out DIR keeps a report."


def check_ending(result: CheckResult) -> Ending:
    """The headline, claims, counts of findings, and where the rest is."""
    reading = result.reading
    main = None if reading is None else reading.record.main
    store = None if result.store is None else Store(result.store)
    page = None if store is None else store.name_key(PAGE)
    blocks = [*headline_blocks(result.headline)]
    if reading is not None:
        blocks += claim_blocks(reading)
    blocks += [*note_blocks(result.notes), counts_block(result.findings, main)]
    if page is not None:
        blocks.append(Block("Report", page, path=True))
    return Ending(
        document=result.document,
        answer=answer_lines(result.headline),
        blocks=tuple(blocks),
        rest=lambda: _sections(result),
        more=MORE if reading is None else MORE_OF_STUDY if result.store else f"{MORE_OF_STUDY[:-1]}; {KEEP}",
        after_json=() if page is None else (f"report: {page}",),
        page=store,
    )


def _sections(result: CheckResult) -> Sequence[Section]:
    if result.reading is not None:
        return study_sections(result.reading, result.place, looked=False)
    return audit_sections(result.findings, result.ladder, result.limits, result.notes, result.place)
