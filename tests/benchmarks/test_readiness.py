"""What forecasts ship is what the committed table of shifts gives, and a task is not fitted on itself."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.readiness.fitting import SHIPPED, Table, describe, fit, judge, leave_out
from brittlestar.forecasts.combining import PLACE, read_combinations

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_numbers_are_those_of_the_table(name: str) -> None:
    table, shipped = Table.read(1 if name == "one" else 5), read_combinations()[name]
    made = fit(table, SHIPPED[name])
    assert dict(shipped.weights) == pytest.approx(dict(made.weights), rel=1e-6)
    assert shipped.quantiles == pytest.approx(made.quantiles, rel=1e-6)
    assert dict(shipped.ranges) == {signal: tuple(pair) for signal, pair in made.ranges.items()}
    measured = json.loads(PLACE.read_bytes())["combinations"][name]["measured"]
    again = describe(table, judge(table, SHIPPED[name]), measured["commit"])
    assert measured.pop("coverage") == pytest.approx(again.pop("coverage")) and measured == pytest.approx(again)


def test_a_task_has_no_say_in_its_own_forecast() -> None:
    table = Table.read(5)
    before = leave_out(table, ("peers", "threshold"))
    mine = table.group == "sst2_reviews"
    other = replace(table, real=np.where(mine, 0.01, table.real))
    assert leave_out(other, ("peers", "threshold"))[mine].tolist() == before[mine].tolist()


def test_the_page_counts_what_the_table_has() -> None:
    frame = Table.read(5).frame
    page = (ROOT / "docs" / "readiness.md").read_text(encoding="utf-8")
    shifts = frame.select("task", "shift").n_unique()
    assert f"They have {shifts} shifted splits" in page and frame["task"].n_unique() == 16 and "Sixteen tasks" in page
    assert frame["kind"].n_unique() * frame["task"].n_unique() * 5 == 480 and "480 trainings" in page
    assert np.isfinite(frame["real"].to_numpy()).all()


def test_recurrent_networks_alone_are_forecast_twice_as_well_as_staying() -> None:
    table = Table.read(5)
    found, kinds = judge(table, SHIPPED["all"]), table.frame["kind"].to_numpy()
    error, stays = np.abs(table.real - found.expected), np.abs(table.real - table.here)
    said = {kind: ~found.outside & (kinds == kind) for kind in np.unique(kinds)}
    ratios = {kind: error[rows].mean() / stays[rows].mean() for kind, rows in said.items()}
    assert {kind for kind, ratio in ratios.items() if ratio < 0.5} == {"main", "gru"}
    assert max(ratios, key=lambda kind: ratios[kind]) == "forest"
    assert "the LSTM and the GRU have it" in (ROOT / "docs" / "readiness.md").read_text(encoding="utf-8")
