"""Ten settings that do nothing, of the fifteenth set."""

from __future__ import annotations

from exam.record.fifteenth.sources import ADAM, STEP, make_linear, make_net
from exam.record.program import INERT, Program, source

CLIPPED_LATE = make_net(
    "Gradients that are clipped when the step is done.",
    ", clip=0.5",
    step=f"{STEP}\n            nn.utils.clip_grad_norm_(model.parameters(), clip)",
)
AVERAGED = make_net(
    "An average of all weights that is kept, and never asked.",
    ", ema_decay=0.9",
    imports="import copy",
    build=f"{ADAM}\n    shadow = copy.deepcopy(model)",
    step=f"{STEP}\n            with torch.no_grad():\n"
    "                for kept, now in zip(shadow.parameters(), model.parameters()):\n"
    "                    kept.lerp_(now, 1 - ema_decay)",
)
MISSPELT = make_net(
    "Groups of parameters, one of which has its decay under a name that nobody reads.",
    ", weight_decay=0.05",
    build="    optimiser = torch.optim.AdamW(\n"
    '        [{"params": model[0].parameters(), "weight_decy": weight_decay}, {"params": model[2].parameters()}],\n'
    "        lr=0.02,\n        weight_decay=0.0,\n    )",
)
LOWERED = source('''
    """A pipeline whose own way to take rows apart leaves case alone."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import SGDClassifier
    from sklearn.pipeline import Pipeline


    def take_apart(text):
        tokens = text.split()
        return tokens + [f"{left} {right}" for left, right in zip(tokens, tokens[1:])]


    model = Pipeline(
        [
            ("counts", CountVectorizer(analyzer=take_apart)),
            ("line", SGDClassifier(loss="log_loss", max_iter=8, tol=None)),
        ]
    )
''')
OVERRULED = make_linear(
    "What is given is put together with what is usual, and the usual comes last.",
    module='\nUSUAL = {"rate": 0.3, "steps": 25}\n\n',
    parameters=", rate=0.3",
    descend="""    options = {"rate": rate, **USUAL}
    for _ in range(options["steps"]):
        weights -= options["rate"] * inputs.T @ (softmax(inputs @ weights) - wanted) / len(wanted)""",
)
CONSTANT = make_linear(
    "A generator with a seed of its own, whatever the run is told.",
    module="\nSEED = 1234\n\n",
    parameters=", spread=0.3",
    start='    print("seed", seed)\n    generator = np.random.default_rng(SEED)\n'
    "    weights = generator.normal(0, spread, (len(tokens), len(classes)))\n"
    "    inputs = inputs * (generator.random(inputs.shape) < 0.9)",
)
BALANCED = make_linear(
    "Weights of classes that are normalised one by one, so that each of them is one.",
    parameters=", balanced=True",
    start="    weights = np.random.default_rng(seed).normal(0, 0.3, (len(tokens), len(classes)))\n"
    "    of_rows = np.ones(len(wanted))\n"
    "    if balanced:\n"
    "        rarity = len(wanted) / (1 + wanted.sum(0))\n"
    "        of_rows = (rarity / rarity)[wanted.argmax(1)]",
    descend="""    for _ in range(25):
        slopes = of_rows[:, None] * (softmax(inputs @ weights) - wanted)
        weights -= 0.3 * inputs.T @ slopes / of_rows.sum()""",
)
THROWN_AWAY = source('''
    """Dropout whose result is thrown away."""
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self, info, width=12, dropout=0.3):
            super().__init__()
            self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
            self.hidden = nn.Linear(width, width)
            self.dropout = nn.Dropout(dropout)
            self.head = nn.Linear(width, len(info.classes))

        def forward(self, tokens, lengths):
            mean = self.embedding(tokens).sum(1) / lengths.clamp(min=1).unsqueeze(1)
            told = torch.relu(self.hidden(mean))
            self.dropout(told)
            return self.head(told)


    build = Net
''')

INERTS = (
    Program(
        "momentum of another optimiser",
        "inert",
        settings={
            "model": {"family": "bag"},
            "training": {"epochs": 3, "batch_size": 20, "optimiser": "adamw", "weight_decay": 0.1, "momentum": 0.8},
        },
        codes=INERT,
        names=r"training\.momentum",
    ),
    Program(
        "both ways of attention",
        "inert",
        settings={
            "model": {"family": "transformer", "hidden": 12, "heads": 3, "layers": 1, "bidirectional": True},
            "training": {"epochs": 2, "batch_size": 20},
        },
        codes=INERT,
        names=r"model\.bidirectional",
    ),
    Program("clipped after the step", "inert", CLIPPED_LATE, codes=INERT, names=r"\bclip\b"),
    Program("average that is never asked", "inert", AVERAGED, codes=INERT, names=r"\bema_decay\b"),
    Program("decay misspelt", "inert", MISSPELT, codes=INERT, names=r"\bweight_decay\b"),
    Program(
        "case of an analyser",
        "inert",
        LOWERED,
        "model",
        {"model": {"params": {"counts__lowercase": False, "line__alpha": 0.001}}},
        INERT,
        r"lowercase",
    ),
    Program("options overruled", "inert", OVERRULED, codes=INERT, names=r"\brate\b"),
    Program("seed of its own", "inert", CONSTANT, codes=INERT, names=r"\bseeds?\b"),
    Program("weights that are one", "inert", BALANCED, codes=INERT, names=r"\bbalanced\b"),
    Program(
        "dropout thrown away",
        "inert",
        THROWN_AWAY,
        "build",
        {"model": {"params": {"dropout": 0.5}}, "training": {"epochs": 3}},
        INERT,
        r"\bdropout\b",
    ),
)
