"""A registered claim as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def sentence(claim: Mapping[str, Any]) -> str:
    """The claim as registered; composed from its fields where it has no sentence."""
    for key in ("claim", "sentence", "text"):
        if isinstance(claim.get(key), str):
            return str(claim[key])
    within = "within" if claim.get("relation") == "==" else "by"
    size = claim.get("margin") if within == "within" else claim.get("threshold")
    parts = [str(claim.get("arm", "?")), str(claim.get("relation", "?")), str(claim.get("other", "?"))]
    return " ".join([*parts, within, str(size), "on", str(claim.get("metric", "?"))])
