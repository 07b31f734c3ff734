# What a critic thinks in the end: a GRU in both directions and attention over its states, made by hand.
import copy
from collections import Counter

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader

PAD, UNK = 0, 1
config = {
    "emb": 32,
    "hid": 32,
    "bs": 32,
    "lr": 4e-3,
    "epochs": 14,
    "patience": 4,
    "min_change": 0.0,
    "adv_eps": 0.05,
}


class AttentivePooling(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.proj = nn.Linear(dim, dim)
        self.query = nn.Linear(dim, 1, bias=False)

    def forward(self, h, mask):
        scores = self.query(torch.tanh(self.proj(h))).squeeze(-1)
        weights = torch.exp(scores - scores.detach().amax(dim=1, keepdim=True)) * mask
        weights = weights / weights.sum(dim=1, keepdim=True)
        return torch.bmm(weights.unsqueeze(1), h).squeeze(1)


class Critic(nn.Module):
    def __init__(self, n_words, n_labels, emb, hid):
        super().__init__()
        self.word_embeddings = nn.Embedding(n_words, emb, padding_idx=PAD)
        self.gru = nn.GRU(emb, hid, batch_first=True, bidirectional=True)
        self.pool = AttentivePooling(2 * hid)
        self.out = nn.Sequential(nn.Dropout(0.1), nn.Linear(2 * hid, n_labels))

    def forward(self, x):
        mask = (x != PAD).float()
        lens = mask.sum(1).long().cpu()
        packed = nn.utils.rnn.pack_padded_sequence(
            self.word_embeddings(x), lens, batch_first=True, enforce_sorted=False
        )
        h, _ = nn.utils.rnn.pad_packed_sequence(self.gru(packed)[0], batch_first=True, total_length=x.shape[1])
        return self.out(self.pool(h, mask))


class FGM:
    """Moves the word vectors a little uphill for a second backward pass, and back again."""

    def __init__(self, model):
        self.model = model
        self.backup = {}

    def attack(self, epsilon, name="word_embeddings"):
        for n, p in self.model.named_parameters():
            if name in n:
                self.backup[n] = p.data.clone()
                norm = torch.norm(p.grad)
                if norm != 0:
                    p.data.add_(epsilon * p.grad / norm)

    def restore(self):
        for n, p in self.model.named_parameters():
            if n in self.backup:
                p.data = self.backup[n]
        self.backup = {}


def collate(batch):
    longest = max(len(ids) for ids, _ in batch)
    return torch.tensor([ids + [PAD] * (longest - len(ids)) for ids, _ in batch]), torch.tensor([y for _, y in batch])


def evaluate(model, loader):
    model.eval()
    loss, n = 0.0, 0
    with torch.no_grad():
        for x, y in loader:
            loss += F.cross_entropy(model(x), y, reduction="sum").item()
            n += len(y)
    return loss / n


def train_model(model, train_loader, dev_loader, cfg):
    opt = torch.optim.Adam(model.parameters(), lr=cfg["lr"])
    plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, factor=0.5, patience=1)
    fgm = FGM(model)
    best, best_state, waited = 1e9, None, 0
    for epoch in range(cfg["epochs"]):
        model.train()
        for x, y in train_loader:
            opt.zero_grad()
            F.cross_entropy(model(x), y).backward()
            fgm.attack(cfg["adv_eps"])
            F.cross_entropy(model(x), y).backward()
            fgm.restore()
            opt.step()
        dev_loss = evaluate(model, dev_loader)
        plateau.step(dev_loss)
        if best - dev_loss > cfg["min_change"] * best:
            best, best_state, waited = dev_loss, copy.deepcopy(model.state_dict()), 0
        else:
            waited += 1
            if waited >= cfg["patience"]:
                break
    model.load_state_dict(best_state)


def fit(train, dev, seed, **overrides):
    torch.manual_seed(seed)
    cfg = {**config, **overrides}
    counts = Counter(w for row in train.tokens for w in row)
    vocab = {w: i for i, (w, _) in enumerate(counts.most_common(), start=2)}
    labels = sorted(set(train.labels))

    def numericalize(rows, ys=None):
        ids = [[vocab.get(w, UNK) for w in row] or [UNK] for row in rows]
        return list(zip(ids, [labels.index(y) for y in ys] if ys else [0] * len(ids), strict=True))

    train_loader = DataLoader(
        numericalize(train.tokens, train.labels), batch_size=cfg["bs"], shuffle=True, collate_fn=collate
    )
    dev_loader = DataLoader(numericalize(dev.tokens, dev.labels), batch_size=200, collate_fn=collate)
    model = Critic(len(vocab) + 2, len(labels), cfg["emb"], cfg["hid"])
    train_model(model, train_loader, dev_loader, cfg)

    def predict_proba(tokens):
        model.eval()
        with torch.no_grad():
            found = [F.softmax(model(x), -1) for x, _ in DataLoader(numericalize(tokens), 128, collate_fn=collate)]
        return torch.cat(found).numpy()

    return predict_proba
