"""The headline and claims in a terminal: answers in their colours, and verdicts as a line and as a paragraph."""

from collections import Counter
from collections.abc import Sequence

from rich.text import Text

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.sentences import choose_judgement, verdict_words
from brittlestar.cli.paragraphs import Paragraph
from brittlestar.core.headline import WORDS, Answer, Decision, Headline
from brittlestar.reports.headline_text import QUESTIONS, headline_lines, named_decisions
from brittlestar.study.claims import format_claim
from brittlestar.study.units import unit_of

STYLES = {"yes": "bold green", "no": "bold red", "cannot say": "bold yellow"}
RANKS: dict[Answer, tuple[int, int]] = {"no": (1, 2), "cannot-say": (2, 2), "yes": (5, 1)}
"""Of an answer: what is shortened first (the highest), and the lines that stay. A no is shortened last."""
COMMAND, ACT, TITLE = 3, 6, 4
"""Ranks of the command that can change an answer, of what to act on first, and of the variant's title."""
MOST_ACT = 3
"""Lines of what to act on first: the finding itself is one option away (`-v`)."""
ARROW = "→ "
VERDICTS = {"supported": "bold green", "refuted": "bold red", "inconclusive": "bold yellow"}
MOST_CLAIMS = 6
"""Claims that an ending of a study names: more are counted, and `-v` has all (convention)."""
CLAIM = 5
"""Rank of a claim that no answer rests on."""


def headline_blocks(headline: Headline) -> list[Paragraph]:
    """The lines of a headline as blocks.

    A command that two answers share stands below the first of them. What to act on first is not said again where an
    answer quotes it.
    """
    decisions = named_decisions(headline)
    blocks: list[Paragraph] = []
    printed: set[str] = set()
    name = ""
    for left, text in headline_lines(headline):
        name = left or name
        command = text.removeprefix(ARROW)
        if command != text:
            if command not in printed:
                blocks.append(_next_block(text, name))
            printed.add(command)
        elif name in decisions:
            rank, least = RANKS[decisions[name].answer]
            blocks.append(Paragraph(left, style_answer(decisions[name]), rank=rank, least=least, stays=True))
        elif name == "Act first":
            blocks.append(Paragraph(left, text, rank=ACT, most=MOST_ACT))
        else:
            blocks.append(Paragraph(left, text, rank=0 if left else TITLE))
    return blocks


def answer_lines(headline: Headline) -> tuple[str, ...]:
    """Each answer as one line, a stated score first."""
    return tuple(answer_line(name, decision) for name, decision in named_decisions(headline).items())


def answer_line(name: str, decision: Decision) -> str:
    """A question with its answer, whole and on one line."""
    return f"{name:{_WIDEST}}  {decision.words}"


def style_answer(decision: Decision) -> Text:
    """The answer with its word in its colour."""
    word, rest = decision.words.split(":", 1)
    return Text.assemble((f"{word}:", STYLES[WORDS[decision.answer]]), rest)


_WIDEST = max(map(len, (*QUESTIONS.values(), "Stated")))


def _next_block(text: str, name: str) -> Paragraph:
    """What to do: a command, whole, or a sentence, where no command helps."""
    if name != "Act first":
        return Paragraph("", text.removeprefix(ARROW), rank=COMMAND, command=True)
    if text.startswith(f"{ARROW}brittlestar "):
        return Paragraph("", text.removeprefix(ARROW), rank=ACT + 1, command=True)
    return Paragraph("", text, rank=ACT + 1, most=MOST_ACT, stays=True)


def claim_blocks(judged: Sequence[Judgement]) -> list[Paragraph]:
    """A line for each claim, refuted ones first; the last of many are counted."""
    ranked = sorted(judged, key=lambda one: one.verdict != "refuted")
    blocks = [
        Paragraph("" if number else "Claims", claim_line(one), rank=1 if one.verdict == "refuted" else CLAIM, most=2)
        for number, one in enumerate(ranked[:MOST_CLAIMS])
    ]
    return [*blocks, *count_claims(ranked[MOST_CLAIMS:])]


def count_claims(rest: Sequence[Judgement]) -> list[Paragraph]:
    """How many further claims there are, by verdict."""
    counts = Counter(one.verdict for one in rest)
    text = ", ".join(f"{counts[verdict]:,} {verdict}" for verdict in VERDICTS if counts[verdict])
    return [Paragraph("", f"and {text} (-v)", rank=CLAIM, brief=True)] if rest else []


def verdict_line(one: Judgement) -> Text:
    """`supported: main > bag by 0.01 on accuracy`; of few runs, `refuted for these 3 models: …`."""
    return Text.assemble(_style_verdict(one), f": {format_claim(one.claim)}")


def _style_verdict(one: Judgement) -> tuple[str, str]:
    return verdict_words(one), VERDICTS[choose_judgement(one).verdict]


def claim_line(one: Judgement) -> Text:
    """The same with the difference: `supported: main > bag by 0.01 on accuracy, +2.1 [+1.2, +3.0]`; with few seeds that
    of the models at hand, as the answers have it."""
    found, unit = choose_judgement(one), unit_of(one.claim.metric)
    if found.estimate is None:
        return verdict_line(one)
    number = f"{unit.number(found.estimate, True)} {unit.interval(found.interval, True)}".strip()
    return Text.assemble(verdict_line(one), f", {number}")


def claim_paragraph(one: Judgement) -> Paragraph:
    """The verdict with the sentences that may be written."""
    return Paragraph(Text(*_style_verdict(one)), f"{format_claim(one.claim)}\n{one.sentence}")
