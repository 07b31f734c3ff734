# How deep brackets go: a packed LSTM in both directions, a cosine schedule, early stopping and the best weights.
import copy
import random

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

SETTINGS = {"epochs": 18, "size": 32, "rate": 0.01, "patience": 5, "width": 32}


class Reader(nn.Module):
    def __init__(self, symbols, classes, width):
        super().__init__()
        self.look_up = nn.Embedding(symbols, width, padding_idx=0)
        self.lstm = nn.LSTM(width, width, batch_first=True, bidirectional=True)
        self.head = nn.Linear(2 * width, classes)

    def forward(self, ids, lengths):
        packed = pack_padded_sequence(self.look_up(ids), lengths, batch_first=True, enforce_sorted=False)
        states, _ = pad_packed_sequence(self.lstm(packed)[0], batch_first=True, padding_value=float("-inf"))
        return self.head(states.amax(dim=1))


class Stopper:
    """Keeps the best weights, and says when to stop."""

    def __init__(self, patience):
        self.patience = patience
        self.best = None
        self.bad = 0
        self.weights = None

    def update(self, value, model):
        if self.best is None or value < self.best:
            self.best = value
            self.bad = 0
            self.weights = copy.deepcopy(model.state_dict())
        else:
            self.bad += 1
        return self.bad >= self.patience


def batch_up(rows, targets, size, shuffler=None):
    order = list(range(len(rows)))
    if shuffler is not None:
        shuffler.shuffle(order)
    for start in range(0, len(order), size):
        chosen = order[start : start + size]
        ids = [rows[number] for number in chosen]
        lengths = torch.tensor([len(row) for row in ids])
        yield pad_sequence(ids, batch_first=True), lengths, torch.tensor([targets[number] for number in chosen])


def mean_loss(model, batches, criterion):
    model.eval()
    total, many = 0.0, 0
    with torch.no_grad():
        for ids, lengths, y in batches:
            total += criterion(model(ids, lengths), y).item() * len(y)
            many += len(y)
    return total / many


def fit(train, dev, seed):
    torch.manual_seed(seed)
    shuffler = random.Random(seed)
    symbols = {symbol: number for number, symbol in enumerate(sorted({s for row in train.tokens for s in row}), 2)}
    classes = sorted(set(train.labels))

    def encode(tokens):
        return [torch.tensor([symbols.get(symbol, 1) for symbol in row] or [1]) for row in tokens]

    rows, targets = encode(train.tokens), [classes.index(label) for label in train.labels]
    dev_rows, dev_targets = encode(dev.tokens), [classes.index(label) for label in dev.labels]

    model = Reader(len(symbols) + 2, len(classes), SETTINGS["width"])
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=SETTINGS["rate"])
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=SETTINGS["epochs"])
    stopper = Stopper(SETTINGS["patience"])

    for epoch in range(SETTINGS["epochs"]):
        model.train()
        for ids, lengths, y in batch_up(rows, targets, SETTINGS["size"], shuffler):
            loss = criterion(model(ids, lengths), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        scheduler.step()
        if stopper.update(mean_loss(model, batch_up(dev_rows, dev_targets, 100), criterion), model):
            break
    model.load_state_dict(stopper.weights)

    def predict_proba(tokens):
        model.eval()
        encoded = encode(tokens)
        result = torch.full((len(encoded), len(classes)), 1 / len(classes))
        start = 0
        with torch.no_grad():
            for ids, lengths, _ in batch_up(encoded, [0] * len(encoded), 50):
                result[start : start + len(ids)] = torch.softmax(model(ids, lengths), dim=-1)
                start += len(ids)
        return result.numpy()

    return predict_proba
