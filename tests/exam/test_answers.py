"""The exam of answers: halves are fixed, faults are planted and mended exactly, and grades follow what was measured."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from brittlestar.core.seeds import generator
from exam.answers.__main__ import list_figures, list_lines
from exam.answers.examining import examine
from exam.answers.following import Followed, judge_step
from exam.answers.grading import (
    Truth,
    compare_surfaces,
    grade_answer,
    grade_first,
    grade_gate,
    know_answers,
    summarise,
)
from exam.answers.measuring import Measured, compare, find_best, measure_copies, measure_mend
from exam.answers.models import MODELS
from exam.answers.scenarios import FAULTS, WAYS, Scenario, choose_fault, draw_scenario, half_of, list_half
from exam.answers.situation import Situation
from exam.answers.tasks import FRESH, MADE, REAL, Rows, cut_task, list_tasks

SURE, NONE = 0.001, Measured(0.0, 0.0)
PAGE = '<p class="score"><strong>80.0</strong><h2>Real?</h2>\n<p>Yes: a.</p><h2>Holds?</h2><p>Cannot say: b.</p>'
PAGE += "<h2>Sound?</h2><p>No: c.</p><h3>Act first</h3>\n<p><a href='#x'>leak.exact</a>: d.</p>"
TEXT = "Score      80.0 [78.0, 82.0]\nReal?      Yes: a.\nHolds?     Cannot say: b.\nSound?     No: c.\n"
TEXT += "Act first  leak.exact (see Sound?)"


def _truth(**known: Any) -> Truth:
    plain = {"gain": Measured(0.1, SURE), "loss": None, "fresh": Measured(0.8, SURE), "mend": None, "copies": NONE}
    return Truth(**{**plain, **known})


def _document(**changed: Any) -> dict[str, Any]:
    answers = {"real": "yes", "holds": "cannot-say", "sound": "no"} | changed
    headline: dict[str, Any] = {name: {"answer": answer, "argv": None} for name, answer in answers.items()}
    score = {"mean": 0.8, "split": "test", "variant": "main", "title": "mine"}
    return {"headline": {**headline, "score": score, "act_first": {"code": "leak.exact", "argv": None}}, "findings": []}


@pytest.fixture(scope="module")
def tickets() -> Situation:
    splits = cut_task("tickets", None, generator(3, "test"))
    sizes = {"train": 200, "dev": 60, "test": 80, "shift_other": 80}
    return Situation({name: rows.take(range(sizes.get(name, 300))) for name, rows in splits.items()}, "logistic")


def test_halves_are_equal_and_fixed() -> None:
    for kind, names in (("task", list_tasks()), ("model", MODELS), ("fault", FAULTS), ("way", WAYS)):
        assert abs(len(list_half(kind, names, "tried")) - len(list_half(kind, names, "drawn"))) <= 2
    assert (half_of("fault", "rows-one-later"), half_of("fault", "copies-in-train")) == ("tried", "drawn")
    assert len(FAULTS) >= 25 and len(list_tasks()) >= 12 <= 2 * len(REAL)


def test_a_scenario_is_of_one_half_and_the_same_when_drawn_again() -> None:
    first, again = (draw_scenario("tried", 0, 4, None) for _ in range(2))
    assert first.name == again.name and first.given.splits == again.given.splits
    assert {half_of("task", first.task), half_of("way", first.way), half_of("model", first.given.model)} == {"tried"}


def test_all_faults_come_in_turn_with_honest_ones_between() -> None:
    drawn = [choose_fault("tried", 0, number) for number in range(40)]
    assert drawn.count(None) == 12
    assert {one.name for one in drawn if one} == {*list_half("fault", FAULTS, "tried")}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_changes_what_is_given_and_no_fresh_label(name: str, tickets: Situation) -> None:
    quoted = {
        split: replace(rows, texts=tuple(f'"{text}" It' for text in rows.texts))
        for split, rows in tickets.splits.items()
    }
    honest = tickets.change(**quoted)
    planted = FAULTS[name].plant(honest, generator(0, name))
    assert planted is not None
    given, mended = planted if isinstance(planted, tuple) else (planted, honest)
    assert given != mended and given.splits[FRESH].labels == mended.splits[FRESH].labels
    assert FRESH not in given.given and set(given.classes) <= set(honest.classes)


def test_no_fault_is_planted_where_it_changes_nothing(tickets: Situation) -> None:
    assert FAULTS["lower-case-when-asked"].plant(tickets, generator(0)) is None
    assert FAULTS["escapes-in-test"].plant(tickets, generator(0)) is None


def test_answers_one_row_later_are_mended_exactly(tickets: Situation) -> None:
    later = FAULTS["rows-one-later"].plant(tickets, generator(0))
    assert isinstance(later, Situation)
    assert (later.answers[0]["test"] == np.roll(tickets.answers[0]["test"], 1, axis=0)).all()
    assert (later.right(FRESH) == tickets.right(FRESH)).all()
    move = measure_mend(later, tickets, on_fresh=False)
    assert move.value == pytest.approx(tickets.right("test").mean() - later.right("test").mean()) and move.beyond(0.03)


def test_what_is_handed_tokens_reads_no_other_spaces(tickets: Situation) -> None:
    honest = replace(tickets, model="characters")
    hard = FAULTS["no-break-spaces-in-test"].plant(honest, generator(0))
    assert isinstance(hard, Situation)
    assert not np.allclose(hard.answers[0]["test"], honest.answers[0]["test"])
    assert np.allclose(hard.by_tokens().answers[0]["test"], honest.answers[0]["test"])


def test_copies_count_beyond_the_rate_of_the_source(tickets: Situation) -> None:
    copied = FAULTS["copies-in-train"].plant(tickets, generator(0))
    assert isinstance(copied, Situation) and measure_copies(tickets) == NONE
    known = {*copied.splits["train"].texts}
    unseen = [text not in known for text in copied.splits["test"].texts]
    right = copied.right("test")
    assert measure_copies(copied).value == pytest.approx(right[unseen].mean() - right.mean())
    same = copied.change(**{FRESH: copied.splits["test"].renamed("fresh")})
    assert measure_copies(same) == NONE


def test_rows_of_both_are_paired_and_others_independent() -> None:
    random = generator(1)
    first, second = (random.integers(0, 2, 500).astype(float) for _ in range(2))
    paired = compare(
        dict(zip(map(str, range(500)), first, strict=True)), dict(zip(map(str, range(500)), second, strict=True))
    )
    assert paired.error == pytest.approx((first - second).std() / 500**0.5)
    apart = compare({f"a{n}": one for n, one in enumerate(first)}, {f"b{n}": one for n, one in enumerate(second)})
    assert apart.error == pytest.approx(((first.var() + second.var()) / 500) ** 0.5)


def test_an_answer_is_wrong_only_beyond_the_error_of_the_truth() -> None:
    assert [grade_answer("yes", wanted) for wanted in (True, False, None)] == ["right", "wrong", "undecided"]
    assert grade_answer("no", False) == "right" and grade_answer("cannot-say", False) == "cannot-say"
    near = _truth(gain=Measured(0.015, 0.01), loss=Measured(0.2, SURE))
    assert know_answers(near, None) == {"real": None, "holds": False, "sound": True}
    assert "holds" not in know_answers(_truth(), None)


def test_sound_is_about_mends_of_data() -> None:
    moved = _truth(mend=Measured(0.2, SURE))
    assert know_answers(moved, FAULTS["labels-of-test-swapped"])["sound"] is False
    assert know_answers(moved, FAULTS["rows-one-later"])["sound"] is True
    assert know_answers(_truth(mend=Measured(-0.2, SURE)), FAULTS["trained-on-test"])["sound"] is False


def test_act_first_is_right_where_its_mend_moves_half_as_far_as_the_best() -> None:
    fault, truth = FAULTS["rows-one-later"], _truth(mend=Measured(0.4, 0.01), copies=Measured(-0.1, 0.01))
    assert grade_first("eval.label-order", truth, fault) == "right"
    assert grade_first("eval.below-trivial", truth, fault) == grade_first("leak.exact", truth, fault) == "wrong"
    assert grade_first(None, truth, fault) == "nothing said"
    assert grade_first("leak.exact", _truth(copies=Measured(-0.1, 0.01)), None) == "right"
    assert grade_first("leak.exact", _truth(mend=Measured(0.02, 0.001)), fault) is None
    assert find_best([Measured(0.2, 0.3)]) == 0.0


def test_a_gate_is_graded_on_fresh_rows() -> None:
    fresh = Measured(0.6, 0.01)
    assert [grade_gate(said, 0.8, fresh) for said in ("pass", "fail", "cannot-say")] == ["wrong", "right", "cannot-say"]
    assert grade_gate("pass", None, fresh) is None and grade_gate("pass", 0.61, fresh) == "undecided"


def test_surfaces_are_compared_with_the_json() -> None:
    gated = {"real": "pass", "holds": "cannot-say", "sound": "fail"}
    assert compare_surfaces(_document(), TEXT, PAGE, gated, 0.8) == []
    assert compare_surfaces(_document(sound="yes"), TEXT, PAGE, gated, 0.8) == [
        "text: sound is no, JSON yes",
        "page: sound is no, JSON yes",
        "gate: sound is fail, JSON pass",
    ]
    assert compare_surfaces(_document(), TEXT, PAGE, gated, 0.75) == ["score: 0.8000, by hand 0.7500"]


def test_next_closes_or_leads_astray() -> None:
    before, after = _document(), _document(real="cannot-say")
    assert judge_step("real", before, before) == ("closed", ()) and judge_step("real", before, after) == ("open", ())
    after["headline"]["real"]["argv"] = ["brittlestar", "run", "data"]
    assert judge_step("real", before, after) == ("", ("brittlestar", "run", "data"))
    after["headline"]["score"]["title"] = "reference"
    assert judge_step("real", before, after)[0] == "another model"
    assert judge_step("real", before, {"headline": {"sound": {"answer": "yes"}}})[0] == "lost"
    assert Followed("real", (), "itself").wrong and not Followed("real", (), "open").wrong


def test_figures_count_what_was_graded() -> None:
    answers = {"real": "right", "holds": "cannot-say", "sound": "wrong"}
    one: dict[str, Any] = {"answers": answers, "gate": "right", "first": "nothing said", "next": [{"wrong": True}]}
    one |= {"surfaces": [], "fault": None, "error": None, "said": {"act_first": {"code": "leak.exact"}}}
    counts = summarise([one])
    assert counts["answers wrong"] == (1, 4) and counts["cannot say"] == (1, 3) and counts["Act first right"] == (0, 1)
    assert counts["honest scenarios told of more than a low score"] == (1, 1)
    assert list_figures([one, {"error": "KeyError: 'x'"}])[0] == "2 scenarios, 1 of them failed"


@pytest.mark.parametrize(("name", "way"), [(None, "frame"), ("rows-one-later", "arrays")])
def test_a_tiny_scenario_is_graded_from_end_to_end(
    name: str | None, way: Any, tickets: Situation, tmp_path: Path
) -> None:
    fault = FAULTS[name] if name else None
    given = fault.plant(tickets, generator(0)) if fault else tickets
    assert isinstance(given, Situation)
    graded = examine(Scenario("tiny", "tickets", fault, way, given, tickets), tmp_path)
    assert graded["surfaces"] == [] and "wrong" not in (graded["answers"]["real"], graded["answers"]["sound"])
    assert (graded["first"] is None) is (fault is None)
    assert graded["truth"]["fresh"]["value"] == pytest.approx(tickets.right(FRESH).mean())
    assert list_lines(graded)[0].startswith("tiny — real ")


def test_a_real_set_is_cut_so_that_fresh_rows_stay(tmp_path: Path) -> None:
    (tmp_path / "subjectivity").mkdir()
    for split, size in (("train", 2_000), ("dev", 200), ("test", 200)):
        lines = "".join(f"{split} {place},{place % 2}\n" for place in range(size))
        (tmp_path / "subjectivity" / f"{split}.csv").write_text(f"sequence,label\n{lines}")
    splits = cut_task("subjectivity", tmp_path, generator(0))
    ids = [one for rows in splits.values() for one in rows.ids]
    assert len(ids) == len({*ids}) == 2_400 and len(splits[FRESH]) >= 300
    with pytest.raises(FileNotFoundError, match="--data"):
        cut_task("subjectivity", None, generator(0))


def test_rows_are_taken_and_added() -> None:
    rows = Rows(("a", "b"), ("x", "y"), ("0", "1"))
    assert rows.take([1]).ids == ("b",) and rows.add(rows.renamed("n")).ids == ("a", "b", "n0-a", "n1-b")
    assert {*MADE}.isdisjoint(REAL)
