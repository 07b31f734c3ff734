# A small transformer encoder with sinusoidal positions.
import math

import torch
from torch import nn


class Positions(nn.Module):
    def __init__(self, width, longest=512):
        super().__init__()
        place = torch.arange(longest).unsqueeze(1)
        rate = torch.exp(torch.arange(0, width, 2) * (-math.log(100.0) / width))
        table = torch.zeros(longest, width)
        table[:, 0::2] = torch.sin(place * rate)
        table[:, 1::2] = torch.cos(place * rate)
        self.register_buffer("table", table)

    def forward(self, x):
        return x + self.table[: x.shape[1]].unsqueeze(0)


class Encoder(nn.Module):
    def __init__(self, info, width=32):
        super().__init__()
        self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
        self.positions = Positions(width)
        layer = nn.TransformerEncoderLayer(width, 4, 64, dropout=0.1, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(width, len(info.classes))

    def forward(self, tokens, lengths):
        tokens = nn.functional.pad(tokens, (0, 1))
        lengths = lengths.clamp(min=1)
        padding = torch.arange(tokens.shape[1]).unsqueeze(0) >= lengths.unsqueeze(1)
        x = self.positions(self.embedding(tokens))
        x = self.encoder(x, src_key_padding_mask=padding)
        x = x.masked_fill(padding.unsqueeze(2), 0).sum(1) / lengths.unsqueeze(1)
        return self.head(x)


def build(info):
    return Encoder(info)
