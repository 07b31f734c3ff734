# Kinds of characters by their counts: standardised features, a small network, RMSprop.
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class CountVectorizer:
    """Rows to counts of symbols, standardised by what train has."""

    def fit(self, rows):
        self.symbols = {symbol: place for place, symbol in enumerate(sorted({s for row in rows for s in row}))}
        counts = self.count(rows)
        self.mean, self.std = counts.mean(axis=0), counts.std(axis=0) + 1e-6
        return self

    def count(self, rows):
        counts = np.zeros((len(rows), len(self.symbols)), dtype=np.float32)
        for number, row in enumerate(rows):
            for symbol in row:
                if symbol in self.symbols:
                    counts[number, self.symbols[symbol]] += 1
        return counts

    def transform(self, rows):
        return (self.count(rows) - self.mean) / self.std


def one_hot(labels, classes):
    return torch.tensor([[float(label == name) for name in classes] for label in labels])


def fit(train, dev, seed):
    torch.manual_seed(seed)
    vectorizer = CountVectorizer().fit(train.tokens)
    classes = sorted(set(train.labels))
    x = torch.from_numpy(vectorizer.transform(train.tokens))
    y = one_hot(train.labels, classes)

    model = nn.Sequential(
        nn.Linear(x.shape[1], 64),
        nn.ReLU(),
        nn.Dropout(0.1),
        nn.Linear(64, 32),
        nn.ReLU(),
        nn.Linear(32, len(classes)),
    )
    criterion = nn.BCEWithLogitsLoss()
    optimizer = torch.optim.RMSprop(model.parameters(), lr=0.002)
    loader = DataLoader(TensorDataset(x, y), batch_size=25, shuffle=True, drop_last=True)

    for epoch in range(12):
        model.train()
        for inputs, targets in loader:
            outputs = model(inputs)
            loss = criterion(outputs, targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    def predict_proba(tokens):
        model.eval()
        with torch.no_grad():
            scores = torch.sigmoid(model(torch.from_numpy(vectorizer.transform(tokens)))).numpy()
        return scores / scores.sum(axis=1, keepdims=True)

    return predict_proba
