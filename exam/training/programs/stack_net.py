# Counts of characters by a stack of layers.
import torch
from torch import nn


class Stack(nn.Module):
    def __init__(self, info, width=48, depth=3):
        super().__init__()
        self.embedding = nn.EmbeddingBag(info.vocabulary_size, width, mode="sum", padding_idx=info.pad_id)
        self.layers = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])
        self.activation = nn.ReLU()
        self.output = nn.Linear(width, len(info.classes))
        for layer in self.layers:
            nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    def forward(self, tokens, lengths):
        tokens = nn.functional.pad(tokens, (0, 1))
        x = self.embedding(tokens) / lengths.clamp(min=1).unsqueeze(1)
        for layer in self.layers:
            x = self.activation(layer(x))
        return self.output(x)


def build(info):
    return Stack(info)
