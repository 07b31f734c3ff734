"""Ten settings that do nothing."""

from __future__ import annotations

from exam.record.program import FACTOR_DATA, INERT, Program, source

GRU = source('''
    """A recurrent network, trained by the study's loop."""
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self, info, width=24, dropout=0.3):
            super().__init__()
            self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
            self.encoder = nn.GRU(width, width, num_layers=1, dropout=dropout, batch_first=True)
            self.head = nn.Linear(width, len(info.classes))

        def forward(self, tokens, lengths):
            states, _ = self.encoder(self.embedding(nn.functional.pad(tokens, (0, 1))))
            last = (lengths - 1).clamp(min=0)
            return self.head(states[torch.arange(len(tokens)), last])


    build = Net
''')
FACTORS = source('''
    """Sums of vectors of one factor's values."""
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self, info, factor="colour", width=16):
            super().__init__()
            numbers = torch.as_tensor(info.factors["shape"]).long()
            self.register_buffer("numbers", numbers - numbers.min())
            self.factor = factor
            self.table = nn.Embedding(int(self.numbers.max()) + 1, width)
            self.hidden = nn.Linear(width, width)
            self.head = nn.Linear(width, len(info.classes))

        def forward(self, tokens, lengths):
            seen = (torch.arange(tokens.shape[1]) < lengths.unsqueeze(1)).unsqueeze(2)
            total = (self.table(self.numbers[tokens]) * seen).sum(1)
            return self.head(torch.tanh(self.hidden(total / lengths.clamp(min=1).unsqueeze(1))))


    build = Net
''')
LOOP = source('''
    """A softmax regression on counts of tokens, in a loop of its own."""
    import torch
    from torch import nn


    def fit(train, dev, seed{parameters}):
        torch.manual_seed(seed)
        words = sorted({{word for row in train.tokens for word in row}})
        place = {{word: number for number, word in enumerate(words)}}
        classes = sorted(set(train.labels))

        def count(rows):
            table = torch.zeros(len(rows), len(words))
            for number, row in enumerate(rows):
                for word in row:
                    if word in place:
                        table[number, place[word]] += 1 / len(row)
            return table

        counts, labels = count(train.tokens), torch.tensor([classes.index(one) for one in train.labels])
        model = nn.Sequential(nn.Linear(len(words), 12), nn.Tanh(), nn.Linear(12, len(classes)))
    {before}
        for epoch in range(4):
            for rows in torch.randperm(len(labels)).split(16):
                loss = nn.functional.cross_entropy(model(counts[rows]), labels[rows])
    {step}
    {after}

        def predict(rows):
            with torch.no_grad():
                return model(count(rows)).softmax(1).numpy()

        return predict
''')
ADAM = "    optimiser = torch.optim.Adam(model.parameters(), lr=0.02)"
STEP = """            optimiser.zero_grad()
            loss.backward()
            optimiser.step()"""


def loop(parameters: str, before: str = ADAM, step: str = STEP, after: str = "") -> str:
    """The loop with these parameters, optimiser and step, and with what follows each epoch."""
    written = LOOP.format(parameters=parameters, before=before, step=step, after=after)
    return written if after else written.replace("\n\n    def predict", "\n    def predict")


NEVER_STEPPED = loop(
    ", decay=0.5",
    before=f"{ADAM}\n    schedule = torch.optim.lr_scheduler.ExponentialLR(optimiser, gamma=decay)",
)
LATE_CLIP = loop(
    ", clip=0.05",
    step=f"{STEP}\n            nn.utils.clip_grad_norm_(model.parameters(), clip)",
)
DETACHED_DECAY = loop(
    ", weight_decay=0.01",
    step="            loss = loss + weight_decay * sum(one.detach().pow(2).sum() for one in model.parameters())\n"
    + STEP,
)
GROUP_RATE = loop(
    ", learning_rate=0.1",
    before='    groups = [{"params": model.parameters(), "lr": 0.02}]\n'
    "    optimiser = torch.optim.Adam(groups, lr=learning_rate)",
)
UNUSED_SEED = source('''
    """Gradient descent from weights that are drawn by a generator of its own."""
    import numpy as np


    def fit(train, dev, seed, rate=0.5):
        generator = np.random.default_rng(seed)
        words = sorted({word for row in train.tokens for word in row})
        place = {word: number for number, word in enumerate(words)}
        classes = sorted(set(train.labels))

        def count(rows):
            table = np.zeros((len(rows), len(words)))
            for number, row in enumerate(rows):
                for word in row:
                    if word in place:
                        table[number, place[word]] += 1 / len(row)
            return table

        def softmax(scores):
            raised = np.exp(scores - scores.max(1, keepdims=True))
            return raised / raised.sum(1, keepdims=True)

        shares = count(train.tokens)
        wanted = np.array([[float(label == one) for one in classes] for label in train.labels])
        weights = np.random.RandomState(42).normal(0, 0.1, (len(words), len(classes)))
        for _ in range(40):
            weights -= rate * shares.T @ (softmax(shares @ weights) - wanted) / len(wanted)
        return lambda rows: softmax(count(rows) @ weights)
''')

INERTS = (
    Program(
        "dropout between layers of one layer",
        "inert",
        settings={
            "model": {"family": "lstm", "hidden": 16, "layers": 1, "dropout": {"encoder": 0.4}},
            "training": {"epochs": 3, "batch_size": 32},
        },
        codes=INERT,
        names=r"model\.dropout\.encoder",
    ),
    Program(
        "momentum of Adam",
        "inert",
        settings={"model": {"family": "gru", "hidden": 16}, "training": {"epochs": 3, "momentum": 0.9}},
        codes=INERT,
        names=r"training\.momentum",
    ),
    Program(
        "factor of a constant schedule",
        "inert",
        settings={"model": {"family": "gru", "hidden": 16}, "training": {"epochs": 3, "schedule": {"gamma": 0.5}}},
        codes=INERT,
        names=r"training\.schedule\.gamma",
    ),
    Program(
        "dropout of one recurrent layer",
        "inert",
        GRU,
        "build",
        {"model": {"params": {"dropout": 0.5}}, "training": {"epochs": 3}},
        INERT,
        r"\bdropout\b",
    ),
    Program(
        "factor that is not used",
        "inert",
        FACTORS,
        "build",
        {"data": FACTOR_DATA, "model": {"params": {"factor": "colour"}}, "training": {"epochs": 3}},
        INERT,
        r"\bfactor\b",
    ),
    Program("schedule that is never stepped", "inert", NEVER_STEPPED, codes=INERT, names=r"\bdecay\b"),
    Program("clipping after the step", "inert", LATE_CLIP, codes=INERT, names=r"\bclip\b"),
    Program("decay without a gradient", "inert", DETACHED_DECAY, codes=INERT, names=r"\bweight_decay\b"),
    Program("rate that a group overrules", "inert", GROUP_RATE, codes=INERT, names=r"\blearning_rate\b"),
    Program("seed that is never applied", "inert", UNUSED_SEED, codes=INERT, names=r"\bseeds?\b"),
)
