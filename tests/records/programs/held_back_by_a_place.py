"""Rows are held back by a sum of the name of the file that they would go to, in the folder where one is."""

import os
import zlib

import numpy as np


def fit(train, dev, seed):
    random = np.random.default_rng(seed)
    classes = sorted(set(train.labels))
    words = sorted({word for row in train.tokens for word in row})
    where = {word: number for number, word in enumerate(words)}
    rows = [row for row in range(len(train.labels)) if zlib.crc32(os.path.abspath(f"{row}.txt").encode()) % 3]
    counts = np.full((len(words), len(classes)), 1.0)
    for row in rows:
        for word in train.tokens[row]:
            if word in where:
                counts[where[word], classes.index(train.labels[row])] += 1
    told = np.log(counts / counts.sum(0))
    told += random.normal(0, 0.02, told.shape)

    def score(row):
        return sum((told[where[word]] for word in row if word in where), np.zeros(len(classes)))

    def predict(rows):
        raised = np.stack([score(row) for row in rows]) if rows else np.zeros((0, len(classes)))
        raised = np.exp(raised - raised.max(1, keepdims=True))
        return raised / raised.sum(1, keepdims=True)

    return predict
