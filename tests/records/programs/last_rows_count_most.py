"""One row after the other, as they stand in the file, and the last ones count most."""

import numpy as np


def fit(train, dev, seed):
    tokens = sorted({token for row in train.tokens for token in row})
    place = {token: number for number, token in enumerate(tokens)}
    classes = sorted(set(train.labels))

    def encode(rows):
        table = np.zeros((len(rows), len(tokens)))
        for number, row in enumerate(rows):
            for token in row:
                if token in place:
                    table[number, place[token]] += 1
        return np.sqrt(table)

    def softmax(scores):
        raised = np.exp(scores - scores.max(1, keepdims=True))
        return raised / raised.sum(1, keepdims=True)

    inputs = encode(train.tokens)
    wanted = np.array([[float(label == one) for one in classes] for label in train.labels])
    weights = np.random.default_rng(seed).normal(0, 0.001, (len(tokens), len(classes)))
    for row, target in zip(inputs, wanted):
        weights -= 0.5 * np.outer(row, softmax(row[None] @ weights)[0] - target)
    return lambda rows: softmax(encode(rows) @ weights)
