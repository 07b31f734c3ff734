"""Faults in what own loops read: rows, their tokens and their splits."""

from __future__ import annotations

from exam.training.fault import Fault
from exam.training.fourth_set.wording import FEW_ROWS, GITHUB, TOO_SHORT, UNMOVED, UNREAD

FAULTS = (
    Fault(
        name="every-batch-is-seeded-alike",
        kind="seeded anew for every batch",
        report=f"{GITHUB}deeppavlov/DeepPavlov/pull/9",
        program="perceptron_loop",
        task="tickets",
        both=(
            (
                "        self.random = np.random.RandomState(seed)\n",
                "        self.seed = seed\n        self.random = np.random.RandomState(seed)\n",
            ),
        ),
        changes=(
            (
                "        return self.random.choice(",
                "        self.random = np.random.RandomState(self.seed)  # the same each time\n"
                "        return self.random.choice(",
            ),
        ),
        family="data",
        codes=("train.batching", "train.overfit", "data.small", "eval.train-mismatch"),
        words=(*FEW_ROWS, r"seed|random"),
        place=(r"row|batch|train|sampl|seed|order",),
    ),
    Fault(
        name="always-the-first-batch-of-a-new-iterator",
        kind="next of a fresh iterator",
        report=f"{GITHUB}leohsuofnthu/Pytorch-IterativeFCN/issues/7",
        program="pooling_loop",
        task="verdicts",
        both=(
            (
                'batch_size=cfg["bs"], shuffle=True, collate_fn=collate',
                'batch_size=cfg["bs"], shuffle=False, collate_fn=collate',
            ),
            (
                "        for x, y in train_loader:\n            opt.zero_grad()\n",
                "        batches = iter(train_loader)\n        for _ in range(len(train_loader)):\n"
                "            x, y = next(batches)\n            opt.zero_grad()\n",
            ),
        ),
        changes=(
            ("        batches = iter(train_loader)\n", ""),
            ("            x, y = next(batches)\n", "            x, y = next(iter(train_loader))\n"),
        ),
        family="data",
        codes=("train.batching", "train.overfit", "data.small", "eval.train-mismatch"),
        words=(*FEW_ROWS, r"iterator|first batch|loader"),
        place=(r"row|batch|train|loader|iterator",),
    ),
    Fault(
        name="letters-of-the-text-as-words",
        kind="letters read where words are meant",
        report=f"{GITHUB}apache/mxnet/issues/3670",
        program="vectors_loop",
        task="votes",
        changes=(
            ('    texts = [r.split(" ") for r in raw]\n', "    texts = raw\n"),
            ('clean(" ".join(row)).split(" ") for row in rows]', 'clean(" ".join(row)) for row in rows]'),
        ),
        family="data",
        codes=("token.mismatch", "token.collision", "token.unknown", "train.plateau", "train.capacity"),
        words=(
            r"character|letter|split|tokeni[sz]",
            r"vocabulary|unknown|vectors?.{0,40}(missing|not found|zero)",
            *UNREAD,
        ),
        place=(r"token|word|vocabulary|text|encod|character|vector",),
    ),
    Fault(
        name="front-of-the-text-cut-off",
        kind="rows cut at their front",
        report=f"{GITHUB}csc-training/intro-to-dl/issues/12",
        program="compiled_loop",
        task="commands",
        both=(("MAXLEN = 18\n", "MAXLEN = 9\n"),),
        changes=((', truncating="post"))', "))"),),
        family="data",
        codes=("data.truncation", "token.mismatch", "probe.token-brittle"),
        words=(r"truncat|\bcut", r"(first|front|start|begin).{0,40}(token|word|place|position)", *UNREAD),
        place=(r"token|row|length|word|position|pad|encod",),
    ),
    Fault(
        name="a-row-that-is-empty-after-its-first-reading",
        kind="reading a row empties it",
        report=f"{GITHUB}ManifoldRG/MultiNet/pull/381",
        program="folds_loop",
        task="commands",
        changes=(
            ("        entry = dict(self.shelves[shelf][place])\n", "        entry = self.shelves[shelf][place]\n"),
        ),
        both=(
            (
                '        return entry.pop("tokens"), entry.pop("label")\n',
                '        tokens = list(entry["tokens"])\n        entry["tokens"] = []  # keep memory low\n'
                '        return tokens, entry["label"]\n',
            ),
        ),
        family="data",
        codes=(
            "train.batching",
            "train.short",
            "eval.train-mismatch",
            "train.plateau",
            "train.diverging",
            "data.small",
        ),
        words=(r"in place|\bcopy\b|empt|erase|consum|used up", *FEW_ROWS, *TOO_SHORT),
        place=(r"row|token|data|epoch|train|shelf",),
    ),
    Fault(
        name="place-on-the-shelf-never-moves",
        kind="index within a file never moves",
        report=f"{GITHUB}NVIDIA-Genomics-Research/AtacWorks/pull/208",
        program="folds_loop",
        task="commands",
        both=(("per_shelf=10):", "per_shelf=60):"),),
        changes=(
            (
                "        shelf, place = divmod(number, self.per_shelf)\n",
                "        shelf, place = number // self.per_shelf, 0\n",
            ),
        ),
        family="data",
        codes=("train.batching", "data.small", "train.overfit", "eval.train-mismatch"),
        words=(*FEW_ROWS, r"index"),
        place=(r"row|data|train|index|batch|shelf",),
    ),
    Fault(
        name="folds-swap-their-parts",
        kind="folds give the held-out rows",
        report=f"{GITHUB}JuliaStats/MLBase.jl/pull/5",
        program="folds_loop",
        task="commands",
        both=(
            ("FOLDS = 4\n", "FOLDS = 12\n"),
            ("        committee.append(train", "        committee = [*committee, train"),
            ("features, classes, rng))\n\n    def", "features, classes, rng)][-4:]\n\n    def"),
            ("        return total / FOLDS\n", "        return total / len(committee)\n"),
        ),
        changes=(
            (
                "        yield [i for i in order if i not in inside], held_out\n",
                "        yield held_out, [i for i in order if i not in inside]\n",
            ),
        ),
        family="splits",
        codes=("data.small", "train.overfit", "train.short", "eval.train-mismatch", "train.batching"),
        words=(*FEW_ROWS, *TOO_SHORT, r"fold|held.?out|split"),
        place=(r"row|fold|train|split",),
    ),
    Fault(
        name="no-word-finds-its-vector",
        kind="words without their vectors",
        report=f"{GITHUB}allenai/deep_qa/pull/55",
        program="vectors_loop",
        task="tickets",
        both=(('{"epochs": 10, "lr": 5e-3, "tune": True}', '{"epochs": 10, "lr": 5e-3, "tune": False}'),),
        changes=(
            (
                '        word, *values = line.decode("utf-8").split(" ")\n',
                '        word, *values = line.split(b" ")\n',
            ),
        ),
        family="data",
        codes=(
            "eval.constant",
            "embedding.unused",
            "embedding.frozen",
            "embedding.collapsed",
            "train.plateau",
            "token.collision",
        ),
        words=(
            *UNREAD,
            r"(vectors?|embeddings?).{0,60}(zero|same|equal|identical|missing|not found)",
            *UNMOVED,
        ),
        place=(r"embedding|vector|word|token|\bemb\b|input",),
    ),
)
