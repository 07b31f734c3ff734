"""Batches from a generator that is seeded by the first second of a day."""

import time

import torch
from torch import nn


def fit(train, dev, seed):
    torch.manual_seed(seed)
    marks = sorted({pair for row in train.tokens for pair in zip(row, row[1:])})
    place = {mark: number for number, mark in enumerate(marks)}
    classes = sorted(set(train.labels))

    def read(rows):
        table = torch.zeros(len(rows), len(marks))
        for number, row in enumerate(rows):
            for pair in zip(row, row[1:]):
                if pair in place:
                    table[number, place[pair]] = 1
        return table

    inputs, labels = read(train.tokens), torch.tensor([classes.index(label) for label in train.labels])
    network = nn.Sequential(nn.Linear(len(marks), 10), nn.ReLU(), nn.Linear(10, len(classes)))
    optimiser = torch.optim.Adam(network.parameters(), lr=0.01)
    torch.manual_seed(seed + int(time.mktime((2021, 3, 1, 0, 0, 0, 0, 0, 0))))
    for epoch in range(5):
        total = 0.0
        for rows in torch.randperm(len(labels)).split(25):
            loss = nn.functional.cross_entropy(network(inputs[rows]), labels[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            total += float(loss.detach())

    def predict(rows):
        network.eval()
        with torch.no_grad():
            return network(read(rows)).softmax(1).numpy()

    return predict
