"""The headline in a terminal: its lines as blocks, each answer in its colour, and one line an answer for `--quiet`."""

from rich.text import Text

from brittlestar.cli.paragraphs import Block
from brittlestar.core.headline import WORDS, Answer, Decision, Headline
from brittlestar.reports.headline_text import QUESTIONS, headline_lines, named_decisions

STYLES = {"yes": "bold green", "no": "bold red", "cannot say": "bold yellow"}
RANKS: dict[Answer, tuple[int, int]] = {"no": (1, 2), "cannot-say": (2, 2), "yes": (5, 1)}
"""Of an answer: what is shortened first (the highest), and the lines that stay. A no is shortened last."""
COMMAND, ACT, TITLE = 3, 6, 4
"""Ranks of the command that can change an answer, of what to act on first, and of the variant's title."""
MOST_ACT = 3
"""Lines of what to act on first: the finding itself is one option away (`-v`)."""
ARROW = "→ "


def headline_blocks(headline: Headline) -> list[Block]:
    """The lines of a headline as blocks.

    A command that two answers share stands below the first of them. What to act on first is not said again where an
    answer quotes it.
    """
    decisions = named_decisions(headline)
    blocks: list[Block] = []
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
            blocks.append(_answer_block(left, decisions[name]))
        elif name == "Act first":
            blocks.append(Block(left, text, rank=ACT, most=MOST_ACT))
        else:
            blocks.append(Block(left, text, rank=0 if left else TITLE))
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


def _answer_block(name: str, decision: Decision) -> Block:
    rank, least = RANKS[decision.answer]
    return Block(name, style_answer(decision), rank=rank, least=least, stays=True)


def _next_block(text: str, name: str) -> Block:
    """What to do: a command, whole, or a sentence, where no command helps."""
    if name != "Act first":
        return Block("", text.removeprefix(ARROW), rank=COMMAND, command=True)
    if text.startswith(f"{ARROW}brittlestar "):
        return Block("", text.removeprefix(ARROW), rank=ACT + 1, command=True)
    return Block("", text, rank=ACT + 1, most=MOST_ACT)
