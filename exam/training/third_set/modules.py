"""Faults in modules that brittlestar trains."""

from __future__ import annotations

from exam.training.fault import Fault
from exam.training.third_set.wording import GITHUB, MATES, NO_GRADIENT, RATE_LOW, TOO_SHORT

FAULTS = (
    Fault(
        name="state-of-the-start-at-every-place",
        kind="state not handed on",
        report=f"{GITHUB}pytorch/examples/issues/88",
        program="elman_net",
        task="names",
        changes=(
            (
                "        total = torch.zeros_like(state)\n",
                "        start = state\n        total = torch.zeros_like(state)\n",
            ),
            ("            new = cell(words[:, place], state)\n", "            new = cell(words[:, place], start)\n"),
        ),
        family="modules",
        codes=("position.missing", "probe.order-blind", "train.unchanged", "train.capacity", "train.plateau"),
        words=(
            r"order",
            *NO_GRADIENT,
            r"recurren|state",
        ),
        place=(r"order|cell|inner|state|position|layer",),
    ),
    Fault(
        name="mean-over-the-tokens-of-the-batch",
        kind="mean divided by the tokens of the batch",
        report=f"{GITHUB}StarlightSearch/EmbedAnything/issues/210",
        program="elman_net",
        task="moods",
        changes=(("/ lengths.unsqueeze(1)\n        return", "/ lengths.sum()\n        return"),),
        family="modules",
        codes=("padding.batch", "train.batching", "train.short", "train.rate-low", "train.gradient-vanishing"),
        words=(*MATES, *TOO_SHORT, *RATE_LOW, r"mean|divid"),
        place=(r"batch|mean|pool|length|row|layer",),
    ),
    Fault(
        name="recurrent-weights-drawn-wide",
        kind="recurrent weights drawn too wide",
        report=f"{GITHUB}mukul-rathi/deep-learning-tutorials/issues/2",
        program="elman_net",
        task="brackets",
        changes=(("nn.init.orthogonal_(self.inner.weight)", "nn.init.normal_(self.inner.weight)"),),
        family="parameters",
        codes=("train.saturated", "train.gradient-vanishing", "train.gradient-exploding", "train.plateau"),
        words=(
            r"saturat",
            r"gradient.{0,60}(small|vanish|weak|large|explod)",
            r"(weights?|initial|drawn).{0,60}(large|wide|scale)",
        ),
        place=(r"cell|inner|recurrent|tanh|weight|layer",),
    ),
    Fault(
        name="share-to-keep-as-share-to-drop",
        kind="probability to keep given as dropout",
        report=f"{GITHUB}aymericdamien/TensorFlow-Examples/issues/205",
        program="dilated_net",
        task="quotes",
        changes=(("DilatedBlock(channels, dilation, 1 - keep)", "DilatedBlock(channels, dilation, keep)"),),
        family="modules",
        codes=("train.over-regularised", "train.plateau", "train.short", "eval.train-mismatch"),
        words=(r"dropout|dropp", r"regulari[sz]", r"noise"),
        place=(r"dropout|block|regulari|layer",),
    ),
    Fault(
        name="attended-and-thrown-away",
        kind="result of attention not assigned",
        report=f"{GITHUB}lucidrains/audiolm-pytorch/pull/265",
        program="latent_net",
        task="commands",
        both=(
            (
                "        attended = self.attend(self.norm_x(x), context, mask)\n        x = x + attended\n",
                "        attended = self.attend(self.norm_x(x), context, mask) + x\n        x = attended\n",
            ),
        ),
        changes=(("+ x\n        x = attended\n", "+ x\n"),),
        family="modules",
        codes=("train.unchanged", "embedding.unused", "eval.constant", "embedding.frozen", "train.plateau"),
        words=(
            *NO_GRADIENT,
            r"(same|one|constant|single) (answer|prediction|class|probabilit)",
            r"(tokens|inputs?|rows).{0,60}(no effect|not read|unread|ignored|changes? nothing|alike)",
        ),
        place=(r"attend|embed|layer|before|position|token|input|context",),
    ),
    Fault(
        name="nothing-between-two-layers",
        kind="no activation between layers",
        report=f"{GITHUB}nutonomy/nuscenes-devkit/issues/728",
        program="bag_net",
        task="moods",
        both=(
            ("width=32", "width=64"),
            ("nn.Linear(width, 64)", "nn.Linear(width, 256)"),
            ("nn.Linear(64, len(info.classes))", "nn.Linear(256, len(info.classes))"),
        ),
        changes=(("self.drop(self.relu(self.hidden(mean)))", "self.drop(self.hidden(mean))"),),
        family="modules",
        codes=("train.capacity", "train.plateau", "train.short", "probe.combination-brittle"),
        words=(r"activation|non-?linear|\blinear\b", r"capacity|too (small|simple)|cannot (fit|learn|express)"),
        place=(r"hidden|layer|head|\bout\b|activation|model|capacity",),
    ),
    Fault(
        name="one-position-for-all-places",
        kind="position of the length at every place",
        report=f"{GITHUB}explosion/curated-transformers/pull/254",
        program="latent_net",
        task="order",
        changes=(("        return x + self.table[: x.shape[1]]\n", "        return x + self.table[x.shape[1] - 1]\n"),),
        family="modules",
        codes=("position.missing", "probe.order-blind", "padding.batch", "padding.leaks", "train.plateau"),
        words=(r"order|position|place", *MATES),
        place=(r"position|order|place|table|padding",),
    ),
)
