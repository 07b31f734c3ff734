"""The figure of sensitivity over dose: one small curve for each planted fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from brittlestar.statistics.proportions import bound_share

COLUMNS = 5


def sensitivity(table: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Vega-Lite specification of the share of cases that were right over the dose, with 95 % intervals (Clopper and
    Pearson 1934), for the entries of `scoring.planted_table`. A vertical rule stands at the smallest dose that
    matters."""
    values = [point for entry in table for point in _points(entry)]
    dose = {"field": "dose", "type": "quantitative", "scale": {"type": "log"}, "title": "dose"}
    share = {"field": "share", "type": "quantitative", "scale": {"domain": [0, 1]}, "title": "right"}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {"values": values},
        "facet": {"field": "fault", "type": "nominal", "title": None, "header": {"labelLimit": 200}},
        "columns": COLUMNS,
        "spec": {
            "width": 150,
            "height": 80,
            "layer": [
                {
                    "mark": {"type": "rule", "color": "#b0b0b0"},
                    "transform": [{"filter": "datum.dose == datum.matters"}],
                    "encoding": {"x": dose},
                },
                {
                    "mark": {"type": "area", "opacity": 0.2},
                    "encoding": {"x": dose, "y": {**share, "field": "low"}, "y2": {"field": "high"}},
                },
                {"mark": {"type": "line", "point": {"size": 25}}, "encoding": {"x": dose, "y": share}},
            ],
        },
        "resolve": {"scale": {"x": "independent"}},
    }


def _points(entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    points: list[dict[str, Any]] = []
    for dose, said in entry["by_dose"].items():
        right, of = (int(part) for part in said.split("/"))
        low, high = bound_share(right, of)
        name = f"{entry['code']} ({entry['kind']})"
        points.append(
            {
                "fault": name,
                "dose": float(dose),
                "share": right / of,
                "low": low,
                "high": high,
                "matters": entry["matters"],
            }
        )
    return points
