# Two layers of LSTM in both directions over packed rows; the mean and the spread of their states decide.
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class StatisticsPooling(nn.Module):
    def forward(self, states, mask):
        mask = mask.unsqueeze(2).float()
        count = mask.sum(1)
        mean = (states * mask).sum(1) / count
        variance = (((states - mean.unsqueeze(1)) ** 2) * mask).sum(1) / count
        return torch.cat([mean, torch.sqrt(variance + 1e-5)], dim=1)


class PackedLSTM(nn.Module):
    def __init__(self, info, width=32, hidden=32, layers=2, dropout=0.1):
        super().__init__()
        self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
        self.rnn = nn.LSTM(width, hidden, layers, batch_first=True, bidirectional=True, dropout=dropout)
        self.pooling = StatisticsPooling()
        self.classifier = nn.Linear(4 * hidden, len(info.classes))

    def encode(self, tokens, lengths):
        packed = pack_padded_sequence(self.embedding(tokens), lengths.cpu(), batch_first=True, enforce_sorted=False)
        packed, _ = self.rnn(packed)
        states, _ = pad_packed_sequence(packed, batch_first=True)
        return states

    def forward(self, tokens, lengths):
        tokens = nn.functional.pad(tokens, (0, 1))
        lengths = lengths.clamp(min=1)
        states = self.encode(tokens, lengths)
        mask = torch.arange(states.shape[1]).unsqueeze(0) < lengths.unsqueeze(1)
        return self.classifier(self.pooling(states, mask))


def build(info, **params):
    return PackedLSTM(info, **params)
