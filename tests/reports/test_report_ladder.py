import json
from typing import Any

import pytest

from brittlestar.core.ladder import Ladder, Rung, Score
from brittlestar.reports import render
from brittlestar.reports.figures.ladder import ladder_figure

SPLITS = {"train": 12_000, "dev": 2_000, "test": 3_000, "shift_long": 700}


def example(rungs: int = 12) -> Ladder:
    def scores(height: float, unseen: bool) -> dict[str, dict[str, Score]]:
        return {
            split: {
                "accuracy": Score(height, (height - 0.02, height + 0.02), n),
                "log_loss": Score(1 - height, (0.9 - height, 1.1 - height), n),
                "ece": Score(None, None, n),
            }
            for split, n in SPLITS.items()
            if not (unseen and split == "train")
        }

    found = tuple(
        Rung(
            "majority class" if k == 0 else f"trivial baseline {k}",
            "majority" if k == 0 else "marker" if k == 3 else "bag",
            "E5" if k == 3 else "",
            {"all": scores(0.5 + 0.03 * k, False), "unseen": scores(0.45 + 0.03 * k, True)},
        )
        for k in range(rungs)
    )
    given = {"ours": Rung("ours", "given", "", {"all": scores(0.93, False), "unseen": scores(0.9, True)})}
    unseen = {"dev": 300, "test": 400, "shift_long": 700}
    return Ladder(found, given, ("accuracy", "log_loss", "ece"), SPLITS, unseen)


def marks(spec: dict[str, Any], panel: int, kind: str) -> list[dict[str, Any]]:
    layers = [one for one in spec["hconcat"][panel]["layer"] if one["mark"]["type"] == kind]
    return [row for layer in layers for row in layer["data"]["values"]]


def test_every_split_is_a_panel_and_every_rung_a_row_with_its_number() -> None:
    spec = ladder_figure(example()).spec
    assert len(spec["hconcat"]) == 4
    texts = [row["text"] for row in marks(spec, 2, "text") if "n" in row]
    assert texts == [f"{50 + 3 * k:.1f}" for k in range(12)] + ["93.0"]
    labels = [row["text"] for row in marks(spec, 0, "text") if set(row) == {"row", "text"}]
    assert len(labels) == 13
    assert {"trivial baseline 3: E5", "predictions: ours"} <= set(labels)


def test_rows_not_seen_in_train_are_open_marks_unless_they_are_all_rows() -> None:
    spec = ladder_figure(example()).spec
    for panel, both in enumerate((False, True, True, False)):
        kinds = {row["rows"] for row in marks(spec, panel, "point")}
        assert ("rows not in train" in kinds) is both


def test_splits_can_be_chosen_and_other_metrics_drawn() -> None:
    assert len(ladder_figure(example(), splits=["test"]).spec["hconcat"]) == 1
    assert "nats, lower is better" in json.dumps(ladder_figure(example(), "log_loss").spec)
    assert marks(ladder_figure(example(), "ece").spec, 0, "point") == []


@pytest.mark.parametrize("name", ["a" * 200, "</script>", "line\nfeed", "'\"|"])
def test_any_token_can_be_a_label(name: str) -> None:
    ladder = example(3)
    rungs = (*ladder.rungs, Rung("single token", "marker", name, ladder.rungs[1].scores))
    doubled = Ladder((*rungs, rungs[-1]), {}, ladder.metrics, ladder.rows, ladder.unseen)
    assert render.svg(ladder_figure(doubled).spec)
