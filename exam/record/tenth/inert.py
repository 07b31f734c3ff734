"""Ten settings that do nothing, of the tenth set."""

from __future__ import annotations

from exam.record.program import INERT, Program, source
from exam.record.tenth.sources import DOWN, LOSS, make_drill, make_scorer

CLIPPED = make_drill(
    "Gradients are clipped where there are none: after they were cleared, and before the next ones.",
    ", clip=0.5",
    step=f"{LOSS}            optimiser.zero_grad()\n"
    "            nn.utils.clip_grad_norm_(network.parameters(), clip)\n"
    "            loss.backward()\n            optimiser.step()",
)
AVERAGED = make_drill(
    "An average of weights is kept with care, and the network itself answers.",
    ", decay=0.8",
    imports="import copy",
    before="    mean = copy.deepcopy(network)",
    step=f"{LOSS}{DOWN}\n"
    "            with torch.no_grad():\n"
    "                for kept, now in zip(mean.parameters(), network.parameters()):\n"
    "                    kept.mul_(decay).add_(now, alpha=1 - decay)",
)
OTHER_OPTIMISER = make_drill(
    "A schedule is stepped each epoch, and moves the rate of an optimiser in whose place there is another one by then.",
    ", gamma=0.7, rate=0.02",
    optimiser="torch.optim.Adam(network.parameters(), lr=rate)",
    before="    schedule = torch.optim.lr_scheduler.ExponentialLR(optimiser, gamma=gamma)\n"
    "    optimiser = torch.optim.Adam(network.parameters(), lr=rate)",
    after="        schedule.step()",
)
PENALTY = make_scorer(
    "A penalty on weights that is added to the loss which is shown, and not to the slope that is followed.",
    parameters=", penalty=0.01",
    descend="""    for epoch in range(4):
        for rows in np.array_split(random.permutation(len(labels)), 8):
            weights -= 0.5 * slope(inputs[rows], labels[rows], weights)
        scores = inputs @ weights
        scores -= np.log(np.exp(scores).sum(1, keepdims=True))
        loss = -scores[np.arange(len(labels)), labels].mean() + penalty * (weights**2).sum()
        print("epoch", epoch, "loss", loss)""",
)
AUGMENTED = make_scorer(
    "Tokens are left out of copies of rows that nobody reads.",
    imports="import copy",
    module="\ndef thin(rows, share, random):\n    for row in rows:\n"
    "        row[:] = [word for word in row if random.random() >= share] or row[:1]\n    return rows\n\n",
    parameters=", share=0.3",
    descend="""    other = np.random.default_rng(seed + 1)
    for _ in range(4):
        thin(copy.deepcopy(train.tokens), share, other)
        for rows in np.array_split(random.permutation(len(labels)), 8):
            weights -= 0.5 * slope(read([train.tokens[row] for row in rows]), labels[rows], weights)""",
)
CUTOFF = make_scorer(
    "Rare words are sorted out, and all words are read.",
    imports="from collections import Counter",
    parameters=", cutoff=30, rate=0.5",
    descend="""    counts = Counter(word for row in train.tokens for word in row)
    kept = [word for word in words if counts[word] >= cutoff]
    print(len(kept), "words of", len(words))
    for _ in range(4):
        for rows in np.array_split(random.permutation(len(labels)), 8):
            weights -= rate * slope(inputs[rows], labels[rows], weights)""",
)
NEIGHBOURS = source('''
    """Neighbours by the Euclidean distance, and a power that another distance would have."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import Pipeline

    model = Pipeline(
        [
            ("count", CountVectorizer(token_pattern=r"\\S+", lowercase=False)),
            ("near", KNeighborsClassifier(metric="euclidean", algorithm="brute")),
        ]
    )
''')
ATTRIBUTE = source('''
    """A share of units to leave out, under a name that the layer does not read."""
    from torch import nn


    class Net(nn.Module):
        def __init__(self, info, width=14, rate=0.4):
            super().__init__()
            self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
            self.drop = nn.Dropout(0.1)
            self.drop.rate = rate
            self.head = nn.Linear(width, len(info.classes))

        def forward(self, tokens, lengths):
            return self.head(self.drop(self.embedding(tokens).sum(1).tanh()))


    def build(info, width=14, rate=0.4):
        return Net(info, width, rate)
''')

INERTS = (
    Program(
        "factor of steps that are not made",
        "inert",
        settings={
            "model": {"family": "gru", "hidden": 12, "layers": 1},
            "training": {"epochs": 3, "batch_size": 30, "schedule": {"warmup": 1.5, "gamma": 0.5}},
        },
        codes=INERT,
        names=r"training\.schedule\.gamma",
    ),
    Program(
        "positions of a recurrence",
        "inert",
        settings={
            "model": {"family": "lstm", "hidden": 10, "layers": 1, "positions": False, "pooling": "max"},
            "training": {"epochs": 3, "batch_size": 30},
        },
        codes=INERT,
        names=r"model\.positions",
    ),
    Program("clipped before there is anything", "inert", CLIPPED, codes=INERT, names=r"\bclip\b"),
    Program("average that does not answer", "inert", AVERAGED, codes=INERT, names=r"\bdecay\b"),
    Program("schedule of another optimiser", "inert", OTHER_OPTIMISER, codes=INERT, names=r"\bgamma\b"),
    Program(
        "penalty that is only shown",
        "inert",
        PENALTY,
        settings={"model": {"params": {"penalty": 0.05}}},
        codes=INERT,
        names=r"\bpenalty\b",
    ),
    Program("thinned copies", "inert", AUGMENTED, codes=INERT, names=r"\bshare\b"),
    Program("cutoff of a list that is not read", "inert", CUTOFF, codes=INERT, names=r"\bcutoff\b"),
    Program(
        "power of another distance",
        "inert",
        NEIGHBOURS,
        "model",
        {"model": {"params": {"near__p": 3, "near__n_neighbors": 7}}},
        INERT,
        r"near__p\b",
    ),
    Program(
        "rate under a name of one's own",
        "inert",
        ATTRIBUTE,
        "build",
        {"model": {"params": {"width": 10, "rate": 0.4}}, "training": {"epochs": 3, "batch_size": 40}},
        INERT,
        r"\brate\b",
    ),
)
