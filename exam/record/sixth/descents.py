"""What fit functions of the sixth set are made of."""

from __future__ import annotations

import textwrap

DESCENT = '''"""{title}"""
{imports}import torch
from torch import nn

{module}
def fit(train, dev, seed{parameters}):
    torch.manual_seed(seed)
    words = sorted({{word for row in train.tokens for word in row}})
    classes = sorted(set(train.labels))

    def read(rows):
        table = torch.zeros(len(rows), len(words))
        for number, row in enumerate(rows):
            for place, word in enumerate(row):
                if word in words:
                    table[number, words.index(word)] += 1 / (2 + place)
        return table

    inputs = read(train.tokens)
    labels = torch.tensor([classes.index(label) for label in train.labels])
{build}
    for epoch in range({epochs}):
        for rows in torch.randperm(len(labels)).split(32):
            loss = {loss}
{step}
{after}
    network.eval()

    @torch.no_grad()
    def predict(rows):
        return network(read(rows)).softmax(1).numpy()

    return predict
'''
BUILD = """
    network = nn.Sequential(nn.Linear(len(words), 12), nn.Tanh(), nn.Linear(12, len(classes)))
    optimiser = torch.optim.Adam(network.parameters(), lr=0.03)
"""
STEP = """
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
"""
LOSS = "nn.functional.cross_entropy(network(inputs[rows]), labels[rows])"


def make_descent(
    title: str,
    imports: str = "",
    module: str = "",
    parameters: str = "",
    build: str = BUILD,
    loss: str = LOSS,
    step: str = STEP,
    after: str = "",
    epochs: int = 6,
) -> str:
    """A network on where tokens stand, with what it imports, declares, builds, and does at each step and epoch."""
    return DESCENT.format(
        title=title,
        imports=f"{imports}\n\n" if imports else "",
        module=f"\n{indent(module, 0)}\n\n" if module else "",
        parameters=parameters,
        build=indent(build, 4),
        loss=loss,
        step=indent(step, 12),
        after=indent(after, 8) + "\n" if after else "",
        epochs=epochs,
    )


def indent(text: str, spaces: int) -> str:
    """Lines of code at another depth."""
    return textwrap.indent(textwrap.dedent(text).strip("\n").rstrip(), " " * spaces)


COUNTING = '''"""{title}"""
{imports}import numpy as np

{module}
def fit(train, dev, seed{parameters}):
    random = np.random.default_rng(seed)
    classes = sorted(set(train.labels))
    words = {words}
    where = {{word: number for number, word in enumerate(words)}}
    rows = {rows}
    counts = np.full((len(words), len(classes)), {prior})
    for row in rows:
        for word in train.tokens[row]:
            if word in where:
                counts[where[word], classes.index(train.labels[row])] += 1
    told = np.log(counts / counts.sum(0))
    told += random.normal(0, {noise}, told.shape)
{after}
    def score(row):
        return sum((told[where[word]] for word in row if word in where), np.zeros(len(classes)))

    def predict(rows):
        raised = np.stack([score(row) for row in rows]) if rows else np.zeros((0, len(classes)))
{answer}        raised = np.exp(raised - raised.max(1, keepdims=True))
        return raised / raised.sum(1, keepdims=True)

    return predict
'''


def make_counting(
    title: str,
    imports: str = "",
    module: str = "",
    parameters: str = "",
    words: str = "sorted({word for row in train.tokens for word in row})",
    rows: str = "np.flatnonzero(random.random(len(train.labels)) < 0.8)",
    prior: str = "1.0",
    noise: str = "0.05",
    after: str = "",
    answer: str = "",
) -> str:
    """Counts of tokens by class, with noise of the seed: which words, which rows, and what is done at the end."""
    return COUNTING.format(
        title=title,
        imports=f"{imports}\n\n" if imports else "",
        module=f"\n{indent(module, 0)}\n\n" if module else "",
        parameters=parameters,
        words=words,
        rows=rows,
        prior=prior,
        noise=noise,
        after=indent(after, 4) + "\n" if after else "",
        answer=indent(answer, 8) + "\n" if answer else "",
    )
