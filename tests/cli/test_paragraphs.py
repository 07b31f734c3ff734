"""Paragraphs under names: folded at the width of a terminal, each in its own lines, and no sentence is ever cut."""

import shlex
from collections.abc import Sequence

import hypothesis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from brittlestar.cli.paragraphs import WIDTH, fold_command, fold_text, lay_out_blocks
from brittlestar.core.findings import Finding
from brittlestar.core.headline import ActFirst, Answer, BestTrivial, Decision, Headline, HeadlineScore, WorstSlice
from brittlestar.core.results import CellRecord
from brittlestar.reports.headline_text import fill_headline, headline_blocks
from brittlestar.reports.paragraphs import Paragraph, cut_items, list_lines, name_failed, name_first
from brittlestar.reports.result_text import counts_block, explain_act, failed_blocks, leading_blocks, stopped_blocks
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
@given(st.lists(st.integers(1, 40), min_size=1, max_size=6), st.integers(1, 5), st.integers(40, 100))
def test_a_paragraph_keeps_its_lines_in_whole_sentences_and_says_what_it_leaves(
    sizes: list[int], most: int, width: int
) -> None:
    sentences = [f"S{k} {'word ' * size}end." for k, size in enumerate(sizes)]
    block = Paragraph("Name", " ".join(sentences), most=most)
    whole, lines = (plain(lay_out_blocks([block], width, verbose)) for verbose in (True, False))
    text = " ".join(" ".join(lines).split()).removeprefix("Name ")
    assert " ".join(" ".join(whole).split()) == f"Name {block.text}", "all of it where it is asked for"
    kept = [sentence for sentence in sentences if sentence in text]
    assert kept == sentences[: len(kept)] and kept, "the first ones, each to its end"
    assert text == " ".join(kept) + (" (-v)" if len(kept) < len(sentences) else "")
    assert len(lines) <= most or len(kept) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "The loss is computed in training_loop.py:117.",
        "About 12 to 20 seeds would settle it.",
        "Then about 3,400 rows would.",
        "See `brittlestar audit 'my data'`.",
        "Effect: at most 14.2 points.",
    ],
)
def test_what_a_reader_acts_on_stays(sentence: str) -> None:
    text = f"{'main does not learn ' * 3}at all. {'This is why, in many words. ' * 8}{sentence} {'And so on. ' * 20}"
    lines = plain(lay_out_blocks([Paragraph("Act first", text.strip(), most=3)]))
    assert len(lines) == 3 and " ".join(" ".join(lines).split()).endswith(f"{sentence} (-v)")


def test_blocks_beyond_a_number_are_counted_and_printed_in_full_where_that_is_asked_for() -> None:
    items = [[Paragraph("FAIL", f"number {k}"), Paragraph("", f"brittlestar run {k}", command=True)] for k in range(5)]
    blocks = cut_items(items, 2, "requirement")
    assert plain(lay_out_blocks(blocks)) == [
        "FAIL  number 0", "      → brittlestar run 0", "FAIL  number 1", "      → brittlestar run 1",
        "      and 3 more requirements (-v)",
    ]  # fmt: skip
    assert list_lines(blocks)[-1] == ("", "and 3 more requirements"), "Python has no option"
    assert plain(lay_out_blocks(blocks, verbose=True)) == plain(
        lay_out_blocks([block for item in items for block in item])
    )
    brief = cut_items([name_first("Note", ["a", "b"], brief=True), name_first("Note", ["c"], brief=True)], 1, "note")
    assert lay_out_blocks(brief, verbose=True) == [], "said elsewhere"
    assert [line for _, line in list_lines(name_failed(["a", "b", "c"]))] == ["a", "b", "and 1 more problem"]
    assert cut_items(items[:2], 2) == [block for item in items[:2] for block in item]


SENTENCES = (
    "main scores 72.3, below the best trivial baseline (bigrams, 77.7) by 5.4 points [4.0, 6.7] on new rows. " * 4
).strip()
RECORD = example()
ANSWERS = st.sampled_from(["yes", "no", "cannot-say"])


def decision(answer: Answer, k: int) -> Decision:
    command = "brittlestar run 'a folder of splits/that is long.study' --seeds 10"
    return Decision(answer, ". ".join(SENTENCES.split(". ")[: k + 1]), (), command if answer == "cannot-say" else None)


