"""Faults in how own loops step: gradients, optimisers and rates."""

from __future__ import annotations

from exam.training.fault import Fault
from exam.training.third_set.wording import GITHUB, RATE_HIGH, RATE_LOW, TOO_SHORT, UNMOVED

FAULTS = (
    Fault(
        name="gradient-not-divided-by-the-rows",
        kind="gradient by hand not divided by the rows",
        report=f"{GITHUB}eriklindernoren/ML-From-Scratch/issues/124",
        program="softmax_loop",
        task="votes",
        both=(("BATCH = 25\n", "BATCH = 400\n"), ("EPOCHS = 30\n", "EPOCHS = 100\n")),
        changes=(
            (
                "    n = len(x)\n    return x.T @ delta / n + PENALTY * w, delta.sum(axis=0) / n\n",
                "    return x.T @ delta + PENALTY * w, delta.sum(axis=0)\n",
            ),
        ),
        family="optimiser",
        codes=("train.rate-high", "train.diverging", "train.gradient-exploding", "train.overfit"),
        words=(*RATE_HIGH, r"gradient.{0,60}(sum|not divided|not averaged|mean|number of rows)", r"overfit"),
        place=(r"rate|gradient|step|batch|loss",),
    ),
    Fault(
        name="momentum-on-the-wrong-term",
        kind="velocity never decays",
        report=f"{GITHUB}ooples/AiDotNet/issues/2008",
        program="softmax_loop",
        task="votes",
        changes=(
            ("speed_w = MOMENTUM * speed_w + grad_w", "speed_w = speed_w + MOMENTUM * grad_w"),
            ("speed_b = MOMENTUM * speed_b + grad_b", "speed_b = speed_b + MOMENTUM * grad_b"),
        ),
        family="optimiser",
        codes=("train.optimiser", "train.rate-high", "train.diverging", "train.gradient-accumulating"),
        words=(
            *RATE_HIGH,
            r"momentum|velocity",
            r"(gradients?|updates?|steps?).{0,60}(accumulat|add up|pile|sum|grow|never (cleared|decay|forgotten))",
        ),
        place=(r"momentum|velocity|optimi[sz]er|gradient|step|rate",),
    ),
    Fault(
        name="third-argument-is-not-the-decay",
        kind="decay given as momentum",
        report=f"{GITHUB}YudeWang/SEAM/issues/21",
        program="average_loop",
        task="votes",
        both=(("    epochs: int = 20\n", "    epochs: int = 12\n"),),
        changes=(("options.rate, options.momentum, weight_decay=options.decay)", "options.rate, options.decay)"),),
        family="optimiser",
        codes=("train.optimiser", "train.rate-low", "train.short"),
        words=(*RATE_LOW, *TOO_SHORT, r"momentum", r"weight.?decay"),
        place=(r"optimi[sz]er|momentum|rate|step|SGD",),
    ),
    Fault(
        name="decay-taken-for-the-rate",
        kind="decay given as the rate",
        report=f"{GITHUB}offbit/evo-design/issues/3",
        program="lit_loop",
        task="names",
        both=(
            (
                "    def __init__(self, chars, classes, lr=3e-3, dropout=0.2):\n",
                "    def __init__(self, chars, classes, lr=3e-3, weight_decay=1e-5, dropout=0.2):\n",
            ),
            ("        self.lr = lr\n", "        self.lr, self.weight_decay = lr, weight_decay\n"),
            ("Adam(self.parameters(), lr=self.lr)", "Adam(self.parameters(), lr=self.lr, weight_decay=1e-5)"),
        ),
        changes=(("lr=self.lr, weight_decay=1e-5)", "lr=self.weight_decay)"),),
        family="optimiser",
        codes=("train.rate-low", "train.short", "train.optimiser", "train.unchanged"),
        words=(*RATE_LOW, *TOO_SHORT),
        place=(r"learning.?rate|\blr\b|\brate\b|optimi[sz]er|weights|step|epoch",),
    ),
    Fault(
        name="rate-that-is-asked-for-is-not-used",
        kind="rate fixed inside the optimiser",
        report=f"{GITHUB}kelvinxu/arctic-captions/issues/34",
        program="mood_loop",
        task="moods",
        both=(
            (
                "def accuracy(net, X, Y):\n",
                "def adam(net, lr0=1e-4):\n    return torch.optim.Adam(net.parameters(), lr=lr0)\n\n\n"
                "def accuracy(net, X, Y):\n",
            ),
            ("opt = torch.optim.Adam(net.parameters(), lr=5e-3)", "opt = adam(net, 5e-3)"),
        ),
        changes=(
            (
                "    return torch.optim.Adam(net.parameters(), lr=lr0)\n",
                "    lr0 = 1e-4\n    return torch.optim.Adam(net.parameters(), lr=lr0)\n",
            ),
        ),
        family="optimiser",
        codes=("train.rate-low", "train.short", "train.optimiser"),
        words=(*RATE_LOW, *TOO_SHORT),
        place=(r"learning.?rate|\blr\b|\brate\b|optimi[sz]er|weights|step|epoch",),
    ),
    Fault(
        name="schedule-gives-the-rate-not-a-factor",
        kind="rate multiplied twice",
        report=f"{GITHUB}lhoyer/MIC/issues/60",
        program="warmup_loop",
        task="quotes",
        changes=(
            ("            return (step + 1) / warmup\n", "            return peak * (step + 1) / warmup\n"),
            ("        return max(0.02, (total", "        return peak * max(0.02, (total"),
        ),
        family="settings",
        codes=("train.rate-low", "train.short", "train.plateau", "train.unchanged"),
        words=(*RATE_LOW, *TOO_SHORT, r"schedule"),
        place=(r"learning.?rate|\blr\b|\brate\b|schedule|weights|step|epoch",),
    ),
    Fault(
        name="warm-up-starts-again-every-epoch",
        kind="warm-up begins again every epoch",
        report=f"{GITHUB}Vision-CAIR/MiniGPT-4/pull/263",
        program="warmup_loop",
        task="quotes",
        both=(
            ("peak, warmup=60, total=steps)", "peak, warmup=100, total=steps)"),
            ("accumulate, peak = 15, 16, 2, 4e-3", "accumulate, peak = 20, 64, 2, 6e-3"),
        ),
        changes=(
            (
                "    schedule = make_schedule(optimizer, peak, warmup=100, total=steps)\n\n"
                "    for epoch in range(epochs):\n",
                "    for epoch in range(epochs):\n"
                "        schedule = make_schedule(optimizer, peak, warmup=100, total=steps)\n",
            ),
        ),
        family="settings",
        codes=("train.rate-low", "train.short", "train.plateau"),
        words=(*RATE_LOW, *TOO_SHORT, r"warm", r"schedule"),
        place=(r"learning.?rate|\blr\b|\brate\b|schedule|warm|step|epoch",),
    ),
    Fault(
        name="steps-on-all-batches-but-the-right-ones",
        kind="condition of accumulation inverted",
        report=f"{GITHUB}eriklindernoren/PyTorch-YOLOv3/issues/325",
        program="warmup_loop",
        task="quotes",
        both=(("accumulate, peak = 15, 16, 2, 4e-3", "accumulate, peak = 15, 32, 1, 4e-3"),),
        changes=(("            if number % accumulate == 0:\n", "            if number % accumulate:\n"),),
        family="optimiser",
        codes=("train.unchanged", "train.gradient-accumulating", "train.plateau", "train.short"),
        words=(*UNMOVED, r"accumulat"),
        place=(r"step|weight|parameter|optimi[sz]er|gradient|batch",),
    ),
    Fault(
        name="gathers-more-batches-than-there-are",
        kind="more batches gathered than an epoch has",
        report=f"{GITHUB}huggingface/transformers/issues/2995",
        program="mood_loop",
        task="moods",
        both=(
            ("EPOCHS = 12\n", "EPOCHS = 12\nACC = 2\n"),
            (
                "            opt.zero_grad()\n            loss = loss_fn(net(xb), yb)\n            loss.backward()\n"
                "            nn.utils.clip_grad_norm_(net.parameters(), 1.0)\n            opt.step()\n",
                "            loss = loss_fn(net(xb), yb)\n            (loss / ACC).backward()\n"
                "            if (i // BS + 1) % ACC == 0:\n"
                "                nn.utils.clip_grad_norm_(net.parameters(), 1.0)\n"
                "                opt.step()\n                opt.zero_grad()\n",
            ),
        ),
        changes=(("ACC = 2\n", "ACC = 64\n"),),
        family="settings",
        codes=("train.unchanged", "train.gradient-accumulating", "train.plateau", "train.short", "train.batching"),
        words=(*UNMOVED, r"accumulat"),
        place=(r"step|weight|parameter|optimi[sz]er|gradient|batch|epoch",),
    ),
    Fault(
        name="clips-what-is-still-scaled",
        kind="gradients clipped before they are unscaled",
        report=f"{GITHUB}victorchall/EveryDream2trainer/pull/175",
        program="mood_loop",
        task="moods",
        both=(
            ("EPOCHS = 12\n", "EPOCHS = 16\nSCALE = 1024.0  # for half precision\n"),
            ("torch.optim.Adam(net.parameters(), lr=5e-3)", "torch.optim.SGD(net.parameters(), lr=0.2, momentum=0.9)"),
            (
                "            loss.backward()\n            nn.utils.clip_grad_norm_(net.parameters(), 1.0)\n",
                "            (loss * SCALE).backward()\n"
                "            for p in net.parameters():\n                p.grad.div_(SCALE)\n"
                "            nn.utils.clip_grad_norm_(net.parameters(), 1.0)\n",
            ),
        ),
        changes=(
            (
                "            for p in net.parameters():\n                p.grad.div_(SCALE)\n"
                "            nn.utils.clip_grad_norm_(net.parameters(), 1.0)\n",
                "            nn.utils.clip_grad_norm_(net.parameters(), 1.0)\n"
                "            for p in net.parameters():\n                p.grad.div_(SCALE)\n",
            ),
        ),
        family="optimiser",
        codes=("train.clip-bound", "train.rate-low", "train.short", "train.plateau", "train.unchanged"),
        words=(*RATE_LOW, *TOO_SHORT, r"clip", r"scal"),
        place=(r"gradient|clip|rate|step|norm|weights",),
    ),
    Fault(
        name="encoder-frozen-after-its-first-step",
        kind="gradient switched off again after a step",
        report=f"{GITHUB}Lu-Feng/SuperVLAD/issues/1",
        program="tags_loop",
        task="brackets",
        both=(
            (
                '    optimizer = torch.optim.Adam(model.parameters(), lr=SETTINGS["rate"])\n',
                "    encoder = [*model.look_up.parameters(), *model.lstm.parameters()]\n"
                '    optimizer = torch.optim.Adam(model.head.parameters(), lr=SETTINGS["rate"])\n'
                '    encoder_optimizer = torch.optim.Adam(encoder, lr=SETTINGS["rate"])\n',
            ),
            (
                "            optimizer.zero_grad()\n            loss.backward()\n            optimizer.step()\n",
                "            optimizer.zero_grad()\n            encoder_optimizer.zero_grad()\n"
                "            loss.backward()\n            optimizer.step()\n            encoder_optimizer.step()\n",
            ),
        ),
        changes=(
            (
                "            encoder_optimizer.step()\n",
                "            for weight in encoder:\n                weight.requires_grad = True\n"
                "            encoder_optimizer.step()\n"
                "            for weight in encoder:\n                weight.requires_grad = False\n",
            ),
        ),
        family="parameters",
        codes=("train.unchanged", "embedding.frozen", "train.capacity", "train.plateau"),
        words=(*UNMOVED, r"requires.?grad|gradient.{0,30}(off|none|missing|without)"),
        place=(r"encoder|lstm|look.?up|embedding|weight|parameter|layer",),
    ),
)
