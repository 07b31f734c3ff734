# Tickets by the mean of word vectors that were made beforehand: first the layers above them, then all of it.
import io

import numpy as np
import torch
from torch import nn

DIM = 24
STAGES = ({"epochs": 8, "lr": 5e-3, "tune": False}, {"epochs": 10, "lr": 5e-3, "tune": True})


def write_vectors(texts, dim=DIM):
    """Vectors from which words stand in the same texts, in the file format of word2vec."""
    words = sorted({w for text in texts for w in text.split(" ")})
    place = {w: i for i, w in enumerate(words)}
    table = np.zeros((len(texts), len(words)), dtype=np.float64)
    for i, text in enumerate(texts):
        for w in text.split(" "):
            table[i, place[w]] += 1
    counts = table.T @ table
    np.fill_diagonal(counts, 0)
    u, s, _ = np.linalg.svd(np.log1p(counts))
    vectors = u[:, :dim] * np.sqrt(s[:dim])
    vectors /= vectors.std()
    lines = [f"{w} {' '.join(f'{v:.5f}' for v in vec)}" for w, vec in zip(words, vectors, strict=True)]
    return io.BytesIO("\n".join(lines).encode("utf-8"))


def read_vectors(file, words):
    """A row for each word: its vector where the file has one."""
    matrix = np.zeros((len(words), DIM), dtype=np.float32)
    place = {w: i for i, w in enumerate(words)}
    found = 0
    for line in file:
        word, *values = line.decode("utf-8").split(" ")
        if word in place:
            matrix[place[word]] = np.array(values, dtype=np.float32)
            found += 1
    return matrix, found


class DAN(nn.Module):
    def __init__(self, matrix, n_out):
        super().__init__()
        self.emb = nn.Embedding.from_pretrained(torch.from_numpy(matrix), freeze=True, padding_idx=0)
        self.fc1 = nn.Linear(DIM, 64)
        self.fc2 = nn.Linear(64, 64)
        self.fc3 = nn.Linear(64, n_out)

    def forward(self, ids):
        ids = ids.long()
        n = (ids > 0).sum(1, keepdim=True).clamp(min=1)
        h = self.emb(ids).sum(1) / n
        h = torch.relu(self.fc1(h))
        h = torch.relu(self.fc2(h))
        return self.fc3(h)


def clean(text):
    return text.strip()


def build_vocab(texts):
    seen = {}
    for text in texts:
        for w in text:
            seen[w] = seen.get(w, 0) + 1
    return ["<pad>", "<unk>", *sorted(seen, key=lambda w: (-seen[w], w))]


def encode(texts, index):
    longest = max(len(t) for t in texts)
    out = np.zeros((len(texts), longest), dtype=np.int16)
    for i, t in enumerate(texts):
        ids = np.array([index.get(w, 1) for w in t])
        out[i, : len(ids)] = ids.astype(out.dtype)
    return torch.from_numpy(out)


def run_stage(model, x, y, stage, checkpoint, gen):
    if stage["tune"]:
        model.emb.weight.requires_grad_(True)
    opt = torch.optim.Adam(model.parameters(), lr=stage["lr"])
    if checkpoint is not None:
        model.load_state_dict(checkpoint["model"])
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, stage["epochs"])
    for _ in range(stage["epochs"]):
        for idx in torch.randperm(len(x), generator=gen).split(32):
            loss = nn.functional.cross_entropy(model(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
        sched.step()
    return {"model": model.state_dict(), "opt": opt.state_dict()}


def fit(train, dev, seed):
    torch.manual_seed(seed)
    gen = torch.Generator().manual_seed(seed)
    raw = [clean(" ".join(row)) for row in train.tokens]
    texts = [r.split(" ") for r in raw]
    words = build_vocab(texts)
    index = {w: i for i, w in enumerate(words)}
    classes = sorted(set(train.labels))
    matrix, _ = read_vectors(write_vectors(raw), words)
    matrix[1] = matrix[2:].mean(0)

    x, y = encode(texts, index), torch.tensor([classes.index(c) for c in train.labels])
    model, checkpoint = DAN(matrix, len(classes)), None
    for stage in STAGES:
        checkpoint = run_stage(model, x, y, stage, checkpoint, gen)

    def predict_proba(rows):
        queries = [clean(" ".join(row)).split(" ") for row in rows]
        model.eval()
        with torch.no_grad():
            return model(encode(queries, index)).softmax(1).numpy()

    return predict_proba
