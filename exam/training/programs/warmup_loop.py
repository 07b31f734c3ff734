# Quotation marks at the ends: a small transformer with [CLS] and [SEP], warm-up, and gradients of two batches per step.
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]


class Tokenizer:
    def __init__(self, rows):
        self.ids = {token: number for number, token in enumerate(SPECIAL)}
        for row in rows:
            for token in row:
                self.ids.setdefault(token, len(self.ids))
        self.pad_id, self.unk_id, self.cls_id, self.sep_id = range(4)

    def __call__(self, row):
        return [self.cls_id, *(self.ids.get(token, self.unk_id) for token in row), self.sep_id]

    def batch(self, rows):
        encoded = [self(row) for row in rows]
        longest = max(len(row) for row in encoded)
        return torch.tensor([row + [self.pad_id] * (longest - len(row)) for row in encoded])


class LayerNorm(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.gain, self.shift = nn.Parameter(torch.ones(size)), nn.Parameter(torch.zeros(size))

    def forward(self, x):
        mean = x.mean(-1, keepdim=True)
        spread = x.var(-1, keepdim=True, unbiased=False)
        return self.gain * (x - mean) / torch.sqrt(spread + 1e-5) + self.shift


class Block(nn.Module):
    def __init__(self, size, heads, dropout):
        super().__init__()
        self.attention = nn.MultiheadAttention(size, heads, dropout=dropout, batch_first=True)
        self.feed = nn.Sequential(nn.Linear(size, 2 * size), nn.GELU(), nn.Linear(2 * size, size))
        self.norm1, self.norm2 = LayerNorm(size), LayerNorm(size)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, padding):
        h = self.norm1(x)
        x = x + self.dropout(self.attention(h, h, h, key_padding_mask=padding, need_weights=False)[0])
        return x + self.dropout(self.feed(self.norm2(x)))


def sinusoids(places, size):
    rates = torch.exp(torch.arange(0, size, 2) * (-math.log(50.0) / size))
    angles = torch.arange(places).unsqueeze(1) * rates
    return torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)


class Classifier(nn.Module):
    def __init__(self, vocabulary, classes, pad_id, size=32, heads=4, depth=2, dropout=0.05):
        super().__init__()
        self.pad_id = pad_id
        self.embed = nn.Embedding(vocabulary, size)
        self.register_buffer("places", sinusoids(200, size))
        self.blocks = nn.ModuleList([Block(size, heads, dropout) for _ in range(depth)])
        self.norm = LayerNorm(size)
        self.classify = nn.Linear(size, classes)

    def forward(self, ids):
        padding = ids == self.pad_id
        x = self.embed(ids) + self.places[: ids.shape[1]]
        for block in self.blocks:
            x = block(x, padding)
        return self.classify(self.norm(x)[:, 0])


def make_schedule(optimizer, peak, warmup, total):
    def factor(step):
        if step < warmup:
            return (step + 1) / warmup
        return max(0.02, (total - step) / (total - warmup))

    return torch.optim.lr_scheduler.LambdaLR(optimizer, factor)


def fit(train, dev, seed):
    torch.manual_seed(seed)
    tokenizer = Tokenizer(train.tokens)
    names = sorted(set(train.labels))
    targets = torch.tensor([names.index(label) for label in train.labels])

    epochs, batch_size, accumulate, peak = 15, 16, 2, 4e-3
    model = Classifier(len(tokenizer.ids), len(names), pad_id=tokenizer.pad_id)
    decayed = [p for p in model.parameters() if p.dim() > 1]
    others = [p for p in model.parameters() if p.dim() <= 1]
    groups = [{"params": decayed, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=peak)
    steps = epochs * math.ceil(len(targets) / batch_size) // accumulate
    schedule = make_schedule(optimizer, peak, warmup=60, total=steps)

    for epoch in range(epochs):
        model.train()
        order = torch.randperm(len(targets)).split(batch_size)
        for number, chosen in enumerate(order, start=1):
            logits = model(tokenizer.batch([train.tokens[row] for row in chosen]))
            loss = F.cross_entropy(logits, targets[chosen]) / accumulate
            loss.backward()
            if number % accumulate == 0:
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
                optimizer.zero_grad()
                schedule.step()

    @torch.inference_mode()
    def predict_proba(tokens):
        model.eval()
        parts = [tokens[start : start + 64] for start in range(0, len(tokens), 64)]
        return torch.cat([model(tokenizer.batch(part)).softmax(-1) for part in parts]).numpy()

    return predict_proba
