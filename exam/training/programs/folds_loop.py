# Commands by a committee: linear machines with the hinge loss on pairs of neighbouring words, one for each fold.
import random

import numpy as np

FOLDS = 4
STEPS = 1500


class Shelf:
    """Rows on shelves of ten, read when they are asked for."""

    def __init__(self, rows, labels, per_shelf=10):
        self.shelves = [
            [{"tokens": list(rows[j]), "label": labels[j]} for j in range(i, min(i + per_shelf, len(rows)))]
            for i in range(0, len(rows), per_shelf)
        ]
        self.size, self.per_shelf = len(rows), per_shelf

    def __len__(self):
        return self.size

    def __getitem__(self, number):
        shelf, place = divmod(number, self.per_shelf)
        entry = dict(self.shelves[shelf][place])
        return entry.pop("tokens"), entry.pop("label")


def k_fold(n, k, rng):
    """For each fold the rows to train on, and those that are held out."""
    order = list(range(n))
    rng.shuffle(order)
    for fold in range(k):
        held_out = order[fold::k]
        inside = set(held_out)
        yield [i for i in order if i not in inside], held_out


def grams(tokens):
    return [*tokens, *(a + "_" + b for a, b in zip(["^", *tokens], [*tokens, "$"], strict=True))]


class LinearSVM:
    def __init__(self, features, classes, C=0.0005):
        self.index = {g: i for i, g in enumerate(features)}
        self.W = np.zeros((len(classes), len(features) + 1))
        self.C = C

    def vector(self, tokens):
        v = np.zeros(self.W.shape[1])
        v[-1] = 1.0
        for g in grams(tokens):
            if g in self.index:
                v[self.index[g]] = 1.0
        return v

    def update(self, x, y, lr):
        signs = np.where(np.arange(len(self.W)) == y, 1.0, -1.0)
        margin = signs * (self.W @ x)
        wrong = margin < 1
        self.W *= 1 - lr * self.C
        self.W[wrong] += lr * signs[wrong, None] * x

    def score(self, x):
        return self.W @ x


def train_fold(shelf, rows, features, classes, rng, epochs=5):
    svm = LinearSVM(features, classes)
    t = 0
    for _ in range(epochs):
        rng.shuffle(rows)
        for i in rows:
            tokens, label = shelf[i]
            t += 1
            svm.update(svm.vector(tokens), classes.index(label), lr=0.5 / (1 + t / STEPS))
    return svm


def fit(train, dev, seed):
    rng = random.Random(seed)
    classes = sorted(set(train.labels))
    shelf = Shelf(train.tokens, train.labels)
    features = sorted({g for row in train.tokens for g in grams(row)})
    committee = []
    for inside, held_out in k_fold(len(shelf), FOLDS, rng):
        committee.append(train_fold(shelf, inside, features, classes, rng))

    def predict_proba(rows):
        total = np.zeros((len(rows), len(classes)))
        for svm in committee:
            scores = np.array([svm.score(svm.vector(row)) for row in rows])
            e = np.exp(scores - scores.max(1, keepdims=True))
            total += e / e.sum(1, keepdims=True)
        return total / FOLDS

    return predict_proba
