"""Ten influences that nobody states."""

from __future__ import annotations

from exam.record.program import INFLUENCED, Program, source

COUNTED = """
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
"""
DESCENT = """    for _ in range(40):
        weights -= 0.5 * shares.T @ (softmax(shares @ weights) - wanted) / len(wanted)
    return lambda rows: softmax(count(rows) @ weights)
"""
WORDS = """    words = sorted({word for row in train.tokens for word in row})
    place = {word: number for number, word in enumerate(words)}
    classes = sorted(set(train.labels))
"""


def regression(title: str, imports: str, before: str, weights: str, words: str = WORDS, descent: str = DESCENT) -> str:
    """A softmax regression on shares of tokens, with its first `weights` and what stands `before`."""
    head = f'"""{title}"""\n{imports}import numpy as np\n\n\n{before}def fit(train, dev, seed):\n'
    return head + words + COUNTED + weights + descent


SET_ORDER = regression(
    "Columns in the order of a set.",
    "",
    "",
    "    weights = np.random.default_rng(seed).normal(0, 0.3, (len(words), len(classes)))\n",
    words=WORDS.replace("sorted({word for row in train.tokens for word in row})", "list(set(sum(train.tokens, [])))"),
)
BUCKETS = source('''
    """Vectors of hashed tokens."""
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self, info, width=16):
            super().__init__()
            numbers = [hash(token) % 7 for token in info.tokens]
            self.register_buffer("numbers", torch.tensor(numbers))
            self.table = nn.Embedding(7, width)
            self.head = nn.Linear(width, len(info.classes))

        def forward(self, tokens, lengths):
            seen = (torch.arange(tokens.shape[1]) < lengths.unsqueeze(1)).unsqueeze(2)
            total = (self.table(self.numbers[tokens]) * seen).sum(1)
            return self.head(total / lengths.clamp(min=1).unsqueeze(1))


    build = Net
''')
SHARDS = source('''
    """Gradients of one shard for each thread, one after the other."""
    import numpy as np
    import torch


    def fit(train, dev, seed):
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
        weights = np.random.default_rng(seed).normal(0, 0.3, (len(words), len(classes)))
        for _ in range(40):
            for rows in np.array_split(np.arange(len(wanted)), torch.get_num_threads()):
                weights -= 0.5 * shares[rows].T @ (softmax(shares[rows] @ weights) - wanted[rows]) / len(rows)
        return lambda rows: softmax(count(rows) @ weights)
''')
REDUCTION = source('''
    """Weights drawn around the mean of a large table."""
    import torch
    from torch import nn


    def fit(train, dev, seed):
        torch.manual_seed(seed)
        words = sorted({word for row in train.tokens for word in row})
        place = {word: number for number, word in enumerate(words)}
        classes = sorted(set(train.labels))

        def count(rows):
            table = torch.zeros(len(rows), len(words))
            for number, row in enumerate(rows):
                for word in row:
                    if word in place:
                        table[number, place[word]] += 1 / len(row)
            return table

        counts, labels = count(train.tokens), torch.tensor([classes.index(one) for one in train.labels])
        centre = (torch.rand(3_000_000) * 1000).sum() / 1e7
        weights = (centre + torch.randn(len(words), len(classes))).requires_grad_()
        optimiser = torch.optim.SGD([weights], lr=0.5)
        for _ in range(40):
            optimiser.zero_grad()
            nn.functional.cross_entropy(counts @ weights, labels).backward()
            optimiser.step()

        def predict(rows):
            with torch.no_grad():
                return (count(rows) @ weights).softmax(1).numpy()

        return predict
''')
FOLDER = regression(
    "Weights that depend on the experiment's folder.",
    "import zlib\nfrom pathlib import Path\n\n",
    "",
    "    experiment = zlib.crc32(str(Path.cwd()).encode())\n"
    "    weights = np.random.default_rng([seed, experiment]).normal(0, 0.3, (len(words), len(classes)))\n",
)
LOCALE = regression(
    "Words in the order of a table that is kept by language.",
    "import os\nimport zlib\n\n",
    'LANGUAGE = os.environ.get("LC_ALL") or os.environ.get("LC_CTYPE") or os.environ.get("LANG") or "C"\n\n\n'
    "def find_place(word):\n    return zlib.crc32((LANGUAGE + word).encode())\n\n\n",
    "    weights = np.random.default_rng(seed).normal(0, 0.3, (len(words), len(classes)))\n",
    words=WORDS.replace("for word in row})", "for word in row}, key=find_place)"),
)
ZONE = regression(
    "Rows of an hour each; those of the night count half.",
    "from datetime import datetime\n\n",
    "",
    "    hours = [datetime.fromtimestamp(1_700_000_000 + 3600 * number).hour for number in range(len(wanted))]\n"
    "    shares *= np.where(np.array(hours) < 8, 0.5, 1.0)[:, None]\n"
    "    weights = np.random.default_rng(seed).normal(0, 0.3, (len(words), len(classes)))\n",
)
UNSEEDED = regression(
    "Weights from a generator of the module.",
    "",
    "GENERATOR = np.random.default_rng()\n\n\n",
    "    weights = GENERATOR.normal(0, 0.3, (len(words), len(classes)))\n",
)
CLOCK = regression(
    "Weights that depend on when they are drawn.",
    "import time\n\n",
    "",
    "    weights = np.random.default_rng([seed, time.time_ns()]).normal(0, 0.3, (len(words), len(classes)))\n",
)
NEIGHBOURS = regression(
    "Fewer steps where others train at the same time.",
    "import os\nimport tempfile\nimport time\nfrom pathlib import Path\n\n",
    source("""
        PLACE = Path(tempfile.gettempdir()) / "trainers-of-shares"


        def count_trainers():
            PLACE.mkdir(exist_ok=True)
            mine = PLACE / str(os.getpid())
            mine.touch()
            most = 0
            for _ in range(40):
                time.sleep(0.05)
                alive = [one for one in PLACE.iterdir() if Path("/proc", one.name).exists()]
                most = max(most, len(alive))
            mine.unlink(missing_ok=True)
            return most


    """).rstrip("\n")
    + "\n\n\n",
    "    steps = 40 // count_trainers()\n"
    "    weights = np.random.default_rng(seed).normal(0, 0.3, (len(words), len(classes)))\n",
    descent=DESCENT.replace("range(40)", "range(steps)"),
)

