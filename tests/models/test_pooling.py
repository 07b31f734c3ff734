import pytest
import torch

from brittlestar.models.classifier import token_mask
from brittlestar.models.pooling import AttentionPooling, LastPooling, make_pooling

LENGTHS = torch.tensor([3, 1, 0, 5])
NAMES = ["last", "mean", "max", "attention"]


def inputs() -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(1)
    states = torch.randn(5, 4, 6)
    mask = token_mask(5, LENGTHS)
    return states.masked_fill(~mask.unsqueeze(2), 1e4), mask


@pytest.mark.parametrize("name", NAMES)
def test_against_a_loop_over_rows(name: str) -> None:
    states, mask = inputs()
    pooling = make_pooling(name, 6)
    pooled = pooling(states, mask, LENGTHS)
    for row, length in enumerate(LENGTHS.tolist()):
        tokens = states[:length, row]
        if length == 0:
            expected = torch.zeros(6)
        elif name == "last":
            expected = tokens[-1]
        elif name == "mean":
            expected = tokens.mean(0)
        elif name == "max":
            expected = tokens.max(0).values
        else:
            assert isinstance(pooling, AttentionPooling)
            weights = torch.softmax(tokens @ pooling.score.weight[0], 0)
            expected = weights @ tokens
        torch.testing.assert_close(pooled[row], expected)


@pytest.mark.parametrize("name", NAMES)
def test_no_gradient_reaches_padding_and_none_is_nan(name: str) -> None:
    states, mask = inputs()
    states.requires_grad_()
    make_pooling(name, 6)(states, mask, LENGTHS).square().sum().backward()
    assert states.grad is not None and states.grad.isfinite().all()
    assert (states.grad[~mask] == 0).all() and states.grad[mask].abs().sum() > 0


def test_last_of_a_bidirectional_encoder_takes_both_ends() -> None:
    states, mask = inputs()
    pooled = LastPooling(both_ends=True)(states, mask, LENGTHS)
    assert torch.equal(pooled[0], torch.cat([states[2, 0, :3], states[0, 0, 3:]]))
    assert (pooled[2] == 0).all()
