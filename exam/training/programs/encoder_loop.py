# A transformer encoder with learned positions and a [CLS] token in front, in plain functions.
import math

import torch
from torch import nn
from torch.nn import functional as F

CLS, PAD, UNK = 0, 1, 2


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.merge = nn.Linear(width, width)
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

    def forward(self, x, mask):
        rows, places, width = x.shape
        split = (rows, places, self.heads, width // self.heads)
        q, k, v = (part.view(split).transpose(1, 2) for part in self.qkv(self.norm1(x)).chunk(3, dim=-1))
        scores = q @ k.transpose(-2, -1) / math.sqrt(width // self.heads)
        scores = scores.masked_fill(~mask[:, None, None, :], float("-inf"))
        mixed = (scores.softmax(dim=-1) @ v).transpose(1, 2).reshape(rows, places, width)
        x = x + self.merge(mixed)
        return x + self.mlp(self.norm2(x))


class EncoderClassifier(nn.Module):
    def __init__(self, symbols, classes, width=32, heads=4, depth=2, longest=64):
        super().__init__()
        self.tokens = nn.Embedding(symbols, width)
        self.places = nn.Embedding(longest, width)
        self.blocks = nn.ModuleList([Block(width, heads) for _ in range(depth)])
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, classes)

    def forward(self, ids):
        mask = ids != PAD
        x = self.tokens(ids) + self.places(torch.arange(ids.shape[1]))
        for block in self.blocks:
            x = block(x, mask)
        return self.head(self.norm(x[:, 0]))


def make_batch(rows, vocabulary):
    ids = [[CLS, *(vocabulary.get(token, UNK) for token in row)] for row in rows]
    longest = max(map(len, ids))
    return torch.tensor([row + [PAD] * (longest - len(row)) for row in ids])


def learning_rate(step, peak=0.003, warmup=40, total=760):
    if step < warmup:
        return peak * (step + 1) / warmup
    return peak * 0.5 * (1 + math.cos(math.pi * min(1.0, (step - warmup) / (total - warmup))))


def fit(train, dev, seed):
    torch.manual_seed(seed)
    vocabulary = {token: number for number, token in enumerate(sorted({t for row in train.tokens for t in row}), 3)}
    names = sorted(set(train.labels))
    targets = torch.tensor([names.index(label) for label in train.labels])
    model = EncoderClassifier(len(vocabulary) + 3, len(names))
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.003, betas=(0.9, 0.98), weight_decay=0.01)

    step = 0
    for epoch in range(20):
        model.train()
        for index in torch.randperm(len(targets)).split(32):
            for group in optimizer.param_groups:
                group["lr"] = learning_rate(step)
            x = make_batch([train.tokens[number] for number in index.tolist()], vocabulary)
            y = targets[index]
            loss = F.cross_entropy(model(x), y, label_smoothing=0.05)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            step += 1

    def predict_proba(tokens):
        model.eval()
        outputs = []
        with torch.no_grad():
            for start in range(0, len(tokens), 200):
                outputs.append(model(make_batch(tokens[start : start + 200], vocabulary)))
        return F.softmax(torch.cat(outputs), dim=-1).numpy()

    return predict_proba