@settings(deadline=None, max_examples=100)
@hypothesis.example(("cannot-say", "cannot-say", "no", "no", "no"), [3, 3, 3, 3, 3], 9)
@given(
    st.tuples(ANSWERS, ANSWERS, ANSWERS, ANSWERS, ANSWERS),
    st.lists(st.integers(0, 3), min_size=5, max_size=5),
    st.integers(0, 9),
)
def test_in_the_worst_ending_all_answers_begin_in_25_lines_and_no_failure_is_hidden(
    answers: tuple[Answer, ...], sizes: list[int], kinds: int
) -> None:
    real, holds, sound, fair, stated = (decision(*pair) for pair in zip(answers, sizes, strict=True))
    score = HeadlineScore("main", "2-layer LSTM", "hwa", "test:unseen", 0.7, (0.6, 0.8), 0.95, "new-examples", 5, 999)
    worst = WorstSlice("class 1", "test", 300, 0.5, (0.4, 0.6), 0.2, (0.1, 0.3))
    act = ActFirst("leak.exact", None, SENTENCES, "brittlestar audit 'some folder of data' --write-clean clean-data")
    baseline = BestTrivial("token × position", 0.7)
    headline = Headline(real, holds, sound, fair, stated, score, baseline, act, worst_slice=worst)
    failures = [CellRecord(f"{k}" * 64, f"variant-{k % 4}", k, "failed", error=f"{SENTENCES}{k}") for k in range(kinds)]
    findings = [
        Finding(f"family.a-code-{k}", "present", SENTENCES, "rule", "error", {"variant": "main"}, remedy=SENTENCES)
        for k in range(30)
    ]
    blocks = [
        *headline_blocks(headline),
        *explain_act(headline),
        *failed_blocks(failures, "some.study"),
        *(stopped_blocks(RECORD, "some.study", "the budget is spent")),
        *leading_blocks(findings, "main"),
        counts_block(findings, "main"),
        Paragraph("Report", "some.study/report/report.html", path=True),
    ]
    lines = plain(lay_out_blocks(blocks))
    assert all(cell_len(line) <= WIDTH for line in lines), lines
    assert not any(line.endswith("…") for line in lines), lines
    for name, one in (("Real?", real), ("Holds?", holds), ("Sound?", sound), ("Fair?", fair), ("Stated", stated)):
        (first,) = [line for line in lines[:25] if line.startswith(name)]
        assert one.words.partition(":")[0] in first
    assert any(line.startswith("Act first") for line in lines[:25]), lines
    if kinds:
        (failed,) = [k for k, line in enumerate(lines) if "--cell 0" in line]
        assert any(line.startswith("Failed") for line in lines[failed - 3 : failed]), "a command under what it is for"
    if kinds > 2:
        assert any(f"and {kinds - 2} more run" in line for line in lines)
    assert any("brittlestar run some.study" in line for line in lines)
    assert any(line.strip() == "and 27 more findings (-v)" for line in lines)
    assert any(line.startswith("Findings   30 errors") for line in lines)
    assert "some.study/report/report.html" in lines[-1]


def test_a_command_that_two_answers_share_stands_once_and_a_quoted_finding_is_not_said_again() -> None:
    open_ = Decision("cannot-say", "five seeds are needed.", (), "brittlestar run s --seeds 5")
    wrong = Decision("no", "1 error about train. leak.exact: rows of test are in train.")
    act = ActFirst("leak.exact", None, "rows of test are in train.", None, "See `brittlestar audit 'my data'`.")
    headline = fill_headline(Headline(open_, open_, wrong, act_first=act), "'my data'")
    lines = plain(lay_out_blocks(headline_blocks(headline)))
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
    text = " ".join(" ".join(plain(lay_out_blocks([counts_block(findings, "main")], width))).split())
    assert text == (
        "Findings 2 errors (leak.exact), 1 warning (seed.collapse), 1 info; 1 about other variants; "
        "1 inconclusive, 1 absent."
    )
    assert "none present; 0 inconclusive, 0 absent." in plain(lay_out_blocks([counts_block([], None)]))[0]
