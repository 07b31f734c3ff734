"""Rows that are drawn together: as units, and how much these tell."""

import numpy as np


def count_units(groups: np.ndarray | None, rows: int) -> float:
    """How many equal units tell as much as these rows, or groups of rows (Kish 1965)."""
    if groups is None:
        return float(rows)
    share = np.unique(groups, return_counts=True)[1] / rows
    return float(1 / (share**2).sum())


def merge_groups(differences: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Rows of one group as one unit: float64 (n, g) whose mean over all cells is the mean over rows.

    `differences` float64 (n, m); `groups` int (m,). The mean over rows is a ratio of sums over groups; each unit is its
    linearisation, mean + g/m (sum of the group - rows of the group x mean) (Cochran 1977, chapter 6).
    """
    _, place, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    order = np.argsort(place.reshape(-1), kind="stable")
    starts = np.r_[0, np.cumsum(sizes)[:-1]]
    sums = np.add.reduceat(differences[:, order], starts, axis=1)
    mean = differences.mean()
    return mean + len(sizes) / differences.shape[1] * (sums - sizes * mean)


def weigh_groups(moved: np.ndarray, groups: np.ndarray) -> tuple[np.ndarray, float]:
    """Distances of groups from their mean, and how many equal groups they are worth.

    A group that holds the share w of the rows pulls the mean towards itself, so that its distance from it is too
    small by 1 - w: it is divided by that, in units of what equal groups have (as in a jackknife; MacKinnon & White
    1985). Unequal groups tell as much as 1 / sum(w^2) equal ones (Kish 1965).
    """
    share = np.unique(groups, return_counts=True)[1] / len(groups)
    return moved * (1 - 1 / len(share)) / (1 - share), float(1 / (share**2).sum())
