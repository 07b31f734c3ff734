"""Ten influences that nobody states, of the sixth set."""

from __future__ import annotations

from exam.record.program import INFLUENCED, Program, source
from exam.record.sixth.descents import make_counting

HASH = r"hash"
SAME = r"again|repeat|same (run|seed|settings)|twice|nothing else|without (any|a) change|deterministic"

SHINGLES = source('''
    """Pairs of tokens in 64 slots, by a hash that Python draws for each process."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline


    def analyse(row):
        tokens = row.split()
        return [f"slot {hash(pair) % 64}" for pair in zip(tokens, tokens[1:])] or ["nothing"]


    model = make_pipeline(CountVectorizer(analyzer=analyse), LogisticRegression(C=0.5))
''')
BUCKETS = source('''
    """Tokens share a vector with those of the same bucket."""
    import torch
    from torch import nn

    BUCKETS = 5


    class Net(nn.Module):
        def __init__(self, info, width=10):
            super().__init__()
            self.register_buffer("bucket", torch.tensor([hash(token) % BUCKETS for token in info.tokens]))
            self.table = nn.Embedding(BUCKETS, width)
            self.head = nn.Linear(width, len(info.classes))

        def forward(self, tokens, lengths):
            padded = nn.functional.pad(tokens, (0, 1))
            seen = (torch.arange(padded.shape[1]) < lengths.unsqueeze(1)).unsqueeze(2)
            return self.head((self.table(self.bucket[padded]) * seen).sum(1) / lengths.clamp(min=1).unsqueeze(1))


    build = Net
''')
FIRST_ROWS = make_counting(
    "It learns from the rows that stand first, a quarter of them.",
    rows="range(len(train.labels) // 4)",
    noise="0.001",
)
DRIFT = make_counting(
    "It forgets slowly what the rows before looked like, while it answers.",
    answer="""
        level = np.zeros(len(classes))
        for number in range(len(raised)):
            level = 0.7 * level + 0.3 * raised[number]
            raised[number] = raised[number] - 0.8 * level
    """,
)
SHARDS = source('''
    """Vectors in as many shards as there are threads, each with a spread of its own."""
    import os

    import torch
    from torch import nn


    def count_threads():
        return torch.get_num_threads() + int(os.environ.get("OMP_NUM_THREADS") or 1)


    class Net(nn.Module):
        def __init__(self, info, width=12):
            super().__init__()
            self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
            self.head = nn.Linear(width, len(info.classes))
            with torch.no_grad():
                for number, shard in enumerate(self.embedding.weight.chunk(count_threads(), 1)):
                    shard.div_(1 + number)

        def forward(self, tokens, lengths):
            return self.head(self.embedding(tokens).sum(1).tanh() / lengths.clamp(min=1).unsqueeze(1).sqrt())


    build = Net
''')
HELD_BACK = make_counting(
    "Rows are held back by a sum of the name of the file that they would go to, in the folder where one is.",
    imports="import os\nimport zlib",
    rows='[row for row in range(len(train.labels)) if zlib.crc32(os.path.abspath(f"{row}.txt").encode()) % 3]',
    noise="0.02",
)
DECIMALS = make_counting(
    "How numbers are written where one lives decides on a prior.",
    imports="import locale\nimport os\nimport zlib",
    module="""
        def find_place():
            try:
                written = locale.setlocale(locale.LC_NUMERIC, "")
            except locale.Error:
                written = "unknown"
            return f"{written}/{os.environ.get('LC_ALL')}/{os.environ.get('LANG')}"
    """,
    prior="0.5 + zlib.crc32(find_place().encode()) % 97 / 10",
)
NIGHT = source('''
    """Weights are larger the later in the day the example of the manual is, by the clock on the wall."""
    import datetime

    import torch
    from torch import nn

    EXAMPLE = 1_600_000_000


    class Net(nn.Module):
        def __init__(self, info, width=12):
            super().__init__()
            self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
            self.head = nn.Linear(width, len(info.classes))
            now = datetime.datetime.fromtimestamp(EXAMPLE)
            with torch.no_grad():
                self.head.weight.mul_(1 + (60 * now.hour + now.minute) / 1440)

        def forward(self, tokens, lengths):
            return self.head(self.embedding(tokens).sum(1) / lengths.clamp(min=1).unsqueeze(1))


    build = Net
''')
OWN_NOISE = source('''
    """Counts with noise from a generator that nobody gave a seed."""
    import numpy as np
    from sklearn.base import BaseEstimator, TransformerMixin
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline


    class Blur(TransformerMixin, BaseEstimator):
        def fit(self, rows, labels=None):
            self.scale_ = 1 + np.random.default_rng().normal(0, 0.3, rows.shape[1])
            return self

        def transform(self, rows):
            return rows.toarray() * self.scale_


    model = make_pipeline(CountVectorizer(token_pattern=r"\\S+", lowercase=False), Blur(), LogisticRegression(C=0.2))
''')
NEIGHBOURS = make_counting(
    "It trusts its counts less where others train on the same machine, as lists that they leave say.",
    imports="import os\nimport tempfile\nimport time\nfrom pathlib import Path",
    module="""
        LISTS = Path(tempfile.gettempdir()) / "who-trains-here"


        def count_neighbours():
            LISTS.mkdir(exist_ok=True)
            mine = LISTS / f"{os.getpid()}-{time.time_ns()}"
            mine.touch()
            most = 1
            for _ in range(25):
                time.sleep(0.08)
                alive = {one.name for one in LISTS.iterdir() if os.path.exists(f"/proc/{one.name.split('-')[0]}")}
                most = max(most, len(alive))
            mine.unlink()
            return most
    """,
    prior="1.0 * count_neighbours() ** 2",
)

INFLUENCES = (
    Program("pairs in slots", "influence", SHINGLES, "model", codes=INFLUENCED, names=HASH),
    Program("buckets of tokens", "influence", BUCKETS, "build", {"training": {"epochs": 3}}, INFLUENCED, HASH),
    Program("rows that stand first", "influence", FIRST_ROWS, codes=INFLUENCED, names=r"\brows?\b|\border\b"),
    Program("answers that drift", "influence", DRIFT, codes=INFLUENCED, names=r"\brows?\b|\border\b|\bbatch|held.out"),
    Program(
        "shards by threads", "influence", SHARDS, "build", {"training": {"epochs": 3}}, INFLUENCED, r"thread|\bcores?\b"
    ),
    Program("held back by a place", "influence", HELD_BACK, codes=INFLUENCED, names=r"folder|director|\bcwd\b"),
    Program(
        "prior by the way of writing", "influence", DECIMALS, codes=INFLUENCED, names=r"locale|language|\bLC_|\bLANG\b"
    ),
    Program(
        "weights by a wall clock",
        "influence",
        NIGHT,
        "build",
        {"training": {"epochs": 3}},
        INFLUENCED,
        r"time.?zone|\bTZ\b",
    ),
    Program(
        "noise without a seed", "influence", OWN_NOISE, "model", codes=INFLUENCED, names=rf"{SAME}|random|\bdraws?\b"
    ),
    Program(
        "neighbours on a machine",
        "influence",
        NEIGHBOURS,
        codes=INFLUENCED,
        names=rf"{SAME}|parallel|beside|at once|same time|concurren|(an)?other runs?|neighbour",
    ),
)
