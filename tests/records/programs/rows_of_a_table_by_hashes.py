"""Tokens share eleven rows of a table, by their hashes."""

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, info, width=12, buckets=11):
        super().__init__()
        self.register_buffer("bucket", torch.tensor([hash(token) % buckets for token in info.tokens]))
        self.table = nn.Embedding(buckets, width)
        self.head = nn.Linear(width, len(info.classes))

    def forward(self, tokens, lengths):
        seen = (torch.arange(tokens.shape[1]) < lengths.unsqueeze(1)).unsqueeze(2)
        return self.head((self.table(self.bucket[tokens]) * seen).sum(1).tanh())


build = Net
