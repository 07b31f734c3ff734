"""The parameters that a study's own code declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from brittlestar.core.errors import BrittlestarError
from brittlestar.store.layout import Store
from brittlestar.store.study_document import read_study


def declare(store: Store, model: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that the code of `model` (settings of that section) declares, with their defaults. Empty for a
    built-in model, and where the code cannot be loaded; it is loaded into this process."""
    if model["own"] is None:
        return {}
    from brittlestar.models.own import load_own
    from brittlestar.models.own_params import declare_parameters

    folder = (store.anchor / read_study(store)["search_path"]).resolve()
    try:
        return declare_parameters(load_own(str(model["own"]), model["kind"] or "auto", folder))
    except BrittlestarError:
        return {}
