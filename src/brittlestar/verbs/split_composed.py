"""Splits by what rows are made of: pairs held out, or as many other compounds as there can be, with a certificate."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from brittlestar.core.errors import InputError
from brittlestar.core.seeds import generator
from brittlestar.data.certificate import certificate
from brittlestar.data.compounds import Composition, by_row, by_token, factors_of
from brittlestar.data.holding_out import Held, hold_out
from brittlestar.data.joining import Joined, part_components
from brittlestar.data.mcd import CAP, most_divergent
from brittlestar.data.splitting import Composed, Plan, plan_around
from brittlestar.data.whole import Coded
from brittlestar.verbs.split_near import join_near_copies

ROOM = (0.9, 0.75, 0.5)
"""Shares of the cap that searches keep to, one after the other: dev, test and near copies take rows from train after
the search, which moves its atoms a little."""


@dataclass(frozen=True)
class Asked:
    """What a composed split is made `by`, the pattern of `factors` (None: a look decides, `none`: tokens), and the
    compounds to hold out (none: random ones)."""

    by: Composed
    factors: str | None = None
    held_out: Sequence[str] = ()


@dataclass(frozen=True)
class Certified:
    """A plan, its certificate, and the pattern of factors that was used."""

    plan: Plan
    certificate: dict[str, Any]
    factors: str | None


@dataclass(frozen=True)
class Dealing:
    """How rows beside the shifted split are dealt: `names` and `shares` of all splits, as `sizes_of` gives them."""

    names: tuple[str, ...]
    shares: np.ndarray
    stratify: bool
    seed: int
    keep_near_copies: bool


def split_composed(coded: Coded, joined: Joined, asked: Asked, dealing: Dealing) -> Certified:
    """Rows with a compound that is held out, or the most divergent ones, as the last split; the rest dealt.

    Pairs and predicates take every row that holds one, and no other; copies hold the same, near copies and groups may
    not, and the certificate counts those (`joined_across`). By `mcd` components stay whole. Raises InputError where
    nothing can be held out, or atoms cannot be the same on both sides.
    """
    factors, share, by = factors_of(coded, asked.factors), float(dealing.shares[-1]), asked.by

    def certify(composition: Composition, made: Plan, held: Held | None) -> Certified:
        rows, seed = (coded.labels, coded.classes, coded.lengths), dealing.seed
        document = certificate(composition, made, joined, *rows, by=by, factors=factors, held=held, seed=seed)
        return Certified(made, document, factors)

    if by != "mcd":
        composition = (by_row if by == "predicates" else by_token)(coded, factors)
        random = generator(dealing.seed, "split-one-table", by, "held-out")
        held = hold_out(composition, coded.labels, share, random, asked.held_out)
        made = _dealt(coded, part_components(joined, held.rows), held.rows, by, dealing, stays=held.rows)
        return certify(composition, made, held)
    composition, found = by_token(coded, factors), 1.0
    for room in ROOM:
        random = generator(dealing.seed, "split-one-table", "mcd", "search")
        last = most_divergent(composition, joined, coded.labels, share, random, room * CAP)
        certified = certify(composition, _dealt(coded, joined, last, "mcd", dealing), None)
        found = certified.certificate["atoms"]["divergence"]
        if found <= CAP:
            return certified
    what = f"train and shift_mcd do not have the same atoms: their divergence is {found:.3f}, at most {CAP:g} allowed"
    raise InputError(what, "--by mcd", "use more rows or coarser atoms (--factors), or split by pairs")


def _dealt(
    coded: Coded, joined: Joined, last: np.ndarray, by: Composed, dealing: Dealing, stays: np.ndarray | None = None
) -> Plan:
    splits = (dealing.names, dealing.shares)
    made = plan_around(joined, coded.labels, *splits, last, by, stratify=dealing.stratify, seed=dealing.seed)
    return made if dealing.keep_near_copies else join_near_copies(coded, made, stays)
