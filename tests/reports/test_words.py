"""One verdict is said in the same sentences with the same numbers on every surface; what leads, and what to do next."""

import re
from dataclasses import replace

import numpy as np
import pytest

from brittlestar.claims.claim_findings import JudgedStudy
from brittlestar.claims.headline_numbers import HeadlineNumbers, OnRows
from brittlestar.claims.judgement import Judgement
from brittlestar.claims.score_estimates import ScoreEstimate
from brittlestar.claims.trivial_findings import below_trivial
from brittlestar.core.commands import DATA, Advice, command
from brittlestar.core.findings import Finding
from brittlestar.core.headline import Headline
from brittlestar.reports.answers.evidence import Evidence, more_seeds
from brittlestar.reports.answers.real import decide_real
from brittlestar.reports.headline import decide_headline
from brittlestar.reports.headline_text import fill_headline, headline_text
from brittlestar.reports.page import page
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.verbs.judge import judge

from .example import example, judged, reading

MOST_WORDS = 25


def outcomes(first: float, other: float, seeds: int, rows: int = 300) -> dict[str, dict[str, object]]:
    """Two variants with so many rows right."""
    random = np.random.default_rng(7)
    return {
        name: {"seeds": range(seeds), "examples": range(rows), "outcome": (random.random((seeds, rows)) < right) * 1.0}
        for name, right in (("main", first), ("bag", other))
    }


@pytest.mark.parametrize("seeds", [1, 3, 5, 12])
@pytest.mark.parametrize("claim", ["main > bag by 0.05 on accuracy", "main == bag within 0.0125 on accuracy"])
def test_sentences_have_at_most_25_words(claim: str, seeds: int) -> None:
    for first, other in ((0.9, 0.7), (0.7, 0.9), (0.71, 0.7)):
        one: Judgement = judge(outcomes(first, other, seeds), claim)
        for sentence in re.split(r"(?<=[.!?]) (?=[A-Z0-9])", one.sentence):
            assert len(sentence.split()) <= MOST_WORDS, sentence


def open_claim(seeds: int) -> Judgement:
    return replace(
        judged(parse_claim("main > best-trivial by 0.01 on hwa"), {k: 0.01 * (k % 3) for k in range(seeds)}, 1000),
        seeds_needed=(12, 20),
        verdict="inconclusive",
    )


@pytest.mark.parametrize(("planned", "failed", "look"), [(5, 3, 10), (5, 0, 20), (3, 0, 5), (7, 2, 20), (40, 8, None)])
def test_only_a_look_beyond_what_is_planned_brings_more_runs(planned: int, failed: int, look: int | None) -> None:
    record = example()
    main = next(cell for cell in record.cells if cell.variant == "main" and cell.state == "done")
    states = ["failed"] * failed + ["done"] * (planned - failed)
    cells = tuple(replace(main, seed=k, state=state) for k, state in enumerate(states))
    found = more_seeds(Evidence(replace(record, cells=cells)), open_claim(planned - failed))
    assert found == (None if look is None else Advice(command("run", seeds=look)))


def test_runs_that_are_open_come_first() -> None:
    record = example()
    cells = tuple(replace(cell, state="lost") if cell.variant == "main" else cell for cell in record.cells)
    assert more_seeds(Evidence(replace(record, cells=cells)), open_claim(5)) == Advice(command("run"))


def leak(split: str, remedy: str = "") -> Finding:
    return Finding(
        "leak.exact", "present", f"rows of {split} are in train.", "rule", "error", {"split": split}, {}, remedy
    )


def led_by(*findings: Finding) -> tuple[Headline, str]:
    """The headline of a study whose audit found these, and the finding that its last answer quotes."""
    here = reading(None, (), *findings)
    return here.headline, here.headline.sound.sentence


def test_the_headline_split_leads_then_train_dev_and_others() -> None:
    early = Finding("data.encoding", "present", "dev has broken text.", "rule", "error", {"split": "dev"})
    headline, sound = led_by(early, leak("dev"), leak("shift_new"), leak("test"))
    assert "leak.exact: rows of test are in train." in sound
    assert headline.act_first is not None and headline.act_first.sentence == "rows of test are in train."
    train = Finding("row.odd", "present", "train has odd rows.", "rule", "error", {"split": "train"})
    assert "row.odd: train has odd rows." in led_by(early, leak("dev"), train)[1]


