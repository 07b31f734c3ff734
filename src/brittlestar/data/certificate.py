"""What a composed split can be trusted for: atoms alike, compounds absent, labels alike, in numbers that recount."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from brittlestar.core.seeds import generator
from brittlestar.data.compounds import Composition
from brittlestar.data.dealing import deal
from brittlestar.data.divergence import ATOMS, COMPOUNDS, divergence
from brittlestar.data.holding_out import Held
from brittlestar.data.joining import Joined
from brittlestar.data.mcd import CAP
from brittlestar.data.splitting import Plan

MOST_NAMED = 20  # a table that a person reads


def certificate(
    composition: Composition,
    made: Plan,
    joined: Joined,
    labels: np.ndarray,
    classes: Sequence[str],
    lengths: np.ndarray,
    *,
    by: str,
    factors: str | None,
    held: Held | None,
    seed: int,
) -> dict[str, Any]:
    """Train against the last split: divergences and the largest difference of one atom's frequency, rows with each
    compound that is held out, compounds that train lacks, class shares, mean lengths, and the divergences of a random
    split of the same sizes. `joined` is what belongs together, whatever the plan parts. Frequencies and shares are
    fractions; counts are occurrences unless they are called rows."""
    train, last = made.split == 0, made.split == len(made.names) - 1
    name = made.names[-1]
    atoms = composition.atom_counts(train), composition.atom_counts(last)
    compounds = composition.compound_counts(train), composition.compound_counts(last)
    frequency = [counts / max(1, counts.sum()) for counts in atoms]
    moved = int(np.abs(frequency[0] - frequency[1]).argmax())
    shares = [np.bincount(labels[side], minlength=len(classes)) / max(1, side.sum()) for side in (train, last)]
    return {
        "by": by,
        "split": name,
        "compound": composition.kind,
        "factors": factors,
        "rows": dict(zip(made.names, made.rows.tolist(), strict=True)),
        "atoms": {
            "number": len(composition.names),
            "divergence": divergence(*atoms, ATOMS),
            "alpha": ATOMS,
            "cap": CAP if by == "mcd" else None,
            "largest_shift": {
                "atom": composition.names[moved],
                "train": float(frequency[0][moved]),
                name: float(frequency[1][moved]),
            },
        },
        "compounds": {
            "number": int((composition.compound_rows > 0).sum()),
            "divergence": divergence(*compounds, COMPOUNDS),
            "alpha": COMPOUNDS,
            "held_out": [] if held is None else _list_held_out(composition, made, held),
            "unseen": _unseen(composition, compounds, last),
        },
        "labels": {
            "classes": {
                label: {"train": float(a), name: float(b)} for label, a, b in zip(classes, *shares, strict=True)
            },
            "largest_difference": float(np.abs(shares[0] - shares[1]).max()),
        },
        "lengths": {"train": float(lengths[train].mean()), name: float(lengths[last].mean())},
        "random": _random(composition, joined, labels, last, seed),
        "joined_across": _joined_across(joined, last),
    }


def _list_held_out(composition: Composition, made: Plan, held: Held) -> list[dict[str, Any]]:
    alone = composition.atom_rows(made.split == 0)
    found: list[dict[str, Any]] = []
    for compound in held.compounds.tolist():
        rows = np.bincount(made.split[composition.rows_with(compound)], minlength=len(made.names))
        parts = composition.pairs[compound].tolist()
        found.append(
            {
                "compound": composition.name(compound),
                "rows": dict(zip(made.names, rows.tolist(), strict=True)),
                "parts": [{"atom": composition.names[part], "train_rows": int(alone[part])} for part in parts],
            }
        )
    return found


def _unseen(composition: Composition, counts: tuple[np.ndarray, np.ndarray], last: np.ndarray) -> dict[str, Any]:
    """Compounds of the last split that train has not, most frequent first."""
    lacking = np.flatnonzero((counts[0] == 0) & (counts[1] > 0))
    order = lacking[np.argsort(-counts[1][lacking], kind="stable")]
    return {
        "number": len(order),
        "share": float(counts[1][order].sum() / max(1, counts[1].sum())),
        "named": [{"compound": composition.name(k), "count": int(counts[1][k])} for k in order[:MOST_NAMED].tolist()],
    }


def _random(
    composition: Composition, joined: Joined, labels: np.ndarray, last: np.ndarray, seed: int
) -> dict[str, float]:
    """Components dealt with the class shares of the whole, as many rows on the shifted side."""
    share = float(last.mean())
    random = generator(seed, "split-one-table", "random-beside")
    dealt = deal(joined.component, labels, np.asarray([1 - share, share]), random)[joined.component] == 1
    atoms = composition.atom_counts(~dealt), composition.atom_counts(dealt)
    compounds = composition.compound_counts(~dealt), composition.compound_counts(dealt)
    return {
        "atom_divergence": divergence(*atoms, ATOMS),
        "compound_divergence": divergence(*compounds, COMPOUNDS),
    }


def _joined_across(joined: Joined, last: np.ndarray) -> int:
    """Rows of the last split whose near copy or group stands in another one."""
    inside = np.zeros(joined.n_components, np.bool_)
    inside[joined.component[~last]] = True
    return int(inside[joined.component[last]].sum())
