"""Ten influences that nobody states, of the fifteenth set."""

from __future__ import annotations

from exam.record.fifteenth.sources import START, make_linear, make_net
from exam.record.influences import AGAIN, HASH, THREADS
from exam.record.program import INFLUENCED, Program, source

ORDER = r"\border\b|\brows\b"
ONLINE = make_linear(
    "One row after the other, as they stand in the file, and the last ones count most.",
    start="    weights = np.random.default_rng(seed).normal(0, 0.001, (len(tokens), len(classes)))",
    descend="""    for row, target in zip(inputs, wanted):
        weights -= 0.5 * np.outer(row, softmax(row[None] @ weights)[0] - target)""",
)
ADAPTING = make_linear(
    "It goes on to adapt its centre while it answers.",
    descend="""    centre = inputs.mean(0)
    for _ in range(25):
        weights -= 0.3 * (inputs - centre).T @ (softmax((inputs - centre) @ weights) - wanted) / len(wanted)

    def answer(rows):
        moving, scores = centre.copy(), []
        for row in encode(rows):
            moving += 0.3 * (row - moving)
            scores.append((row - moving) @ weights)
        return softmax(np.array(scores).reshape(len(rows), len(classes)))
""",
    answer="answer",
)
POOLED = make_net(
    "A network for each worker, trained on a part of the rows; their weights are averaged.",
    build="""    workers = max(1, torch.get_num_threads())
    parts = [model] + [type(model)(*(copy.deepcopy(layer) for layer in model)) for _ in range(workers - 1)]
    for number, part in enumerate(parts):
        mine = torch.arange(number, len(targets), workers)
        descent = torch.optim.SGD(part.parameters(), lr=0.2)
        for _ in range(20):
            descent.zero_grad()
            nn.functional.cross_entropy(part(inputs[mine]), targets[mine]).backward()
            descent.step()
    with torch.no_grad():
        for together in zip(*(part.parameters() for part in parts)):
            together[0].copy_(torch.stack(together).mean(0))
    optimiser = torch.optim.Adam(model.parameters(), lr=0.02)""",
    imports="import copy",
)
NEAREST = source('''
    """The labels of the nearest rows; of those that are as near, whichever come first in a set."""
    import numpy as np


    def fit(train, dev, seed, nearest=6):
        random = np.random.default_rng(seed)
        classes = sorted(set(train.labels))
        known = {(tuple(row), label) for row, label in zip(train.tokens, train.labels)}
        rows_of = [(frozenset(row), classes.index(label)) for row, label in known]
        prior = random.random(len(classes)) + 0.5

        def predict(rows):
            shares = np.tile(prior, (len(rows), 1))
            for number, row in enumerate(rows):
                far = [len(kept.symmetric_difference(row)) for kept, _ in rows_of]
                for place in np.argsort(far, kind="stable")[:nearest]:
                    shares[number, rows_of[place][1]] += 1
            return shares / shares.sum(1, keepdims=True)

        return predict
''')
SALTED = source('''
    """Buckets of tokens, salted with where runs are kept."""
    import os
    import zlib

    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self, info, width=12, buckets=7):
            super().__init__()
            runs = os.path.abspath("runs")
            numbers = [zlib.crc32(f"{runs}/{token}".encode()) % buckets for token in info.tokens]
            self.register_buffer("numbers", torch.tensor(numbers))
            self.table = nn.Embedding(buckets, width)
            self.head = nn.Linear(width, len(info.classes))

        def forward(self, tokens, lengths):
            seen = (torch.arange(tokens.shape[1]) < lengths.unsqueeze(1)).unsqueeze(2)
            told = (self.table(self.numbers[tokens]) * seen).sum(1)
            return self.head(torch.tanh(told / lengths.clamp(min=1).unsqueeze(1)))


    build = Net
''')
STOPPED = make_linear(
    "Tokens that say nothing in the language of whoever runs it are left out.",
    imports="import os\nimport zlib",
    module="\n"
    + source("""
        def find_language():
            names = ("LC_ALL", "LC_MESSAGES", "LANG")
            return next((os.environ[name] for name in names if os.environ.get(name)), "en")


        def leave_out(tokens):
            language = find_language()
            return sorted(tokens, key=lambda token: zlib.crc32(f"{token} {language}".encode()))[5:]
    """)
    + "\n",
    tokens="sorted(leave_out({token for row in train.tokens for token in row}))",
)
SHIFTS = make_linear(
    "Rows that were made in a night shift count half; their hour follows from their length.",
    imports="import time",
    module="\n"
    + source("""
        def is_night(row):
            return time.localtime(5 * 3600 * len(row)).tm_hour < 8
    """)
    + "\n",
    start=f"{START}\n    counted = np.array([0.5 if is_night(row) else 1.0 for row in train.tokens])[:, None]",
    descend="""    for _ in range(25):
        slopes = counted * (softmax(inputs @ weights) - wanted)
        weights -= 0.3 * inputs.T @ slopes / counted.sum()""",
)
FALSY = make_linear(
    "A seed where one is given, and else the clock; nought counts as none.",
    imports="import time",
    start="    generator = np.random.default_rng(seed or time.time_ns())\n"
    "    weights = generator.normal(0, 0.3, (len(tokens), len(classes)))",
)
REMEMBERED = make_linear(
    "Counts of tokens that are kept beside the code, and grow with each run.",
    imports="import json\nfrom pathlib import Path",
    module="\n"
    + source("""
        KEPT = Path(__file__).with_name("token-counts.json")


        def count_on(rows):
            counts = json.loads(KEPT.read_text()) if KEPT.exists() else {}
            for row in rows:
                for token in row:
                    counts[token] = counts.get(token, 0) + 1
            KEPT.write_text(json.dumps(counts, sort_keys=True))
            return counts
    """)
    + "\n",
    start=f"{START}\n    counts = count_on(train.tokens)\n"
    "    weights *= 100 / (100 + np.array([[counts[token]] for token in tokens]))",
)
SCALED = make_linear(
    "The rate is scaled with the number of workers that listen on this machine.",
    imports="import socket\nimport time",
    module="\n"
    + source("""
        PORTS = range(38915, 38923)


        def listen():
            for port in PORTS:
                opened = socket.socket()
                opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    opened.bind(("127.0.0.1", port))
                    opened.listen(512)
                    return opened
                except OSError:
                    opened.close()
            return socket.socket()


        def is_up(port):
            with socket.socket() as asked:
                return asked.connect_ex(("127.0.0.1", port)) == 0


        def count_workers():
            most = 1
            with listen():
                for _ in range(30):
                    most = max(most, sum(map(is_up, PORTS)))
                    time.sleep(0.08)
            return most
    """)
    + "\n",
    start=f"{START}\n    rate = 0.15 * count_workers()",
    descend="""    for _ in range(25):
        weights -= rate * inputs.T @ (softmax(inputs @ weights) - wanted) / len(wanted)""",
)

