import math

import torch
from torch import nn


class Classifier(nn.Module):
    def __init__(self, size, classes, width=48, longest=256):
        super().__init__()
        self.tokens = nn.Embedding(size, width)
        self.positions = nn.Embedding(longest, width)
        layer = nn.TransformerEncoderLayer(width, 4, 96, dropout=0.1, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.out = nn.Linear(width, classes)

    def forward(self, ids):
        padding = ids == 0
        places = torch.arange(ids.shape[1]).clamp(max=self.positions.num_embeddings - 1)
        hidden = self.tokens(ids) * math.sqrt(48) * 0.3 + self.positions(places) * 0.3
        hidden = self.encoder(hidden, src_key_padding_mask=padding)
        keep = (~padding).unsqueeze(-1).float()
        return self.out((hidden * keep).sum(1) / keep.sum(1))


def fit(train, dev, seed):
    torch.manual_seed(seed)
    vocab = {token: k for k, token in enumerate(sorted({t for row in train.tokens for t in row}), start=3)}
    names = sorted(set(train.labels))

    def encode(rows):
        rows = [[1, *(vocab.get(token, 2) for token in row)] for row in rows]
        longest = max(map(len, rows))
        return torch.tensor([row + [0] * (longest - len(row)) for row in rows])

    targets = torch.tensor([names.index(label) for label in train.labels])
    model = Classifier(len(vocab) + 3, len(names))
    steps = 6 * math.ceil(len(targets) / 32)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=2e-3, total_steps=steps)
    history = []
    for epoch in range(6):
        model.train()
        total = 0.0
        for batch in torch.randperm(len(targets)).split(32):
            loss = nn.functional.cross_entropy(model(encode([train.tokens[k] for k in batch])), targets[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * len(batch)
        history.append({"epoch": epoch, "train_loss": total / len(targets)})
    model.eval()

    def predict_proba(tokens):
        with torch.no_grad():
            return torch.cat([model(encode(tokens[k : k + 64])).softmax(1) for k in range(0, len(tokens), 64)])

    return predict_proba, history
