"""More sealed faults in modules that brittlestar trains."""

from __future__ import annotations

from exam.training.fault import Fault

GITHUB = "https://github.com/"
UNMOVED = (
    r"(weight|parameter|layer)s?.{0,60}(never (move|change|train)|do not (move|change)|not move)",
    r"(weight|parameter|layer)s?.{0,60}(unchanged|not trained|no gradient|without a gradient)",
    r"no step moves",
)

FAULTS = (
    Fault(
        name="encoder-called-and-forgotten",
        kind="output of a layer not used",
        report=f"{GITHUB}state-spaces/s4/pull/30",
        program="transformer_net",
        task="order",
        changes=(("        x = self.encoder(x, ", "        encoded = self.encoder(x, "),),
        family="modules",
        codes=("train.unchanged", "probe.order-blind"),
        words=(
            *UNMOVED,
            r"(output|layer|encoder).{0,60}(not used|never used|unused|no effect|ignored)",
            r"(order|shuffl).{0,60}(no effect|nothing changes|not (read|seen|used)|blind|the same)",
        ),
        place=(r"encoder|order",),
    ),
    Fault(
        name="units-on-or-off",
        kind="step without gradient in forward",
        report=f"{GITHUB}pytorch/pytorch/issues/1339",
        program="bag_net",
        task="markers",
        both=(("width=32", "width=8"),),
        changes=(("self.drop(self.relu(self.hidden(mean)))", "self.drop((self.hidden(mean) > 0).float())"),),
        family="parameters",
        codes=("train.unchanged", "embedding.frozen", "train.gradient-vanishing"),
        words=(*UNMOVED, r"(gradient|differentiab).{0,60}(zero|none|not|stop|cut)", r"no gradient"),
        place=(r"hidden|embedding",),
    ),
    Fault(
        name="noise-that-never-stops",
        kind="noise when predicting",
        report=f"{GITHUB}lmjohns3/theanets/issues/65",
        program="attention_net",
        task="markers",
        both=(
            (
                "        embedded = self.embedding(tokens)\n",
                "        embedded = self.embedding(tokens)\n        if self.training:\n"
                "            embedded = embedded + 1.5 * torch.randn_like(embedded)\n",
            ),
        ),
        changes=(
            (
                "        if self.training:\n            embedded = embedded + 1.5",
                "        embedded = embedded + 1.5",
            ),
        ),
        family="evaluation",
        codes=("eval.stochastic",),
        words=(
            r"same (input|row)s?.{0,40}(differ|other|twice|change)",
            r"(random|noise).{0,60}(predict|evaluat|answer|output)",
            r"(predict|answer|output)s?.{0,40}(random|chang|differ|vary)",
        ),
        place=(r"output|predict|answer|noise|random|evaluation|embedd",),
    ),
    Fault(
        name="weights-of-standard-deviation-one",
        kind="weights too large at the start",
        report=f"{GITHUB}pytorch/pytorch/issues/3121",
        program="stack_net",
        task="counts",
        both=(("depth=3", "depth=6"),),
        changes=(
            (
                '            nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")\n',
                "            nn.init.normal_(layer.weight)\n",
            ),
        ),
        family="parameters",
        codes=("train.gradient-exploding", "train.diverging", "train.nonfinite", "train.rate-high"),
        words=(
            r"initiali[sz]|initial weights|(weights|loss).{0,60}(start|first (step|epoch|batch)).{0,40}(large|high)",
            r"weights?.{0,30}(too )?large",
            r"gradient.{0,40}(explod|too large|huge)",
            r"explod",
        ),
        place=(r"layers|weight|initial",),
    ),
)
