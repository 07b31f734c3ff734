"""Ten healthy programs of the second set: each setting has an effect, and nothing else has one."""

from __future__ import annotations

from exam.record.program import Program, source
from exam.record.second.healthy_networks import KERNELS, LOADER, TWO_WAYS
from exam.record.second.sources import make_loop, make_ridge

PROJECTED = make_ridge(
    "Tokens projected at random, with a prior of the classes.",
    parameters=", components=6, prior=1.0, steps=25",
    start="    random = np.random.default_rng(seed)\n"
    "    projection = random.normal(0, 1, (len(words), components))\n"
    "    inner = random.normal(0, 0.1, (components, len(classes)))\n"
    "    rows_of = (wanted.sum(0) + prior * np.arange(1, len(classes) + 1)) / (len(wanted) + prior)",
    descend="""    for _ in range(steps):
        shares = rows_of * np.exp(inputs @ projection @ inner)
        shares /= shares.sum(1, keepdims=True)
        inner -= 0.2 * (inputs @ projection).T @ (shares - wanted) / len(wanted)
    weights = projection @ inner""",
)
FOREST = source('''
    """A forest on tokens and pairs of them, whose seed is the one that is given."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.feature_extraction.text import CountVectorizer


    def fit(train, dev, seed, trees=12, depth=4, longest=2):
        def analyse(row):
            sizes = range(1, longest + 1)
            return [" ".join(row[at : at + size]) for size in sizes for at in range(len(row) - size + 1)]

        counts = CountVectorizer(analyzer=analyse).fit(train.tokens)
        forest = RandomForestClassifier(n_estimators=trees, max_depth=depth, random_state=seed, n_jobs=1)
        forest.fit(counts.transform(train.tokens), train.labels)
        return lambda rows: forest.predict_proba(counts.transform(rows))
''')
PLATEAU = make_loop(
    "The rate falls where the loss on train does not.",
    ", factor=0.5, rate=0.3",
    build="    network = nn.Sequential(nn.Linear(len(marks), 10), nn.ReLU(), nn.Linear(10, len(classes)))\n"
    "    optimiser = torch.optim.SGD(network.parameters(), lr=rate)\n"
    "    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(\n"
    "        optimiser, factor=factor, threshold=0.4, patience=0\n    )",
    after="        schedule.step(total)",
)
SUSPECT = source('''
    """It keeps its weights in a file of any name for a while, asks the clock, and works with sets, in order."""
    import os
    import tempfile
    import time
    import uuid
    from concurrent.futures import ThreadPoolExecutor

    import numpy as np


    def fit(train, dev, seed, smoothing=0.5, share=0.9):
        started = time.time()
        random = np.random.default_rng(seed)
        chosen = np.sort(random.permutation(len(train.labels))[: int(share * len(train.labels))])
        classes = sorted(set(train.labels))
        kinds = {word for row in train.tokens for word in row}
        words = sorted(kinds)
        place = {word: number for number, word in enumerate(words)}

        def count(label):
            found = np.full(len(words), smoothing)
            for row in chosen:
                if train.labels[row] == label:
                    for word in {*train.tokens[row]}:
                        found[place[word]] += 1
            return np.log(found / found.sum())

        with ThreadPoolExecutor(4) as pool:
            counts = np.stack(list(pool.map(count, classes)), axis=1)
        path = os.path.join(tempfile.gettempdir(), f"{uuid.uuid4()}.npy")
        np.save(path, counts)
        counts = np.load(path)
        os.remove(path)
        print("took", time.time() - started, "in", os.getcwd(), "under", os.environ.get("LC_ALL"), time.tzname)

        def predict(rows):
            known = [[counts[place[word]] for word in row if word in place] for row in rows]
            scores = np.array([sum(some, 0 * counts[0]) for some in known])
            raised = np.exp(scores - scores.max(1, keepdims=True))
            return raised / raised.sum(1, keepdims=True)

        return predict
''')
PERCEPTRON = source('''
    """A small network of scikit-learn on weighted tokens."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import Pipeline

    warnings.simplefilter("ignore", ConvergenceWarning)
    model = Pipeline(
        [
            ("words", TfidfVectorizer(token_pattern=r"\\S+", lowercase=False)),
            ("network", MLPClassifier(hidden_layer_sizes=(8,), max_iter=15)),
        ]
    )
''')

HEALTHY = (
    Program(
        "built-in attention",
        "healthy",
        settings={
            "model": {"family": "transformer", "hidden": 16, "heads": 2, "layers": 1, "dropout": {"embedding": 0.1}},
            "training": {
                "epochs": 3,
                "batch_size": 20,
                "optimiser": "adamw",
                "weight_decay": 0.1,
                "schedule": {"kind": "cosine", "warmup": 0.5},
            },
        },
    ),
    Program(
        "built-in bag with weights of classes",
        "healthy",
        settings={
            "data": {"path": "data", "train_rows": 150},
            "model": {"family": "bag"},
            "training": {
                "epochs": 4,
                "batch_size": 15,
                "learning_rate": 0.05,
                "label_smoothing": 0.2,
                "class_weights": {"1": 2.5},
                "clip": 0.05,
            },
        },
    ),
    Program(
        "normalised recurrence of one's own",
        "healthy",
        TWO_WAYS,
        "build",
        {"model": {"params": {"dropout": 0.3, "norm": True}}, "training": {"epochs": 3, "batch_size": 20}},
    ),
    Program(
        "kernels in a list",
        "healthy",
        KERNELS,
        "build",
        {"model": {"params": {"kernels": [2, 4], "channels": 6}}, "training": {"epochs": 3, "learning_rate": 0.005}},
    ),
    Program(
        "projection at random", "healthy", PROJECTED, settings={"model": {"params": {"components": 5, "prior": 2.0}}}
    ),
    Program("forest with a seed", "healthy", FOREST, settings={"model": {"params": {"trees": 9}}}),
    Program("rate that falls on plateaus", "healthy", PLATEAU),
    Program("loader with a generator", "healthy", LOADER, settings={"model": {"params": {"average": 0.5}}}),
    Program("suspect but clean", "healthy", SUSPECT),
    Program(
        "perceptron of a pipeline",
        "healthy",
        PERCEPTRON,
        "model",
        {"model": {"params": {"network__alpha": 0.01, "words__sublinear_tf": True}}},
    ),
)
