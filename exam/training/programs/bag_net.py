# The mean of word vectors and two layers.
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, info, width=32):
        super().__init__()
        self.pad = info.pad_id
        self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
        self.hidden = nn.Linear(width, 64)
        self.relu = nn.ReLU()
        self.drop = nn.Dropout(0.1)
        self.out = nn.Linear(64, len(info.classes))

    def forward(self, tokens, lengths):
        mean = self.embedding(tokens).sum(1) / lengths.clamp(min=1).unsqueeze(1)
        hidden = self.drop(self.relu(self.hidden(mean)))
        return self.out(hidden)


def build(info):
    return Net(info)
