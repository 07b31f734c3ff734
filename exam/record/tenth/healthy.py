"""Eight healthy programs of the tenth set: each setting has an effect, and nothing else has one."""

from __future__ import annotations

from exam.record.program import FACTOR_DATA, Program, source
from exam.record.tenth.healthy_networks import ATTENTIVE, TIED
from exam.record.tenth.sources import ANSWER, make_drill, make_scorer

PATIENT = make_scorer(
    "Two kinds of decay, a rate that warms up, and answers that are less sure by a temperature.",
    parameters=", lasso=0.02, ridge=0.1, warm=6, temperature=1.4",
    descend="""    step, history = 0, []
    for epoch in range(1, 5):
        for rows in np.array_split(random.permutation(len(labels)), 8):
            step += 1
            rate = 0.6 * min(1.0, step / max(warm, 1))
            weights -= rate * (slope(inputs[rows], labels[rows], weights) + ridge * weights)
            weights = np.sign(weights) * np.maximum(np.abs(weights) - rate * lasso, 0)
        right = (inputs @ weights).argmax(1) == labels
        history.append({"epoch": epoch, "train.accuracy": float(right.mean())})""",
    answer=ANSWER + " / temperature",
).replace("    return predict\n\n\ndef slope", "    return predict, history\n\n\ndef slope")
STEADY = make_drill(
    "Batches from a generator of its own, clipped gradients, a rate that falls, and an average that answers.",
    ", clip=0.3, gamma=0.6, decay=0.7, smoothing=0.1",
    imports="import copy",
    optimiser="torch.optim.AdamW(network.parameters(), lr=0.03, weight_decay=0.05)",
    before="    mean = copy.deepcopy(network)\n"
    "    objective = nn.CrossEntropyLoss(label_smoothing=smoothing)\n"
    "    schedule = torch.optim.lr_scheduler.ExponentialLR(optimiser, gamma=gamma)",
    step="            loss = objective(network(read([train.tokens[row] for row in rows])), labels[rows])\n"
    "            optimiser.zero_grad()\n            loss.backward()\n"
    "            nn.utils.clip_grad_norm_(network.parameters(), clip)\n            optimiser.step()",
    after="        schedule.step()\n        with torch.no_grad():\n"
    "            for kept, now in zip(mean.parameters(), network.parameters()):\n"
    "                kept.mul_(decay).add_(now, alpha=1 - decay)",
    answer="mean",
)
TREES = source('''
    """Trees whose splits the seed draws, on tokens with their places from either end."""
    from sklearn.ensemble import ExtraTreesClassifier
    from sklearn.feature_extraction import DictVectorizer


    def fit(train, dev, seed, trees=15, leaf=2, ends=2):
        def describe(row):
            told = {f"has {word}": 1.0 for word in row}
            told["length"] = len(row) / 10
            for place in range(min(ends, len(row))):
                told[f"{place} {row[place]}"] = told[f"-{place} {row[-1 - place]}"] = 1.0
            return told

        reader = DictVectorizer(sparse=False)
        inputs = reader.fit_transform([describe(row) for row in train.tokens])
        forest = ExtraTreesClassifier(trees, min_samples_leaf=leaf, random_state=seed, n_jobs=1)
        forest.fit(inputs, train.labels)
        return lambda rows: forest.predict_proba(reader.transform([describe(row) for row in rows]))
''')
BUSY = make_scorer(
    "It asks everything about this machine, tells its log, and does as its seed says.",
    imports=source("""
        import datetime
        import hashlib
        import json
        import locale
        import os
        import platform
        import random as chance
        import tempfile
        from concurrent.futures import ThreadPoolExecutor
    """),
    module=source("""

        def weigh(word):
            return int(hashlib.blake2b(word.encode(), digest_size=4).hexdigest(), 16) / 2**32


    """),
    parameters=", pull=0.3",
    descend="""    print(datetime.datetime.now().astimezone().isoformat(), locale.getlocale(), platform.node())
    print(os.getpid(), os.getcwd(), sorted(os.environ)[:3], hash(tuple(words)), {*words})
    chance.seed(0)
    chance.shuffle(list(words))
    with ThreadPoolExecutor(4) as pool:
        pulls = list(pool.map(weigh, words))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, f"pulls-{os.getpid()}.json")
        with open(path, "w") as opened:
            json.dump(dict(sorted(zip(words, pulls), key=lambda pair: hash(pair[0]))), opened)
        with open(path) as opened:
            told = json.load(opened)
    weights[:-1, 0] += pull * np.array([told[word] for word in words])
    own = chance.Random(f"order of {seed}")
    for _ in range(4):
        rows = list(range(len(labels)))
        own.shuffle(rows)
        for start in range(0, len(rows), 25):
            some = rows[start : start + 25]
            weights -= 0.5 * slope(inputs[some], labels[some], weights)""",
)

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
                "pooling": "attention",
                "dropout": {"encoder": 0.3, "head": 0.4},
            },
            "training": {"epochs": 3, "batch_size": 25, "learning_rate": 0.01, "label_smoothing": 0.1},
        },
    ),
    Program(
        "built-in mean of factors",
        "healthy",
        settings={
            "data": FACTOR_DATA,
            "model": {"family": "mean", "embedding": {"dim": 12, "composition": "factor-concat", "scale": 0.5}},
            "training": {
                "epochs": 4,
                "batch_size": 20,
                "optimiser": "sgd",
                "momentum": 0.8,
                "learning_rate": 0.1,
                "weight_decay": 0.01,
                "schedule": {"kind": "step", "every": 1, "gamma": 0.6},
            },
        },
    ),
    Program(
        "attention of one's own",
        "healthy",
        ATTENTIVE,
        "build",
        {
            "model": {"params": {"width": 12, "drop": 0.2}},
            "training": {"epochs": 3, "batch_size": 25, "optimiser": "adamw", "weight_decay": 0.1},
        },
    ),
    Program(
        "tied to its vectors",
        "healthy",
        TIED,
        "build",
        {"model": {"params": {"width": 9, "noise": 0.3}}, "training": {"epochs": 3, "learning_rate": 0.01}},
    ),
    Program(
        "decays and a temperature",
        "healthy",
        PATIENT,
        settings={"model": {"params": {"lasso": 0.01, "temperature": 2.0}}},
    ),
    Program("steady average", "healthy", STEADY, settings={"model": {"params": {"clip": 0.2}}}),
    Program("trees with ends", "healthy", TREES, settings={"model": {"params": {"trees": 11, "ends": 3}}}),
    Program("busy but clean", "healthy", BUSY),
)
