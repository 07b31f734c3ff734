"""What forecasts ship is what the committed table of shifts gives, and a task is not fitted on itself."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.readiness.fitting import SHIPPED, Table, describe, fit, judge, leave_out
from benchmarks.readiness.others import above_threshold
from brittlestar.core.answers import Probabilities
from brittlestar.forecasts.combining import PLACE, read_combinations
from brittlestar.forecasts.signals import accuracies

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_numbers_are_those_of_the_table(name: str) -> None:
    table, shipped = Table.read(name), read_combinations()[name]
    made = fit(table, SHIPPED[name])
    assert dict(shipped.weights) == pytest.approx(dict(made.weights), rel=1e-6)
    assert shipped.quantiles == pytest.approx(made.quantiles, rel=1e-6)
    assert dict(shipped.ranges) == {signal: tuple(pair) for signal, pair in made.ranges.items()}
    measured = json.loads(PLACE.read_bytes())["combinations"][name]["measured"]
    again = describe(table, judge(table, SHIPPED[name]), made, measured[0]["commit"])
    for told, one in zip(measured, again, strict=True):
        assert told == pytest.approx(one)


def test_the_threshold_of_other_tools_counts_rows_as_sure() -> None:
    values = np.where(np.eye(2)[np.random.default_rng(6).integers(0, 2, (3, 200))] == 1, 0.8, 0.2)
    answers, labels = (
        Probabilities(values=values, bare=False, places=np.arange(200)),
        np.random.default_rng(7).integers(0, 2, 200),
    )
    assert above_threshold(answers, labels, answers) == pytest.approx(accuracies(answers, labels).mean())
    flat = Probabilities(values=np.full((3, 30, 2), 0.5), bare=False, places=np.arange(30))
    assert above_threshold(answers, labels, flat) == 0.0


def test_a_task_has_no_say_in_its_own_forecast() -> None:
    table = Table.read("all")
    before = leave_out(table, SHIPPED["all"])
    mine = table.group == "sst2_reviews"
    other = replace(table, real=np.where(mine, 0.01, table.real))
    assert leave_out(other, SHIPPED["all"])[mine].tolist() == before[mine].tolist()


def test_the_page_counts_what_the_table_has() -> None:
    frame = Table.read("all").frame
    page = (ROOT / "docs" / "explanation" / "readiness.md").read_text(encoding="utf-8")
    shifts, natural = (one.select("task", "shift").n_unique() for one in (frame, frame.filter("natural")))
    assert f"They have {shifts} shifted splits" in page and f"{natural} of them natural" in page
    assert frame["task"].n_unique() == 18 and "Eighteen tasks" in page
    assert frame["kind"].n_unique() * frame["task"].n_unique() * 5 == 540 and "540 trainings" in page
    assert np.isfinite(frame["real"].to_numpy()).all()


def test_what_forecasts_are_to_reach_on_natural_shifts_of_tasks_left_out() -> None:
    table = Table.read("all")
    found, natural = judge(table, SHIPPED["all"]), table.natural
    error, stays = np.abs(table.real - found.expected), np.abs(table.real - table.here)
    said, silent = natural & ~found.outside, natural & found.outside
    held = (found.low <= table.real) & (table.real <= found.high)
    assert said.sum() / natural.sum() >= 0.6 and error[said].mean() <= 0.55 * stays[said].mean()
    assert held[said].mean() >= 0.87
    assert np.mean([held[said & (table.group == one)].mean() for one in np.unique(table.group[said])]) >= 0.87
    assert error[silent].mean() >= 2 * error[said].mean()
    assert (found.expected <= table.here + 0.02 + 1e-9).all()
