# Votes again: a deep averaging network on word vectors that come from co-occurrence, with word dropout.
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn, optim


@dataclass(frozen=True)
class Options:
    width: int = 40
    hidden: int = 64
    drop_words: float = 0.1
    epochs: int = 20
    batch: int = 24
    rate: float = 0.02
    momentum: float = 0.9
    decay: float = 1e-4


class Sentences(torch.utils.data.Dataset):
    """Rows of ids; some words of a row are left out each time that it is read."""

    def __init__(self, rows, labels, drop):
        self.rows = [np.array(row) for row in rows]
        self.labels = labels
        self.drop = drop

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, number):
        row = self.rows[number].copy()
        row[torch.rand(len(row)).numpy() < self.drop] = 0
        return row, self.labels[number]


class Averager(nn.Module):
    def __init__(self, vectors, classes, options):
        super().__init__()
        self.vectors = nn.Embedding.from_pretrained(vectors, freeze=False, padding_idx=0)
        self.first = nn.Linear(vectors.shape[1], options.hidden)
        self.second = nn.Linear(options.hidden, options.hidden)
        self.out = nn.Linear(options.hidden, classes)

    def forward(self, ids):
        words = (ids != 0).sum(dim=1, keepdim=True).clamp(min=1)
        average = self.vectors(ids).sum(dim=1) / words
        hidden = torch.relu(self.first(average))
        hidden = torch.relu(self.second(hidden))
        return self.out(hidden)


def pretrain(rows, vocabulary, width):
    """Vectors of words from the words that stand beside them, one row for each id."""
    beside = np.zeros((len(vocabulary), len(vocabulary)))
    for row in rows:
        ids = [vocabulary[word] for word in row]
        for left, right in pairwise(ids):
            beside[left, right] += 1
            beside[right, left] += 1
    left, sizes, _ = np.linalg.svd(np.log1p(beside))
    vectors = left[:, :width] * np.sqrt(sizes[:width])
    return torch.tensor(vectors / vectors.std(), dtype=torch.float32)


def collate(items):
    rows, labels = zip(*items, strict=True)
    ids = torch.zeros(len(rows), max(len(row) for row in rows), dtype=torch.long)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = torch.as_tensor(row)
    return ids, torch.tensor(labels)


def fit(train, dev, seed, options=Options()):
    torch.manual_seed(seed)
    words = sorted({word for row in train.tokens for word in row})
    vocabulary = {"<pad>": 0, "<unk>": 1} | {word: number for number, word in enumerate(words, start=2)}
    classes = sorted(set(train.labels))
    vectors = pretrain(train.tokens, vocabulary, options.width)

    encoded = [[vocabulary[word] for word in row] for row in train.tokens]
    data = Sentences(encoded, [classes.index(label) for label in train.labels], options.drop_words)
    loader = torch.utils.data.DataLoader(data, options.batch, shuffle=True, collate_fn=collate)
    model = Averager(vectors, len(classes), options)
    optimizer = optim.SGD(model.parameters(), options.rate, options.momentum, weight_decay=options.decay)

    for _ in range(options.epochs):
        for ids, labels in loader:
            loss = F.cross_entropy(model(ids), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    def predict_proba(tokens):
        rows = [[vocabulary.get(word, 1) for word in row] or [1] for row in tokens]
        ids, _ = collate([(row, 0) for row in rows])
        with torch.no_grad():
            return F.softmax(model(ids), dim=1).double().numpy()

    return predict_proba
