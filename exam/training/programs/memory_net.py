# First and last word: a cell with a memory, written gate by gate, in both directions; its last states decide.
import torch
from torch import nn


class MemoryCell(nn.Module):
    def __init__(self, inputs, width):
        super().__init__()
        self.width = width
        self.x2h = nn.Linear(inputs, 4 * width)
        self.h2h = nn.Linear(width, 4 * width, bias=False)
        for weight in (self.x2h.weight, self.h2h.weight):
            nn.init.normal_(weight, std=0.2)
        nn.init.zeros_(self.x2h.bias)
        self.x2h.bias.data[width : 2 * width] = 1.0

    def forward(self, x, state):
        h, c = state
        i, f, o, g = (self.x2h(x) + self.h2h(h)).chunk(4, dim=1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        return h, c


class MemoryNet(nn.Module):
    def __init__(self, info, width=32, steps_back=True):
        super().__init__()
        self.width = width
        self.lookup = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
        self.forth = MemoryCell(width, width)
        self.back = MemoryCell(width, width)
        self.mix = nn.Linear(2 * width, width)
        self.out = nn.Linear(width, len(info.classes))

    def run(self, cell, x, inside):
        h = x.new_zeros(len(x), self.width)
        c = x.new_zeros(len(x), self.width)
        for t in range(x.shape[1]):
            new_h, new_c = cell(x[:, t], (h, c))
            keep = inside[:, t].unsqueeze(1)
            h = keep * new_h + (1 - keep) * h
            c = keep * new_c + (1 - keep) * c
        return h

    def forward(self, tokens, lengths):
        tokens, lengths = nn.functional.pad(tokens, (0, 1)), lengths.clamp(min=1)
        places = torch.arange(tokens.shape[1])
        inside = (places < lengths.unsqueeze(1)).float()
        turned = (lengths.unsqueeze(1) - 1 - places).clamp(min=0)
        x = self.lookup(tokens)
        x_back = self.lookup(tokens.gather(1, turned))
        h = torch.cat([self.run(self.forth, x, inside), self.run(self.back, x_back, inside)], dim=1)
        return self.out(torch.relu(self.mix(h)))


build = MemoryNet
