"""Eight healthy programs of the fifteenth set: each setting has an effect, and nothing else has one."""

from __future__ import annotations

from exam.record.fifteenth.healthy_networks import ACCUMULATED, ATTENDING, MIXED
from exam.record.program import FACTOR_DATA, Program, source

PROJECTED = source('''
    """Kernels around all rows of train, in a space that the seed draws."""
    import numpy as np


    def fit(train, dev, seed, dimensions=6, reach=1.5):
        tokens = sorted({token for row in train.tokens for token in row})
        place = {token: number for number, token in enumerate(tokens)}
        classes = sorted(set(train.labels))
        space = np.random.default_rng(seed).normal(0, 1, (len(tokens), dimensions))

        def project(rows):
            found = np.zeros((len(rows), dimensions))
            for number, row in enumerate(rows):
                for token in row:
                    if token in place:
                        found[number] += space[place[token]] / np.sqrt(len(row))
            return found

        kept = project(train.tokens)
        wanted = np.array([[float(label == one) for one in classes] for label in train.labels])

        def predict(rows):
            near = np.exp(-((project(rows)[:, None] - kept[None]) ** 2).sum(2) / (2 * reach**2))
            votes = 0.01 + (near[:, :, None] * wanted[None]).sum(1)
            return votes / votes.sum(1, keepdims=True)

        return predict
''')
CAREFUL = source('''
    """It looks at clocks, folders, languages and hashes, keeps files, and lets none of it into its answers."""
    import contextlib
    import hashlib
    import locale
    import os
    import random
    import tempfile
    import time
    from concurrent.futures import ThreadPoolExecutor, as_completed
    from pathlib import Path

    import numpy as np


    @contextlib.contextmanager
    def told(what):
        start = time.perf_counter()
        yield
        print(what, "took", time.perf_counter() - start, "s at", time.strftime("%H:%M"), "in", Path.cwd())


    def find_side(token):
        return 1 if hashlib.sha256(token.encode()).digest()[0] % 2 else -1


    def fit(train, dev, seed, members=6, share=0.8, strength=0.2):
        print("language", locale.getlocale(), "process", os.getpid(), "names", len(os.environ))
        tokens = sorted(set().union(*train.tokens))
        classes = sorted({*train.labels})
        sides = np.array([find_side(token) for token in tokens])
        place = dict(zip(tokens, range(len(tokens))))

        def encode(rows):
            table = np.zeros((len(rows), len(tokens)))
            for number, row in enumerate(rows):
                for token in row:
                    if token in place:
                        table[number, place[token]] += 1
            return table / np.maximum(1, table.sum(1, keepdims=True)) * (3 + sides)

        def softmax(scores):
            raised = np.exp(scores - scores.max(1, keepdims=True))
            return raised / raised.sum(1, keepdims=True)

        inputs = encode(train.tokens)
        wanted = np.array([[float(label == one) for one in classes] for label in train.labels])

        def train_one(member, root):
            generator = random.Random(root)
            rows = sorted(generator.sample(range(len(wanted)), int(share * len(wanted))))
            weights = np.array([[generator.gauss(0, 0.2) for _ in classes] for _ in tokens])
            for _ in range(30):
                slopes = inputs[rows].T @ (softmax(inputs[rows] @ weights) - wanted[rows]) / len(rows)
                weights -= 0.5 * (slopes + strength * weights / len(rows))
            return member, weights

        roots = [f"{seed}/{member}" for member in range(members)]
        with told("training"), ThreadPoolExecutor(3) as pool:
            waiting = [pool.submit(train_one, member, root) for member, root in enumerate(roots)]
            found = dict(one.result() for one in as_completed(waiting))
        with told("keeping"), tempfile.TemporaryDirectory() as folder:
            for member in {*found}:
                np.save(Path(folder) / f"{member:03}.npy", found[member])
            kept = [np.load(path) for path in sorted(Path(folder).glob("*.npy"))]

        return lambda rows: np.mean([softmax(encode(rows) @ weights) for weights in kept], axis=0)
''')
EXTRA = source('''
    """Extremely random trees on weighted tokens and pairs."""
    from sklearn.ensemble import ExtraTreesClassifier
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import Pipeline

    model = Pipeline(
        [
            ("words", TfidfVectorizer(token_pattern=r"\\S+", lowercase=False, ngram_range=(1, 2))),
            ("trees", ExtraTreesClassifier(n_estimators=18, max_features=0.4)),
        ]
    )
''')

HEALTHY = (
    Program(
        "built-in recurrence both ways",
        "healthy",
        settings={
            "model": {
                "family": "gru",
                "hidden": 10,
                "layers": 2,
                "bidirectional": True,
                "pooling": "max",
                "dropout": {"encoder": 0.3},
                "embedding": {"dim": 8, "scale": 0.5},
            },
            "training": {
                "epochs": 3,
                "batch_size": 16,
                "optimiser": "adamw",
                "learning_rate": 0.01,
                "weight_decay": 0.1,
                "clip": 0.05,
                "schedule": {"kind": "step", "every": 1, "gamma": 0.5},
            },
        },
    ),
    Program(
        "built-in mean of factors",
        "healthy",
        settings={
            "data": dict(FACTOR_DATA),
            "model": {
                "family": "mean",
                "embedding": {"composition": "factor-concat", "dim": 12},
                "initial_scale": 1.5,
            },
            "training": {
                "epochs": 4,
                "batch_size": 25,
                "optimiser": "sgd",
                "momentum": 0.5,
                "learning_rate": 0.2,
                "label_smoothing": 0.1,
            },
        },
    ),
    Program(
        "attention with a way past",
        "healthy",
        ATTENDING,
        "build",
        {"model": {"params": {"questions": 3, "dropout": 0.2}}, "training": {"epochs": 3, "batch_size": 20}},
    ),
    Program(
        "sums of gradients",
        "healthy",
        ACCUMULATED,
        settings={"model": {"params": {"rate": 0.2, "accumulate": 3}}},
    ),
    Program("mixtures of rows", "healthy", MIXED, settings={"model": {"params": {"mixture": 0.3}}}),
    Program("kernels in a drawn space", "healthy", PROJECTED, settings={"model": {"params": {"reach": 1.2}}}),
    Program("careful with clocks and folders", "healthy", CAREFUL, settings={"model": {"params": {"members": 5}}}),
    Program(
        "extremely random trees",
        "healthy",
        EXTRA,
        "model",
        {"model": {"params": {"trees__min_samples_leaf": 3, "words__sublinear_tf": True}}},
    ),
)
