"""Faults in what own loops read, compare with and keep: rows, losses, evaluation, answers."""

from __future__ import annotations

from exam.training.fault import Fault
from exam.training.third_set.wording import (
    FEW_ROWS,
    GITHUB,
    MATES,
    NOT_AS_TRAINED,
    TOO_SHORT,
)

CHECKPOINT = (
    r"(best|kept|chosen|selected|saved|restored) (epoch|checkpoint|weights|state)",
    r"(first|early|untrained|worse|another) (epoch|checkpoint)",
    r"(checkpoint|weights).{0,60}(not the best|worse|first epoch|of epoch|early)",
    r"best.{0,60}(never|not).{0,20}(updat|replac|improv|kept)",
)
FAULTS = (
    Fault(
        name="weighted-counts-become-integers",
        kind="features cast to integers",
        report=f"{GITHUB}blei-lab/treeffuser/pull/57",
        program="softmax_loop",
        task="votes",
        both=(
            (
                "    table = table * weights\n    length = np.sqrt((table**2).sum(axis=1, keepdims=True))\n"
                "    return table / np.maximum(length, 1e-9)\n",
                "    scaled = np.zeros_like(table)\n    scaled[:] = table * weights\n"
                "    length = np.sqrt((scaled**2.0).sum(axis=1, keepdims=True))\n"
                "    scaled[:] = scaled / np.maximum(length, 1e-9)\n    return scaled\n",
            ),
        ),
        changes=(
            (
                "    table = np.zeros((len(rows), len(index)))\n",
                "    table = np.zeros((len(rows), len(index)), dtype=int)\n",
            ),
        ),
        family="data",
        codes=("eval.constant", "train.plateau", "token.collision", "train.unchanged", "eval.below-trivial"),
        words=(
            r"integer|\bint\b|dtype|truncat|round",
            r"(inputs?|features?|rows|tokens).{0,60}(zero|alike|the same|lost|no effect|not read|ignored)",
            r"(same|one|constant) (answer|prediction|class|probabilit)",
        ),
        place=(r"feature|input|count|row|token|weight",),
    ),
    Fault(
        name="epoch-counter-cuts-the-batches",
        kind="counter of epochs used for batches",
        report=f"{GITHUB}mesolitica/NLP-Models-Tensorflow/issues/2",
        program="softmax_loop",
        task="votes",
        both=(
            (
                "    for epoch in range(EPOCHS):\n        order = rng.permutation(len(x))\n"
                "        x, y = x[order], y[order]\n",
                "    order = rng.permutation(len(x))\n    x, y = x[order], y[order]\n    for i in range(EPOCHS):\n",
            ),
            ("        for start in range(0, len(x), BATCH):\n", "        for p in range(0, len(x), BATCH):\n"),
            ("            stop = start + BATCH\n", "            stop = p + BATCH\n"),
            ("x[start:stop], y[start:stop])", "x[p:stop], y[p:stop])"),
        ),
        changes=(
            ("            stop = p + BATCH\n", "            stop = i + BATCH\n"),
            ("x[p:stop], y[p:stop])", "x[i:stop], y[i:stop])"),
        ),
        family="data",
        codes=("train.overfit", "train.batching", "data.small", "eval.train-mismatch"),
        words=(*FEW_ROWS, r"batch.{0,60}(same|overlap|repeat|index|slice|cut)"),
        place=(r"row|batch|train|index",),
    ),
    Fault(
        name="trains-on-the-small-share",
        kind="shares of train and validation swapped",
        report=f"{GITHUB}andreariba/DeepCycle/pull/10",
        program="mood_loop",
        task="moods",
        both=(
            (
                "    Xv = prepare(dev.tokens, w2i)\n    Yv = np.array([labels.index(label) for label in dev.labels])\n",
                "    held = int(0.1 * len(X))  # an own validation set\n"
                "    Xv, Yv = X[:held], Y[:held]\n    X, Y = X[held:], Y[held:]\n",
            ),
        ),
        changes=(
            (
                "    Xv, Yv = X[:held], Y[:held]\n    X, Y = X[held:], Y[held:]\n",
                "    Xv, Yv = X[held:], Y[held:]\n    X, Y = X[:held], Y[:held]\n",
            ),
        ),
        family="splits",
        codes=("train.overfit", "data.small", "train.short", "eval.train-mismatch", "train.batching"),
        words=(*FEW_ROWS, *TOO_SHORT),
        place=(r"row|train|split|epoch|step",),
    ),
    Fault(
        name="words-left-out-for-good",
        kind="augmentation in place",
        report=f"{GITHUB}PaddlePaddle/PaddleX/pull/720",
        program="average_loop",
        task="votes",
        both=(("    drop_words: float = 0.1\n", "    drop_words: float = 0.25\n"),),
        changes=(("        row = self.rows[number].copy()\n", "        row = self.rows[number]\n"),),
        family="data",
        codes=("eval.train-mismatch", "train.batching", "train.plateau", "train.diverging"),
        words=(
            r"in place|\bcopy\b",
            r"(rows|words|tokens|inputs|data).{0,60}(lost|erased|wear|overwritten|change|disappear|zero|empty|padding)",
            r"augment|word dropout|dropp",
            r"loss.{0,60}(ris|grow|worse|goes up|increas)",
        ),
        place=(r"row|word|token|data|dropout|epoch|loss",),
    ),
    Fault(
        name="log-likelihood-of-raw-outputs",
        kind="logits taken for log-probabilities",
        report=f"{GITHUB}yanx27/Pointnet_Pointnet2_pytorch/issues/30",
        program="tags_loop",
        task="brackets",
        changes=(("criterion = nn.CrossEntropyLoss()", "criterion = nn.NLLLoss()"),),
        family="loss",
        codes=("train.loss-mismatch", "train.diverging", "train.rate-high", "eval.train-mismatch", "eval.calibration"),
        words=(
            r"negative loss|loss.{0,40}(negative|below (zero|0)|without bound|unbounded|minus)",
            r"(log.?)?softmax.{0,60}(missing|never|not|before|without)",
            r"log.?(probabilit|likelihood)|logits|NLL|normali[sz]",
        ),
        place=(r"loss|criterion|output|logit|head",),
    ),
    Fault(
        name="divergence-with-its-sides-swapped",
        kind="sides of a divergence swapped",
        report=f"{GITHUB}advait/c4a0/issues/35",
        program="lit_loop",
        task="names",
        both=(
            (
                "        return self.loss(self(x), y)\n",
                "        wanted = nn.functional.one_hot(y, self.fc.out_features) * 0.96 + 0.01\n"
                "        return self.divergence(self(x), wanted)\n\n"
                "    def divergence(self, logits, wanted):\n"
                "        kl = nn.functional.kl_div\n"
                '        return kl(logits.log_softmax(1), wanted, reduction="batchmean")\n',
            ),
        ),
        changes=(
            (
                '        return kl(logits.log_softmax(1), wanted, reduction="batchmean")\n',
                '        return kl(wanted, logits.log_softmax(1), reduction="batchmean")\n',
            ),
        ),
        family="loss",
        codes=("train.loss-mismatch", "train.nonfinite", "train.diverging", "eval.train-mismatch"),
        words=(
            r"\bnan\b|not finite|non-?finite|infinit",
            r"(loss|divergence).{0,60}(swap|argument|order|wrong|other way|not what|does not|disagree|match)",
            r"KL|divergence",
        ),
        place=(r"loss|divergence|criterion|output|logit",),
    ),
    Fault(
        name="best-loss-begins-at-zero",
        kind="best value that nothing can beat",
        report=f"{GITHUB}gordicaleksa/pytorch-GAT/pull/12",
        program="lit_loop",
        task="names",
        both=(
            ("len(data.labels), lr=4e-3)", "len(data.labels), lr=4e-4)"),
            (
                "        self.best_score = None\n        self.best_state = None\n",
                "        self.best_score = float('inf')\n        self.best_state = None\n",
            ),
            (
                "if self.best_score is None or loss < self.best_score:\n            self.best_score = loss\n",
                "if self.best_state is None or loss < self.best_score:\n"
                "            self.best_score = min(self.best_score, loss)\n",
            ),
        ),
        changes=(("        self.best_score = float('inf')\n", "        self.best_score = 0.0\n"),),
        family="evaluation",
        codes=("eval.checkpoint", "train.short", "eval.train-mismatch"),
        words=(*CHECKPOINT, *NOT_AS_TRAINED, *TOO_SHORT),
        place=(r"epoch|checkpoint|best|weights|select",),
    ),
    Fault(
        name="never-better-than-itself",
        kind="improvement compared with the value just kept",
        report=f"{GITHUB}fastino-ai/GLiNER2/pull/94",
        program="tags_loop",
        task="brackets",
        both=(
            ('"patience": 5', '"patience": 3'),
            ('"rate": 0.01', '"rate": 0.0003'),
            ('"epochs": 18', '"epochs": 24'),
            (
                "        if self.best is None or value < self.best:\n            self.best = value\n"
                "            self.bad = 0\n            self.weights = copy.deepcopy(model.state_dict())\n"
                "        else:\n            self.bad += 1\n",
                "        known = self.best\n"
                "        if self.best is None or value < self.best:\n            self.best = value\n"
                "            self.weights = copy.deepcopy(model.state_dict())\n"
                "        better = known is None or value < known\n"
                "        self.bad = 0 if better else self.bad + 1\n",
            ),
        ),
        changes=(
            (
                "        better = known is None or value < known\n",
                "        better = known is None or value < self.best\n",
            ),
        ),
        family="settings",
        codes=("train.short", "train.rate-low"),
        words=(*TOO_SHORT, r"early.?stop|patience", r"epochs?.{0,40}(few|only)"),
        place=(r"epoch|stop|patience|step|train",),
    ),
    Fault(
        name="asked-rows-are-shuffled",
        kind="rows shuffled when predicting",
        report=f"{GITHUB}udacity/nd320-c1-emr-data-starter/issues/4",
        program="lit_loop",
        task="names",
        changes=(("batch_size=256, shuffle=False)", "batch_size=256, shuffle=True)"),),
        family="evaluation",
        codes=("eval.train-mismatch", "eval.stochastic", "eval.disagree", "padding.batch", "eval.label-order"),
        words=(*NOT_AS_TRAINED, *MATES, r"shuffl|order", r"(random|differ).{0,60}(twice|again|second|each)"),
        place=(r"predict|answer|row|order|result",),
    ),
    Fault(
        name="answers-written-over-each-other",
        kind="batches of answers overwrite each other",
        report=f"{GITHUB}dipy/dipy/pull/3863",
        program="tags_loop",
        task="brackets",
        changes=(("result[start : start + len(ids)] =", "result[: len(ids)] ="),),
        family="evaluation",
        codes=("eval.train-mismatch", "padding.batch", "eval.disagree", "eval.constant", "eval.stochastic"),
        words=(
            *NOT_AS_TRAINED,
            *MATES,
            r"overwrit",
            r"(same|one|constant|equal|uniform) (answer|prediction|class|probabilit)",
        ),
        place=(r"predict|answer|row|batch|result|probabilit",),
    ),
)
