"""The honest programs, the sets that each suits, and the ordinary faults: changes of one program each."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from exam.training.fault import Changes, changed

PLACE = Path(__file__).parent
WORDS = (
    *("logistic", "bigram_svc", "naive_bayes", "stop_words", "characters", "hashing", "forest", "boosting"),
    *("neighbours", "grid_search", "voting", "perceptron", "encoded", "tuned", "positions"),
)
"""Fifteen of scikit-learn."""
LOOPS = ("bag_loop", "gru_loop", "cnn_loop", "attention_loop", "trainer")
"""Own loops of PyTorch, and a Trainer."""
HONEST = (*WORDS, *LOOPS)
OF_WORDS = frozenset({"logistic", "stop_words", "characters", "neighbours", "grid_search", "voting"})
"""Those with scikit-learn's own pattern, which drops single letters. Others read any token."""


@dataclass(frozen=True)
class OrdinaryFault:
    """A fault of a program in `programs/`, made by `changes`; `codes` are those that name the cause."""

    name: str
    program: str
    changes: Changes
    codes: tuple[str, ...]

    @property
    def text(self) -> str:
        """The program with the fault."""
        return changed(read_program(self.program), self.changes)


def read_program(name: str) -> str:
    """A program as it is."""
    return (PLACE / "programs" / f"{name}.py").read_text(encoding="utf-8")


def read_faults() -> tuple[OrdinaryFault, ...]:
    """The faults of faults.yaml, in its order."""
    found: Sequence[dict[str, Any]] = yaml.safe_load((PLACE / "faults.yaml").read_text(encoding="utf-8"))
    return tuple(
        OrdinaryFault(
            one["name"], one["program"], tuple((old, new) for old, new in one["changes"]), tuple(one["codes"])
        )
        for one in found
    )


def name_model(text: str) -> str:
    """The name in the module that is the model."""
    return "fit" if "\ndef fit(" in text else "model"
