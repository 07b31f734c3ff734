"""How `judge` ends: each claim with its verdict, what settles open ones, and the headline of a study."""

from collections.abc import Sequence
from dataclasses import replace

from brittlestar.claims.judgement import Judgement
from brittlestar.cli.ending import Ending, EndingSection, end_with
from brittlestar.cli.endings.answers import (
    answer_lines,
    claim_line,
    claim_paragraph,
    count_claims,
    headline_blocks,
    verdict_line,
)
from brittlestar.cli.endings.findings import note_blocks
from brittlestar.cli.paragraphs import Paragraph
from brittlestar.core.headline import Headline
from brittlestar.pipeline.judged import Judged

MOST_CLAIMS, MOST_SHORT = 4, 10
"""Claims with their sentences, and claims with their verdicts alone, that an ending prints: the others are counted
(convention)."""
CLAIM, SENTENCE, SETTLE, BEHIND_CLAIMS = 1, 4, 3, 4
"""Ranks of a verdict with its claim, of its sentence and of what settles it, and what is added to a headline's."""


def judge_ending(result: Judged) -> Ending:
    """Every claim with its verdict and sentence, then what settles open ones. The headline of a study stands before its
    own claims, and folded behind a claim that was asked about."""
    judged = result.judgements
    first, folded = (None, result.headline) if result.written else (result.headline, None)
    blocks = [*([] if first is None else _headline_blocks(first)), *_claim_blocks(judged, first is not None)]
    if not result.written and first is None:
        told = "no claim was given: these are default claims, and exploratory. --claim SENTENCE states your own."
        blocks.append(Paragraph("Note", told, rank=SETTLE))
    blocks += [*_settling_blocks(result), *note_blocks(result.notes)]
    if folded is not None:
        found = (f"{name.capitalize()}? {one.answer.replace('-', ' ')}" for name, one in folded.answers.items())
        blocks.append(Paragraph("Study", f"{', '.join(found)} (-v)", rank=SETTLE, brief=True))
    if (itself := result.against_itself) is not None:
        told = f"{itself.variant} against itself: {itself.differences} of {itself.pairings} pairings of {itself.seeds} "
        told += f"seeds each were announced as a difference of {itself.metric} ({100 * itself.low:.1f} to "
        blocks.append(Paragraph("Itself", f"{told}{100 * itself.high:.1f} %; chance gives 5 %).", rank=1))
    answers = [] if folded is None else [EndingSection("Answers", headline_blocks(folded))]
    return end_with(
        result,
        [verdict_line(one).plain for one in judged] if first is None else answer_lines(first),
        blocks,
        rest=lambda: [EndingSection("Claims", [claim_paragraph(one) for one in judged]), *answers],
        more="-v prints every claim in full.",
    )


def _headline_blocks(headline: Headline) -> list[Paragraph]:
    """The headline without what to act on first, and shortened before the claims are: they were asked about."""
    blocks = headline_blocks(replace(headline, act_first=None))
    return [replace(one, rank=one.rank + BEHIND_CLAIMS, least=1) if one.rank >= 2 else one for one in blocks]


def _claim_blocks(judged: Sequence[Judgement], brief: bool) -> list[Paragraph]:
    """Each verdict, left out of what `-v` prints where it is `brief`, with its sentence."""
    blocks: list[Paragraph] = []
    for number, one in enumerate(judged[:MOST_SHORT]):
        blocks.append(Paragraph("" if number else "Claims", claim_line(one), rank=CLAIM, most=2, brief=brief))
        if number < MOST_CLAIMS:
            blocks.append(Paragraph("", one.sentence, rank=SENTENCE, least=2, brief=True))
    return [*blocks, *count_claims(judged[MOST_SHORT:])]


def _settling_blocks(result: Judged) -> list[Paragraph]:
    """What settles open claims, each way once with the claims that it settles, and the commands that do it."""
    ways: dict[str, list[str]] = {}
    shown = " ".join(one.sentence for one in result.judgements[:MOST_CLAIMS])
    for one in result.settling:
        if one.words not in shown:
            ways.setdefault(one.words, []).append(one.claim)
    blocks: list[Paragraph] = []
    for words, claims in ways.items():
        which = "" if len(ways) == 1 else f"{claims[0]}: " if len(claims) == 1 else f"{len(claims):,} claims: "
        blocks.append(Paragraph("" if blocks else "Settle", f"{which}{words}", rank=SETTLE, most=2))
    said = result.headline.answers.values() if result.headline is not None else ()
    known = {one.next for one in said}
    commands = dict.fromkeys(one.command for one in result.settling if one.command and one.command not in known)
    return [*blocks, *(Paragraph("", command, rank=3, command=True) for command in commands)]
