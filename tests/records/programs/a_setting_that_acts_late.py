"""A softmax regression on counts of tokens, in a loop of its own."""

import torch
from torch import nn


def fit(train, dev, seed, quiet_after=3, longest=12):
    torch.manual_seed(seed)
    words = sorted({word for row in train.tokens for word in row})
    place = {word: number for number, word in enumerate(words)}
    classes = sorted(set(train.labels))

    def count(rows):
        table = torch.zeros(len(rows), len(words))
        for number, row in enumerate(rows):
            for word in row:
                if word in place:
                    table[number, place[word]] += 1 / len(row)
        return table

    counts, labels = count(train.tokens), torch.tensor([classes.index(label) for label in train.labels])
    model = nn.Sequential(nn.Linear(len(words), 12), nn.Tanh(), nn.Linear(12, len(classes)))
    train_tokens = [row[:longest] for row in train.tokens]
    counts = count(train_tokens)
    optimiser = torch.optim.Adam(model.parameters(), lr=0.02)
    for epoch in range(4):
        for rows in torch.randperm(len(labels)).split(16):
            loss = nn.functional.cross_entropy(model(counts[rows]), labels[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        if epoch + 1 == quiet_after:
            optimiser.param_groups[0]["lr"] /= 10

    def predict(rows):
        with torch.no_grad():
            return model(count(rows)).softmax(1).numpy()

    return predict
