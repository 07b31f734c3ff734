"""The main directions in which rows differ in their compounds and not in their atoms."""

import numpy as np
from scipy import sparse

NUMBER = 2  # a plane, as it is drawn
BLOCK = 8  # six directions more than are wanted (Halko, Martinsson & Tropp 2011: five to ten)
TURNS = 10  # budget: iterations of the block; chosen, not measured
MOST_ATOMS = 512
"""With more atoms, what they explain is left in."""


def directions(atoms: sparse.csr_matrix, compounds: sparse.csr_matrix, random: np.random.Generator) -> list[np.ndarray]:
    """Scores float64 (n_units,) along the leading directions, and their opposites.

    `atoms` int64 sparse (n_units, n_atoms), `compounds` int64 sparse (n_units, n_compounds): counts. Compounds are
    weighted as in correspondence analysis, what a linear function of the atoms explains is taken out, and the leading
    left singular vectors are found by block power iteration.
    """
    sizes = np.maximum(np.asarray(compounds.sum(axis=1), np.float64).ravel(), 1.0)
    totals = np.maximum(np.asarray(compounds.sum(axis=0), np.float64).ravel(), 1.0)
    row = sparse.diags(1 / np.sqrt(sizes))
    weighted = sparse.csr_matrix(row @ compounds @ sparse.diags(1 / np.sqrt(totals)))
    explaining = sparse.csr_matrix(row @ atoms)
    few = len(np.unique(explaining.indices)) <= MOST_ATOMS
    inverse = np.linalg.pinv((explaining.T @ explaining).toarray(), hermitian=True) if few else None

    def without_atoms(block: np.ndarray) -> np.ndarray:
        return block if inverse is None else block - explaining @ (inverse @ (explaining.T @ block))

    block = random.standard_normal((len(sizes), min(BLOCK, len(sizes), len(totals))))
    for _ in range(TURNS):
        block = np.linalg.qr(without_atoms(weighted @ (weighted.T @ without_atoms(block))))[0]
    turned = block @ np.linalg.svd((weighted.T @ block).T, full_matrices=False)[0]
    leading = turned[:, :NUMBER].T / np.sqrt(sizes)
    return [sign * scores for scores in leading for sign in (1.0, -1.0)]
