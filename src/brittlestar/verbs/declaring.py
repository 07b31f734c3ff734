"""A study's own code, and the parameters that it declares."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from brittlestar.core.errors import BrittlestarError
from brittlestar.store.layout import Store
from brittlestar.store.study_document import read_study

if TYPE_CHECKING:
    from brittlestar.models.own import OwnModel


def load_code(folder: Path, model: Mapping[str, Any]) -> OwnModel | None:
    """The code in `folder` that `model` names (settings of that section), loaded into this process; None for a built-in
    model, and where it cannot be loaded."""
    if model["own"] is None:
        return None
    from brittlestar.models.own import load_own

    try:
        return load_own(str(model["own"]), model["kind"] or "auto", folder)
    except BrittlestarError:
        return None


def declare(store: Store, model: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that it declares, with their defaults; empty without own code."""
    from brittlestar.models.own_params import declare_parameters

    own = load_code((store.anchor / read_study(store)["search_path"]).resolve(), model)
    return {} if own is None else declare_parameters(own)
