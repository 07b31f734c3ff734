"""Faults in the networks of own loops, in when they stop, and in what answers."""

from __future__ import annotations

from exam.training.fault import Fault
from exam.training.fourth_set.wording import GITHUB, MATES, NOT_AS_TRAINED, TOO_SHORT, UNMOVED, UNREAD

FAULTS = (
    Fault(
        name="attention-sums-to-one-over-the-batch",
        kind="attention divided by the sum over the batch",
        report=f"{GITHUB}allenai/deep_qa/pull/152",
        program="pooling_loop",
        task="verdicts",
        changes=(("weights / weights.sum(dim=1, keepdim=True)\n", "weights / weights.sum()\n"),),
        family="modules",
        codes=("padding.batch", "train.gradient-vanishing", "train.short", "eval.calibration", "train.batching"),
        words=(*MATES, r"attention|normali[sz]|\bsum\b", *TOO_SHORT),
        place=(r"attention|pool|batch|row|weights|layer",),
    ),
    Fault(
        name="mask-padded-on-the-other-side",
        kind="mask moved by the sign in front",
        report=f"{GITHUB}mlfoundations/open_clip/issues/549",
        program="cls_loop",
        task="pairs",
        changes=(("nn.functional.pad(mask, (1, 0), value=True)", "nn.functional.pad(mask, (0, 1), value=True)"),),
        family="modules",
        codes=("padding.leaks", "padding.batch", "padding.side", "probe.token-brittle", "train.plateau"),
        words=(r"mask", r"(last|final|end).{0,40}(token|word|place|position)", *MATES, *UNREAD),
        place=(r"mask|padding|position|token|attention|last",),
    ),
    Fault(
        name="average-with-statistics-of-the-start",
        kind="statistics of averaged weights not gathered",
        report=f"{GITHUB}mosaicml/composer/issues/624",
        program="compiled_loop",
        task="moods",
        changes=(
            ("    update_bn((X[i : i + 64] for i in range(0, len(X), 64)), swa.averaged)\n", ""),
            ("from torch.optim.swa_utils import update_bn\n", ""),
        ),
        family="evaluation",
        codes=("eval.train-mismatch", "eval.checkpoint", "eval.calibration", "eval.constant"),
        words=(*NOT_AS_TRAINED, r"batch.?norm|running|statistics|averag"),
        place=(r"batch.?norm|statistic|running|averag|predict|evaluat|model",),
    ),
    Fault(
        name="a-copy-learns-and-the-first-answers",
        kind="a copy is trained and another answers",
        report=f"{GITHUB}ml-explore/mlx-swift-examples/pull/110",
        program="pooling_loop",
        task="verdicts",
        changes=(
            (
                "    train_model(model, train_loader, dev_loader, cfg)\n",
                "    train_model(copy.deepcopy(model), train_loader, dev_loader, cfg)\n",
            ),
        ),
        family="evaluation",
        codes=("eval.train-mismatch", "train.unchanged", "eval.checkpoint", "eval.below-trivial", "eval.constant"),
        words=(*NOT_AS_TRAINED, *UNMOVED, r"untrained|\bcopy\b"),
        place=(r"predict|answer|model|weight|evaluat|train",),
    ),
    Fault(
        name="only-large-gains-count",
        kind="smallest gain that stops too early",
        report=f"{GITHUB}pykeen/pykeen/issues/1232",
        program="pooling_loop",
        task="verdicts",
        both=(
            (
                '"bs": 32,\n    "lr": 4e-3,\n    "epochs": 14,\n    "patience": 4',
                '"bs": 64,\n    "lr": 2e-4,\n    "epochs": 40,\n    "patience": 2',
            ),
        ),
        changes=(('"min_change": 0.0', '"min_change": 0.05'),),
        family="settings",
        codes=("train.short", "train.rate-low", "train.plateau"),
        words=TOO_SHORT,
        place=(r"epoch|stop|patience|step|train",),
    ),
)
