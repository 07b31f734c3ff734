"""Paragraphs under names: folded at the width of a terminal, shortened by rank, and never a no or a failure hidden."""

import shlex
from collections.abc import Sequence
from dataclasses import replace

import hypothesis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from brittlestar.cli.paragraphs import MOST_LINES, WIDTH, fit_blocks, fold_command, fold_text, lay_out_blocks
from brittlestar.core.findings import Finding
from brittlestar.core.headline import ActFirst, Answer, BestTrivial, Decision, Headline, HeadlineScore
from brittlestar.core.results import CellRecord
from brittlestar.reports.headline_text import fill_headline, headline_blocks
from brittlestar.reports.paragraphs import Paragraph
from brittlestar.reports.result_text import counts_block, explain_act, failed_blocks, stopped_blocks
from tests.reports.example import example

WORDS = st.text(st.sampled_from("abc ▲é漢−"), min_size=1, max_size=60)


def plain(lines: Sequence[Text]) -> list[str]:
    return [line.plain for line in lines]


@settings(deadline=None)
@given(WORDS, st.integers(20, 90))
def test_folding_loses_no_word_and_keeps_to_the_width(text: str, width: int) -> None:
    lines = plain(fold_text(Text(text), width))
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_intervals_percentages_and_commands_stay_whole() -> None:
    text = (
        "main loses 20.2 points [13.3, 27.1] on rows (99.5 % of 15): `brittlestar run 'a b.study' --seeds 10` shows it."
    )
    for width in range(44, 80):
        lines = plain(fold_text(Text(text), width))
        for whole in ("[13.3, 27.1]", "(99.5 %", "`brittlestar run 'a b.study' --seeds 10`"):
            assert any(whole in line for line in lines), (width, lines)


@settings(deadline=None)
@given(st.lists(st.text(st.sampled_from("ab-é ="), min_size=1, max_size=20), min_size=1, max_size=8))
def test_a_folded_command_is_the_same_command_when_it_is_pasted(words: list[str]) -> None:
    command = shlex.join(["brittlestar", "run", *words])
    lines = fold_command(command, 60)
    assert all(line.endswith(" \\") for line in lines[:-1])
    joined = "\n".join(lines).replace("\\\n", "\n    ")
    assert shlex.split(joined) == ["brittlestar", "run", *words]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 8), st.integers(1, 30), st.booleans()), min_size=1, max_size=9))
def test_a_command_is_whole_or_gone_however_little_room_there_is(drawn: list[tuple[int, int, bool]]) -> None:
    blocks = [
        Paragraph("", f"brittlestar judge s --claim {'word ' * size}b{k}" if command else "word " * 12 * size, rank)
        for k, (rank, size, command) in enumerate(drawn)
    ]
    blocks = [replace(block, command=one[2]) for block, one in zip(blocks, drawn, strict=True)]
    shown = plain(fit_blocks(blocks, most=12))
    assert len(shown) <= 12
    assert not any(line.startswith("→ ") and line.endswith("…") for line in shown)
    for block in blocks:
        whole = plain(lay_out_blocks([block]))
        assert not block.command or "\n".join(whole) in "\n".join(shown) or whole[-1] not in shown


def test_the_highest_rank_is_shortened_first_and_what_may_go_goes_last() -> None:
    long = "word " * 60
    blocks = [
        Paragraph("keep", long),
        Paragraph("first", long, rank=5),
        Paragraph("then", long, rank=2, least=2),
    ]
    whole = len(lay_out_blocks(blocks))
    lines = plain(fit_blocks(blocks, WIDTH, whole - 1))
    assert lines[-1].endswith("word") and any(line.endswith(" …") for line in lines)
    shorter = plain(fit_blocks(blocks, WIDTH, 9))
    assert len(shorter) == 9 and sum("keep" in line for line in shorter) == 1
    assert [line.split()[0] for line in shorter if not line.startswith(" ")] == ["keep", "first", "then"]
    least = plain(fit_blocks(blocks, WIDTH, 7))
    assert not any(line.startswith("first") for line in least), "rank 4 and above may go altogether"


SENTENCE = (
    "main scores 72.3, below the best trivial baseline (bigrams, 77.7) by 5.4 points [4.0, 6.7] on new rows. " * 4
)
RECORD = example()
ANSWERS = st.sampled_from(["yes", "no", "cannot-say"])


def decision(answer: Answer, k: int) -> Decision:
    command = f"brittlestar run 'a long name of a folder of splits/that is {k}.study' --seeds 10"
    return Decision(answer, SENTENCE[: 40 + 97 * k], (), command if answer == "cannot-say" else None)


