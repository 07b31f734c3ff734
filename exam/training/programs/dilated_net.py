# Ends of rows: residual blocks of dilated convolutions; the largest value over places decides.
import torch
from torch import nn


class DilatedBlock(nn.Module):
    def __init__(self, channels, dilation, dropout):
        super().__init__()
        self.conv1 = nn.Conv1d(channels, channels, 3, padding=dilation, dilation=dilation)
        self.norm1 = nn.BatchNorm1d(channels)
        self.conv2 = nn.Conv1d(channels, channels, 3, padding=dilation, dilation=dilation)
        self.norm2 = nn.BatchNorm1d(channels)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, inside):
        h = torch.relu(self.norm1(self.conv1(x))) * inside
        h = self.dropout(h)
        h = torch.relu(self.norm2(self.conv2(h))) * inside
        return x + self.dropout(h)


class Dilated(nn.Module):
    def __init__(self, info, channels=32, dilations=(1, 2), keep=0.9):
        super().__init__()
        self.embedding = nn.Embedding(info.vocabulary_size, channels, padding_idx=info.pad_id)
        self.blocks = nn.ModuleList([DilatedBlock(channels, dilation, 1 - keep) for dilation in dilations])
        self.head = nn.Linear(channels, len(info.classes))

    def forward(self, tokens, lengths):
        tokens, lengths = nn.functional.pad(tokens, (0, 1)), lengths.clamp(min=1)
        inside = (torch.arange(tokens.shape[1]) < lengths.unsqueeze(1)).unsqueeze(1).float()
        x = self.embedding(tokens).transpose(1, 2) * inside
        for block in self.blocks:
            x = block(x, inside)
        x = x.masked_fill(inside == 0, float("-inf"))
        return self.head(x.amax(dim=2))


def build(info, **params):
    return Dilated(info, **params)
