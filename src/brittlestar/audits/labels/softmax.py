"""Softmax regression on sparse rows."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import minimize

RIDGE = 1e-4
MOST_STEPS = 60


def softmax_regression(
    facts: sparse.csr_matrix, labels: np.ndarray, n_classes: int, start: np.ndarray, steps: int = MOST_STEPS
) -> np.ndarray:
    """Weights float64 (n_facts, C) that minimise mean cross-entropy plus a ridge of 0.0001 times half their squares.

    `labels` int (n_rows,) in [0, n_classes); `start` float64 (n_facts, C) is where the search begins (L-BFGS, at most
    60 steps; Liu and Nocedal 1989).
    """
    n = max(len(labels), 1)
    backward = sparse.csr_matrix(facts.T)
    rows = np.arange(len(labels))

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(start.shape)
        logits = np.asarray(facts @ weights)
        logits -= logits.max(axis=1, keepdims=True)
        odds = np.exp(logits)
        total = odds.sum(axis=1, keepdims=True)
        value = float((np.log(total[:, 0]) - logits[rows, labels]).sum()) / n + RIDGE / 2 * float(flat @ flat)
        odds /= total
        odds[rows, labels] -= 1
        return value, (np.asarray(backward @ odds) / n + RIDGE * weights).reshape(-1)

    found = minimize(loss, start.reshape(-1), jac=True, method="L-BFGS-B", options={"maxiter": steps, "maxcor": 8})
    return np.asarray(found.x, np.float64).reshape(start.shape)
