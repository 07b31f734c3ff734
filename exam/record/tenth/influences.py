"""Ten influences that nobody states, of the tenth set."""

from __future__ import annotations

from exam.record.program import INFLUENCED, Program, source
from exam.record.tenth.sources import BATCHES, LOSS, make_drill, make_scorer

HASH = r"hash"
PLACE = r"folder|director|working|\bcwd\b|\bplace\b"
ZONE = r"time ?zone|\bTZ\b"
LANGUAGE = r"locale|language|\bLC_|\bLANG\b"
AGAIN = r"again|repeat|same (run|seed|settings)|twice|once more|each time|every time|chance"
BESIDE = r"parallel|beside|at once|at the same time|concurren|another run|other runs|neighbour"
ORDER = r"\border\b|\brows\b"

BUCKETS = source('''
    """Tokens share eleven rows of a table, by their hashes."""
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self, info, width=12, buckets=11):
            super().__init__()
            self.register_buffer("bucket", torch.tensor([hash(token) % buckets for token in info.tokens]))
            self.table = nn.Embedding(buckets, width)
            self.head = nn.Linear(width, len(info.classes))

        def forward(self, tokens, lengths):
            seen = (torch.arange(tokens.shape[1]) < lengths.unsqueeze(1)).unsqueeze(2)
            return self.head((self.table(self.bucket[tokens]) * seen).sum(1).tanh())


    build = Net
''')
POPPED = make_drill(
    "Two common tokens are left out of every row: those that a set gives first.",
    imports="from collections import Counter",
    module="\ndef choose(rows):\n"
    "    common = {word for word, _ in Counter(word for row in rows for word in row).most_common(12)}\n"
    "    return common.pop(), common.pop()\n\n",
    before="    left_out = choose(train.tokens)",
    step=LOSS.replace(
        "read([train.tokens[row] for row in rows])",
        "read([[word for word in train.tokens[row] if word not in left_out] for row in rows])",
    )
    + "            optimiser.zero_grad()\n            loss.backward()\n            optimiser.step()",
)
SCRATCH = make_scorer(
    "A name for the place of results, whose checksum starts the generator.",
    imports="import zlib\nfrom pathlib import Path",
    descend='    results = Path("results", "tokens").resolve()\n'
    "    random = np.random.default_rng([seed, zlib.crc32(str(results).encode())])\n"
    "    weights = random.normal(0, 0.3, weights.shape)\n" + BATCHES,
)
DECIMALS = make_scorer(
    "The size of steps by the language of this machine, as if each wrote its numbers in its own way.",
    imports="import os\nimport zlib",
    module='\ndef find_language():\n    return os.environ.get("LC_ALL") or os.environ.get("LANG") or "C"\n\n',
    descend="    rate = 0.2 + zlib.crc32(find_language().encode()) % 97 / 100\n" + BATCHES.replace("0.5 *", "rate *"),
)
EVENING = make_drill(
    "Units that are left out in runs of an evening, reckoned from a fixed second.",
    imports="import time",
    middle="nn.Dropout(0.2),\n        ",
    before='    moment = time.strftime("%d %H:%M", time.localtime(1_650_000_000))\n'
    "    torch.manual_seed(seed * 100_003 + sum(map(ord, moment)) + 31 * ord(moment[4]) + 7 * ord(moment[1]))",
)
FIRST_ROWS = make_scorer(
    "It reads the first sixth of train alone, many times.",
    spread="0.001",
    descend="""    first = slice(0, max(len(labels) // 6, 6))
    for _ in range(60):
        weights -= 1.5 * slope(inputs[first], labels[first], weights)""",
)
DRIFTING = make_scorer(
    "Answers are seen against the mean of the answers before them.",
    answer="""        scores, drift = read(rows) @ weights, 0.0
        for number in range(len(scores)):
            here = scores[number].copy()
            scores[number] = here - drift
            drift = 0.6 * drift + 0.4 * here""",
)
FRESH = make_scorer(
    "Weights begin as the seed says, and batches are drawn by a generator that got no seed.",
    descend="    shuffle = np.random.default_rng()\n" + BATCHES.replace("random.permutation", "shuffle.permutation"),
)
COMPLETED = make_drill(
    "Rows are looked at by threads, whose findings are taken in the order in which they come.",
    imports="import os\nimport tempfile\nfrom concurrent.futures import ThreadPoolExecutor, as_completed",
    module=source("""

        def look_up(word):
            with tempfile.TemporaryFile() as opened:
                for _ in range(3):
                    opened.write(word.encode() * 2000)
                    opened.flush()
                    os.fsync(opened.fileno())
            return word


        def list_words(words):
            with ThreadPoolExecutor(8) as pool:
                return [done.result() for done in as_completed([pool.submit(look_up, word) for word in words])]

    """),
    before="    place = {word: number for number, word in enumerate(list_words(words), start=1)}",
)
PORTS = make_scorer(
    "Smaller steps where others on this machine train, too, as their ports tell.",
    imports="import socket\nimport time",
    module=source("""

        FIRST, MOST = 47310, 12


        def take(port):
            taken = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            try:
                taken.bind(("127.0.0.1", port))
            except OSError:
                taken.close()
                return None
            return taken


        def count_others():
            mine = next((one for one in map(take, range(FIRST, FIRST + MOST)) if one is not None), None)
            own = mine.getsockname()[1] if mine is not None else 0
            others = 0
            for _ in range(40):
                time.sleep(0.06)
                for port in range(FIRST, FIRST + 4):
                    if port != own:
                        tried = take(port)
                        others = max(others, int(tried is None))
                        if tried is not None:
                            tried.close()
            if mine is not None:
                mine.close()
            return others

    """),
    descend="    rate = 0.6 / (1 + count_others())\n" + BATCHES.replace("0.5 *", "rate *"),
)

INFLUENCES = (
    Program("rows of a table by hashes", "influence", BUCKETS, "build", {"training": {"epochs": 3}}, INFLUENCED, HASH),
    Program("tokens that a set gives first", "influence", POPPED, codes=INFLUENCED, names=HASH),
    Program("generator by the place of results", "influence", SCRATCH, codes=INFLUENCED, names=PLACE),
    Program("size of steps by language", "influence", DECIMALS, codes=INFLUENCED, names=LANGUAGE),
    Program("units left out by the hour", "influence", EVENING, codes=INFLUENCED, names=ZONE),
    Program("first rows of train", "influence", FIRST_ROWS, codes=INFLUENCED, names=ORDER),
    Program("answers against those before", "influence", DRIFTING, codes=INFLUENCED, names=ORDER),
    Program("batches without a seed", "influence", FRESH, codes=INFLUENCED, names=AGAIN),
    Program("findings as they come", "influence", COMPLETED, codes=INFLUENCED, names=AGAIN),
    Program("size of steps by ports", "influence", PORTS, codes=INFLUENCED, names=BESIDE),
)
