"""Parts that programs of the tenth set are made of."""

from __future__ import annotations

from exam.record.program import source

SCORER = source('''
    """{title}"""
    {imports}
    import numpy as np

    {module}
    def fit(train, dev, seed{parameters}):
        random = np.random.default_rng(seed)
        words = {words}
        place = {{word: number for number, word in enumerate(words)}}
        classes = sorted(set(train.labels))

        def read(rows):
            table = np.zeros((len(rows), len(words) + 1))
            for number, row in enumerate(rows):
                table[number, -1] = len(row) / 10
                for word in row:
                    if word in place:
                        table[number, place[word]] += 1
            return table / 3

        inputs = read(train.tokens)
        labels = np.array([classes.index(label) for label in train.labels])
        weights = random.normal(0, {spread}, (inputs.shape[1], len(classes)))
    {descend}

        def predict(rows):
    {answer}
            raised = np.exp(scores - scores.max(1, keepdims=True))
            return raised / raised.sum(1, keepdims=True)

        return predict


    def slope(inputs, labels, weights):
        scores = inputs @ weights
        shares = np.exp(scores - scores.max(1, keepdims=True))
        shares /= shares.sum(1, keepdims=True)
        shares[np.arange(len(labels)), labels] -= 1
        return inputs.T @ shares / max(len(labels), 1)
''')
WORDS = "sorted({word for row in train.tokens for word in row})"
BATCHES = """    for _ in range(4):
        for rows in np.array_split(random.permutation(len(labels)), 8):
            weights -= 0.5 * slope(inputs[rows], labels[rows], weights)"""
ANSWER = "        scores = read(rows) @ weights"


def make_scorer(
    title: str,
    imports: str = "",
    module: str = "",
    parameters: str = "",
    words: str = WORDS,
    descend: str = BATCHES,
    answer: str = ANSWER,
    spread: str = "0.3",
) -> str:
    """Descent of NumPy in batches on counts of tokens, with what it declares, reads, does and answers."""
    return SCORER.format(
        title=title,
        imports=imports,
        module=module,
        parameters=parameters,
        words=words,
        descend=descend,
        answer=answer,
        spread=spread,
    )


DRILL = source('''
    """{title}"""
    {imports}
    import torch
    from torch import nn

    {module}
    def fit(train, dev, seed{parameters}):
        torch.manual_seed(seed)
        words = sorted({{word for row in train.tokens for word in row}})
        place = {{word: number for number, word in enumerate(words, start=1)}}
        classes = sorted(set(train.labels))

        def read(rows):
            longest = max([len(row) for row in rows] + [1])
            table = torch.zeros(len(rows), longest, dtype=torch.long)
            for number, row in enumerate(rows):
                for step, word in enumerate(row):
                    table[number, step] = place.get(word, 0)
            return table

        network = nn.Sequential(
            nn.EmbeddingBag(len(words) + 1, 12, mode="sum", padding_idx=0),
            nn.Tanh(),
            {middle}nn.Linear(12, len(classes)),
        )
        labels = torch.tensor([classes.index(label) for label in train.labels])
        optimiser = {optimiser}
    {before}
        for epoch in range(4):
            for rows in torch.randperm(len(labels)).split(32):
    {step}
    {after}
        network.eval()

        def predict(rows):
            with torch.no_grad():
                return {answer}(read(rows)).softmax(1).numpy()

        return predict
''')
ADAM = "torch.optim.Adam(network.parameters(), lr=0.02)"
LOSS = (
    "            loss = nn.functional.cross_entropy(network(read([train.tokens[row] for row in rows])), labels[rows])\n"
)
DOWN = "            optimiser.zero_grad()\n            loss.backward()\n            optimiser.step()"


def make_drill(
    title: str,
    parameters: str = "",
    before: str = "",
    step: str = LOSS + DOWN,
    after: str = "",
    imports: str = "",
    module: str = "",
    middle: str = "",
    optimiser: str = ADAM,
    answer: str = "network",
) -> str:
    """A loop of PyTorch over bags of tokens, with what it declares, builds, and does in steps and epochs."""
    return DRILL.format(
        title=title,
        parameters=parameters,
        before=before,
        step=step,
        after=after,
        imports=imports,
        module=module,
        middle=middle,
        optimiser=optimiser,
        answer=answer,
    )
