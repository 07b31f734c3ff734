# Residual blocks of convolutions with batch normalisation, each at half the length of the one before it.
import torch
from torch import nn


class Residual(nn.Module):
    def __init__(self, channels, kernel=3):
        super().__init__()
        self.norm1 = nn.BatchNorm1d(channels)
        self.conv1 = nn.Conv1d(channels, channels, kernel, padding=kernel // 2)
        self.norm2 = nn.BatchNorm1d(channels)
        self.conv2 = nn.Conv1d(channels, channels, kernel, padding=kernel // 2)

    def forward(self, x, mask):
        shortcut = x
        x = self.conv1(torch.relu(self.norm1(x))) * mask
        x = self.conv2(torch.relu(self.norm2(x))) * mask
        return shortcut + x


class Shrink(nn.Module):
    """Halves the length: the larger of two neighbours."""

    def forward(self, x, mask):
        if x.shape[2] < 2:
            return x, mask
        pool = nn.functional.max_pool1d
        return pool(x, 2, ceil_mode=True), pool(mask, 2, ceil_mode=True)


class Pyramid(nn.Module):
    def __init__(self, info, channels=32, levels=2, dropout=0.1):
        super().__init__()
        self.channels = channels
        self.embedding = nn.Embedding(info.vocabulary_size, channels, padding_idx=info.pad_id)
        self.region = nn.Conv1d(channels, channels, 3, padding=1)
        self.blocks = nn.ModuleList([Residual(channels) for _ in range(levels)])
        self.shrink = Shrink()
        self.dropout = nn.Dropout(dropout)
        self.classifier = nn.Linear(channels, len(info.classes))

    def rescale(self, x):
        power = x.pow(2).mean(dim=1, keepdim=True)
        return x / torch.sqrt(power + 1e-5)

    def forward(self, tokens, lengths):
        tokens, lengths = nn.functional.pad(tokens, (0, 1)), lengths.clamp(min=1)
        mask = (torch.arange(tokens.shape[1]) < lengths.unsqueeze(1)).float().unsqueeze(1)
        x = self.region(self.embedding(tokens).transpose(1, 2)) * mask
        for block in self.blocks:
            x = block(x, mask)
            x, mask = self.shrink(x, mask)
        x = x.masked_fill(mask == 0, -1e4).amax(dim=2)
        return self.classifier(self.dropout(self.rescale(x)))


def build(info, **params):
    return Pyramid(info, **params)
