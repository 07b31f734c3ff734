"""Parts that programs of the second set are made of."""

from __future__ import annotations

from exam.record.program import source

LOOP = source('''
    """{title}"""
    import torch
    from torch import nn
    {imports}

    {module}
    def fit(train, dev, seed{parameters}):
        torch.manual_seed(seed)
        marks = sorted({{pair for row in train.tokens for pair in zip(row, row[1:])}})
        place = {{mark: number for number, mark in enumerate(marks)}}
        classes = sorted(set(train.labels))

        def read(rows):
            table = torch.zeros(len(rows), len(marks))
            for number, row in enumerate(rows):
                for pair in zip(row, row[1:]):
                    if pair in place:
                        table[number, place[pair]] = 1
            return table

        inputs, labels = read(train.tokens), torch.tensor([classes.index(one) for one in train.labels])
    {build}
        for epoch in range(5):
            total = 0.0
            for rows in torch.randperm(len(labels)).split(25):
    {step}
                total += float(loss.detach())
    {after}

        def predict(rows):
            network.eval()
            with torch.no_grad():
                return network(read(rows)).softmax(1).numpy()

        return predict
''')
NETWORK = "    network = nn.Sequential(nn.Linear(len(marks), 10), nn.ReLU(), nn.Linear(10, len(classes)))"
SGD = f"{NETWORK}\n    optimiser = torch.optim.SGD(network.parameters(), lr=0.3)"
LOSS = "            loss = nn.functional.cross_entropy(network(inputs[rows]), labels[rows])\n"
STEP = "            optimiser.zero_grad()\n            loss.backward()\n            optimiser.step()"


def make_loop(
    title: str,
    parameters: str = "",
    build: str = SGD,
    step: str = LOSS + STEP,
    after: str = "",
    imports: str = "",
    module: str = "",
) -> str:
    """A loop of PyTorch over pairs of tokens, with what it declares, builds and does at each step and epoch."""
    text = LOOP.format(
        title=title, parameters=parameters, build=build, step=step, after=after, imports=imports, module=module
    )
    return text if after else text.replace("\n\n\n    def predict", "\n\n    def predict")


RIDGE = source('''
    """{title}"""
    {imports}
    import numpy as np

    {module}
    def fit(train, dev, seed{parameters}):
        words = {words}
        place = {{word: number for number, word in enumerate(words)}}
        classes = sorted(set(train.labels))

        def read(rows):
            table = np.zeros((len(rows), len(words)))
            for number, row in enumerate(rows):
                for step, word in enumerate(row):
                    if word in place:
                        table[number, place[word]] += 1 / (1 + step)
            return table

        inputs = read(train.tokens)
        wanted = np.array([[float(label == one) for one in classes] for label in train.labels])
    {start}
    {descend}

        def predict(rows):
            raised = np.exp(read(rows) @ weights)
            return raised / raised.sum(1, keepdims=True)

        return predict
''')
SORTED = "sorted({word for row in train.tokens for word in row})"
START = "    weights = np.random.default_rng(seed).normal(0, 0.2, (len(words), len(classes)))"
DESCEND = """    for _ in range(30):
        shares = np.exp(inputs @ weights)
        shares /= shares.sum(1, keepdims=True)
        weights -= 0.4 * inputs.T @ (shares - wanted) / len(wanted)"""


def make_ridge(
    title: str,
    imports: str = "",
    module: str = "",
    parameters: str = "",
    words: str = SORTED,
    start: str = START,
    descend: str = DESCEND,
) -> str:
    """Gradient descent of NumPy on tokens that count for less the later they come."""
    return RIDGE.format(
        title=title,
        imports=imports,
        module=module,
        parameters=parameters,
        words=words,
        start=start,
        descend=descend,
    )
