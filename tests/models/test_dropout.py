import numpy as np
import pytest
import torch
from scipy.stats import binomtest

from brittlestar.models.classifier import Dropout, dropout


@pytest.mark.parametrize(("kind", "probability"), [(torch.float32, 0.1), (torch.bfloat16, 0.5), (torch.float64, 0.9)])
def test_units_are_dropped_at_the_rate_asked_for_and_the_rest_scaled(kind: torch.dtype, probability: float) -> None:
    torch.manual_seed(1)
    states = torch.ones(101, 99, dtype=kind)
    found = dropout(states, probability, training=True)
    assert found.dtype == kind and found.shape == states.shape
    kept = found[found != 0]
    dropped = states.numel() - kept.numel()
    assert binomtest(dropped, states.numel(), probability).pvalue > 1e-4
    torch.testing.assert_close(kept, torch.full_like(kept, 1 / (1 - probability)), rtol=0.01, atol=0)


def test_neighbouring_units_are_independent() -> None:
    torch.manual_seed(2)
    kept = (dropout(torch.ones(400_000), 0.5, training=True) != 0).numpy().astype(float)
    lags = [float(np.corrcoef(kept[:-lag], kept[lag:])[0, 1]) for lag in range(1, 9)]
    assert np.abs(lags).max() < 5 / np.sqrt(len(kept))


def test_the_gradient_passes_where_the_unit_was_kept() -> None:
    torch.manual_seed(3)
    states = torch.randn(50, 20, requires_grad=True)
    found = dropout(states, 0.3, training=True)
    found.sum().backward()
    assert states.grad is not None
    torch.testing.assert_close(states.grad * states, found)


def test_the_generator_of_pytorch_decides() -> None:
    drawn = []
    for seed in (4, 4, 5):
        torch.manual_seed(seed)
        drawn.append(Dropout(0.5)(torch.ones(64)))
    assert torch.equal(drawn[0], drawn[1]) and not torch.equal(drawn[0], drawn[2])
    assert torch.equal(Dropout(0.5).eval()(drawn[0]), drawn[0])


@pytest.mark.parametrize("probability", [0.0, 1e-7, 1.0])
def test_the_ends_are_pytorchs(probability: float) -> None:
    states = torch.randn(8, 8)
    torch.testing.assert_close(dropout(states, probability, True), torch.nn.functional.dropout(states, probability))