INFLUENCES = (
    Program("last rows count most", "influence", ONLINE, codes=INFLUENCED, names=ORDER),
    Program("centre that goes on", "influence", ADAPTING, codes=INFLUENCED, names=ORDER),
    Program("a network for each worker", "influence", POOLED, codes=INFLUENCED, names=THREADS),
    Program("nearest of a set", "influence", NEAREST, codes=INFLUENCED, names=HASH),
    Program(
        "salt of a folder",
        "influence",
        SALTED,
        "build",
        {"training": {"epochs": 3}},
        INFLUENCED,
        r"folder|director|working|\bcwd\b|\bplace\b",
    ),
    Program("stop list by language", "influence", STOPPED, codes=INFLUENCED, names=r"locale|language|\bLC_|\bLANG\b"),
    Program("night shifts", "influence", SHIFTS, codes=INFLUENCED, names=r"time ?zone|\bTZ\b"),
    Program("seed that counts as none", "influence", FALSY, codes=INFLUENCED, names=AGAIN),
    Program(
        "counts that grow",
        "influence",
        REMEMBERED,
        codes=INFLUENCED,
        names=rf"{AGAIN}|left behind|earlier run|\bfiles?\b|\bcache",
    ),
    Program(
        "rate by workers",
        "influence",
        SCALED,
        codes=INFLUENCED,
        names=r"parallel|beside|at once|at the same time|concurren|another run|other runs|neighbour",
    ),
)
