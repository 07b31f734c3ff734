# Spoken commands: a trainer class with a config, packed rows, a schedule, class weights and early stopping.
import copy
from collections import Counter
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence
from torch.utils.data import DataLoader


@dataclass
class Config:
    epochs: int = 16
    batch_size: int = 32
    lr: float = 0.006
    weight_decay: float = 0.01
    warmup: int = 20
    max_norm: float = 1.0
    patience: int = 4
    width: int = 32
    dropout: float = 0.2


class Tagger:
    """Words to ids and labels to numbers."""

    def __init__(self, rows, labels):
        self.stoi = {"<pad>": 0, "<unk>": 1}
        for row in rows:
            for word in self.clean(row):
                self.stoi.setdefault(word, len(self.stoi))
        self.labels = sorted(set(labels))

    @staticmethod
    def clean(row):
        return [word.strip().lower() for word in row]

    def encode(self, row):
        return torch.tensor([self.stoi.get(word, 1) for word in self.clean(row)])

    def target(self, label):
        return self.labels.index(label)


class Model(nn.Module):
    def __init__(self, words, classes, config):
        super().__init__()
        self.embedding = nn.Embedding(words, config.width, padding_idx=0)
        self.lstm = nn.LSTM(config.width, config.width, batch_first=True, bidirectional=True)
        self.dropout = nn.Dropout(config.dropout)
        self.classifier = nn.Linear(2 * config.width, classes)

    def forward(self, ids, lengths):
        packed = pack_padded_sequence(self.embedding(ids), lengths, batch_first=True, enforce_sorted=False)
        states, _ = pad_packed_sequence(self.lstm(packed)[0], batch_first=True, padding_value=-1e4)
        return self.classifier(self.dropout(states.max(dim=1).values))


def collate(items):
    ids, targets = zip(*items, strict=True)
    lengths = torch.tensor([len(one) for one in ids])
    return pad_sequence(ids, batch_first=True), lengths, torch.tensor(targets)


class Trainer:
    def __init__(self, model, config, weights, steps):
        self.model, self.config = model, config
        self.criterion = nn.CrossEntropyLoss(weight=weights)
        self.optimizer = torch.optim.AdamW(model.parameters(), lr=config.lr, weight_decay=config.weight_decay)
        self.scheduler = torch.optim.lr_scheduler.LambdaLR(self.optimizer, lambda step: self.factor(step, steps))
        self.best, self.best_loss, self.waited = None, float("inf"), 0

    def factor(self, step, steps):
        if step < self.config.warmup:
            return (step + 1) / self.config.warmup
        return max(0.0, (steps - step) / (steps - self.config.warmup))

    def train_epoch(self, loader):
        self.model.train()
        for ids, lengths, targets in loader:
            loss = self.criterion(self.model(ids, lengths), targets)
            self.optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(self.model.parameters(), self.config.max_norm)
            self.optimizer.step()
            self.scheduler.step()

    @torch.no_grad()
    def evaluate(self, loader):
        self.model.eval()
        losses = [
            self.criterion(self.model(ids, lengths), targets).item() * len(ids) for ids, lengths, targets in loader
        ]
        return sum(losses) / len(loader.dataset)

    def improved(self, loss):
        if loss < self.best_loss:
            self.best, self.best_loss, self.waited = copy.deepcopy(self.model.state_dict()), loss, 0
        else:
            self.waited += 1
        return self.waited < self.config.patience

    def fit(self, train, dev):
        for _ in range(self.config.epochs):
            self.train_epoch(train)
            if not self.improved(self.evaluate(dev)):
                break
        self.model.load_state_dict(self.best)


def fit(train, dev, seed):
    torch.manual_seed(seed)
    config = Config()
    tagger = Tagger(train.tokens, train.labels)
    items = [
        [(tagger.encode(row), tagger.target(label)) for row, label in zip(split.tokens, split.labels, strict=True)]
        for split in (train, dev)
    ]
    train_loader = DataLoader(items[0], batch_size=config.batch_size, shuffle=True, collate_fn=collate)
    dev_loader = DataLoader(items[1], batch_size=128, collate_fn=collate)
    counts = Counter(target for _, target in items[0])
    weights = torch.tensor([len(items[0]) / (len(counts) * counts[number]) for number in range(len(tagger.labels))])

    model = Model(len(tagger.stoi), len(tagger.labels), config)
    trainer = Trainer(model, config, weights, steps=config.epochs * len(train_loader))
    trainer.fit(train_loader, dev_loader)

    @torch.no_grad()
    def predict_proba(tokens):
        model.eval()
        asked = DataLoader([(tagger.encode(row), 0) for row in tokens], batch_size=128, collate_fn=collate)
        return torch.cat([model(ids, lengths).softmax(dim=1) for ids, lengths, _ in asked]).numpy()

    return predict_proba
