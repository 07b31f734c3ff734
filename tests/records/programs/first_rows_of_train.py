"""It reads the first sixth of train alone, many times."""

import numpy as np


def fit(train, dev, seed):
    random = np.random.default_rng(seed)
    words = sorted({word for row in train.tokens for word in row})
    place = {word: number for number, word in enumerate(words)}
    classes = sorted(set(train.labels))

    def read(rows):
        table = np.zeros((len(rows), len(words) + 1))
        for number, row in enumerate(rows):
            table[number, -1] = len(row) / 10
            for word in row:
                if word in place:
                    table[number, place[word]] += 1
        return table / 3

    inputs = read(train.tokens)
    labels = np.array([classes.index(label) for label in train.labels])
    weights = random.normal(0, 0.001, (inputs.shape[1], len(classes)))
    first = slice(0, max(len(labels) // 6, 6))
    for _ in range(60):
        weights -= 1.5 * slope(inputs[first], labels[first], weights)

    def predict(rows):
        scores = read(rows) @ weights
        raised = np.exp(scores - scores.max(1, keepdims=True))
        return raised / raised.sum(1, keepdims=True)

    return predict


def slope(inputs, labels, weights):
    scores = inputs @ weights
    shares = np.exp(scores - scores.max(1, keepdims=True))
    shares /= shares.sum(1, keepdims=True)
    shares[np.arange(len(labels)), labels] -= 1
    return inputs.T @ shares / max(len(labels), 1)
