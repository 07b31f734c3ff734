"""A Transformer encoder (Vaswani et al., 2017), normalised before each sub-layer (Xiong et al., 2020).

Positions are sinusoidal, not learnt: there is no table that a longer evaluation row could overflow. Without positions
the encoder cannot tell one order of the same tokens from another.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from brittlestar.models.classifier import Dropout

FEED_FORWARD_RATIO = 4  # Vaswani et al. 2017


class TransformerEncoder(nn.Module):
    """(L, B, E) to (L, B, hidden). `hidden` must be a multiple of `heads`. `dropout` acts on what each sub-layer adds.

    A linear `projection` from E to `hidden` comes first when they differ. The feed-forward layer is four times as
    wide as `hidden`.
    """

    def __init__(self, width: int, hidden: int, layers: int, heads: int, positions: bool, dropout: float) -> None:
        super().__init__()
        self.depth = layers
        self.positions = positions
        self.projection = nn.Linear(width, hidden) if width != hidden else nn.Identity()
        for layer in range(layers):
            self.add_module(str(layer), TransformerLayer(hidden, heads, dropout))
        self.norm = nn.LayerNorm(hidden)
        self.output_width = hidden

    def forward(self, states: Tensor, mask: Tensor, lengths: Tensor) -> Tensor:
        """(L, B, E) to (L, B, hidden)."""
        states = self.projection(states.transpose(0, 1))
        if self.positions:
            states = states + sinusoids(states.shape[1], states.shape[2], states.device)
        # Every row may attend to its first place: a real token, except in an empty row, whose softmax would otherwise
        # be over nothing and give NaN. Pooling clears empty rows.
        visible = mask.t().clone()
        visible[:, 0] = True
        visible = visible[:, None, None, :]
        for layer in range(self.depth):
            states = self.get_submodule(str(layer))(states, visible)
        return self.norm(states).transpose(0, 1)


class TransformerLayer(nn.Module):
    """Self-attention and a feed-forward layer, each added to its input."""

    def __init__(self, hidden: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.attention_norm = nn.LayerNorm(hidden)
        self.query_key_value = nn.Linear(hidden, 3 * hidden)
        self.attention_output = nn.Linear(hidden, hidden)
        self.feed_forward_norm = nn.LayerNorm(hidden)
        self.feed_forward = nn.Sequential(
            nn.Linear(hidden, FEED_FORWARD_RATIO * hidden), nn.GELU(), nn.Linear(FEED_FORWARD_RATIO * hidden, hidden)
        )
        self.dropout = Dropout(dropout)

    def forward(self, states: Tensor, visible: Tensor) -> Tensor:
        """(B, L, hidden) to the same; `visible` bool (B, 1, 1, L) says which places may be attended to."""
        states = states + self.dropout(self._attend(self.attention_norm(states), visible))
        return states + self.dropout(self.feed_forward(self.feed_forward_norm(states)))

    def _attend(self, states: Tensor, visible: Tensor) -> Tensor:
        rows, length, hidden = states.shape
        joint: Tensor = self.query_key_value(states)
        query, key, value = joint.view(rows, length, 3, self.heads, hidden // self.heads).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=visible)
        return self.attention_output(mixed.transpose(1, 2).reshape(rows, length, hidden))


def sinusoids(length: int, width: int, device: torch.device) -> Tensor:
    """float32 (length, width): sines in the even columns and cosines in the odd ones, wavelengths from 2π to
    10,000 · 2π (Vaswani et al., 2017, section 3.5)."""
    places = torch.arange(length, device=device, dtype=torch.float32).unsqueeze(1)
    columns = torch.arange(0, width, 2, device=device, dtype=torch.float32)
    angles = places * torch.exp(columns * (-math.log(10_000.0) / width))
    return torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)[:, :width]
