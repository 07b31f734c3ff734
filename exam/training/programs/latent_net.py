# Commands: learned vectors ask a row what matters, layer after layer, by attention written out.
import torch
from torch import nn


class CrossAttention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.head_size = heads, width // heads
        self.scale = self.head_size**-0.5
        self.to_q, self.to_k, self.to_v = nn.Linear(width, width), nn.Linear(width, width), nn.Linear(width, width)
        self.to_out = nn.Linear(width, width)

    def cut(self, x):
        return x.unflatten(-1, (self.heads, self.head_size)).transpose(1, 2)

    def forward(self, x, context, mask):
        q, k, v = self.cut(self.to_q(x)), self.cut(self.to_k(context)), self.cut(self.to_v(context))
        scores = torch.einsum("bhqd,bhkd->bhqk", q, k) * self.scale
        weights = scores.masked_fill(~mask[:, None, None, :], -1e9).softmax(dim=-1)
        mixed = torch.einsum("bhqk,bhkd->bhqd", weights, v)
        return self.to_out(mixed.transpose(1, 2).flatten(2))


class Layer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm_x, self.norm_feed = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attend = CrossAttention(width, heads)
        self.feed = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

    def forward(self, x, context, mask):
        attended = self.attend(self.norm_x(x), context, mask)
        x = x + attended
        return x + self.feed(self.norm_feed(x))


class Positions(nn.Module):
    def __init__(self, width, longest=256):
        super().__init__()
        self.table = nn.Parameter(torch.randn(longest, width) * 0.3)

    def forward(self, x):
        return x + self.table[: x.shape[1]]


class Latent(nn.Module):
    def __init__(self, info, width=32, latents=4, heads=4, depth=2):
        super().__init__()
        self.embed = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
        self.before = nn.Conv1d(width, width, 3, padding=1)
        self.positions = Positions(width)
        self.context_norm = nn.LayerNorm(width)
        self.latents = nn.Parameter(torch.randn(latents, width) * 0.5)
        self.layers = nn.ModuleList([Layer(width, heads) for _ in range(depth)])
        self.head = nn.Linear(width, len(info.classes))

    def forward(self, tokens, lengths):
        tokens, lengths = nn.functional.pad(tokens, (0, 1)), lengths.clamp(min=1)
        mask = torch.arange(tokens.shape[1]) < lengths.unsqueeze(1)
        embedded = self.positions(self.embed(tokens)).masked_fill(~mask.unsqueeze(2), 0.0)
        near = self.before(embedded.transpose(1, 2)).transpose(1, 2)
        context = self.context_norm(embedded + torch.relu(near))
        x = self.latents.expand(len(tokens), -1, -1)
        for layer in self.layers:
            x = layer(x, context, mask)
        return self.head(x.mean(dim=1))


def build(info, **params):
    return Latent(info, **params)
