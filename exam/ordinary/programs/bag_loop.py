import copy

import torch
from torch import nn


class Bag(nn.Module):
    def __init__(self, size, classes):
        super().__init__()
        self.embed = nn.Embedding(size, 64, padding_idx=0)
        self.hidden = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Dropout(0.3))
        self.out = nn.Linear(64, classes)

    def forward(self, ids):
        mask = (ids != 0).unsqueeze(-1)
        mean = (self.embed(ids) * mask).sum(1) / mask.sum(1).clamp(min=1)
        return self.out(self.hidden(mean))


def fit(train, dev, seed):
    torch.manual_seed(seed)
    words = sorted({token for row in train.tokens for token in row})
    vocab = {word: number for number, word in enumerate(words, start=2)}
    label2id = {label: number for number, label in enumerate(sorted(set(train.labels)))}

    def encode(rows):
        length = max(1, max(len(row) for row in rows))
        return torch.tensor([[vocab.get(t, 1) for t in row] + [0] * (length - len(row)) for row in rows])

    model = Bag(len(vocab) + 2, len(label2id))
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    criterion = nn.CrossEntropyLoss()
    y = torch.tensor([label2id[label] for label in train.labels])
    y_dev = torch.tensor([label2id[label] for label in dev.labels])
    best, best_accuracy = None, -1.0
    for epoch in range(10):
        model.train()
        for batch in torch.randperm(len(y)).split(32):
            logits = model(encode([train.tokens[k] for k in batch.tolist()]))
            loss = criterion(logits, y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            accuracy = (model(encode(dev.tokens)).argmax(1) == y_dev).float().mean().item()
        if accuracy > best_accuracy:
            best, best_accuracy = copy.deepcopy(model.state_dict()), accuracy
    model.load_state_dict(best)

    def predict_proba(tokens):
        model.eval()
        with torch.no_grad():
            logits = model(encode(tokens))
            return logits.softmax(1).numpy()

    return predict_proba
