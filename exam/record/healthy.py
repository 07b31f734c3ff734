"""Eight healthy programs: each setting has an effect, and nothing else has one."""

from __future__ import annotations

from exam.record.inert import ADAM, FACTORS, STEP, loop
from exam.record.influences import regression
from exam.record.program import FACTOR_DATA, Program, source

DROPOUT = source('''
    """The mean of vectors, a layer, and dropout before the last one."""
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self, info, width=16, dropout=0.3):
            super().__init__()
            self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
            self.hidden = nn.Linear(width, width)
            self.dropout = nn.Dropout(dropout)
            self.head = nn.Linear(width, len(info.classes))

        def forward(self, tokens, lengths):
            mean = self.embedding(tokens).sum(1) / lengths.clamp(min=1).unsqueeze(1)
            return self.head(self.dropout(torch.tanh(self.hidden(mean))))


    build = Net
''')
FACTOR = FACTORS.replace('info.factors["shape"]', "info.factors[factor]")
APPLIED = loop(
    ", decay=0.5, clip=0.05, weight_decay=0.01, learning_rate=0.02",
    before="    optimiser = torch.optim.Adam(model.parameters(), lr=learning_rate)\n"
    "    schedule = torch.optim.lr_scheduler.ExponentialLR(optimiser, gamma=decay)",
    step="            loss = loss + weight_decay * sum(one.pow(2).sum() for one in model.parameters())\n"
    + STEP.replace(
        "            optimiser.step()",
        "            nn.utils.clip_grad_norm_(model.parameters(), clip)\n            optimiser.step()",
    ),
    after="        schedule.step()",
)
LATE = loop(
    ", quiet_after=3, longest=12",
    before="    train_tokens = [row[:longest] for row in train.tokens]\n    counts = count(train_tokens)\n" + ADAM,
    after="        if epoch + 1 == quiet_after:\n            optimiser.param_groups[0]['lr'] /= 10",
)
TALKATIVE = regression(
    "What it prints depends on much; what it learns does not.",
    "import os\nimport time\nfrom pathlib import Path\n\n",
    "",
    '    print(time.time(), time.tzname, os.getpid(), Path.cwd(), hash("word"), os.environ.get("LANG"), id(words))\n'
    "    print(*{word for word in words})\n"
    "    weights = np.random.default_rng(seed).normal(0, 0.3, (len(words), len(classes)))\n",
)
ESTIMATOR = source('''
    """An estimator that draws from the seed it is given."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import SGDClassifier
    from sklearn.pipeline import make_pipeline

    model = make_pipeline(
        CountVectorizer(token_pattern=r"\\S+", lowercase=False),
        SGDClassifier(loss="log_loss", max_iter=20, tol=None),
    )
''')

HEALTHY = (
    Program(
        "built-in means of vectors",
        "healthy",
        settings={
            "model": {"family": "mean", "embedding": {"dim": 16, "scale": 0.5}},
            "training": {"epochs": 3, "batch_size": 32, "learning_rate": 0.003, "weight_decay": 0.01},
        },
    ),
    Program(
        "momentum and a late step",
        "healthy",
        settings={
            "model": {"family": "mean", "embedding": {"dim": 16}},
            "training": {
                "epochs": 5,
                "batch_size": 32,
                "optimiser": "sgd",
                "learning_rate": 0.05,
                "momentum": 0.9,
                "label_smoothing": 0.1,
                "schedule": {"kind": "step", "every": 4, "gamma": 0.5},
            },
        },
    ),
    Program(
        "dropout before the last layer",
        "healthy",
        DROPOUT,
        "build",
        {"model": {"params": {"dropout": 0.5}}, "training": {"epochs": 3}},
    ),
    Program(
        "factor that is used",
        "healthy",
        FACTOR,
        "build",
        {"data": FACTOR_DATA, "model": {"params": {"factor": "colour"}}, "training": {"epochs": 3}},
    ),
    Program("all settings applied", "healthy", APPLIED),
    Program("a setting that acts late", "healthy", LATE, settings={"model": {"params": {"longest": 12}}}),
    Program("much is printed", "healthy", TALKATIVE),
    Program(
        "estimator with its own settings",
        "healthy",
        ESTIMATOR,
        "model",
        {"model": {"params": {"sgdclassifier__alpha": 0.001}}},
    ),
)
