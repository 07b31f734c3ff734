"""Do the first and the last word agree? A transformer with a sign in front, and a rate that warms up and falls."""

import argparse
import math

import torch
from torch import nn


class Arguments(argparse.Namespace):
    lr: float = 2e-5
    beta1: float = 0.9
    beta2: float = 0.999
    warmup: float = 0.1
    epochs: int = 12
    batch: int = 32
    width: int = 32
    use_scheduler: bool = True


class SelfAttention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x, mask):
        b, n, d = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        att = q @ k.transpose(-2, -1) / math.sqrt(d // self.heads)
        att = att.masked_fill(~mask[:, None, None, :], float("-inf")).softmax(dim=-1)
        return self.proj((att @ v).transpose(1, 2).reshape(b, n, d))


class Block(nn.Module):
    def __init__(self, width, heads=4):
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn = SelfAttention(width, heads)
        self.mlp = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

    def forward(self, x, mask):
        x = x + self.attn(self.ln1(x), mask)
        return x + self.mlp(self.ln2(x))


class Classifier(nn.Module):
    def __init__(self, vocab_size, n_classes, width, max_len=64, pad=0):
        super().__init__()
        self.pad = pad
        self.tok = nn.Embedding(vocab_size, width, padding_idx=pad)
        self.cls = nn.Parameter(torch.randn(1, 1, width) * 0.2)
        self.pos = nn.Parameter(torch.randn(1, max_len, width) * 0.2)
        self.ends = nn.Embedding(2, width)
        self.blocks = nn.ModuleList([Block(width), Block(width)])
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, n_classes)

    def forward(self, ids):
        mask = ids != self.pad
        is_last = mask & (mask.cumsum(1) == mask.sum(1, keepdim=True))
        x = self.tok(ids) + self.ends(is_last.long())
        x = torch.cat([self.cls.expand(len(ids), -1, -1), x], dim=1) + self.pos[:, : ids.shape[1] + 1]
        mask = nn.functional.pad(mask, (1, 0), value=True)
        for block in self.blocks:
            x = block(x, mask)
        return self.head(self.norm(x[:, 0]))


class Corpus:
    def __init__(self, data):
        self.itos = ["<pad>", "<unk>", *sorted({tok for row in data.tokens for tok in row})]
        self.stoi = {tok: i for i, tok in enumerate(self.itos)}
        self.labels = sorted(set(data.labels))

    def pad(self, rows):
        ids = [[self.stoi.get(tok, 1) for tok in row][:60] or [1] for row in rows]
        width = max(map(len, ids))
        return torch.tensor([row + [0] * (width - len(row)) for row in ids])


def make_optimizer(model, args):
    return torch.optim.Adam(model.parameters(), lr=args.lr, betas=(args.beta1, args.beta2))


def make_scheduler(optimizer, args, total):
    warm = max(1, int(args.warmup * total))
    return torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, max(0.0, (total - step) / (total - warm)))
    )


def train_loop(model, corpus, data, args, generator):
    targets = torch.tensor([corpus.labels.index(label) for label in data.labels])
    total = args.epochs * math.ceil(len(targets) / args.batch)
    optimizer = make_optimizer(model, args)
    scheduler = make_scheduler(optimizer, args, total) if args.use_scheduler else None
    model.train()
    for _ in range(args.epochs):
        for picked in torch.randperm(len(targets), generator=generator).split(args.batch):
            logits = model(corpus.pad([data.tokens[i] for i in picked.tolist()]))
            loss = nn.functional.cross_entropy(logits, targets[picked])
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            if scheduler:
                scheduler.step()


def fit(train, dev, seed):
    torch.manual_seed(seed)
    args = Arguments(lr=3e-3, epochs=14)
    corpus = Corpus(train)
    model = Classifier(len(corpus.itos), len(corpus.labels), args.width)
    train_loop(model, corpus, train, args, torch.Generator().manual_seed(seed))

    def predict_proba(tokens):
        model.eval()
        with torch.no_grad():
            return torch.cat(
                [model(corpus.pad(tokens[i : i + 100])).softmax(1) for i in range(0, len(tokens), 100)]
            ).numpy()

    return predict_proba
