"""Where the own loops of `programs/` can be changed, and how: the same change is written into each in its own names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Template

from exam.training.fault import Changes


@dataclass(frozen=True)
class Loop:
    """Texts of one program that changes can name.

    `make` makes its `optimiser` with `rate`; `each` begins an epoch of `epochs`; `loss` is one of `logits` and
    `target`; `batches` are all texts with the size 32; `held` reads dev, and `dev_loss` is the loss there; `end` comes
    next after training. `adam` is a rate that suits Adam.
    """

    make: str
    rate: float
    adam: float
    epochs: int
    loss: str
    logits: str
    target: str
    batches: tuple[str, ...]
    end: str
    held: str = ""
    dev_loss: str = ""
    optimiser: str = "optimizer"
    each: str = ""

    def anchor(self, name: str) -> str:
        """The text that a change names: `step`, `back` and `zero` are whole lines of the inner loop."""
        return {
            "make": self.make,
            "loss": self.loss,
            "end": self.end,
            "each": self.each or f"    for epoch in range({self.epochs}):\n",
            "step": f"            {self.optimiser}.step()\n",
            "back": "            loss.backward()\n",
            "zero": f"            {self.optimiser}.zero_grad()\n",
        }[name]

    def words(self) -> dict[str, str]:
        """What templates of changes can name."""
        return {
            "opt": self.optimiser,
            "rate": str(self.rate),
            "twice": str(2 * self.rate),
            "adam": str(self.adam),
            "half": str(self.adam / 2),
            "epochs": str(self.epochs),
            "late": str(2 * self.epochs // 3),
            "total": f"{self.epochs} * -(-len(train.labels) // 32)",
            "logits": self.logits,
            "target": self.target,
            "loss": self.loss,
            "held": self.held,
            "dev_loss": self.dev_loss,
        }


@dataclass(frozen=True)
class LoopChange:
    """A change of every loop but those in `without`: templates by the text that they replace, which is `$here`.
    `batch` is another size of batches."""

    name: str
    why: str
    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    batch: int = 32
    without: tuple[str, ...] = ()

    def changes(self, loop: Loop) -> Changes:
        """The same as texts of one program."""
        found = [
            (loop.anchor(name), Template(text).substitute(loop.words(), here=loop.anchor(name)))
            for name, text in self.texts.items()
        ]
        if self.batch != 32:
            found += [(text, text.replace("32", str(self.batch))) for text in loop.batches]
        return tuple(found)


LOOPS = {
    "bag_loop": Loop(
        "torch.optim.SGD(model.parameters(), lr=0.3, momentum=0.9)",
        0.3,
        0.005,
        12,
        "loss = criterion(model(x[batch]), y[batch])",
        "model(x[batch])",
        "y[batch]",
        ("len(x), 32)", "start + 32]"),
        "\n    def predict_proba(tokens):\n",
        "    x_dev = encode(dev.tokens, vocabulary)\n"
        "    y_dev = torch.tensor([classes.index(label) for label in dev.labels])\n",
        "criterion(model(x_dev), y_dev)",
    ),
    "binary_loop": Loop(
        "torch.optim.Adam(model.parameters(), lr=0.004)",
        0.004,
        0.004,
        12,
        "loss = criterion(output.squeeze(1), y)",
        "output.squeeze(1)",
        "y",
        ("batch_size=32",),
        "\n    def predict_proba(tokens):\n",
        "    held = Rows(dev.tokens, [float(label == positive) for label in dev.labels], vocab)\n"
        "    x_dev, lengths_dev, y_dev = collate([held[number] for number in range(len(held))])\n",
        "criterion(model(x_dev, lengths_dev).squeeze(1), y_dev)",
    ),
    "cnn_loop": Loop(
        "torch.optim.AdamW(model.parameters(), lr=0.003, weight_decay=0.01)",
        0.003,
        0.003,
        20,
        "loss = criterion(model(ids), labels)",
        "model(ids)",
        "labels",
        ("batch_size=32",),
        "    model.load_state_dict(best)\n",
        each="    for epoch in range(1, 21):\n",
    ),
    "gru_loop": Loop(
        "torch.optim.Adam(model.parameters(), lr=0.004)",
        0.004,
        0.004,
        12,
        "loss = nn.functional.cross_entropy(model(x), y[chosen])",
        "model(x)",
        "y[chosen]",
        (".split(32)",),
        "\n    def predict_proba(tokens):\n",
        "    x_dev = pad(dev.tokens, ids_of)\n"
        "    y_dev = torch.tensor([label_set.index(label) for label in dev.labels])\n",
        "nn.functional.cross_entropy(model(x_dev), y_dev)",
        "optimiser",
    ),
    "lstm_loop": Loop(
        "torch.optim.Adam(model.parameters(), lr=0.005)",
        0.005,
        0.005,
        15,
        "loss = loss_fn(model(ids, lengths), targets[chosen])",
        "model(ids, lengths)",
        "targets[chosen]",
        ("len(permutation), 32)", "start + 32]"),
        "\n    @torch.no_grad()\n",
        "    x_dev, lengths_dev = collate(dev.tokens, vocabulary)\n"
        "    y_dev = torch.tensor([labels.index(label) for label in dev.labels])\n",
        "loss_fn(model(x_dev, lengths_dev), y_dev)",
    ),
}
"""The programs with a loop of their own, by name."""
