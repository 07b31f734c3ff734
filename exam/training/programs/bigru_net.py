# A GRU in both directions; its last states of either direction decide.
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence


class BiGRU(nn.Module):
    def __init__(self, info, width=32):
        super().__init__()
        self.width = width
        self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
        self.dropout = nn.Dropout(0.1)
        self.gru = nn.GRU(width, width, batch_first=True, bidirectional=True)
        self.fc = nn.Sequential(nn.Linear(2 * width, width), nn.Tanh(), nn.Linear(width, len(info.classes)))

    def forward(self, tokens, lengths):
        tokens = nn.functional.pad(tokens, (0, 1))
        embedded = self.dropout(self.embedding(tokens))
        packed = pack_padded_sequence(embedded, lengths.clamp(min=1).cpu(), batch_first=True, enforce_sorted=False)
        _, state = self.gru(packed)
        features = state.transpose(0, 1).reshape(len(tokens), 2 * self.width)
        return self.fc(features)


def build(info):
    return BiGRU(info)
