# A transformer written by hand: layers are normalised first, a learned vector stands in front and is read at the end.
import math

import torch
from torch import nn


class SelfAttention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.size = heads, width // heads
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.out = nn.Linear(width, width)

    def split(self, x):
        return x.view(x.shape[0], x.shape[1], self.heads, self.size).transpose(1, 2)

    def forward(self, x, inside):
        query, key, value = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
        scores = torch.matmul(query, key.transpose(2, 3)) / math.sqrt(self.size)
        scores = scores.masked_fill(~inside[:, None, None, :], -1e9)
        weights = torch.softmax(scores, dim=-1)
        mixed = torch.matmul(weights, value).transpose(1, 2)
        return self.out(mixed.reshape(x.shape[0], x.shape[1], -1))


class Layer(nn.Module):
    def __init__(self, width, heads, dropout):
        super().__init__()
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = SelfAttention(width, heads)
        self.feed = nn.Sequential(nn.Linear(width, 64), nn.ReLU(), nn.Linear(64, width))
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, inside):
        x = x + self.dropout(self.attention(self.first(x), inside))
        return x + self.dropout(self.feed(self.second(x)))


class BlockNet(nn.Module):
    def __init__(self, info, width=32, heads=4, depth=2, longest=128, dropout=0.05):
        super().__init__()
        self.token_embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
        self.position_embedding = nn.Embedding(longest, width)
        self.cls = nn.Parameter(torch.zeros(1, 1, width))
        self.layers = nn.ModuleList([Layer(width, heads, dropout) for _ in range(depth)])
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, len(info.classes))

    def forward(self, tokens, lengths):
        x = torch.cat([self.cls.expand(len(tokens), 1, -1), self.token_embedding(tokens)], dim=1)
        places = torch.arange(x.shape[1])
        x = x + self.position_embedding(places.clamp(max=self.position_embedding.num_embeddings - 1))
        inside = places.unsqueeze(0) <= lengths.unsqueeze(1)
        for layer in self.layers:
            x = layer(x, inside)
        return self.head(self.norm(x[:, 0]))


def build(info, **params):
    return BlockNet(info, **params)
