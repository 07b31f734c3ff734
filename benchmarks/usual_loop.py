"""The loop that most people write: Dataset, DataLoader, pad_sequence, default threads, seeds in turn.

What `throughput.py` measures brittlestar against: the same model, rows, epochs, batch size and optimiser; train (at
most 2,000 rows) and dev scored after every epoch, metrics of every epoch and the weights of the best one on disk.
With THREADS PyTorch computes on so many, as somebody would say who knows that a machine is shared.
Run alone: python benchmarks/usual_loop.py DATA OUT HIDDEN SEEDS EPOCHS [THREADS]
"""

import csv
import json
import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader, Dataset


class Rows(Dataset):
    def __init__(self, path, vocabulary=None):
        with path.open(encoding="utf-8") as handle:
            rows = list(csv.DictReader(handle))
        sequences = [row["sequence"].split() for row in rows]
        self.vocabulary = vocabulary or {t: i + 2 for i, t in enumerate(sorted({t for s in sequences for t in s}))}
        self.items = [
            (torch.tensor([self.vocabulary.get(t, 1) for t in s]), int(row["label"]))
            for s, row in zip(sequences, rows, strict=True)
        ]

    def __len__(self):
        return len(self.items)

    def __getitem__(self, index):
        return self.items[index]


def collate(batch):
    sequences, labels = zip(*batch, strict=True)
    lengths = torch.tensor([len(s) for s in sequences])
    return pad_sequence(sequences, batch_first=True), lengths, torch.tensor(labels)


class Classifier(nn.Module):
    def __init__(self, size, hidden):
        super().__init__()
        self.embedding = nn.Embedding(size, 32, padding_idx=0)
        self.lstm = nn.LSTM(32, hidden, num_layers=2, batch_first=True, dropout=0.2)
        self.dropout = nn.Dropout(0.2)
        self.head = nn.Linear(hidden, 2)

    def forward(self, tokens, lengths):
        output, _ = self.lstm(self.embedding(tokens))
        mask = (torch.arange(tokens.shape[1])[None] < lengths[:, None]).unsqueeze(-1)
        return self.head(self.dropout((output * mask).sum(1) / lengths[:, None]))


def score(model, loader):
    model.eval()
    correct = loss = rows = 0
    with torch.no_grad():
        for tokens, lengths, labels in loader:
            logits = model(tokens, lengths)
            loss += nn.functional.cross_entropy(logits, labels, reduction="sum").item()
            correct += (logits.argmax(1) == labels).sum().item()
            rows += len(labels)
    return {"loss": loss / rows, "accuracy": correct / rows}


def train(folder, out, hidden, seed, epochs):
    torch.manual_seed(seed)
    train_rows = Rows(folder / "train.csv")
    dev_rows = Rows(folder / "dev.csv", train_rows.vocabulary)
    loader = DataLoader(train_rows, batch_size=64, shuffle=True, collate_fn=collate)
    scoring = [DataLoader(rows, batch_size=64, collate_fn=collate) for rows in (train_rows, dev_rows)]
    model = Classifier(len(train_rows.vocabulary) + 2, hidden)
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
    history, best = [], float("inf")
    for _ in range(epochs):
        model.train()
        for tokens, lengths, labels in loader:
            optimiser.zero_grad()
            nn.functional.cross_entropy(model(tokens, lengths), labels).backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
        history.append([score(model, one) for one in scoring])
        if history[-1][1]["loss"] < best:
            best = history[-1][1]["loss"]
            torch.save(model.state_dict(), out / f"best-{seed}.pt")
    (out / f"history-{seed}.json").write_text(json.dumps(history))


def main(argv):
    folder, out = Path(argv[0]), Path(argv[1])
    hidden, seeds, epochs, *threads = map(int, argv[2:])
    if threads:
        torch.set_num_threads(threads[0])
    out.mkdir(parents=True, exist_ok=True)
    for seed in range(seeds):
        train(folder, out, hidden, seed, epochs)


if __name__ == "__main__":
    main(sys.argv[1:])
