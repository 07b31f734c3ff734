"""What columns of given predictions can mean; apart, so that the help of the command loads nothing heavy."""

from __future__ import annotations

PREDICTION_ROLES = ("id", "split", "variant", "seed", "prediction", "sequence", "label")
"""What a column of given predictions can mean; beside these there is `p_CLASS` for every class."""


def is_prediction_role(name: str) -> bool:
    """Whether a column of predictions can mean this."""
    return name in PREDICTION_ROLES or (name.startswith("p_") and len(name) > 2)
