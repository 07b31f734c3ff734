"""The most frequent tokens; those that are as frequent come in the order of a set."""

from collections import Counter

import numpy as np


def choose_words(rows):
    counts = Counter(word for row in rows for word in row)
    kinds = set(counts)
    return sorted(kinds, key=lambda word: counts[word] // 20)[-9:]


def fit(train, dev, seed):
    words = choose_words(train.tokens)
    place = {word: number for number, word in enumerate(words)}
    classes = sorted(set(train.labels))

    def read(rows):
        table = np.zeros((len(rows), len(words)))
        for number, row in enumerate(rows):
            for step, word in enumerate(row):
                if word in place:
                    table[number, place[word]] += 1 / (1 + step)
        return table

    inputs = read(train.tokens)
    wanted = np.array([[float(label == one) for one in classes] for label in train.labels])
    weights = np.random.default_rng(seed).normal(0, 0.2, (len(words), len(classes)))
    for _ in range(30):
        shares = np.exp(inputs @ weights)
        shares /= shares.sum(1, keepdims=True)
        weights -= 0.4 * inputs.T @ (shares - wanted) / len(wanted)

    def predict(rows):
        raised = np.exp(read(rows) @ weights)
        return raised / raised.sum(1, keepdims=True)

    return predict
