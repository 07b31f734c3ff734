# Moods by a small convolutional network with the habits of Keras: pad_sequences, compile, fit, callbacks.
import copy
import math

import numpy as np
import torch
from torch import nn
from torch.optim.swa_utils import update_bn

MAXLEN = 18
BATCH_SIZE = 32
NB_EPOCH = 12


def pad_sequences(sequences, maxlen, padding="pre", truncating="pre"):
    x = np.zeros((len(sequences), maxlen), dtype="int64")
    for i, s in enumerate(sequences):
        s = s[-maxlen:] if truncating == "pre" else s[:maxlen]
        if padding == "post":
            x[i, : len(s)] = s
        elif len(s):
            x[i, -len(s) :] = s
    return x


class Tokenizer:
    def fit_on_texts(self, texts):
        self.word_index = {}
        for text in texts:
            for word in text:
                self.word_index.setdefault(word, len(self.word_index) + 1)

    def texts_to_sequences(self, texts):
        return [[self.word_index[w] for w in text if w in self.word_index] for text in texts]


class ConvBlock(nn.Module):
    def __init__(self, c_in, c_out, k):
        super().__init__()
        self.conv = nn.Conv1d(c_in, c_out, k, padding=k // 2)
        self.bn = nn.BatchNorm1d(c_out)

    def forward(self, x):
        return torch.relu(self.bn(self.conv(x)))


def build_model(vocab_size, nb_classes):
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.embed = nn.Embedding(vocab_size, 32)
            self.features = nn.Sequential(ConvBlock(32, 48, 3), ConvBlock(48, 48, 3))
            self.dense = nn.Sequential(nn.Dropout(0.2), nn.Linear(48, nb_classes))

        def forward(self, x):
            return self.dense(self.features(self.embed(x).transpose(1, 2)).amax(dim=2))

    return Net()


class Model:
    def __init__(self, net):
        self.net = net

    def compile(self, optimizer, loss):
        self.optimizer, self.loss = optimizer, loss

    def train_on_batch(self, x, y):
        self.net.train()
        self.optimizer.zero_grad()
        loss = self.loss(self.net(x), y)
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def batches(self, x, y, size, rng):
        order = rng.permutation(len(x))
        for i in range(0, len(x) - 1, size):
            picked = order[i : i + size]
            if len(picked) > 1:
                yield x[picked], y[picked]

    def fit(self, x, y, nb_epoch, batch_size, rng, callbacks=()):
        for epoch in range(nb_epoch):
            losses = [self.train_on_batch(*batch) for batch in self.batches(x, y, batch_size, rng)]
            for callback in callbacks:
                callback.on_epoch_end(self, epoch, {"loss": float(np.mean(losses))})

    def predict(self, x, batch_size=128):
        self.net.eval()
        with torch.no_grad():
            return torch.cat([self.net(part).softmax(-1) for part in x.split(batch_size)]).numpy()


class SWA:
    """Averages the weights of the last epochs."""

    def __init__(self, net, start):
        self.averaged, self.start, self.n = copy.deepcopy(net), start, 0

    def on_epoch_end(self, model, epoch, logs):
        if epoch < self.start:
            return
        with torch.no_grad():
            for mean, new in zip(self.averaged.parameters(), model.net.parameters(), strict=True):
                mean += (new - mean) / (self.n + 1)
        self.n += 1


def find_lr(model, x, y, rng, low=1e-5, high=1.0):
    """The rate at which the loss falls fastest while the rate grows from batch to batch."""
    group = model.optimizer.param_groups[0]
    before = {name: value.clone() for name, value in model.net.state_dict().items()}
    batches = list(model.batches(x, y, BATCH_SIZE, rng))
    rates = np.geomspace(low, high, len(batches))
    losses = []
    for rate, batch in zip(rates, batches, strict=True):
        group["lr"] = rate
        losses.append(model.train_on_batch(*batch))
    smooth = np.convolve(losses, np.ones(5) / 5, mode="valid")
    model.net.load_state_dict(before)
    model.optimizer.state.clear()
    return float(np.clip(rates[int(np.argmin(np.gradient(smooth)))], 1e-3, 5e-3))


def fit(train, dev, seed):
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    tok = Tokenizer()
    tok.fit_on_texts(train.tokens)
    classes = sorted(set(train.labels))

    def prepare(texts):
        return torch.from_numpy(pad_sequences(tok.texts_to_sequences(texts), MAXLEN, padding="post", truncating="post"))

    X, y = prepare(train.tokens), torch.tensor([classes.index(c) for c in train.labels])
    model = Model(build_model(len(tok.word_index) + 1, len(classes)))
    model.compile(torch.optim.Adam(model.net.parameters()), nn.CrossEntropyLoss())
    rate = find_lr(model, X, y, rng)
    model.optimizer.param_groups[0]["lr"] = rate

    swa = SWA(model.net, start=math.ceil(NB_EPOCH * 0.6))
    model.fit(X, y, NB_EPOCH, BATCH_SIZE, rng, callbacks=[swa])
    update_bn((X[i : i + 64] for i in range(0, len(X), 64)), swa.averaged)
    final = Model(swa.averaged)

    return lambda tokens: final.predict(prepare(tokens))
