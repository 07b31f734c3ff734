# what guests think. GRU + attention, everything padded to one length.
import numpy as np
import torch
import torch.nn as nn

MAXLEN = 24
EMB = 24
HID = 32
BS = 32
EPOCHS = 12


class AttnGRU(nn.Module):
    def __init__(self, n_words, n_out):
        super().__init__()
        self.emb = nn.Embedding(n_words, EMB, padding_idx=0)
        self.gru = nn.GRU(EMB, HID, batch_first=True, bidirectional=True)
        self.w = nn.Linear(2 * HID, HID)
        self.u = nn.Parameter(torch.randn(HID) * 0.1)
        self.fc = nn.Linear(2 * HID, n_out)

    def forward(self, x):
        h, _ = self.gru(self.emb(x))
        e = torch.tanh(self.w(h)) @ self.u
        e = e.masked_fill(x == 0, -1e9)
        a = torch.softmax(e, 1)
        s = torch.bmm(a.unsqueeze(1), h).squeeze(1)
        return self.fc(s)


def prepare(texts, w2i):
    X = np.zeros((len(texts), MAXLEN), dtype="int64")
    for i, text in enumerate(texts):
        ids = [w2i.get(w, 1) for w in text][:MAXLEN]
        X[i, : len(ids)] = ids
        if not ids:
            X[i, 0] = 1
    return X


def accuracy(net, X, Y):
    net.eval()
    with torch.no_grad():
        out = net(torch.from_numpy(X)).argmax(1).numpy()
    return (out == Y).mean()


def fit(train, dev, seed):
    torch.manual_seed(seed)
    np.random.seed(seed)
    w2i = {"PAD": 0, "UNK": 1}
    for text in train.tokens:
        for w in text:
            if w not in w2i:
                w2i[w] = len(w2i)
    labels = sorted(set(train.labels))
    X = prepare(train.tokens, w2i)
    Y = np.array([labels.index(label) for label in train.labels])
    Xv = prepare(dev.tokens, w2i)
    Yv = np.array([labels.index(label) for label in dev.labels])

    net = AttnGRU(len(w2i), len(labels))
    loss_fn = nn.CrossEntropyLoss()
    opt = torch.optim.Adam(net.parameters(), lr=5e-3)
    history = []
    for ep in range(EPOCHS):
        net.train()
        idx = np.random.permutation(len(X))
        total = 0.0
        i = 0
        while i < len(X):
            b = idx[i : i + BS]
            xb = torch.from_numpy(X[b])
            yb = torch.from_numpy(Y[b])
            opt.zero_grad()
            loss = loss_fn(net(xb), yb)
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            opt.step()
            total += loss.item() * len(b)
            i += BS
        history.append({"train.loss": total / len(X), "dev.accuracy": float(accuracy(net, Xv, Yv))})
        print(ep, history[-1])

    def predict_proba(texts):
        net.eval()
        P = []
        for i in range(0, len(texts), 100):
            with torch.no_grad():
                P.append(torch.softmax(net(torch.from_numpy(prepare(texts[i : i + 100], w2i))), 1).numpy())
        return np.concatenate(P)

    return predict_proba, history