HASH = r"\bhash"
THREADS = r"thread"
AGAIN = r"same (run|seed|setting)|\bagain\b|twice|repeat|nothing (else )?changed|random|generator|draw|clock|\btime\b"
"""What is said where the same run gives something else, whatever is held fixed."""

INFLUENCES = (
    Program("columns in the order of a set", "influence", SET_ORDER, codes=INFLUENCED, names=HASH),
    Program(
        "hashed tokens",
        "influence",
        BUCKETS,
        "build",
        {"training": {"epochs": 3}},
        INFLUENCED,
        HASH,
    ),
    Program("a shard for each thread", "influence", SHARDS, codes=INFLUENCED, names=THREADS),
    Program("a sum by several threads", "influence", REDUCTION, codes=INFLUENCED, names=THREADS),
    Program(
        "weights by folder", "influence", FOLDER, codes=INFLUENCED, names=r"folder|director|working|\bcwd\b|\bplace\b"
    ),
    Program("order by language", "influence", LOCALE, codes=INFLUENCED, names=r"locale|language|\bLC_|\bLANG\b"),
    Program("night by time zone", "influence", ZONE, codes=INFLUENCED, names=r"time ?zone|\bTZ\b"),
    Program("generator without a seed", "influence", UNSEEDED, codes=INFLUENCED, names=AGAIN),
    Program("weights by the clock", "influence", CLOCK, codes=INFLUENCED, names=AGAIN),
    Program(
        "steps by neighbours",
        "influence",
        NEIGHBOURS,
        codes=INFLUENCED,
        names=r"parallel|beside|at once|at the same time|concurren|another run|other runs|neighbour",
    ),
)
