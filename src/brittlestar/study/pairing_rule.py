"""Whether runs of a claim's sides are paired by seed: a rule on the study, settled before the first cell.

Variants whose parameters have the same shapes and whose data are the same share luck through the seed: their initial
weights and the order of their rows are the same. Others do not, and pairing them would halve the degrees of freedom for
nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from brittlestar.study.claims import Claim, Pairing
from brittlestar.study.expand import DATA_KEYS
from brittlestar.study.names import BEST_TRIVIAL
from brittlestar.study.sides import arms_of


@dataclass(frozen=True)
class SharedLuck:
    """What variants of a study have in common: `shapes[variant]` stands for the shapes of its parameters, None where
    they are not known (fit functions, given predictions); `data[variant]` are the settings of what it reads. `redrawn`
    says that all variants read the same new draw of the train rows with each seed."""

    shapes: Mapping[str, str | None]
    data: Mapping[str, Mapping[str, Any]]
    redrawn: bool = False


def settle_pairing(claim: Claim, luck: SharedLuck) -> Claim:
    """The claim with its pairing as the rule has it, unless somebody stated one."""
    return claim if claim.pairing is not None else replace(claim, pairing=choose_pairing(claim, luck))


def choose_pairing(claim: Claim, luck: SharedLuck) -> Pairing:
    """`paired` where all variants of a claim with seeds are one, are alike, or share redrawn train rows."""
    names = [name for name in arms_of(claim.arm, claim.other) if name != BEST_TRIVIAL]
    if len(names) < 2 or luck.redrawn:
        return "paired"
    shapes = {luck.shapes.get(name) for name in names}
    first, *others = [luck.data.get(name) for name in names]
    alike = len(shapes) == 1 and None not in shapes and all(one == first for one in others)
    return "paired" if alike else "independent"


def data_of(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What the data settings of a variant, by name, say of the rows and tokens that it reads."""
    return {key: settings.get(key) for key in DATA_KEYS}
