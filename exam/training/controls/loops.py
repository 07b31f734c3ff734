"""Where the own loops of `programs/` can be changed, and how: the same change is written into each in its own names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from exam.training.fault import Changes
from exam.training.known import read_table


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
    batches: Sequence[str]
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
    without: Sequence[str] = ()

    def changes(self, loop: Loop) -> Changes:
        """The same as texts of one program."""
        found = [
            (loop.anchor(name), Template(text).substitute(loop.words(), here=loop.anchor(name)))
            for name, text in self.texts.items()
        ]
        if self.batch != 32:
            found += [(text, text.replace("32", str(self.batch))) for text in loop.batches]
        return tuple(found)


TABLE = read_table(Path(__file__).with_name("changes.yaml"))
"""Changes of programs that are healthy, and what they name."""
LOOPS = {name: Loop(**one) for name, one in TABLE["loops"].items()}
"""The programs with a loop of their own, by name."""
LOOP_CHANGES = tuple(LoopChange(name, **one) for name, one in TABLE["every loop"].items())
"""Changes of any loop: other optimisers, schedules, losses, batches, and what is kept of training."""
