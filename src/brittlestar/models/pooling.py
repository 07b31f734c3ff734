"""From one vector per token to one vector per row.

Every pooling takes `states` float (L, B, D), `mask` bool (L, B), true at real tokens, and `lengths` int64 (B,), and
returns (B, D). What stands at padding is ignored, and a row of length 0 gives zeros.
"""

import torch
from torch import Tensor, nn


class LastPooling(nn.Module):
    """The state at the last token. With `both_ends` the second half of the features comes from the first token
    instead: that is where the right-to-left direction of a bidirectional encoder has read everything."""

    def __init__(self, both_ends: bool) -> None:
        super().__init__()
        self.both_ends = both_ends

    def forward(self, states: Tensor, mask: Tensor, lengths: Tensor) -> Tensor:
        """(L, B, D) to (B, D)."""
        width = states.shape[2]
        last = (lengths - 1).clamp(min=0).view(1, -1, 1)
        if self.both_ends:
            half = width // 2
            ahead = states[:, :, :half].gather(0, last.expand(1, -1, half))[0]
            pooled = torch.cat([ahead, states[0, :, half:]], dim=1)
        else:
            pooled = states.gather(0, last.expand(1, -1, width))[0]
        return pooled * mask[0].unsqueeze(1)


class MeanPooling(nn.Module):
    """The mean over real tokens."""

    def forward(self, states: Tensor, mask: Tensor, lengths: Tensor) -> Tensor:
        """(L, B, D) to (B, D)."""
        weights = mask.to(states.dtype) / lengths.clamp(min=1).to(states.dtype)
        return (states * weights.unsqueeze(2)).sum(0)


class MaxPooling(nn.Module):
    """The maximum over real tokens, feature by feature."""

    def forward(self, states: Tensor, mask: Tensor, lengths: Tensor) -> Tensor:
        """(L, B, D) to (B, D)."""
        highest = states.masked_fill(~mask.unsqueeze(2), float("-inf")).amax(0)
        return highest.masked_fill((lengths == 0).unsqueeze(1), 0.0)


class AttentionPooling(nn.Module):
    """A mean weighted by the softmax over real tokens of one learnt linear score.

    The score has no bias: the softmax would cancel it, and it would stand in every report as a parameter that no
    step moves.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.score = nn.Linear(width, 1, bias=False)

    def forward(self, states: Tensor, mask: Tensor, lengths: Tensor) -> Tensor:
        """(L, B, D) to (B, D)."""
        scores: Tensor = self.score(states)[:, :, 0]
        # The lowest finite number, not -inf: the softmax of an empty row stays finite, and the mask then clears it.
        scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
        weights = scores.softmax(0) * mask
        return (states * weights.unsqueeze(2)).sum(0)


def make_pooling(name: str, width: int, both_ends: bool = False) -> nn.Module:
    """`name` is `last`, `mean`, `max` or `attention`; `width` is D. `both_ends` matters to `last` only."""
    match name:
        case "last":
            return LastPooling(both_ends)
        case "mean":
            return MeanPooling()
        case "max":
            return MaxPooling()
        case "attention":
            return AttentionPooling(width)
        case _:
            raise ValueError(f"no pooling is called {name!r}")
