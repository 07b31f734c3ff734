# The most frequent kind of character, by convolutions; keeps the weights of the best epoch and returns its history.
import copy

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

LONGEST = 24


class TextCNN(nn.Module):
    def __init__(self, symbols, classes):
        super().__init__()
        self.embedding = nn.Embedding(symbols, 24, padding_idx=0)
        self.conv = nn.Conv1d(24, 48, 3, padding=1)
        self.norm = nn.BatchNorm1d(48)
        self.dropout = nn.Dropout(0.3)
        self.fc = nn.Linear(96, classes)

    def forward(self, ids):
        x = self.embedding(ids).transpose(1, 2)
        x = torch.relu(self.norm(self.conv(x)))
        x = torch.cat([x.mean(2), x.amax(2)], dim=1)
        return self.fc(self.dropout(x))


def tokenize(row):
    return list(row)


def fit(train, dev, seed):
    torch.manual_seed(seed)
    symbols = sorted({symbol for row in train.tokens for symbol in tokenize(row)})
    stoi = {symbol: number for number, symbol in enumerate(symbols, start=2)}
    classes = sorted(set(train.labels))

    def tensor(rows):
        ids = torch.zeros(len(rows), LONGEST, dtype=torch.long)
        for number, row in enumerate(rows):
            row = [stoi.get(symbol, 1) for symbol in tokenize(row)][:LONGEST]
            ids[number, : len(row)] = torch.tensor(row, dtype=torch.long)
        return ids

    def target(labels):
        return torch.tensor([classes.index(label) for label in labels])

    loader = DataLoader(TensorDataset(tensor(train.tokens), target(train.labels)), batch_size=32, shuffle=True)
    x_dev, y_dev = tensor(dev.tokens), target(dev.labels)
    model = TextCNN(len(symbols) + 2, len(classes))
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.003, weight_decay=0.01)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=8, gamma=0.5)
    criterion = nn.CrossEntropyLoss()

    history, best, best_loss, waited = [], None, float("inf"), 0
    for epoch in range(1, 21):
        model.train()
        total = 0.0
        for ids, labels in loader:
            optimizer.zero_grad()
            loss = criterion(model(ids), labels)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(ids)
        scheduler.step()
        model.eval()
        with torch.no_grad():
            logits = model(x_dev)
            dev_loss = criterion(logits, y_dev).item()
            dev_accuracy = (logits.argmax(1) == y_dev).float().mean().item()
        history.append(
            {
                "epoch": epoch,
                "train.loss": total / len(loader.dataset),
                "dev.loss": dev_loss,
                "dev.accuracy": dev_accuracy,
            }
        )
        if dev_loss < best_loss:
            best, best_loss, waited = copy.deepcopy(model.state_dict()), dev_loss, 0
        else:
            waited += 1
        if waited == 5:
            break
    model.load_state_dict(best)

    def predict_proba(tokens):
        model.eval()
        with torch.no_grad():
            return model(tensor(tokens)).softmax(1).numpy()

    return predict_proba, history
