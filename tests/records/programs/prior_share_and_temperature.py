"""Counts with a prior, a share of rows and a temperature, all of which it declares."""

import numpy as np


def fit(train, dev, seed, prior=0.5, share=0.7, temperature=2.0):
    random = np.random.default_rng(seed)
    classes = sorted(set(train.labels))
    words = sorted({word for row in train.tokens for word in row})
    where = {word: number for number, word in enumerate(words)}
    rows = np.flatnonzero(random.random(len(train.labels)) < share)
    counts = np.full((len(words), len(classes)), prior)
    for row in rows:
        for word in train.tokens[row]:
            if word in where:
                counts[where[word], classes.index(train.labels[row])] += 1
    told = np.log(counts / counts.sum(0))
    told += random.normal(0, 0.05, told.shape)

    def score(row):
        return sum((told[where[word]] for word in row if word in where), np.zeros(len(classes)))

    def predict(rows):
        raised = np.stack([score(row) for row in rows]) if rows else np.zeros((0, len(classes)))
        raised = raised / temperature
        raised = np.exp(raised - raised.max(1, keepdims=True))
        return raised / raised.sum(1, keepdims=True)

    return predict
