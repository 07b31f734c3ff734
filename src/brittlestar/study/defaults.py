"""The study of a bare folder: what runs when nobody wrote a study file."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from brittlestar.study.draft import Draft, Mark
from brittlestar.study.loaded import LoadedStudy
from brittlestar.study.loading import check_study
from brittlestar.study.yaml_reading import Location

BAG: Mapping[str, Any] = {"model.family": "bag"}


def bare_study(
    name: str,
    data_path: str | Path,
    *,
    tokens: str,
    factors: str | None,
    own: str | None = None,
    predictions: Sequence[str] = (),
    predictions_columns: Mapping[str, str] | None = None,
    splits: Collection[str] = ("train", "dev", "test"),
    columns: Mapping[str, str] | None = None,
    overrides: Mapping[str, str] | None = None,
) -> LoadedStudy:
    """`main` (the reference model, the own one, or given predictions) and `bag` on a folder, all else defaults.

    `tokens` and `factors` are what a look at the data proposed; `splits` names the splits there are: without `dev`
    the best checkpoint is chosen on train. Raises InputError.
    """
    data: dict[str, Any] = {"path": str(data_path), "tokens": tokens, "factors": factors}
    typed: list[Location] = [("data",), ("data", "path")]
    if columns:
        data["columns"] = dict(columns)
        typed += [("data", "columns"), *(("data", "columns", key) for key in columns)]
    model: dict[str, Any] = {}
    if own is not None:
        model["own"] = own
        typed += [("model",), ("model", "own")]
    if predictions:
        model["predictions"] = list(predictions)
        typed += [("model",), ("model", "predictions")]
    if predictions_columns:
        model["predictions_columns"] = dict(predictions_columns)
        typed += [
            ("model", "predictions_columns"),
            *(("model", "predictions_columns", key) for key in predictions_columns),
        ]
    values: dict[str, Any] = {"name": study_name(name), "data": data, "model": model, "variants": {"bag": dict(BAG)}}
    if "dev" not in splits:
        values["training"] = {"selection": {"split": "train"}}
    marks: dict[Location, Mark] = {location: Mark("the command", "--set") for location in typed}
    return check_study(Draft(values, marks), {}, None, overrides or {})


def study_name(text: str) -> str:
    """A folder's or file's name as the name of a study: what is not allowed becomes `-`."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-._") or "study"
