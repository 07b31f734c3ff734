# An LSTM; the state after the last word decides.
import torch
from torch import nn


class LSTMNet(nn.Module):
    def __init__(self, info, width=40):
        super().__init__()
        self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
        self.lstm = nn.LSTM(width, width, batch_first=True)
        self.classifier = nn.Linear(width, len(info.classes))

    def forward(self, tokens, lengths):
        if tokens.shape[1] == 0:
            tokens = torch.zeros(len(tokens), 1, dtype=torch.long)
        embedded = self.embedding(tokens)
        states, _ = self.lstm(embedded)
        last = states[torch.arange(len(tokens)), (lengths - 1).clamp(min=0)]
        return self.classifier(last)


def build(info):
    return LSTMNet(info)
