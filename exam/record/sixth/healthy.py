"""Eight healthy programs of the sixth set: each setting has an effect, and nothing else has one."""

from __future__ import annotations

from exam.record.program import FACTOR_DATA, Program, source
from exam.record.sixth.descents import make_counting, make_descent

ONE_CYCLE = make_descent(
    "The rate rises and falls once, and labels are turned by the seed.",
    parameters=", peak=0.08, rise=0.4, turned=0.1, decay=0.01",
    build="""
            flips = torch.rand(len(labels), generator=torch.Generator().manual_seed(seed + 1)) < turned
            labels = torch.where(flips, (labels + 1) % len(classes), labels)
            network = nn.Sequential(nn.Linear(len(words), 12), nn.Tanh(), nn.Linear(12, len(classes)))
            optimiser = torch.optim.AdamW(network.parameters(), lr=0.01, weight_decay=decay)
            steps = 6 * -(-len(labels) // 32)
            schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, peak, total_steps=steps, pct_start=rise)
    """,
    step="""
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                schedule.step()
    """,
)
PRIORS = make_counting(
    "Counts with a prior, a share of rows and a temperature, all of which it declares.",
    parameters=", prior=0.5, share=0.7, temperature=2.0",
    rows="np.flatnonzero(random.random(len(train.labels)) < share)",
    prior="prior",
    answer="raised = raised / temperature",
)
CAREFUL = make_counting(
    "It hashes, keeps a cache, works in a folder of its own and in threads, and none of it reaches its answers.",
    imports="import functools\nimport hashlib\nimport os\nimport tempfile\nimport threading\nimport time",
    module="""
        @functools.lru_cache(maxsize=None)
        def number(word):
            return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=4).digest(), "big")
    """,
    parameters=", fewest=2",
    words="sorted({word for row in train.tokens for word in row}, key=number)",
    prior="1.0 * fewest",
    after="""
        home = os.getcwd()
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                np.save("told.npy", told)
                read = {}
                thread = threading.Thread(target=lambda: read.update(told=np.load("told.npy")))
                thread.start()
                thread.join()
            finally:
                os.chdir(home)
        told = read["told"]
        print(time.strftime("%H:%M:%S %Z"), hash("told"), threading.active_count(), id(told), home)
    """,
)
GATED = source('''
    """Convolutions behind gates, with a shortcut past them."""
    import torch
    from torch import nn


    class Gated(nn.Module):
        def __init__(self, width, reach):
            super().__init__()
            self.both = nn.Conv1d(width, 2 * width, 2 * reach + 1, padding=reach)

        def forward(self, vectors):
            told, gate = self.both(vectors).chunk(2, 1)
            return told * gate.sigmoid()


    class Net(nn.Module):
        def __init__(self, info, width, reach, blocks, dropout, shortcut):
            super().__init__()
            self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
            self.blocks = nn.ModuleList(Gated(width, reach) for _ in range(blocks))
            self.dropout = nn.Dropout(dropout)
            self.head = nn.Linear(width, len(info.classes))
            self.shortcut = shortcut

        def forward(self, tokens, lengths):
            padded = nn.functional.pad(tokens, (0, 1))
            seen = (torch.arange(padded.shape[1]) < lengths.unsqueeze(1)).unsqueeze(1)
            vectors = self.embedding(padded).transpose(1, 2) * seen
            for block in self.blocks:
                vectors = (block(vectors) + self.shortcut * vectors) * seen
            return self.head(self.dropout(vectors.sum(2) / lengths.clamp(min=1).unsqueeze(1)))


    def build(info, width=12, reach=1, blocks=2, dropout=0.1, shortcut=0.5):
        return Net(info, width, reach, blocks, dropout, shortcut)
''')
SLOTS = source('''
    """Tokens in slots by a hash that is the same everywhere, and a descent that shuffles by its seed."""
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.linear_model import SGDClassifier
    from sklearn.pipeline import make_pipeline

    model = make_pipeline(
        HashingVectorizer(token_pattern=r"\\S+", lowercase=False, n_features=2**8),
        SGDClassifier(loss="log_loss", max_iter=20, tol=None),
    )
''')

HEALTHY = (
    Program(
        "built-in with frozen vectors",
        "healthy",
        settings={
            "model": {
                "family": "gru",
                "hidden": 12,
                "layers": 2,
                "bidirectional": True,
                "pooling": "last",
                "embedding": {"dim": 10, "mode": "frozen-random", "scale": 0.5},
                "dropout": {"encoder": 0.3, "head": 0.1},
            },
            "training": {
                "epochs": 3,
                "batch_size": 25,
                "optimiser": "sgd",
                "learning_rate": 0.2,
                "momentum": 0.8,
                "clip": 0.02,
                "schedule": {"kind": "step", "every": 1, "gamma": 0.5},
            },
        },
    ),
    Program(
        "built-in attention on factors",
        "healthy",
        settings={
            "data": FACTOR_DATA,
            "model": {
                "family": "transformer",
                "hidden": 12,
                "heads": 3,
                "layers": 1,
                "pooling": "attention",
                "embedding": {"dim": 8, "composition": "factor-concat"},
            },
            "training": {"epochs": 3, "batch_size": 20, "learning_rate": 0.01, "label_smoothing": 0.1},
        },
    ),
    Program(
        "built-in mean of characters",
        "healthy",
        settings={
            "data": {"path": "data", "spelling": "characters", "train_rows": 140},
            "model": {"family": "mean", "initial_scale": 0.5},
            "training": {"epochs": 4, "batch_size": 16, "optimiser": "adamw", "weight_decay": 0.2},
        },
    ),
    Program(
        "gates with a shortcut",
        "healthy",
        GATED,
        "build",
        {"model": {"params": {"blocks": 1, "shortcut": 0.8}}, "training": {"epochs": 3, "batch_size": 20}},
    ),
    Program("one cycle of the rate", "healthy", ONE_CYCLE, settings={"model": {"params": {"turned": 0.2}}}),
    Program("prior, share and temperature", "healthy", PRIORS, settings={"model": {"params": {"temperature": 1.5}}}),
    Program("careful with hashes and folders", "healthy", CAREFUL),
    Program(
        "slots that are the same everywhere",
        "healthy",
        SLOTS,
        "model",
        {"model": {"params": {"sgdclassifier__alpha": 0.003, "hashingvectorizer__norm": "l1"}}},
    ),
)
