"""LSTM and GRU encoders, any depth, one or both directions.

One single-layer module per layer and direction, on dense time-first batches: on one CPU thread that is faster than a
packed batch, and right padding cannot reach a real token. The second direction reads each row reversed within its own
length, so it never meets padding before a token either.
"""

from typing import Any, Literal

import torch
from torch import Tensor, nn

from brittlestar.models.classifier import dropout as drop_out

_CELLS: dict[str, type[nn.LSTM] | type[nn.GRU]] = {"lstm": nn.LSTM, "gru": nn.GRU}


class RecurrentEncoder(nn.Module):
    """(L, B, E) to (L, B, hidden) or, in both directions, (L, B, 2 * hidden); equal to `nn.LSTM` or `nn.GRU` on packed
    rows. `dropout` acts between layers, not after the last. What stands at padding is arbitrary."""

    def __init__(
        self, cell: Literal["lstm", "gru"], width: int, hidden: int, layers: int, bidirectional: bool, dropout: float
    ) -> None:
        super().__init__()
        self.depth = layers
        self.bidirectional = bidirectional
        self.dropout = dropout
        for layer in range(layers):
            self.add_module(str(layer), RecurrentLayer(cell, width, hidden, bidirectional))
            width = hidden * (2 if bidirectional else 1)
        self.output_width = width

    def forward(self, states: Tensor, mask: Tensor, lengths: Tensor) -> Tensor:
        """(L, B, E) to (L, B, D)."""
        reversal = row_reversal(mask, lengths) if self.bidirectional else None
        for layer in range(self.depth):
            if layer and self.dropout:
                states = drop_out(states, self.dropout, self.training)
            states = self.get_submodule(str(layer))(states, reversal)
        return states


class RecurrentLayer(nn.Module):
    """One layer: `left_to_right`, and `right_to_left` when it reads both ways."""

    def __init__(self, cell: Literal["lstm", "gru"], width: int, hidden: int, bidirectional: bool) -> None:
        super().__init__()
        self.left_to_right = _CELLS[cell](width, hidden)
        self.right_to_left = _CELLS[cell](width, hidden) if bidirectional else None

    def forward(self, states: Tensor, reversal: Tensor | None) -> Tensor:
        """(L, B, E) to (L, B, D); `reversal` is that of `row_reversal` when the layer reads both ways."""
        ahead: Tensor = self.left_to_right(states)[0]
        if self.right_to_left is None or reversal is None:
            return ahead
        back: Tensor = self.right_to_left(reverse_rows(states, reversal))[0]
        return torch.cat([ahead, reverse_rows(back, reversal)], dim=2)


def row_reversal(mask: Tensor, lengths: Tensor) -> Tensor:
    """int64 (L * B,): for each place of a flattened (L, B) batch the place that holds its token after every row is
    reversed within its own length. Padding stays where it is."""
    places = torch.arange(mask.shape[0], device=mask.device).unsqueeze(1)
    source = torch.where(mask, lengths.unsqueeze(0) - 1 - places, places)
    return (source * mask.shape[1] + torch.arange(mask.shape[1], device=mask.device)).flatten()


def reverse_rows(states: Tensor, reversal: Tensor) -> Tensor:
    """`states` (L, B, D) with each row reversed within its own length."""
    reversed_states: Tensor = _Reverse.apply(states, reversal)  # pyright: ignore[reportAssignmentType] torch leaves `apply` untyped
    return reversed_states


class _Reverse(torch.autograd.Function):
    """A reversal undoes itself, so its gradient is a plain gather too: no scatter, and the same bits on every run."""

    @staticmethod
    def forward(ctx: Any, states: Tensor, reversal: Tensor) -> Tensor:
        ctx.save_for_backward(reversal)
        return states.flatten(0, 1).index_select(0, reversal).view_as(states)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        (reversal,) = ctx.saved_tensors
        (gradient,) = gradients
        return gradient.flatten(0, 1).index_select(0, reversal).view_as(gradient), None
