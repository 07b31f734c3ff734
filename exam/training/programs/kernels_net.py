# Convolutions of several widths over the letters of a name, and the largest answer of each.
import torch
import torch.nn.functional as F
from torch import nn


class KernelsNet(nn.Module):
    def __init__(self, info, width=16, channels=24, sizes=(2, 3, 4), dropout=0.2):
        super().__init__()
        self.end = info.vocabulary_size
        self.embed = nn.Embedding(info.vocabulary_size + 1, width, padding_idx=info.pad_id)
        self.convs = nn.ModuleList([nn.Conv1d(width, channels, size, padding=size - 1) for size in sizes])
        self.dropout = dropout
        self.hidden = nn.Linear(channels * len(sizes), 32)
        self.fc = nn.Linear(32, len(info.classes))

    def features(self, tokens, lengths):
        tokens = F.pad(tokens, (0, 1))
        tokens = tokens.scatter(1, lengths.unsqueeze(1), self.end)
        x = self.embed(tokens).transpose(1, 2)
        found = []
        for conv in self.convs:
            answers = F.relu(conv(x))
            inside = torch.arange(answers.shape[2]).unsqueeze(0) <= lengths.unsqueeze(1)
            found.append(answers.masked_fill(~inside.unsqueeze(1), 0).amax(2))
        return torch.cat(found, dim=1)

    def forward(self, tokens, lengths):
        x = F.dropout(self.features(tokens, lengths), self.dropout, self.training)
        return self.fc(F.relu(self.hidden(x)))


def build(info):
    return KernelsNet(info)
