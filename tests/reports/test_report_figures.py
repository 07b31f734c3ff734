import json
import re
from typing import Any

import numpy as np
import pytest
from scipy import stats

from brittlestar.core.results import StudyRecord
from brittlestar.reports import render
from brittlestar.reports.figures.frame import BLUE, DARK, GREEN, GREY, INK, ORANGE, PURPLE, QUIET, RED, SKY, Figure
from brittlestar.reports.figures.gallery import gallery
from brittlestar.reports.figures.learning import letter
from brittlestar.reports.figures.marks import extent, round_value
from brittlestar.reports.figures.narrow import narrow
from brittlestar.reports.figures.panel import EMPTY, band, track
from brittlestar.reports.study_view import make_reading

from .example import BEST, TRIVIAL, VARIANTS, example, reading


@pytest.fixture(scope="module")
def figures() -> dict[str, Figure]:
    return gallery(reading())


def rows(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """Every data row anywhere in a specification."""
    found: list[dict[str, Any]] = []

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            for key, item in value.items():
                if key == "values" and isinstance(item, list):
                    found.extend(row for row in item if isinstance(row, dict))
                elif key == "datasets":
                    found.extend(row for data in item.values() for row in data)
                else:
                    walk(item)
        elif isinstance(value, list):
            for item in value:
                walk(item)

    walk(spec)
    return found


def panels(spec: dict[str, Any]) -> list[str]:
    return [row["title"] for row in rows(spec) if set(row) == {"title"}]


def test_the_storys_figures_are_there_in_order(figures: dict[str, Figure]) -> None:
    assert list(figures) == [
        "axis", "figure-1", "figure-2", "figure-3", "results", "gaps", "checkpoints", "verdicts", "ladder",
    ]  # fmt: skip


def test_the_band_is_scipys_and_stands_only_where_every_seed_is_finite() -> None:
    table = np.array([[1.0, 2.0, np.nan], [2.0, 2.5, 4.0], [3.0, 4.0, 5.0]])
    found = band(table)
    assert [row["epoch"] for row in found] == [0, 1]
    for row, column in zip(found, table.T[:2], strict=True):
        low, high = stats.t.interval(0.95, 2, column.mean(), stats.sem(column))
        assert (row["mean"], row["low"], row["high"]) == (
            round_value(column.mean()),
            round_value(low),
            round_value(high),
        )
        assert row["n"] == 3


def test_a_track_keeps_every_finite_value_of_every_seed() -> None:
    reading = make_reading(example(), ())
    found = track(reading.done("frozen"), "dev.hwa", 100.0)
    assert found.lines == 5
    by_seed = {seed: [r["epoch"] for r in found.seeds if r["seed"] == seed] for seed in "01234"}
    assert by_seed["3"] == [0, 1, 2, 3]  # diverged at epoch 4
    assert by_seed["0"] == list(range(21))
    assert [row["epoch"] for row in found.band] == [0, 1, 2, 3]
    first = next(cell for cell in reading.done("frozen") if cell.seed == 0)
    assert found.seeds[5]["value"] == round_value(float(first.curves["dev.hwa"][5]) * 100)
    assert track(reading.done("frozen"), "dev.nothing", 1.0) == EMPTY


def test_figure_one_has_both_losses_and_both_held_out_scores_with_the_majority(figures: dict[str, Figure]) -> None:
    spec = figures["figure-1"].spec
    assert panels(spec) == ["(a) Loss", "(b) Held-out HWA", "(c) Held-out accuracy"]
    lines = {(row["curve"], row["seed"]) for row in rows(spec) if "seed" in row and "curve" in row}
    assert lines == {(curve, str(seed)) for curve in ("train", "dev", "hwa", "accuracy") for seed in range(5)}
    majorities = [row["level"] for row in rows(spec) if "level" in row]
    assert majorities == pytest.approx([50.4] * 4)  # a rule and its label in each score panel


def test_figures_one_and_two_share_their_axes(figures: dict[str, Figure]) -> None:
    def domains(figure: Figure) -> list[Any]:
        text = json.dumps(figure.spec)
        return sorted(set(re.findall(r'"domain": \[([-\d., ]+)\]', text)))

    assert domains(figures["figure-1"]) == domains(figures["figure-2"])


def test_figure_three_has_one_panel_for_each_context_ablation(figures: dict[str, Figure]) -> None:
    assert panels(figures["figure-3"].spec) == ["(a) order-permuted", "(b) shape-only", "(c) colour-only"]
    assert [letter(index) for index in (0, 25, 26, 27, 51, 52)] == ["a", "z", "aa", "ab", "az", "ba"]


def test_every_seed_is_a_point_and_a_diverged_seed_has_its_own_shape(figures: dict[str, Figure]) -> None:
    points = [row for row in rows(figures["results"].spec) if "kind" in row]
    assert len(points) == 33
    assert [(row["row"].splitlines()[0], row["seed"]) for row in points if row["kind"] == "diverged"] == [
        ("frozen", "3")
    ]


def test_the_first_figure_has_main_first_every_run_the_interval_the_baselines_and_the_threshold(
    figures: dict[str, Figure],
) -> None:
    found = rows(figures["axis"].spec)
    labels = list(dict.fromkeys(row["row"] for row in found if "row" in row))
    assert labels == [
        "main", "bigrams *", "bag of tokens", "single position: 7 from the end", "length",
        "majority class",
    ]  # fmt: skip
    runs = [row for row in found if "run" in row]
    entry = reading().entry("main", "test")
    assert [row["value"] for row in runs] == [round_value(100 * value) for value in entry["seeds"].values()]
    mean = next(row for row in found if row.get("row") == "main" and "low" in row)
    score = reading().headline.score
    assert score is not None and score.interval is not None
    assert (mean["low"], mean["high"]) == tuple(round_value(100 * end) for end in score.interval)
    assert [row["value"] for row in found if set(row) == {"value"}] == [round_value(100 * (TRIVIAL[BEST][2] + 0.01))]


def leaves(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """Every single plot of a specification."""
    for key in ("hconcat", "vconcat"):
        if key in spec:
            return [leaf for part in spec[key] for leaf in leaves(part)]
    return [spec]


def test_narrow_figures_show_the_same_rows_and_fit_a_phone(figures: dict[str, Figure]) -> None:
    for name, figure in figures.items():
        small = narrow(figure.spec)
        assert "hconcat" not in json.dumps(small) or name == "strengths"
        drawn = render.svg({key: value for key, value in small.items() if key != "title"})
        width = re.search(r'<svg[^>]* width="([0-9.]+)"', drawn)
        assert width is not None and float(width[1]) <= 392, (name, width[1])  # 420 less two margins of 14
        for before, after in zip(leaves(figure.spec), leaves(small), strict=True):
            marks = [len(layer["data"]["values"]) for layer in before["layer"] if "values" in layer.get("data", {})]
            assert marks or "data" in before or after["layer"], name
        values = {json.dumps(row, sort_keys=True) for row in rows(figure.spec) if set(row) - {"row", "text"}}
        assert values == {json.dumps(row, sort_keys=True) for row in rows(small) if set(row) - {"row", "text"}}


def test_every_colour_of_a_figure_has_one_for_the_dark(figures: dict[str, Figure]) -> None:
    for figure in figures.values():
        drawn = render.svg(figure.spec)
        used = set(re.findall(r'(?:fill|stroke)="([^"]+)"', drawn)) - {"none", "transparent"}
        assert {colour for colour in used if not colour.startswith("url(")} <= set(DARK), figure.name


def test_dark_colours_can_be_read() -> None:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    ground = light(DARK["white"])
    for text in (INK, QUIET, "#4d4d4d", BLUE, ORANGE, GREEN, RED, SKY, PURPLE, GREY):
        assert (light(DARK[text]) + 0.05) / (ground + 0.05) >= 4.5, text


def many_seeds(count: int) -> StudyRecord:
    return example({"main": VARIANTS["main"]}, tuple(range(count)), incidents=False)


def test_above_a_hundred_lines_a_figure_is_still_and_above_the_limit_it_says_what_is_left_out() -> None:
    live = gallery(make_reading(many_seeds(25), ()))["figure-1"]
    assert live.live is not None  # 25 seeds x 4 curves
    still = gallery(make_reading(many_seeds(26), ()))["figure-1"]
    assert still.live is None
    assert sum("seed" in row and "curve" in row for row in rows(still.spec)) == 26 * 4 * 21
    bands = gallery(make_reading(many_seeds(300), ()))["figure-1"]
    assert not any("seed" in row for row in rows(bands.spec))
    assert "1,200 lines of single seeds are left out of this picture" in json.dumps(bands.spec)


def test_embedded_json_cannot_end_its_element() -> None:
    value = {"a": "</script><!--\u2028"}
    text = render.embedded_json(value)
    assert "<" not in text
    assert json.loads(text) == value


def test_a_domain_encloses_its_values() -> None:
    assert extent([], 5.0) == [0.0, 1.0]
    for values in ([50.0], [12.3, 97.1], [-3.0, 4.0]):
        low, high = extent(values, 5.0)
        assert low < min(values)
        assert high > max(values)
    assert extent([0.02, 0.7], 0.1, 0.0)[0] == 0.0
