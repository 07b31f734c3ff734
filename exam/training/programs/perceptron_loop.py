# Which queue gets a ticket: one hidden layer in NumPy, its gradients written out, and momentum.
import numpy as np

HIDDEN = 32
EPOCHS = 25
BATCH = 30
LR = 0.4
MOMENTUM = 0.9
REG = 2e-4


def tanh(z):
    return np.tanh(z)


def tanh_prime(z):
    return 1 - np.tanh(z) ** 2


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def to_categorical(labels, nb_classes):
    categorical = np.zeros((len(labels), nb_classes))
    categorical[np.arange(len(labels)), labels] = 1
    return categorical


class Layer:
    def __init__(self, n_in, n_out, rng):
        self.W = rng.standard_normal((n_in, n_out)) / np.sqrt(n_in)
        self.b = np.zeros(n_out)
        self.vW, self.vb = np.zeros_like(self.W), np.zeros_like(self.b)

    def forward(self, X):
        self.X = X
        return X @ self.W + self.b

    def backward(self, dZ):
        self.dW = self.X.T @ dZ / len(dZ)
        self.db = dZ.mean(axis=0)
        return dZ @ self.W.T

    def step(self):
        dW = self.dW + REG * self.W
        self.vW = MOMENTUM * self.vW - LR * dW
        self.vb = MOMENTUM * self.vb - LR * self.db
        self.W += self.vW
        self.b += self.vb


class BatchSampler:
    """Hands out batches of a random order of the rows, without an end."""

    def __init__(self, n, size, seed):
        self.n, self.size = n, size
        self.random = np.random.RandomState(seed)

    def batch(self):
        return self.random.choice(self.n, self.size, replace=False)


def bag(rows, index):
    X = np.zeros((len(rows), len(index)))
    for i, row in enumerate(rows):
        for token in row:
            j = index.get(token)
            if j is not None:
                X[i, j] = 1.0
    return X


def fit(train, dev, seed):
    rng = np.random.default_rng(seed)
    index = {token: j for j, token in enumerate(sorted({t for row in train.tokens for t in row}))}
    classes = sorted(set(train.labels))
    X = bag(train.tokens, index)
    T = to_categorical(np.array([classes.index(label) for label in train.labels]), len(classes))

    l1, l2 = Layer(len(index), HIDDEN, rng), Layer(HIDDEN, len(classes), rng)
    sampler = BatchSampler(len(X), BATCH, seed)
    for _ in range(EPOCHS * len(X) // BATCH):
        idx = sampler.batch()
        z1 = l1.forward(X[idx])
        a1 = tanh(z1)
        p = softmax(l2.forward(a1))
        d1 = l2.backward(p - T[idx])
        l1.backward(d1 * tanh_prime(z1))
        l1.step()
        l2.step()

    def predict_proba(tokens):
        return softmax(l2.forward(tanh(l1.forward(bag(tokens, index)))))

    return predict_proba
