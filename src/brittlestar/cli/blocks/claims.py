"""Claims with their verdicts, as a line and as a paragraph."""

from collections import Counter

from rich.text import Text

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.number_phrases import describe_population
from brittlestar.cli.paragraphs import Block
from brittlestar.core.headline import Headline
from brittlestar.core.results import StudyRecord
from brittlestar.reports.reading import Reading
from brittlestar.study.claims import format_claim
from brittlestar.study.default_claims import default_sentences

VERDICTS = {"supported": "bold green", "refuted": "bold red", "inconclusive": "bold yellow"}
MOST_CLAIMS = 3
"""Claims that an ending of a study names: more are counted, and `-v` has all (convention)."""
CLAIM = 5
"""Rank of a claim that no answer rests on."""


def claim_blocks(reading: Reading) -> list[Block]:
    """Claims that somebody wrote and no answer rests on: a line each, or counts where there are many."""
    known = _list_answered_claims(reading.headline) | _default_claims(reading.record)
    others = [one for one in reading.judgements if format_claim(one.claim) not in known]
    if len(others) > MOST_CLAIMS:
        counts = Counter(one.verdict for one in others)
        text = ", ".join(f"{counts[verdict]:,} {verdict}" for verdict in VERDICTS if counts[verdict])
        return [Block("Claims", f"{text}.", rank=1)]
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


def claim_paragraph(one: Judgement) -> Block:
    """The verdict with the sentences that may be written."""
    return Block(Text(one.verdict, style=VERDICTS[one.verdict]), f"{format_claim(one.claim)}\n{one.sentence}")


def _list_answered_claims(headline: Headline) -> set[str]:
    return {ground.ref for one in headline.answers.values() for ground in one.grounds if ground.kind == "claim"}


def _default_claims(record: StudyRecord) -> set[str]:
    """The claims that a study has where nobody writes any: the answers say what became of them."""
    rows = {name: split.rows for name, split in record.splits.items()}
    unseen = {name: many - 1 for name, many in rows.items()}
    return set(default_sentences(rows, unseen, record.metric, record.main))
