"""What a function of own code can be called with."""

import inspect
from collections.abc import Mapping
from typing import Any


def list_parameters(function: Any) -> Mapping[str, inspect.Parameter]:
    """The parameters of a function by name; none where Python does not know them."""
    try:
        return inspect.signature(function).parameters
    except (TypeError, ValueError):
        return {}
