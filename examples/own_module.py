# A plain nn.Module. In this folder: brittlestar run DATA --model own_module:build
from torch import nn


class Net(nn.Module):
    def __init__(self, info, width=32):
        super().__init__()
        self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
        self.head = nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, len(info.classes)))

    def forward(self, tokens, lengths):  # int64 (rows, longest row) and (rows,) to logits (rows, classes)
        return self.head(self.embedding(tokens).sum(1) / lengths.clamp(min=1).unsqueeze(1))


build = Net  # a factory is anything that makes a module when called as build(info, **params)
