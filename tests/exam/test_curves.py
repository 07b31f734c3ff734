"""The figure of sensitivity over dose."""

from __future__ import annotations

import json
from pathlib import Path

from brittlestar.statistics.proportions import bound_share
from exam.benchmark import main
from exam.curves import sensitivity


def test_every_dose_of_every_fault_is_a_point_with_its_interval() -> None:
    entries = [
        {"code": "leak.exact", "kind": "copies", "matters": 0.03, "by_dose": {"0.01": "1/5", "0.03": "5/5"}},
        {"code": "data.small", "kind": "left out", "matters": 0.9, "by_dose": {"0.9": "3/4"}},
    ]
    points = sensitivity(entries)["data"]["values"]
    assert [(point["fault"], point["dose"], point["share"]) for point in points] == [
        ("leak.exact (copies)", 0.01, 0.2),
        ("leak.exact (copies)", 0.03, 1.0),
        ("data.small (left out)", 0.9, 0.75),
    ]
    assert (points[0]["low"], points[0]["high"]) == bound_share(1, 5)
    assert [point["matters"] for point in points] == [0.03, 0.03, 0.9]


def test_the_exam_draws_it(tmp_path: Path, capsys: object) -> None:
    figure = tmp_path / "curve.svg"
    given = ["planted", "--only", "leak.group", "--cases", "1", "--alone", "--all-doses", "--jobs", "1", "--json"]
    assert main([*given, "--figure", str(figure)]) == 0
    entry = json.loads(capsys.readouterr().out)["faults"][0]  # type: ignore[attr-defined]
    text = figure.read_text(encoding="utf-8")
    assert text.startswith("<svg") and "leak.group (rows with a group of train)" in text
    assert entry["matters"] == 0.03 and len(entry["by_dose"]) == 5
