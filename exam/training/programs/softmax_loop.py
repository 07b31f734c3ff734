# Votes: softmax regression on weighted counts, in numpy alone.
import math

import numpy as np

EPOCHS = 30
RATE = 0.5
MOMENTUM = 0.9
BATCH = 25
PENALTY = 1e-4


def columns(rows):
    seen = sorted({word for row in rows for word in row})
    return {word: number for number, word in enumerate(seen)}


def rarity(rows, index):
    found = np.zeros(len(index))
    for row in rows:
        for word in set(row):
            found[index[word]] += 1
    return np.array([math.log(len(rows) / max(many, 1)) for many in found])


def count(rows, index):
    table = np.zeros((len(rows), len(index)))
    for number, row in enumerate(rows):
        for word in row:
            if word in index:
                table[number, index[word]] += 1
    return table


def features(rows, index, weights):
    table = count(rows, index)
    table = table * weights
    length = np.sqrt((table**2).sum(axis=1, keepdims=True))
    return table / np.maximum(length, 1e-9)


def softmax(z):
    z = np.exp(z - z.max(axis=1, keepdims=True))
    return z / z.sum(axis=1, keepdims=True)


def gradients(w, b, x, y):
    delta = softmax(x @ w + b) - y
    n = len(x)
    return x.T @ delta / n + PENALTY * w, delta.sum(axis=0) / n


def fit(train, dev, seed):
    rng = np.random.default_rng(seed)
    index = columns(train.tokens)
    weights = rarity(train.tokens, index)
    names = sorted(set(train.labels))
    x = features(train.tokens, index, weights)
    y = np.eye(len(names))[[names.index(label) for label in train.labels]]

    w, b = rng.normal(0, 0.01, (x.shape[1], len(names))), np.zeros(len(names))
    speed_w, speed_b = np.zeros_like(w), np.zeros_like(b)
    for epoch in range(EPOCHS):
        order = rng.permutation(len(x))
        x, y = x[order], y[order]
        for start in range(0, len(x), BATCH):
            stop = start + BATCH
            grad_w, grad_b = gradients(w, b, x[start:stop], y[start:stop])
            speed_w = MOMENTUM * speed_w + grad_w
            speed_b = MOMENTUM * speed_b + grad_b
            w -= RATE * speed_w
            b -= RATE * speed_b

    def predict_proba(tokens):
        return softmax(features(tokens, index, weights) @ w + b)

    return predict_proba
