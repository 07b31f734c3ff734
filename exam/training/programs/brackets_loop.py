# How deep the brackets go: a recurrent cell, step by step, with focal loss and a rate that falls on a plateau.
import torch
from torch import nn


class FocalLoss(nn.Module):
    def __init__(self, gamma=1.0):
        super().__init__()
        self.gamma = gamma

    def forward(self, logits, target):
        log_p = torch.log_softmax(logits, dim=1).gather(1, target.unsqueeze(1)).squeeze(1)
        p = log_p.exp()
        return (-((1 - p) ** self.gamma) * log_p).mean()


class StepwiseGRU(nn.Module):
    def __init__(self, symbols, classes, width=32):
        super().__init__()
        self.width = width
        self.embedding = nn.Embedding(symbols, 16, padding_idx=0)
        self.cell = nn.GRUCell(16, width)
        self.output = nn.Linear(width, classes)

    def forward(self, ids):
        state = torch.zeros(len(ids), self.width)
        for step in range(ids.shape[1]):
            column = ids[:, step]
            new = self.cell(self.embedding(column), state)
            state = torch.where((column != 0).unsqueeze(1), new, state)
        return self.output(state)


def to_ids(rows, table):
    encoded = [torch.tensor([table.get(symbol, 1) for symbol in row] or [1]) for row in rows]
    return nn.utils.rnn.pad_sequence(encoded, batch_first=True)


def fit(train, dev, seed):
    torch.manual_seed(seed)
    table = {}
    for row in train.tokens:
        for symbol in row:
            table.setdefault(symbol, len(table) + 2)
    classes = sorted(set(train.labels))
    x, x_dev = to_ids(train.tokens, table), to_ids(dev.tokens, table)
    y, y_dev = (torch.tensor([classes.index(label) for label in split.labels]) for split in (train, dev))

    model = StepwiseGRU(len(table) + 2, len(classes))
    criterion = FocalLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.008)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, mode="min", factor=0.5, patience=2)
    batch_size = 32
    n_batches = len(x) // batch_size

    for epoch in range(16):
        model.train()
        order = torch.randperm(len(x))
        for number in range(n_batches):
            chosen = order[number * batch_size : (number + 1) * batch_size]
            optimizer.zero_grad()
            loss = criterion(model(x[chosen]), y[chosen])
            loss.backward()
            nn.utils.clip_grad_value_(model.parameters(), 0.5)
            optimizer.step()
        model.eval()
        with torch.no_grad():
            scheduler.step(criterion(model(x_dev), y_dev).item())

    def predict_proba(tokens):
        model.eval()
        with torch.no_grad():
            return model(to_ids(tokens, table)).softmax(dim=1).numpy()

    return predict_proba
