# Where a name comes from: a character CNN, written as a module with steps, and a runner that calls them.
import copy

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class CharCNN(nn.Module):
    def __init__(self, chars, classes, lr=3e-3, dropout=0.2):
        super().__init__()
        self.lr = lr
        self.embedding = nn.Embedding(chars, 24, padding_idx=0)
        self.convs = nn.ModuleList([nn.Conv1d(24, 24, size, padding=size // 2) for size in (2, 3, 5)])
        self.bn = nn.BatchNorm1d(72)
        self.dropout = nn.Dropout(dropout)
        self.fc = nn.Linear(72, classes)
        self.loss = nn.CrossEntropyLoss()

    def forward(self, x):
        h = self.embedding(x).transpose(1, 2)
        h = torch.cat([torch.relu(conv(h)).amax(dim=2) for conv in self.convs], dim=1)
        return self.fc(self.dropout(self.bn(h)))

    def training_step(self, batch):
        x, y = batch
        return self.loss(self(x), y)

    def validation_step(self, batch):
        x, y = batch
        logits = self(x)
        return nn.functional.cross_entropy(logits, y, reduction="sum").item(), (logits.argmax(1) == y).sum().item()

    def predict_step(self, batch):
        return self(batch[0]).softmax(dim=1)

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=self.lr)


class CharData:
    """A special sign stands before and behind each name."""

    def __init__(self, train, dev, batch_size=32):
        chars = sorted({char for row in train.tokens for char in row})
        self.index = {char: number for number, char in enumerate(chars, start=4)}
        self.labels = sorted(set(train.labels))
        self.max_len = max(len(row) for row in train.tokens) + 2
        self.batch_size = batch_size
        self.train, self.dev = self.tensors(train.tokens, train.labels), self.tensors(dev.tokens, dev.labels)

    def encode(self, row):
        ids = [2, *(self.index.get(char, 1) for char in row)][: self.max_len - 1]
        return [*ids, 3, *[0] * (self.max_len - len(ids) - 1)]

    def tensors(self, rows, labels):
        x = torch.tensor([self.encode(row) for row in rows])
        return TensorDataset(x, torch.tensor([self.labels.index(label) for label in labels]))

    def train_dataloader(self):
        return DataLoader(self.train, batch_size=self.batch_size, shuffle=True)

    def val_dataloader(self):
        return DataLoader(self.dev, batch_size=256)

    def predict_dataloader(self, rows):
        x = torch.tensor([self.encode(row) for row in rows])
        return DataLoader(TensorDataset(x), batch_size=256, shuffle=False)


class Checkpoint:
    def __init__(self):
        self.best_score = None
        self.best_state = None

    def on_validation_end(self, model, loss, accuracy):
        if self.best_score is None or loss < self.best_score:
            self.best_score = loss
            self.best_state = copy.deepcopy(model.state_dict())


class Runner:
    def __init__(self, max_epochs, callback):
        self.max_epochs, self.callback = max_epochs, callback
        self.logged = []

    def fit(self, model, data):
        optimizer = model.configure_optimizers()
        for epoch in range(self.max_epochs):
            model.train()
            losses = []
            for batch in data.train_dataloader():
                loss = model.training_step(batch)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                losses.append(loss.item())
            self.validate(model, data, sum(losses) / len(losses))

    @torch.no_grad()
    def validate(self, model, data, train_loss):
        model.eval()
        found = [model.validation_step(batch) for batch in data.val_dataloader()]
        loss, right = (sum(part) / len(data.dev) for part in zip(*found, strict=True))
        self.logged.append({"train.loss": train_loss, "dev.loss": loss, "dev.accuracy": right})
        self.callback.on_validation_end(model, loss, right)

    @torch.no_grad()
    def predict(self, model, loader):
        model.eval()
        return torch.cat([model.predict_step(batch) for batch in loader])


def fit(train, dev, seed):
    torch.manual_seed(seed)
    data = CharData(train, dev)
    model = CharCNN(len(data.index) + 4, len(data.labels), lr=4e-3)
    checkpoint = Checkpoint()
    runner = Runner(max_epochs=12, callback=checkpoint)
    runner.fit(model, data)
    model.load_state_dict(checkpoint.best_state)

    def predict_proba(tokens):
        return runner.predict(model, data.predict_dataloader(tokens)).numpy()

    return predict_proba, runner.logged
