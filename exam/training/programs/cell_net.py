# A gated cell, step by step; attention over its states looks for the word that matters.
import torch
from torch import nn


class Cell(nn.Module):
    def __init__(self, inputs, width):
        super().__init__()
        self.gates = nn.Linear(inputs + width, 2 * width)
        self.new = nn.Linear(inputs + width, width)

    def forward(self, x, h):
        update, reset = torch.sigmoid(self.gates(torch.cat([x, h], dim=1))).chunk(2, dim=1)
        candidate = torch.tanh(self.new(torch.cat([x, reset * h], dim=1)))
        return update * h + (1 - update) * candidate


class CellNet(nn.Module):
    def __init__(self, info, width=32):
        super().__init__()
        self.width = width
        self.words = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
        self.cell = Cell(width, width)
        self.look = nn.Linear(width, 1)
        self.norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, len(info.classes))

    def forward(self, tokens, lengths):
        tokens = nn.functional.pad(tokens, (0, 1))
        h = torch.zeros(len(tokens), self.width)
        states = []
        for step in range(tokens.shape[1]):
            h = self.cell(self.words(tokens[:, step]), h)
            states.append(h)
        states = torch.stack(states, dim=1)
        inside = torch.arange(tokens.shape[1]).unsqueeze(0) < lengths.clamp(min=1).unsqueeze(1)
        scores = self.look(states).squeeze(2).masked_fill(~inside, float("-inf"))
        weights = scores.softmax(dim=1)
        return self.out(self.norm((weights.unsqueeze(2) * states).sum(1)))


def build(info):
    return CellNet(info)
