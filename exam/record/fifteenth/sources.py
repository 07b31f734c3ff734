"""Parts that programs of the fifteenth set are made of."""

from __future__ import annotations

from exam.record.program import source

NET = source('''
    """{title}"""
    import torch
    from torch import nn
    {imports}

    {module}
    def fit(train, dev, seed{parameters}):
        torch.manual_seed(seed)
        tokens = sorted({{token for row in train.tokens for token in row}})
        place = {{token: number for number, token in enumerate(tokens)}}
        classes = sorted(set(train.labels))

        def encode(rows):
            table = torch.zeros(len(rows), 2 * len(tokens))
            for number, row in enumerate(rows):
                for step, token in enumerate(row):
                    if token in place:
                        table[number, 2 * place[token] + step % 2] += 0.5
            return table

        inputs = encode(train.tokens)
        targets = torch.tensor([classes.index(label) for label in train.labels])
        model = nn.Sequential(nn.Linear(inputs.shape[1], 12), nn.Tanh(), nn.Linear(12, len(classes)))
    {build}
        for epoch in range(6):
            for batch in torch.randperm(len(targets)).split(40):
                loss = nn.functional.cross_entropy(model(inputs[batch]), targets[batch])
                optimiser.zero_grad()
                loss.backward()
    {step}

        def predict(rows):
            with torch.no_grad():
                return {answer}(encode(rows)).softmax(1).numpy()

        return predict
''')
ADAM = "    optimiser = torch.optim.Adam(model.parameters(), lr=0.02)"
STEP = "            optimiser.step()"


def make_net(
    title: str,
    parameters: str = "",
    build: str = ADAM,
    step: str = STEP,
    answer: str = "model",
    imports: str = "",
    module: str = "",
) -> str:
    """A small network on counts of tokens at even and odd places, with what it declares, builds and does at a step."""
    return NET.format(
        title=title, parameters=parameters, build=build, step=step, answer=answer, imports=imports, module=module
    )


LINEAR = source('''
    """{title}"""
    {imports}
    import numpy as np

    {module}
    def fit(train, dev, seed{parameters}):
        tokens = {tokens}
        place = {{token: number for number, token in enumerate(tokens)}}
        classes = sorted(set(train.labels))

        def encode(rows):
            table = np.zeros((len(rows), len(tokens)))
            for number, row in enumerate(rows):
                for token in row:
                    if token in place:
                        table[number, place[token]] += 1
            return np.sqrt(table)

        def softmax(scores):
            raised = np.exp(scores - scores.max(1, keepdims=True))
            return raised / raised.sum(1, keepdims=True)

        inputs = encode(train.tokens)
        wanted = np.array([[float(label == one) for one in classes] for label in train.labels])
    {start}
    {descend}
        return {answer}
''')
SORTED = "sorted({token for row in train.tokens for token in row})"
START = "    weights = np.random.default_rng(seed).normal(0, 0.3, (len(tokens), len(classes)))"
DESCEND = """    for _ in range(25):
        weights -= 0.3 * inputs.T @ (softmax(inputs @ weights) - wanted) / len(wanted)"""
ANSWER = "lambda rows: softmax(encode(rows) @ weights)"


def make_linear(
    title: str,
    imports: str = "",
    module: str = "",
    parameters: str = "",
    tokens: str = SORTED,
    start: str = START,
    descend: str = DESCEND,
    answer: str = ANSWER,
) -> str:
    """Gradient descent of NumPy on roots of counts of tokens."""
    return LINEAR.format(
        title=title,
        imports=imports,
        module=module,
        parameters=parameters,
        tokens=tokens,
        start=start,
        descend=descend,
        answer=answer,
    )
