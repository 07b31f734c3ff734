"""Ten settings that do nothing, of the second set."""

from __future__ import annotations

from exam.record.program import INERT, Program, source
from exam.record.second.sources import LOSS, NETWORK, SGD, STEP, make_loop, make_ridge

WARMUP = make_loop(
    "A warm-up whose factor is divided as a whole number.",
    ", warmup=3",
    build=f"{SGD}\n    schedule = torch.optim.lr_scheduler.LambdaLR(\n"
    "        optimiser, lambda epoch: min(1, 1 + epoch // max(warmup, 1))\n    )",
    after="        schedule.step()",
)
CRITERION = make_loop(
    "A smoothed objective is built, and another one is used.",
    ", smoothing=0.1",
    build=f"{SGD}\n    objective = nn.CrossEntropyLoss(label_smoothing=smoothing)\n    objective.train()",
)
EVALUATED = make_loop(
    "A network that is set to answer before it is trained.",
    ", dropout=0.4",
    build="    network = nn.Sequential(nn.Linear(len(marks), 10), nn.ReLU(), nn.Dropout(dropout),"
    " nn.Linear(10, len(classes)))\n    network.eval()\n"
    "    optimiser = torch.optim.SGD(network.parameters(), lr=0.3)",
)
MADE_ANEW = make_loop(
    "An optimiser that is made anew for each step.",
    ", momentum=0.9",
    build=NETWORK,
    step=f"            optimiser = torch.optim.SGD(network.parameters(), lr=0.3, momentum=momentum)\n{LOSS}{STEP}",
)
NO_GROUP = make_loop(
    "Decay of those matrices that have three dimensions: there are none.",
    ", weight_decay=0.1",
    build=f"{NETWORK}\n"
    "    decayed = [one for one in network.parameters() if one.ndim > 2]\n"
    "    others = [one for one in network.parameters() if one.ndim <= 2]\n"
    '    groups = [{"params": others, "weight_decay": 0.0}, {"params": decayed, "weight_decay": weight_decay}]\n'
    "    optimiser = torch.optim.AdamW(groups, lr=0.02)",
)
TOLERANCE = make_ridge(
    "It would stop where it gets worse by a tolerance, but what is best is never noted.",
    parameters=", tolerance=0.01",
    descend="""    best = np.inf
    for _ in range(30):
        shares = np.exp(inputs @ weights)
        shares /= shares.sum(1, keepdims=True)
        loss = -(wanted * np.log(shares)).sum(1).mean()
        if loss > best + tolerance:
            break
        weights -= 0.4 * inputs.T @ (shares - wanted) / len(wanted)""",
)
DEGREE = source('''
    """A support vector machine with a Gaussian kernel, and the degree of a polynomial one."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import SVC

    model = make_pipeline(CountVectorizer(token_pattern=r"\\S+", lowercase=False), SVC(kernel="rbf"))
''')
FROZEN = source('''
    """Vectors of tokens that are to be frozen, through tensors that are no parameters."""
    from torch import nn


    class Net(nn.Module):
        def __init__(self, info, width=18, freeze=True):
            super().__init__()
            self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
            self.head = nn.Linear(width, len(info.classes))
            for tensor in self.embedding.state_dict().values():
                tensor.requires_grad = not freeze

        def forward(self, tokens, lengths):
            mean = self.embedding(tokens).sum(1) / lengths.clamp(min=1).unsqueeze(1)
            return self.head(mean.relu())


    build = Net
''')

INERTS = (
    Program(
        "pooling of a bag",
        "inert",
        settings={
            "model": {"family": "bag", "pooling": "max"},
            "training": {"epochs": 3, "batch_size": 20, "learning_rate": 0.02},
        },
        codes=INERT,
        names=r"model\.pooling",
    ),
    Program(
        "steps of a cosine",
        "inert",
        settings={
            "model": {"family": "mean"},
            "training": {"epochs": 4, "batch_size": 25, "schedule": {"kind": "cosine", "every": 2}},
        },
        codes=INERT,
        names=r"training\.schedule\.every",
    ),
    Program("warm-up in whole numbers", "inert", WARMUP, codes=INERT, names=r"\bwarmup\b"),
    Program("objective that is not used", "inert", CRITERION, codes=INERT, names=r"\bsmoothing\b"),
    Program("dropout of a network that answers", "inert", EVALUATED, codes=INERT, names=r"\bdropout\b"),
    Program("momentum without memory", "inert", MADE_ANEW, codes=INERT, names=r"\bmomentum\b"),
    Program("decay of no group", "inert", NO_GROUP, codes=INERT, names=r"\bweight_decay\b"),
    Program("tolerance that is never met", "inert", TOLERANCE, codes=INERT, names=r"\btolerance\b"),
    Program(
        "degree of a Gaussian kernel",
        "inert",
        DEGREE,
        "model",
        {"model": {"params": {"svc__degree": 5}}},
        INERT,
        r"degree",
    ),
    Program(
        "frozen through a copy",
        "inert",
        FROZEN,
        "build",
        {"model": {"params": {"width": 12, "freeze": True}}, "training": {"epochs": 3}},
        INERT,
        r"\bfreeze\b",
    ),
)