def test_without_a_command_the_first_sentence_of_the_remedy_says_what_to_do() -> None:
    told = leak("test", Advice(("Ask ", command("audit", DATA), " where they are."), "Then split again."))
    with_command = decide_headline(Evidence(findings=(told,))).act_first
    assert with_command is not None and (str(with_command.command), with_command.remedy) == (
        "brittlestar audit DATA",
        "",
    )
    words = leak("test", "Split by what the rows come from. Or report it.")
    headline = fill_headline(decide_headline(Evidence(findings=(words,))), "d")
    assert headline.act_first is not None and headline.act_first.command is None
    assert headline.act_first.remedy == "Split by what the rows come from."
    assert headline_text(headline).endswith("→ Split by what the rows come from.")
    assert "→ Split by what the rows come from.</p>" in page(reading(None, (), words))


def losses(mine: float) -> Judgement:
    """Main against a best trivial baseline of 0.7 nats, as the default claim writes it."""
    random = np.random.default_rng(3)
    table = {
        "main": {"seeds": range(5), "examples": range(300), "outcome": random.normal(mine, 0.1, (5, 300)).clip(0)},
        "best-trivial": {"seeds": [0], "examples": range(300), "outcome": random.normal(0.7, 0.1, (1, 300)).clip(0)},
    }
    return judge(table, "best-trivial > main by 0.01 on log_loss")


@pytest.mark.parametrize(("mine", "answer", "said"), [(0.3, "yes", "is better than"), (0.9, "no", "worse than")])
def test_where_lower_is_better_a_gain_is_still_a_gain(mine: float, answer: str, said: str) -> None:
    claim = losses(mine)
    record = replace(example(), metric="log_loss")
    score = ScoreEstimate(mine, None, 0.95, "new-examples", 5, 300, (mine,) * 5)
    numbers = HeadlineNumbers(OnRows("test", 300, score, 0.7, "bag", claim), None, 0, ())
    real = decide_real(Evidence(record, numbers=numbers))
    assert real.answer == answer and said in real.sentence and "lower is better" in real.sentence, real
    assert re.search(r"by 0\.[1-4]\d\d nats \[0\.", real.sentence), real
    own = replace(claim, interval=claim.interval)
    (finding,) = below_trivial.function(JudgedStudy(record, (), {"main": own}))
    assert finding.status == ("absent" if answer == "yes" else "present"), finding


def test_what_makes_the_score_wrong_answers_real_and_leads_before_the_comparison() -> None:
    score = ScoreEstimate(0.6, None, 0.95, "new-examples", 5, 300, (0.6,) * 5)
    numbers = HeadlineNumbers(OnRows("test", 300, score, 0.7, "bag", None), None, 0, ())
    where = {"variant": "main", "split": "test"}
    below = Finding("eval.below-trivial", "present", "main is below it.", "rule", "error", where)
    padding = Finding("padding.leaks", "present", "main: 55 predictions change.", "rule", "error", where)
    found = decide_headline(Evidence(example(), findings=(below, padding), numbers=numbers))
    number = "main scores 60.0 beside the best trivial baseline (bag, 70.0)"
    assert found.real.words == f"No: {number}, but padding.leaks: 55 predictions change."
    below_it = replace(numbers, all=replace(numbers.all, claim=losses(0.9)))
    told = decide_headline(Evidence(replace(example(), metric="log_loss"), findings=(padding,), numbers=below_it))
    assert re.match(
        r"No: main scores 0.600, worse than the .* by 0\.[12].*; the cause may be padding.leaks", told.real.words
    )
    assert found.act_first is not None and found.act_first.code == "padding.leaks"
    alone = decide_headline(Evidence(example(), findings=(below,), numbers=numbers)).act_first
    assert alone is not None and alone.code == "eval.below-trivial"
