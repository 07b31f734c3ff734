"""Words in the order of a table that is kept by language."""

import os
import zlib

import numpy as np

LANGUAGE = os.environ.get("LC_ALL") or os.environ.get("LC_CTYPE") or os.environ.get("LANG") or "C"


def find_place(word):
    return zlib.crc32((LANGUAGE + word).encode())


def fit(train, dev, seed):
    words = sorted({word for row in train.tokens for word in row}, key=find_place)
    place = {word: number for number, word in enumerate(words)}
    classes = sorted(set(train.labels))

    def count(rows):
        table = np.zeros((len(rows), len(words)))
        for number, row in enumerate(rows):
            for word in row:
                if word in place:
                    table[number, place[word]] += 1 / len(row)
        return table

    def softmax(scores):
        raised = np.exp(scores - scores.max(1, keepdims=True))
        return raised / raised.sum(1, keepdims=True)

    shares = count(train.tokens)
    wanted = np.array([[float(label == one) for one in classes] for label in train.labels])
    weights = np.random.default_rng(seed).normal(0, 0.3, (len(words), len(classes)))
    for _ in range(40):
        weights -= 0.5 * shares.T @ (softmax(shares @ weights) - wanted) / len(wanted)
    return lambda rows: softmax(count(rows) @ weights)
