# A loop of your own with a fault in it: brittlestar run DATA --model own_loop:fit
import torch
from torch import nn


def fit(train, dev, seed):
    torch.manual_seed(seed)
    classes, words = sorted(set(train.labels)), sorted({word for row in train.tokens for word in row})
    number = {word: k for k, word in enumerate(words)}
    model = nn.Sequential(nn.Linear(len(words), 32), nn.ReLU(), nn.Linear(32, len(classes)), nn.Softmax(1))

    def count(rows):
        table = torch.zeros(len(rows), len(words))
        for k, row in enumerate(rows):
            for word in row:
                if word in number:
                    table[k, number[word]] += 1
        return table

    counts, labels = count(train.tokens), torch.tensor([classes.index(label) for label in train.labels])
    optimiser = torch.optim.SGD(model.parameters(), lr=0.01)
    for _ in range(3):
        for rows in torch.randperm(len(labels)).split(32):
            loss = nn.functional.cross_entropy(model(counts[rows]), labels[rows])  # the last layer is a softmax already
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()

    def predict_proba(tokens):
        with torch.no_grad():
            return model(count(tokens))

    return predict_proba
