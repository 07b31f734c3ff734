# Convolutions over characters, normalised by batch.
import torch
from torch import nn


class CharCNN(nn.Module):
    def __init__(self, info, width=24, channels=48):
        super().__init__()
        self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
        self.conv = nn.Conv1d(width, channels, 3, padding=1)
        self.norm = nn.BatchNorm1d(channels)
        self.fc = nn.Linear(channels, len(info.classes))

    def forward(self, tokens, lengths):
        tokens = nn.functional.pad(tokens, (0, 1))
        x = self.embedding(tokens).transpose(1, 2)
        x = torch.relu(self.norm(self.conv(x)))
        inside = (torch.arange(tokens.shape[1]).unsqueeze(0) < lengths.clamp(min=1).unsqueeze(1)).unsqueeze(1)
        x = (x * inside).sum(2) / lengths.clamp(min=1).unsqueeze(1)
        return self.fc(x)


def build(info):
    return CharCNN(info)
