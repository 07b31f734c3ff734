"""Compounds held out whole: which, and the rows that hold one."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from brittlestar.core.errors import InputError, Problem
from brittlestar.data.compounds import Composition
from brittlestar.data.tables import format_count, format_list

LEAST_ROWS = 10
"""Rows that hold a compound which is held out."""
LEAST_ALONE = 0.02  # convention: a part is known where one row in 50 shows it
LEAST_ALONE_ROWS = 20
"""What each part of a compound keeps, as a share of the rows without any compound that is held out, and in rows."""
LEAST_REST = 0.1  # convention: a compound is rare, not missing, below a tenth
MOST_HELD = 8  # a list that a person reads
ATTEMPTS = 24  # budget: draws that are compared; chosen, not measured
LOOKS = 40
"""Compounds that one attempt tries before it is done."""
ROOM = 1.1  # convention: a split may be a tenth larger or smaller than asked


@dataclass(frozen=True)
class Held:
    """`compounds` int64, ascending, and `rows` bool (n_rows,): rows that hold at least one of them."""

    compounds: np.ndarray
    rows: np.ndarray


def hold_out(
    composition: Composition, labels: np.ndarray, share: float, random: np.random.Generator, named: Sequence[str] = ()
) -> Held:
    """Compounds whose rows are about `share` of all and have its class shares, or those that are `named`.

    `labels` int (n_rows,). Every part of each stands in `LEAST_ALONE` of the rows that are left, and every class does.
    Of random sets the one nearest to share and class shares is taken; where every compound stands in more rows, one of
    the rarest alone. Raises InputError where a name is unknown or no compound can be held out.
    """
    if named:
        held = _join_compounds(composition, _find_compounds(composition, named))
        if problem := _check_rest(composition, labels, held):
            raise InputError([problem])
        return held
    candidates = _candidates(composition)
    if not len(candidates):
        raise InputError([_none(composition)])
    attempts = [_attempt(composition, labels, share, random.permutation(candidates)) for _ in range(ATTEMPTS)]
    held = [attempt for attempt in attempts if attempt is not None] or _rarest(composition, labels, candidates)
    if not held:
        raise InputError([_none(composition)])
    return min(held, key=lambda one: abs(one.rows.mean() - share) + _label_gap(one.rows, labels))


def _candidates(composition: Composition) -> np.ndarray:
    """Compounds that are frequent enough, and whose parts are without them."""
    everywhere = np.ones(composition.n_rows, np.bool_)
    rows = composition.compound_rows
    rest = len(everywhere) - rows
    alone = composition.atom_rows(everywhere)[composition.pairs] - rows[:, None]
    least = np.maximum(LEAST_ALONE * rest, LEAST_ALONE_ROWS)
    fits = (rows >= LEAST_ROWS) & (rest >= LEAST_REST * len(everywhere)) & (alone >= least[:, None]).all(axis=1)
    return np.flatnonzero(fits)


def _attempt(composition: Composition, labels: np.ndarray, share: float, order: np.ndarray) -> Held | None:
    """Compounds in this order, each taken where it fits beside those that are."""
    held: Held | None = None
    room = share * ROOM * len(labels)
    small = order[composition.compound_rows[order] <= room][:LOOKS]
    for compound in small.tolist():
        taken = np.empty(0, np.int64) if held is None else held.compounds
        rows = composition.rows_with(compound) if held is None else held.rows | composition.rows_with(compound)
        grown = Held(np.sort(np.append(taken, compound)), rows)
        if rows.sum() > room or _check_rest(composition, labels, grown):
            continue
        held = grown
        if rows.sum() >= (2 - ROOM) * share * len(labels) or len(held.compounds) == MOST_HELD:
            break
    return held


def _rarest(composition: Composition, labels: np.ndarray, candidates: np.ndarray) -> list[Held]:
    """The compounds that stand in fewest rows, each alone."""
    order = candidates[np.argsort(composition.compound_rows[candidates], kind="stable")][:LOOKS]
    held = [_join_compounds(composition, [compound]) for compound in order.tolist()]
    return [one for one in held if not _check_rest(composition, labels, one)]


def _join_compounds(composition: Composition, compounds: Sequence[int]) -> Held:
    rows = np.zeros(composition.n_rows, np.bool_)
    for compound in compounds:
        rows |= composition.rows_with(compound)
    return Held(np.unique(np.asarray(compounds, np.int64)), rows)


def _label_gap(rows: np.ndarray, labels: np.ndarray) -> float:
    """The largest difference of a class share between the rows that are marked and the others."""
    n = int(labels.max()) + 1
    shares = [np.bincount(labels[side], minlength=n) / max(1, side.sum()) for side in (rows, ~rows)]
    return float(np.abs(shares[0] - shares[1]).max())


def _check_rest(composition: Composition, labels: np.ndarray, held: Held) -> Problem | None:
    """What is wrong with the rows that would be left."""
    rest = ~held.rows
    what = format_list([repr(composition.name(compound)) for compound in held.compounds.tolist()])
    n = int(rest.sum())
    if n < LEAST_REST * len(rest):
        told = f"{int(held.rows.sum()):,} of {len(rest):,} rows hold {what}, which leaves {format_count(n, 'row')}"
        return Problem(told, "--held-out", "hold out a rarer one")
    if held.rows.sum() < LEAST_ROWS:
        told = f"{format_count(int(held.rows.sum()), 'row')} hold {what}; {LEAST_ROWS} are needed to score anything"
        return Problem(told, "--held-out", "hold out a more frequent one, or several")
    if len(np.unique(labels[rest])) < len(np.unique(labels)):
        return Problem(f"a class stands in rows with {what} only", "--held-out", "hold out another one")
    parts = np.unique(composition.pairs[held.compounds])
    alone = composition.atom_rows(rest)[parts]
    least = max(LEAST_ALONE * n, LEAST_ALONE_ROWS)
    if alone.min() < least:
        part = composition.names[int(parts[alone.argmin()])]
        told = f"{part!r} stands in {format_count(int(alone.min()), 'row')} without {what}, and {least:,.0f} are needed"
        return Problem(f"{told}: nobody can combine what train hardly shows", "--held-out", "hold out another one")
    return None


def _none(composition: Composition) -> Problem:
    """Why nothing can be held out."""
    rows, n = composition.compound_rows, composition.n_rows
    rare = int((rows < LEAST_ROWS).sum())
    common = int(((rows >= LEAST_ROWS) & (rows > (1 - LEAST_REST) * n)).sum())
    reasons = [
        (rare, f"{rare:,} in fewer than {LEAST_ROWS} rows"),
        (common, f"{common:,} in more than {1 - LEAST_REST:.0%} of the rows"),
        (
            len(rows) - rare - common,
            f"{len(rows) - rare - common:,} whose parts, or a class, hardly occur without",
        ),
    ]
    told = [text for number, text in reasons if number]
    what = f"none of {format_count(len(rows), 'compound')} ({composition.kind}) can be held out: {', '.join(told)}"
    return Problem(what, "--by", "use more rows, other --factors, or split by mcd")


def _find_compounds(composition: Composition, named: Sequence[str]) -> list[int]:
    """Compounds by name: as they are written, with a blank or nothing between their atoms, and in either order where
    order means nothing."""
    atoms = composition.names
    known: dict[str, int] = {}
    for between in ("", " ", composition.between):
        for position, (left, right) in enumerate(composition.pairs.tolist()):
            known[f"{atoms[left]}{between}{atoms[right]}"] = position
            if composition.between == " + ":
                known.setdefault(f"{atoms[right]}{between}{atoms[left]}", position)
    problems: list[Problem] = []
    for name in named:
        if name not in known:
            near = difflib.get_close_matches(name, [one for one in known if composition.between in one], 3)
            common = np.argsort(-composition.compound_rows, kind="stable")[:3].tolist()
            hint = f"did you mean {format_list([repr(one) for one in near])}?" if near else ""
            hint = hint or f"such as {format_list([repr(composition.name(one)) for one in common])}"
            problems.append(Problem(f"{name!r} is in no row ({composition.kind})", "--held-out", hint))
    if problems:
        raise InputError(problems)
    return [known[name] for name in named]
