# Names letter by letter: a tokenizer of characters, batches of rows of like length, a GRU in both directions.
import random

import torch
from torch import nn


class CharTokenizer:
    SPECIAL = ("<pad>", "<unk>", "<s>", "</s>")

    def __init__(self, texts):
        letters = sorted({letter for text in texts for letter in text})
        self.ids = {symbol: number for number, symbol in enumerate([*self.SPECIAL, *letters])}

    def __len__(self):
        return len(self.ids)

    def __call__(self, text):
        inner = [self.ids.get(letter, self.ids["<unk>"]) for letter in text]
        return [self.ids["<s>"], *inner, self.ids["</s>"]]


class NameModel(nn.Module):
    def __init__(self, symbols, classes, width=24, hidden=32):
        super().__init__()
        self.hidden = hidden
        self.embed = nn.Embedding(symbols, width, padding_idx=0)
        self.rnn = nn.GRU(width, hidden, batch_first=True, bidirectional=True)
        self.norm = nn.LayerNorm(2 * hidden)
        self.head = nn.Linear(2 * hidden, classes)

    def forward(self, x):
        states, _ = self.rnn(self.embed(x))
        last = (x != 0).sum(dim=1) - 1
        forward = states[torch.arange(len(x)), last, : self.hidden]
        backward = states[:, 0, self.hidden :]
        return self.head(self.norm(torch.cat([forward, backward], dim=1)))


def pad_batch(rows):
    longest = max(len(row) for row in rows)
    return torch.tensor([row + [0] * (longest - len(row)) for row in rows])


def batches(rows, targets, size, rng):
    """Batches of rows that are about as long, in random order."""
    order = sorted(range(len(rows)), key=lambda number: (len(rows[number]), rng.random()))
    groups = [order[start : start + size] for start in range(0, len(order), size)]
    rng.shuffle(groups)
    for group in groups:
        yield pad_batch([rows[number] for number in group]), torch.tensor([targets[number] for number in group])


def fit(train, dev, seed):
    torch.manual_seed(seed)
    rng = random.Random(seed)
    texts = ["".join(row) for row in train.tokens]
    tokenizer = CharTokenizer(texts)
    origins = sorted(set(train.labels))
    label2id = {origin: number for number, origin in enumerate(origins)}
    rows = [tokenizer(text) for text in texts]
    targets = [label2id[label] for label in train.labels]

    net = NameModel(len(tokenizer), len(origins))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.004)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=14)
    loss_function = nn.CrossEntropyLoss()

    for epoch in range(14):
        net.train()
        for x, y in batches(rows, targets, 32, rng):
            optimizer.zero_grad(set_to_none=True)
            loss = loss_function(net(x), y)
            loss.backward()
            optimizer.step()
        scheduler.step()

    def predict_proba(tokens):
        net.eval()
        encoded = [tokenizer("".join(row)) for row in tokens]
        probabilities = []
        with torch.inference_mode():
            for start in range(0, len(encoded), 64):
                logits = net(pad_batch(encoded[start : start + 64]))
                probabilities.extend(logits.softmax(dim=-1).tolist())
        return probabilities

    return predict_proba
