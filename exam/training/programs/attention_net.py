# Words weighted by attention.
import torch
from torch import nn


class Attention(nn.Module):
    def __init__(self, info, width=32):
        super().__init__()
        self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
        self.key = nn.Linear(width, width)
        self.query = nn.Linear(width, 1)
        self.classifier = nn.Linear(width, len(info.classes))

    def forward(self, tokens, lengths):
        embedded = self.embedding(tokens)
        scores = self.query(torch.tanh(self.key(embedded))).squeeze(2)
        inside = torch.arange(tokens.shape[1]) < lengths.unsqueeze(1)
        weights = torch.softmax(scores.masked_fill(~inside, -1e9), dim=1)
        pooled = (weights.unsqueeze(2) * embedded).sum(1)
        return self.classifier(pooled)


build = Attention
