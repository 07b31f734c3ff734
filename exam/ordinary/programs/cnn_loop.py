import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

MAX_LEN = 64


class CNN(nn.Module):
    def __init__(self, vocab_size, n_classes):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 50, padding_idx=0)
        self.convs = nn.ModuleList([nn.Conv1d(50, 32, k, padding=k // 2) for k in (3, 5)])
        self.dropout = nn.Dropout(0.4)
        self.fc = nn.Linear(64, n_classes)

    def forward(self, x):
        e = self.embedding(x).transpose(1, 2)
        e = torch.cat([F.relu(conv(e)).max(dim=2).values for conv in self.convs], dim=1)
        return self.fc(self.dropout(e))


def fit(train, dev, seed):
    np.random.seed(seed)
    torch.manual_seed(seed)
    counts = {}
    for row in train.tokens:
        for token in row:
            counts[token] = counts.get(token, 0) + 1
    stoi = {token: i + 2 for i, token in enumerate(t for t, n in sorted(counts.items()) if n >= 2)}
    labels = sorted(set(train.labels))

    def tensor(rows):
        x = np.zeros((len(rows), MAX_LEN), dtype=np.int64)
        for i, row in enumerate(rows):
            ids = [stoi.get(token, 1) for token in row[:MAX_LEN]]
            x[i, : len(ids)] = ids
        return torch.from_numpy(x)

    X, y = tensor(train.tokens), torch.tensor([labels.index(label) for label in train.labels])
    net = CNN(len(stoi) + 2, len(labels))
    opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=1e-2)
    for epoch in range(6):
        net.train()
        order = np.random.permutation(len(X))
        for start in range(0, len(X), 50):
            idx = order[start : start + 50]
            opt.zero_grad()
            F.cross_entropy(net(X[idx]), y[idx]).backward()
            opt.step()
    net.eval()

    def predict_proba(tokens):
        with torch.no_grad():
            return F.softmax(net(tensor(tokens)), dim=1).numpy()

    return predict_proba
