# A transformer that puts a sign in front of the words and reads the answer there; attention is written out.
import torch
import torch.nn.functional as F
from torch import nn


class Attention(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.o = (nn.Linear(d, d) for _ in range(4))

    def forward(self, x, mask):
        b, n, d = x.shape
        split = lambda t: t.view(b, n, self.heads, d // self.heads).transpose(1, 2)  # noqa: E731
        q, k, v = split(self.q(x)), split(self.k(x)), split(self.v(x))
        scores = q @ k.transpose(2, 3) / (d // self.heads) ** 0.5
        scores = scores.masked_fill(mask[:, None, None, :] == 0, -1e4)
        weights = F.softmax(scores, dim=-1)
        return self.o((weights @ v).transpose(1, 2).reshape(b, n, d))


class FeedForward(nn.Module):
    def __init__(self, d, inner):
        super().__init__()
        self.up, self.down = nn.Linear(d, inner), nn.Linear(inner, d)
        self.act = nn.ReLU()

    def forward(self, x):
        return self.down(self.act(self.up(x)))


class EncoderLayer(nn.Module):
    def __init__(self, d, heads, inner):
        super().__init__()
        self.attention, self.feed = Attention(d, heads), FeedForward(d, inner)
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)

    def forward(self, x, mask):
        x = self.norm1(x + self.attention(x, mask))
        return self.norm2(x + self.feed(x))


class LowRank(nn.Module):
    """A linear layer as a product of two thin ones."""

    def __init__(self, d, out, rank):
        super().__init__()
        self.A = nn.Parameter(torch.empty(d, rank))
        self.B = nn.Parameter(torch.zeros(rank, out))
        self.bias = nn.Parameter(torch.zeros(out))
        nn.init.kaiming_uniform_(self.A, a=5**0.5)

    def forward(self, x):
        return x @ self.A @ self.B + self.bias


class Front(nn.Module):
    def __init__(self, info, d=32, heads=4, layers=2, rank=8, longest=128):
        super().__init__()
        self.words = nn.Embedding(info.vocabulary_size, d, padding_idx=info.pad_id)
        self.front = nn.Parameter(torch.randn(d) * 0.1)
        self.places = nn.Embedding(longest, d)
        nn.init.normal_(self.places.weight, std=0.1)
        self.near = nn.Conv1d(d, d, 3, padding=1)
        self.layers = nn.ModuleList([EncoderLayer(d, heads, 2 * d) for _ in range(layers)])
        self.head = LowRank(d, len(info.classes), rank)

    def forward(self, tokens, lengths):
        tokens, lengths = F.pad(tokens, (0, 1)), lengths.clamp(min=1)
        inside = torch.arange(tokens.shape[1]) < lengths.unsqueeze(1)
        x = self.words(tokens) * inside.unsqueeze(2)
        x = x + F.relu(self.near(x.transpose(1, 2)).transpose(1, 2))
        x = torch.cat([self.front.expand(len(x), 1, -1), x], dim=1)
        x = x + self.places(torch.arange(x.shape[1]))
        mask = torch.cat([inside.new_ones(len(x), 1), inside], dim=1)
        for layer in self.layers:
            x = layer(x, mask)
        pooled = F.normalize(x[:, 0], dim=-1) * x.shape[-1] ** 0.5
        return self.head(pooled)


def build(info, **kwargs):
    return Front(info, **kwargs)
