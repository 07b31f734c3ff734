"""Kernels around all rows of train, in a space that the seed draws."""

import numpy as np


def fit(train, dev, seed, dimensions=6, reach=1.5):
    tokens = sorted({token for row in train.tokens for token in row})
    place = {token: number for number, token in enumerate(tokens)}
    classes = sorted(set(train.labels))
    space = np.random.default_rng(seed).normal(0, 1, (len(tokens), dimensions))

    def project(rows):
        found = np.zeros((len(rows), dimensions))
        for number, row in enumerate(rows):
            for token in row:
                if token in place:
                    found[number] += space[place[token]] / np.sqrt(len(row))
        return found

    kept = project(train.tokens)
    wanted = np.array([[float(label == one) for one in classes] for label in train.labels])

    def predict(rows):
        near = np.exp(-((project(rows)[:, None] - kept[None]) ** 2).sum(2) / (2 * reach**2))
        votes = 0.01 + (near[:, :, None] * wanted[None]).sum(1)
        return votes / votes.sum(1, keepdims=True)

    return predict
