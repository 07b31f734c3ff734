"""The encoders against torch's own packed ones, with the same weights."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from brittlestar.models.classifier import token_mask
from brittlestar.models.recurrent import RecurrentEncoder, reverse_rows, row_reversal

WIDTH, HIDDEN, LENGTH = 5, 6, 7
LENGTHS = torch.tensor([4, 7, 1, 3])


def copy_of(reference: nn.RNNBase, encoder: RecurrentEncoder) -> None:
    """Give `encoder` the weights of torch's stacked module."""
    state = reference.state_dict()
    ours = {}
    for name, value in state.items():
        stem, layer = name.removesuffix("_reverse").rsplit("_l", 1)
        direction = "right_to_left" if name.endswith("_reverse") else "left_to_right"
        ours[f"{layer}.{direction}.{stem}_l0"] = value
    encoder.load_state_dict(ours)


def packed(reference: nn.RNNBase, states: Tensor) -> Tensor:
    rows = pack_padded_sequence(states, LENGTHS, enforce_sorted=False)
    return pad_packed_sequence(reference(rows)[0], total_length=LENGTH)[0]


@pytest.mark.parametrize("cell", ["lstm", "gru"])
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_outputs_and_gradients_equal_torch_on_packed_rows(cell: str, layers: int, bidirectional: bool) -> None:
    torch.manual_seed(0)
    kind = {"lstm": nn.LSTM, "gru": nn.GRU}[cell]
    reference = kind(WIDTH, HIDDEN, num_layers=layers, bidirectional=bidirectional)
    encoder = RecurrentEncoder(cell, WIDTH, HIDDEN, layers, bidirectional, 0.0)  # pyright: ignore[reportArgumentType]
    copy_of(reference, encoder)
    states = torch.randn(LENGTH, len(LENGTHS), WIDTH)
    mask = token_mask(LENGTH, LENGTHS)
    ours_in, theirs_in = states.clone().requires_grad_(), states.clone().requires_grad_()
    ours = encoder(ours_in, mask, LENGTHS) * mask.unsqueeze(2)
    theirs = packed(reference, theirs_in)
    torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=0)
    assert ours.shape[2] == encoder.output_width
    weights = torch.randn_like(ours)
    (ours * weights).sum().backward()
    (theirs * weights).sum().backward()
    torch.testing.assert_close(ours_in.grad, theirs_in.grad, atol=1e-5, rtol=0)
    first = encoder.get_submodule("0.left_to_right")
    torch.testing.assert_close(first.weight_hh_l0.grad, reference.weight_hh_l0.grad, atol=1e-5, rtol=0)


def test_rows_are_reversed_within_their_own_length() -> None:
    states = torch.arange(12.0).view(4, 3, 1)
    lengths = torch.tensor([3, 0, 4])
    turned = reverse_rows(states, row_reversal(token_mask(4, lengths), lengths))
    assert turned[:, 0, 0].tolist() == [6, 3, 0, 9]
    assert turned[:, 1, 0].tolist() == [1, 4, 7, 10]
    assert turned[:, 2, 0].tolist() == [11, 8, 5, 2]


def test_gradient_of_the_reversal() -> None:
    lengths = torch.tensor([3, 1])
    reversal = row_reversal(token_mask(4, lengths), lengths)
    states = torch.randn(4, 2, 2, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda given: reverse_rows(given, reversal) ** 2, states)
