from typing import Any

import pytest

from brittlestar.core.trivial_baselines import Score, TrivialBaseline, TrivialBaselines
from brittlestar.reports import render
from brittlestar.reports.figures.baselines import draw_baselines

SPLITS = {"train": 12_000, "dev": 2_000, "test": 3_000, "shift_long": 700}


def example(members: int = 12) -> TrivialBaselines:
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
        TrivialBaseline(
            "majority class" if k == 0 else f"trivial baseline {k}",
            "majority" if k == 0 else "marker" if k == 3 else "bag",
            "E5" if k == 3 else "",
            {"all": scores(0.5 + 0.03 * k, False), "unseen": scores(0.45 + 0.03 * k, True)},
        )
        for k in range(members)
    )
    given = {"ours": TrivialBaseline("ours", "given", "", {"all": scores(0.93, False), "unseen": scores(0.9, True)})}
    unseen = {"dev": 300, "test": 400, "shift_long": 700}
    return TrivialBaselines(found, given, ("accuracy", "log_loss", "ece"), SPLITS, unseen)


def marks(spec: dict[str, Any], panel: int, kind: str) -> list[dict[str, Any]]:
    layers = [one for one in spec["hconcat"][panel]["layer"] if one["mark"]["type"] == kind]
    return [row for layer in layers for row in layer["data"]["values"]]


def test_every_split_is_a_panel_and_every_baselines_a_row_with_its_number() -> None:
    spec = draw_baselines(example()).spec
    assert len(spec["hconcat"]) == 4
    texts = [row["text"] for row in marks(spec, 2, "text") if "n" in row]
    assert texts == [f"{50 + 3 * k:.1f}" for k in range(12)] + ["93.0"]
    labels = [row["text"] for row in marks(spec, 0, "text") if set(row) == {"row", "text"}]
    assert len(labels) == 13
    assert {"trivial baseline 3: E5", "predictions: ours"} <= set(labels)


def test_rows_not_seen_in_train_are_open_marks_unless_they_are_all_rows() -> None:
    spec = draw_baselines(example()).spec
    for panel, both in enumerate((False, True, True, False)):
        kinds = {row["rows"] for row in marks(spec, panel, "point")}
        assert ("rows not in train" in kinds) is both


@pytest.mark.parametrize("name", ["a" * 200, "</script>", "line\nfeed", "'\"|"])
def test_any_token_can_be_a_label(name: str) -> None:
    baselines = example(3)
    members = (*baselines.members, TrivialBaseline("single token", "marker", name, baselines.members[1].scores))
    doubled = TrivialBaselines((*members, members[-1]), {}, baselines.metrics, baselines.rows, baselines.unseen)
    assert render.svg(draw_baselines(doubled).spec)
