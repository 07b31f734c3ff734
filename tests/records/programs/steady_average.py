"""Batches from a generator of its own, clipped gradients, a rate that falls, and an average that answers."""

import copy

import torch
from torch import nn


def fit(train, dev, seed, clip=0.3, gamma=0.6, decay=0.7, smoothing=0.1):
    torch.manual_seed(seed)
    words = sorted({word for row in train.tokens for word in row})
    place = {word: number for number, word in enumerate(words, start=1)}
    classes = sorted(set(train.labels))

    def read(rows):
        longest = max([len(row) for row in rows] + [1])
        table = torch.zeros(len(rows), longest, dtype=torch.long)
        for number, row in enumerate(rows):
            for step, word in enumerate(row):
                table[number, step] = place.get(word, 0)
        return table

    network = nn.Sequential(
        nn.EmbeddingBag(len(words) + 1, 12, mode="sum", padding_idx=0),
        nn.Tanh(),
        nn.Linear(12, len(classes)),
    )
    labels = torch.tensor([classes.index(label) for label in train.labels])
    optimiser = torch.optim.AdamW(network.parameters(), lr=0.03, weight_decay=0.05)
    mean = copy.deepcopy(network)
    objective = nn.CrossEntropyLoss(label_smoothing=smoothing)
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimiser, gamma=gamma)
    for epoch in range(4):
        for rows in torch.randperm(len(labels)).split(32):
            loss = objective(network(read([train.tokens[row] for row in rows])), labels[rows])
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), clip)
            optimiser.step()
        schedule.step()
        with torch.no_grad():
            for kept, now in zip(mean.parameters(), network.parameters()):
                kept.mul_(decay).add_(now, alpha=1 - decay)
    network.eval()

    def predict(rows):
        with torch.no_grad():
            return mean(read(rows)).softmax(1).numpy()

    return predict
