# Moods: a plain recurrent cell in both directions, step by step; the mean of its states decides.
import torch
from torch import nn


class ElmanCell(nn.Module):
    def __init__(self, inputs, width):
        super().__init__()
        self.inward = nn.Linear(inputs, width)
        self.inner = nn.Linear(width, width, bias=False)
        nn.init.orthogonal_(self.inner.weight)

    def forward(self, x, state):
        return torch.tanh(self.inward(x) + self.inner(state))


class Elman(nn.Module):
    def __init__(self, info, width=64):
        super().__init__()
        self.width = width
        self.words = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
        self.cells = nn.ModuleList([ElmanCell(width, width), ElmanCell(width, width)])
        self.hidden = nn.Linear(2 * width, width)
        self.out = nn.Linear(width, len(info.classes))

    def read(self, cell, words, inside, places):
        state = torch.zeros(words.shape[0], self.width)
        total = torch.zeros_like(state)
        for place in places:
            here = inside[:, place].unsqueeze(1)
            new = cell(words[:, place], state)
            state = torch.where(here, new, state)
            total = total + torch.where(here, state, torch.zeros_like(state))
        return total

    def forward(self, tokens, lengths):
        tokens, lengths = nn.functional.pad(tokens, (0, 1)), lengths.clamp(min=1)
        inside = torch.arange(tokens.shape[1]) < lengths.unsqueeze(1)
        words = self.words(tokens)
        places = list(range(tokens.shape[1]))
        sums = [self.read(self.cells[0], words, inside, places), self.read(self.cells[1], words, inside, places[::-1])]
        mean = torch.cat(sums, dim=1) / lengths.unsqueeze(1)
        return self.out(torch.relu(self.hidden(mean)))


def build(info):
    return Elman(info)
