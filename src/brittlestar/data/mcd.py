"""Maximum compound divergence (Keysers et al. 2020): the same atoms on both sides, and other compounds."""

import numpy as np
from scipy import sparse

from brittlestar.core.errors import InputError
from brittlestar.data.compounds import Listed
from brittlestar.data.dealing import class_counts, deal
from brittlestar.data.directions import directions
from brittlestar.data.divergence import ATOMS, COMPOUNDS
from brittlestar.data.exchange import DEAR, Queue, Side, State, Task
from brittlestar.data.joining import Joined

CAP = 0.02
"""The largest atom divergence that counts as the same atoms."""
STARTS = 4  # budget: independent searches; chosen, not measured
KICKS = 16
"""Searches from random splits, and from other ones: along directions, or the best so far with some dealt again."""
KICK = (0.05, 0.4)
"""How much of the shifted side is dealt again."""
WORK = 30_000_000  # budget: incidences that all searches visit
LEAST = 3
"""Entries (atoms and compounds of components) that all searches together go through a pass, in `LEAST` searches
anyway."""
PASSES = 120  # budget: a search ends by PATIENCE before
PATIENCE = 8  # passes without a gain; chosen, not measured
NOISE = 0.3  # keeps equal searches apart; chosen, not measured
STEP = 50  # 2 % of the components; chosen, not measured
MOST_STEP = 20
"""The first step exchanges one in `STEP` components, no step more than one in `MOST_STEP`."""


def most_divergent(
    composition: Listed, joined: Joined, labels: np.ndarray, share: float, random: np.random.Generator, cap: float = CAP
) -> np.ndarray:
    """bool (n_rows,): rows of the shifted side, about `share` of all, with the largest compound divergence found.

    Components stay whole and are exchanged for as many rows of their class, so that sizes and class shares stay those
    of a stratified deal, as near as components allow. From random splits, splits along the main directions in which
    compounds vary, and the best one with some of it dealt again, what gains most is exchanged, in steps that grow
    while they help. Time grows with the number of compounds in all components. `labels` int (n_rows,). The search keeps
    atom divergence below `cap`. Raises InputError where it stays above `CAP`.
    """
    n, shares = joined.n_components, np.asarray([1 - share, share])
    rows = np.arange(len(labels))
    belongs = sparse.csr_matrix((np.ones(len(rows), np.int64), (joined.component, rows)), shape=(n, len(rows)))
    atoms = Side(sparse.csr_matrix(belongs @ composition.atoms), ATOMS)
    compounds = Side(sparse.csr_matrix(belongs @ composition.counts), COMPOUNDS)
    classes = class_counts(joined.component, labels)[0]
    asked = share * np.bincount(labels).astype(np.float64)
    task = Task(atoms, compounds, classes, asked, cap, random)
    searches = int(np.clip(WORK // max(1, len(compounds.unit) + len(atoms.unit)), LEAST, STARTS + KICKS))
    dealt = [deal(joined.component, labels, shares, random) == 1 for _ in range(min(STARTS, searches // LEAST))]
    along = directions(atoms.counts, compounds.counts, random)[: searches - len(dealt)]
    starts = [task.state(start) for start in (*dealt, *(_select_highest(task, dealt[0], scores) for scores in along))]
    best = max((_improve_state(task, start) for start in starts), key=task.rank)
    for _ in range(searches - len(starts)):
        again = _improve_state(task, _perturb_state(task, best))
        best = max(best, again, key=task.rank)
    if best.atom_divergence > CAP:
        chance = float(np.mean([state.atom_divergence for state in starts[: len(dealt)]]))
        raise InputError(_refusal(best.atom_divergence, chance, composition), "--by mcd", _HINT)
    return best.shifted[joined.component]


def _improve_state(task: Task, state: State) -> State:
    """Exchange what gains most until nothing does."""
    n = len(state.shifted)
    step, failures, price, stale = max(n // STEP, 1), 0, 1.0, True
    of_atoms = of_compounds = np.empty(0)
    for _ in range(PASSES):
        if stale:
            of_atoms = task.atoms.change(state.shifted, state.atoms)
            of_compounds = task.compounds.change(state.shifted, state.compounds)
        over = state.atom_divergence > task.cap
        gain = of_compounds - (DEAR if over else price) * of_atoms
        units = _exchange(task, state, gain * (1 + NOISE * task.random.random(n)), step)
        new = task.exchange_units(state, units)
        stale = new.compute_worth(task.cap) > state.compute_worth(task.cap)
        if stale:
            state, failures, step = new, 0, min(step + step // 2 + 1, max(n // MOST_STEP, 1))
            price *= 0.9 if state.atom_divergence < 0.8 * task.cap else 1.0
            continue
        price *= 1.4 if new.atom_divergence > task.cap else 0.9 if len(units) else 1.3
        failures += step == 1 or not len(units)
        step = max(step // 2, 1)
        if failures > PATIENCE:
            break
    return state


def _exchange(task: Task, state: State, gain: np.ndarray, most: int) -> np.ndarray:
    """Units that go to the other side: by class the best of both sides, by gain per row, as many rows of one as of the
    other and about `most` in all, and more or fewer of one where a class is off."""
    density = gain / task.rows
    sides = [Queue.of(task, np.flatnonzero(side & task.movable), density) for side in (~state.shifted, state.shifted)]
    left = np.searchsorted(sides[0].slots, sides[1].slots)
    right = np.flatnonzero(np.append(sides[0].slots, -1)[left] == sides[1].slots)
    left = left[right]
    gains = density[sides[0].unit_of_slot[left]] + density[sides[1].unit_of_slot[right]]
    best = np.argsort(-gains, kind="stable")[:most]
    best = best[gains[best] > 0]
    many = np.bincount(task.kind[sides[0].unit_of_slot[left[best]]], minlength=len(task.asked))
    if not many.any():
        return np.empty(0, np.int64)
    lacking = np.trunc(task.asked - state.classes)
    return np.concatenate(
        [sides[0].first(many + np.maximum(lacking, 0)), sides[1].first(many + np.maximum(-lacking, 0))]
    )


def _select_highest(task: Task, base: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """bool (n_units,): the units of the highest scores, of each class as many rows as `base` has or fewer, and what
    of `base` is too large to be exchanged."""
    kept = base & ~task.movable
    rows = np.bincount(task.kind, task.rows * (base & task.movable), len(task.asked))
    queue = Queue.of(task, np.flatnonzero(task.movable), scores)
    kept[queue.first(rows)] = True
    return kept


def _perturb_state(task: Task, state: State) -> State:
    """The state with some of the shifted side exchanged at random."""
    share = task.random.uniform(*KICK)
    order = task.random.random(len(state.shifted))
    rows = np.bincount(task.kind, task.rows * state.shifted, len(task.asked)) * share
    sides = (np.flatnonzero(side & task.movable) for side in (~state.shifted, state.shifted))
    return task.exchange_units(state, np.concatenate([Queue.of(task, side, order).first(rows) for side in sides]))


_HINT = "use more rows or coarser atoms (--factors), or split by pairs"


def _refusal(found: float, chance: float, composition: Listed) -> str:
    rows = np.diff(composition.presence.indptr)
    rare = int((rows == 1).sum())
    text = f"no split with the same atoms on both sides was found: atom divergence {found:.3f}, at most {CAP:g} allowed"
    if rare:
        return f"{text} (a random split has {chance:.3f}; {rare:,} of {len(rows):,} atoms stand in one row only)"
    return f"{text} (a random split has {chance:.3f})"
