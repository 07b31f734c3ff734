"""Ten settings that do nothing, of the sixth set."""

from __future__ import annotations

from exam.record.program import FACTOR_DATA, INERT, Program, source
from exam.record.sixth.descents import make_descent

LATE_CLIP = make_descent(
    "Gradients are clipped when the step is done.",
    parameters=", clip=0.5",
    step="""
                loss.backward()
                optimiser.step()
                nn.utils.clip_grad_norm_(network.parameters(), clip)
                optimiser.zero_grad()
    """,
)
OWN_SHUFFLE = make_descent(
    "A generator with a seed of its own, which does not shuffle.",
    parameters=", shuffle_seed=11",
    build="""
            shuffling = torch.Generator()
            shuffling.manual_seed(shuffle_seed)
            network = nn.Sequential(nn.Linear(len(words), 12), nn.Tanh(), nn.Linear(12, len(classes)))
            optimiser = torch.optim.Adam(network.parameters(), lr=0.03)
    """,
)
AVERAGED = make_descent(
    "An average of weights is kept, and the last weights answer.",
    imports="import copy",
    parameters=", decay=0.8",
    build="""
            network = nn.Sequential(nn.Linear(len(words), 12), nn.Tanh(), nn.Linear(12, len(classes)))
            optimiser = torch.optim.Adam(network.parameters(), lr=0.03)
            average = copy.deepcopy(network)
    """,
    after="""
            with torch.no_grad():
                for kept, now in zip(average.parameters(), network.parameters()):
                    kept.mul_(decay).add_(now, alpha=1 - decay)
    """,
)
OTHER_OPTIMISER = make_descent(
    "The rate falls for an optimiser that was made anew afterwards.",
    parameters=", gamma=0.5",
    build="""
            network = nn.Sequential(nn.Linear(len(words), 12), nn.Tanh(), nn.Linear(12, len(classes)))
            optimiser = torch.optim.Adam(network.parameters(), lr=0.03)
            schedule = torch.optim.lr_scheduler.StepLR(optimiser, 1, gamma=gamma)
            optimiser = torch.optim.Adam(network.parameters(), lr=0.03)
    """,
    imports="import warnings",
    after="""
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                schedule.step()
    """,
)
PLAIN_NORM = source('''
    """A layer that would normalise is built, and is not on the way."""
    from torch import nn


    class Net(nn.Module):
        def __init__(self, info, width=14, epsilon=1e-5):
            super().__init__()
            self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
            self.norm = nn.LayerNorm(width, eps=epsilon, elementwise_affine=False)
            self.head = nn.Linear(width, len(info.classes))

        def forward(self, tokens, lengths):
            mean = self.embedding(tokens).sum(1) / lengths.clamp(min=1).unsqueeze(1)
            return self.head(mean.sigmoid())


    def build(info, **given):
        return Net(info, **given)
''')
DRAWN_ANEW = source('''
    """Weights are drawn with a spread that is stated, and then drawn anew by the library."""
    from torch import nn


    class Net(nn.Module):
        def __init__(self, info, width, spread):
            super().__init__()
            self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
            self.inner = nn.Linear(width, width)
            self.head = nn.Linear(width, len(info.classes))
            for layer in (self.embedding, self.inner, self.head):
                nn.init.normal_(layer.weight, std=spread)
            self.apply(lambda layer: layer.reset_parameters() if hasattr(layer, "reset_parameters") else None)

        def forward(self, tokens, lengths):
            seen = self.inner(self.embedding(tokens)).relu() * (tokens > 0).unsqueeze(2)
            return self.head(seen.sum(1) / lengths.clamp(min=1).unsqueeze(1))


    def build(info, width=12, spread=0.05):
        return Net(info, width, spread)
''')
FACTOR_BLIND = source('''
    """It never looks at what tokens are made of."""
    from torch import nn


    class Net(nn.Module):
        def __init__(self, info, width=16, slope=0.1):
            super().__init__()
            self.embedding = nn.EmbeddingBag(info.vocabulary_size, width, mode="sum", padding_idx=info.pad_id)
            self.act = nn.LeakyReLU(slope)
            self.head = nn.Linear(width, len(info.classes))

        def forward(self, tokens, lengths):
            padded = nn.functional.pad(tokens, (0, 1))
            return self.head(self.act(self.embedding(padded) / lengths.clamp(min=1).unsqueeze(1)))


    build = Net
''')
POWER = source('''
    """Stochastic gradient descent whose rate needs no exponent."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import SGDClassifier
    from sklearn.pipeline import make_pipeline

    model = make_pipeline(
        CountVectorizer(token_pattern=r"\\S+", lowercase=False, ngram_range=(1, 2)),
        SGDClassifier(loss="log_loss", learning_rate="optimal", max_iter=30, tol=None),
    )
''')

INERTS = (
    Program(
        "momentum of adam",
        "inert",
        settings={
            "model": {"family": "lstm", "hidden": 12, "layers": 1, "pooling": "last"},
            "training": {"epochs": 3, "batch_size": 25, "optimiser": "adam", "momentum": 0.9},
        },
        codes=INERT,
        names=r"\bmomentum\b",
    ),
    Program(
        "two directions of attention",
        "inert",
        settings={
            "model": {"family": "transformer", "hidden": 12, "heads": 2, "layers": 1, "bidirectional": True},
            "training": {"epochs": 3, "batch_size": 25, "learning_rate": 0.005},
        },
        codes=INERT,
        names=r"\bbidirectional\b",
    ),
    Program(
        "factors that nobody reads",
        "inert",
        FACTOR_BLIND,
        "build",
        {"data": FACTOR_DATA, "model": {"params": {"slope": 0.3}}, "training": {"epochs": 3}},
        INERT,
        r"\bfactors\b",
    ),
    Program("clipped too late", "inert", LATE_CLIP, codes=INERT, names=r"\bclip\b"),
    Program("generator that does not shuffle", "inert", OWN_SHUFFLE, codes=INERT, names=r"\bshuffle_seed\b"),
    Program("average that does not answer", "inert", AVERAGED, codes=INERT, names=r"\bdecay\b"),
    Program("schedule of another optimiser", "inert", OTHER_OPTIMISER, codes=INERT, names=r"\bgamma\b"),
    Program(
        "norm beside the way",
        "inert",
        PLAIN_NORM,
        "build",
        {"model": {"params": {"epsilon": 0.01}}, "training": {"epochs": 3, "batch_size": 30}},
        INERT,
        r"\bepsilon\b",
    ),
    Program("drawn anew", "inert", DRAWN_ANEW, "build", {"training": {"epochs": 3}}, INERT, r"\bspread\b"),
    Program(
        "exponent of no rate",
        "inert",
        POWER,
        "model",
        {"model": {"params": {"sgdclassifier__power_t": 0.25, "sgdclassifier__alpha": 0.01}}},
        INERT,
        r"power_t",
    ),
)
