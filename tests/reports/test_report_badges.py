from __future__ import annotations

from dataclasses import replace

import pytest
from brittlestar.reports.badges import Badge, badges, mismatch

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.reports.reading import read
from brittlestar.reports.sentences import headline, ranked, reasons, unseen

from .example import ARMS, example, findings


def by_name(record: StudyRecord, found: tuple[Finding, ...] = ()) -> dict[str, Badge]:
    return {badge.name: badge for badge in badges(read(record, found))}


def clean(**changes: object) -> StudyRecord:
    return replace(example(incidents=False), **changes)  # pyright: ignore[reportArgumentType]


def test_states_of_the_demo() -> None:
    states = {name: badge.state for name, badge in by_name(example(), findings()).items()}
    assert states == {"Real?": "yes", "Holds?": "no", "Fair?": "cannot say yet", "Check me": "cannot say yet"}


def test_a_yes_keeps_its_reservation() -> None:
    found = by_name(clean())
    assert found["Real?"].answer == "yes, as far as seen"
    assert found["Fair?"].answer == "yes, as declared"
    assert found["Check me"].answer == "yes"
    leak = Finding("leak.exact", "absent", "0 of 1,000 rows", "any")
    assert by_name(clean(), (leak,))["Real?"].answer == "yes"


def test_fewer_than_five_seeds_settle_nothing() -> None:
    found = by_name(example(seeds=(0, 1, 2, 3), incidents=False))
    assert found["Real?"].state == "cannot say yet"
    assert found["Holds?"].state == "cannot say yet"
    assert any("below 5 nothing is called settled" in ground for ground in found["Real?"].grounds)


def test_an_error_about_the_headline_arm_says_no_and_one_about_another_arm_does_not() -> None:
    error = Finding("eval.checkpoint", "present", "scored weights are not the selected ones", "any", "error")
    assert by_name(clean(), (replace(error, where={"variant": "main"}),))["Real?"].state == "no"
    assert by_name(clean(), (error,))["Real?"].state == "no"
    assert by_name(clean(), (replace(error, where={"variant": "bag"}),))["Real?"].state == "yes"


def test_a_model_that_is_no_better_than_a_bag_of_tokens_is_not_real() -> None:
    arms = {"main": ARMS["main"], "bag": ARMS["bag"]}
    worse = {
        name: (title, changes, 0.60 if name == "main" else level) for name, (title, changes, level) in arms.items()
    }
    assert by_name(example(worse, incidents=False))["Real?"].state == "no"
    alone = {"main": ARMS["main"]}
    found = by_name(example(alone, incidents=False))
    assert found["Real?"].state == "cannot say yet"
    assert found["Fair?"].state == "cannot say yet"


def test_for_a_loss_better_means_lower() -> None:
    found = by_name(clean(metric="log_loss"))
    assert found["Real?"].state == "yes"
    assert found["Holds?"].state == "no"


def test_without_a_shifted_split_nobody_can_say_whether_it_holds() -> None:
    found = by_name(example(incidents=False, names=("train", "dev", "test")))["Holds?"]
    assert found.state == "cannot say yet"
    assert found.grounds[0].startswith("No shifted split: cannot say")


def test_a_shift_that_costs_nothing_holds() -> None:
    record = clean()
    same = tuple(replace(c, scores={**c.scores, "shift_long": c.scores["test"]}) for c in record.cells)
    assert by_name(replace(record, cells=same))["Holds?"].answer == "yes, on these shifts"


def test_unequal_budgets_are_unfair() -> None:
    record = clean()
    marked = replace(record.variants["bag"], unequal_budget="three epochs")
    found = by_name(replace(record, variants={**record.variants, "bag": marked}))["Fair?"]
    assert found.state == "no"
    assert "bag ran on an unequal budget: three epochs." in found.grounds


@pytest.mark.parametrize(
    ("value", "read_back", "differs"),
    [
        (1.0, None, False),
        (0.1, 0.10000000149011612, False),
        (0.1, 0.11, True),
        (True, 1, True),
        (True, True, False),
        ("adam", "adamw", True),
        ((0.9, 0.999), [0.9, 0.999], False),
        ([1], [1, 2], True),
        (0, 0.0, False),
        ("auto", "estimator", False),
        ("balanced", [0.8, 1.3], False),
        ({"yes": 2.0}, [1.0, 2.0], False),
        ({"yes": 2.0}, [1.0, 3.0], True),
    ],
)
def test_what_counts_as_a_mismatch(value: object, read_back: object, differs: bool) -> None:
    assert mismatch(value, read_back) is differs


def test_sentences_a_person_can_act_on() -> None:
    lines = headline(read(example(), findings()))
    assert lines[0].startswith("main (2-layer LSTM (built-in reference, not yours)) scores 77.5 points of HWA on test")
    assert "95 % interval 76.8 to 78.1 over 5 seeds, for these 1,000 rows" in lines[0]
    assert any("On shift_long it loses" in line for line in lines)
    assert lines[-1].startswith("Act first on seed.collapse (error)")
    assert "brittlestar run STUDY --set training.learning_rate=5e-4" in lines[-1]


def test_three_reasons_each_with_a_number_and_a_command() -> None:
    found = reasons(read(example(), findings()))
    assert len(found) == 3
    places = ('.variants["main"].splits["test"].hwa', '.variants["bag"].splits["test"].hwa')
    assert found[0].command == f"brittlestar report STUDY --json | jq '{places[0]}, {places[1]}'"
    assert found[1].number.startswith("−")
    assert all(reason.command.startswith("brittlestar ") for reason in found)
    assert len(reasons(read(example(), ()))) == 3


def test_what_was_not_seen_has_a_price() -> None:
    found = unseen(read(example(), findings()))
    assert all(item.what and item.cost for item in found)
    assert any("2 cells without a result (1 planned, 1 failed)" in item.what for item in found)
    assert any(item.what.startswith("seed.unstable") for item in found)


def test_findings_are_ranked_whatever_their_order() -> None:
    order = [finding.code for finding in ranked(findings())]
    assert order == ["seed.collapse", "train.overfit", "train.short", "seed.unstable", "eval.metric", "train.nonfinite"]
    assert [finding.code for finding in ranked(tuple(reversed(findings())))] == order
