"""Ten influences that nobody states, of the second set."""

from __future__ import annotations

from exam.record.influences import AGAIN, HASH
from exam.record.program import INFLUENCED, Program, source
from exam.record.second.sources import START, make_loop, make_ridge

TIES = make_ridge(
    "The most frequent tokens; those that are as frequent come in the order of a set.",
    imports="from collections import Counter",
    words="choose_words(train.tokens)",
    module="\ndef choose_words(rows):\n"
    "    counts = Counter(word for row in rows for word in row)\n"
    "    kinds = set(counts)\n"
    "    return sorted(kinds, key=lambda word: counts[word] // 20)[-9:]\n\n",
)
NAMED_STREAM = make_ridge(
    "A generator for each name of a stream, by the hash of the name.",
    module='\ndef find_stream(name, seed):\n    return abs(hash(f"{name}/{seed}")) % 2**32\n\n',
    start=START.replace("default_rng(seed)", 'default_rng(find_stream("weights", seed))'),
)
REFERENCE = source('''
    """How far tokens are from those that come first in a set."""
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self, info, width=16):
            super().__init__()
            self.embedding = nn.Embedding(info.vocabulary_size, width, padding_idx=info.pad_id)
            special = (info.pad_id, info.unknown_id)
            known = {token for number, token in enumerate(info.tokens) if number not in special}
            self.reference = [info.tokens.index(token) for token in [*known][:5]]
            self.head = nn.Linear(width, len(info.classes))

        def forward(self, tokens, lengths):
            near = (self.embedding(tokens) * self.embedding.weight[self.reference].mean(0)).sum(1)
            return self.head(torch.tanh(near / lengths.clamp(min=1).unsqueeze(1)))


    build = Net
''')
RELATIVE = make_ridge(
    "A name for the experiment, made of where its code lies from here.",
    imports="import hashlib\nimport os",
    start="    name = hashlib.sha1(os.path.relpath(__file__).encode()).digest()\n"
    + START.replace("default_rng(seed)", "default_rng([seed, *name[:4]])"),
)
COUNTRY = make_ridge(
    "Tokens in the order of a table for each country.",
    imports="import hashlib\nimport locale",
    module='\ndef find_country():\n    try:\n        return locale.setlocale(locale.LC_ALL, "")\n'
    '    except locale.Error:\n        return "elsewhere"\n\n',
    words="sorted(\n"
    "        {word for row in train.tokens for word in row},\n"
    "        key=lambda word: hashlib.sha1((find_country() + word).encode()).hexdigest(),\n"
    "    )",
)
MIDNIGHT = make_loop(
    "Batches from a generator that is seeded by the first second of a day.",
    imports="import time",
    build="    network = nn.Sequential(nn.Linear(len(marks), 10), nn.ReLU(), nn.Linear(10, len(classes)))\n"
    "    optimiser = torch.optim.Adam(network.parameters(), lr=0.01)\n"
    "    torch.manual_seed(seed + int(time.mktime((2021, 3, 1, 0, 0, 0, 0, 0, 0))))",
)
BUDGET = make_ridge(
    "As many steps as a twentieth of a second has room for.",
    imports="import time",
    descend="""    end = time.perf_counter() + 0.05
    while time.perf_counter() < end:
        shares = np.exp(inputs @ weights)
        shares /= shares.sum(1, keepdims=True)
        weights -= 0.4 * inputs.T @ (shares - wanted) / len(wanted)""",
)
CONTINUED = make_ridge(
    "It goes on from the weights that it left the last time.",
    imports="import tempfile\nfrom pathlib import Path",
    module='\nLAST = Path(tempfile.gettempdir()) / "weights-of-the-last-time.npy"\n\n',
    start=f"{START}\n    if LAST.exists():\n        weights[:, 0] += np.load(LAST).mean()",
    descend="""    for _ in range(30):
        shares = np.exp(inputs @ weights)
        shares /= shares.sum(1, keepdims=True)
        weights -= 0.4 * inputs.T @ (shares - wanted) / len(wanted)
    np.save(LAST, np.abs(weights))""",
)
WORKPLACE = make_loop(
    "Weights by the name of a temporary folder.",
    imports="import tempfile\nimport zlib",
    build="    with tempfile.TemporaryDirectory() as folder:\n"
    "        torch.manual_seed(seed + zlib.crc32(folder.encode()))\n"
    "    network = nn.Sequential(nn.Linear(len(marks), 10), nn.ReLU(), nn.Linear(10, len(classes)))\n"
    "    optimiser = torch.optim.SGD(network.parameters(), lr=0.3)",
)
SLOTS = make_ridge(
    "Smaller steps where others hold a slot of this machine, too.",
    imports="import fcntl\nimport tempfile\nimport time\nfrom pathlib import Path",
    module="\n"
    + source("""
        PLACE = Path(tempfile.gettempdir()) / "slots-of-this-machine"


        def is_taken(path):
            with path.open("a") as opened:
                try:
                    fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    return True
            return False


        def count_holders():
            PLACE.mkdir(exist_ok=True)
            for slot in range(16):
                mine = (PLACE / f"slot-{slot}").open("a")
                try:
                    fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except OSError:
                    mine.close()
            most = 1
            for _ in range(30):
                time.sleep(0.07)
                most = max(most, sum(is_taken(PLACE / f"slot-{slot}") for slot in range(4)))
            mine.close()
            return most
    """)
    + "\n",
    start=f"{START}\n    rate = 0.4 / count_holders()",
    descend="""    for _ in range(30):
        shares = np.exp(inputs @ weights)
        shares /= shares.sum(1, keepdims=True)
        weights -= rate * inputs.T @ (shares - wanted) / len(wanted)""",
)

INFLUENCES = (
    Program("ties in the order of a set", "influence", TIES, codes=INFLUENCED, names=HASH),
    Program("stream by the hash of its name", "influence", NAMED_STREAM, codes=INFLUENCED, names=HASH),
    Program("reference from a set", "influence", REFERENCE, "build", {"training": {"epochs": 3}}, INFLUENCED, HASH),
    Program(
        "name by a relative path",
        "influence",
        RELATIVE,
        codes=INFLUENCED,
        names=r"folder|director|working|\bcwd\b|\bplace\b",
    ),
    Program("order by country", "influence", COUNTRY, codes=INFLUENCED, names=r"locale|language|\bLC_|\bLANG\b"),
    Program("batches by midnight", "influence", MIDNIGHT, codes=INFLUENCED, names=r"time ?zone|\bTZ\b"),
    Program("steps by a budget of time", "influence", BUDGET, codes=INFLUENCED, names=AGAIN),
    Program(
        "weights of the last time",
        "influence",
        CONTINUED,
        codes=INFLUENCED,
        names=rf"{AGAIN}|left behind|earlier run|\bfiles?\b|\bcache",
    ),
    Program("weights by a temporary folder", "influence", WORKPLACE, codes=INFLUENCED, names=AGAIN),
    Program(
        "steps by slots",
        "influence",
        SLOTS,
        codes=INFLUENCED,
        names=r"parallel|beside|at once|at the same time|concurren|another run|other runs|neighbour",
    ),
)
