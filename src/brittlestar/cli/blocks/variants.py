"""Variants as `plan` and `status` list them: a line each, the first ones alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from brittlestar.cli.paragraphs import Block
from brittlestar.study.units import count

VARIANT = 6
"""Rank of a variant's line: it is shortened first."""
MOST_VARIANTS = 8
"""Variants that an ending names: the others are counted, and `-v` has them (convention)."""


def first_variants(variants: Sequence[Block]) -> list[Block]:
    """The first lines, and how many there are beside."""
    more = len(variants) - MOST_VARIANTS
    counted = [Block("", f"and {count(more, 'more variant')} (-v)")] if more > 0 else []
    return [replace(one, brief=True) for one in (*variants[:MOST_VARIANTS], *counted)]