@settings(deadline=None, max_examples=150)
@hypothesis.example(("yes", "cannot-say", "cannot-say", "cannot-say", "no"), [0, 0, 1, 2, 1], 3)
@given(
    st.tuples(ANSWERS, ANSWERS, ANSWERS, ANSWERS, ANSWERS),
    st.lists(st.integers(0, 3), min_size=5, max_size=5),
    st.integers(0, 9),
)
def test_the_worst_ending_keeps_25_lines_every_answer_and_every_failure(
    answers: tuple[Answer, ...], sizes: list[int], kinds: int
) -> None:
    real, holds, sound, fair, stated = (decision(*pair) for pair in zip(answers, sizes, strict=True))
    score = HeadlineScore(
        "main", "2-layer LSTM " * 6, "hwa", "test:unseen", 0.7, (0.6, 0.8), 0.95, "new-examples", 5, 999
    )
    act = ActFirst("leak.exact", None, SENTENCE * 2, "brittlestar audit 'some folder of data' --write-clean clean-data")
    headline = Headline(real, holds, sound, fair, stated, score, BestTrivial("token × position", 0.7), act)
    failures = [CellRecord(f"{k}" * 64, f"variant-{k % 4}", k, "failed", error=f"{SENTENCE}{k}") for k in range(kinds)]
    findings = [
        Finding(f"family.a-code-{k}", "present", SENTENCE, "rule", "error", {"variant": "main"}) for k in range(30)
    ]
    blocks = [
        *headline_blocks(headline),
        *explain_act(headline),
        *failed_blocks(failures, "some.study"),
        *(stopped_blocks(RECORD, "some.study", "the budget is spent")),
        counts_block(findings, "main"),
        Paragraph("Report", "some.study/report/report.html", path=True),
    ]
    lines = plain(fit_blocks(blocks))
    assert len(lines) <= MOST_LINES and all(cell_len(line) <= WIDTH for line in lines), lines
    for name, one in (("Real?", real), ("Holds?", holds), ("Sound?", sound), ("Fair?", fair), ("Stated", stated)):
        (first,) = [line for line in lines if line.startswith(name)]
        assert one.words.partition(":")[0] in first
        if one.answer == "no" and len(one.words) > 150:
            assert lines[lines.index(first) + 1].startswith(" " * 8), "two lines of a no stay"
    if kinds:
        (failed,) = [k for k, line in enumerate(lines) if "--cell 0" in line]
        assert lines[failed - 1].startswith("Failed"), "a command stands under what it is for"
    if kinds > 2:
        assert any(f"and {kinds - 2} more run" in line for line in lines)
    assert any("brittlestar run some.study" in line for line in lines)
    assert any(line.startswith("Findings   30 errors") for line in lines)
    assert "some.study/report/report.html" in lines[-1]


def test_a_command_that_two_answers_share_stands_once_and_a_quoted_finding_is_not_said_again() -> None:
    open_ = Decision("cannot-say", "five seeds are needed.", (), "brittlestar run s --seeds 5")
    wrong = Decision("no", "1 error about train. leak.exact: rows of test are in train.")
    act = ActFirst("leak.exact", None, "rows of test are in train.", None, "See `brittlestar audit 'my data'`.")
    headline = fill_headline(Headline(open_, open_, wrong, act_first=act), "'my data'")
    lines = plain(fit_blocks(headline_blocks(headline)))
    assert sum("--seeds 5" in line for line in lines) == 1
    assert "Act first  leak.exact (see Sound?)" in lines
    assert lines[-1].strip() == "→ See `brittlestar audit 'my data'`."


@pytest.mark.parametrize("width", [40, 60, 80])
def test_counts_name_errors_and_warnings_and_count_the_rest(width: int) -> None:
    def one(code: str, status: str, severity: str | None = None, variant: str | None = None) -> Finding:
        where = {} if variant is None else {"variant": variant}
        return Finding(code, status, "s", "r", severity, where)  # type: ignore[arg-type]

    findings = [
        one("leak.exact", "present", "error"),
        one("leak.exact", "present", "error"),
        one("seed.collapse", "present", "warning", "main"),
        one("seed.collapse", "present", "error", "bag"),
        one("eval.metric", "present", "info"),
        one("leak.near", "absent"),
        one("train.short", "inconclusive"),
    ]
    text = " ".join(" ".join(plain(fit_blocks([counts_block(findings, "main")], width))).split())
    assert text == (
        "Findings 2 errors (leak.exact), 1 warning (seed.collapse), 1 info; 1 about other variants; "
        "1 inconclusive, 1 absent."
    )
    assert "none present; 0 inconclusive, 0 absent." in plain(fit_blocks([counts_block([], None)]))[0]


@pytest.mark.parametrize("lines", [1, 2, 3])
def test_what_decides_is_never_cut_away(lines: int) -> None:
    long = "main does not learn, since its loss is computed on probabilities and not on logits, as everybody can see in"
    for fact in ("training_loop.py:117", "About 12 to 20 seeds", "about 3,400 rows"):
        text = f"{long} a place that this sentence names only after many other words, {fact} would settle it all."
        cut = fit_blocks([Paragraph("Act first", text, rank=3)], 80, lines)
        assert fact in cut[-1].plain and cut[-1].plain.endswith("…") and len(cut[-1].plain) <= 80
