"""An experiment on a cause: one thing is changed, on fresh seeds, beside the unchanged model on the same seeds."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from brittlestar.core.plain import read_record

Measure = Literal["score", "overfit", "test", "train"]
"""What is measured: the study's metric on dev; how far dev loss, in nats, rises after its minimum; or the metric on
test, or on the very rows that were trained on."""
SPLITS: Mapping[Measure, str] = {"score": "dev", "test": "test", "train": "train"}
"""The split of each measure that is a score."""
Verdict = Literal["confirmed", "refuted", "open"]


@dataclass(frozen=True)
class Experiment:
    """One intervention and what it brought.

    `changes` are settings by their paths; `metric` is the study's; `of` the codes that it confirms; `estimate` how much
    better the changed model is than the unchanged one on the same `seeds` fresh seeds, with an `interval` at `level`,
    which allows for all interventions that were tried; `threshold` is what would matter. `missing` says what an open
    one lacks. Of one that `brings` a loss, `estimate` says how much worse the model gets. `beside` names what it is
    compared with, where that is not main.
    """

    name: str
    changes: Mapping[str, Any]
    of: tuple[str, ...]
    measure: Measure
    metric: str
    verdict: Verdict
    estimate: float
    interval: tuple[float, float] | None
    level: float
    seeds: int
    threshold: float
    missing: str = ""
    brings: bool = False
    beside: str = ""

    @property
    def removes(self) -> bool:
        """Whether it confirms a cause by undoing it."""
        return self.verdict == "confirmed" and not self.brings and self.measure != "train"

    def as_json(self) -> dict[str, Any]:
        """As it is written; `read_experiment` reads it."""
        return asdict(self)


@dataclass(frozen=True)
class Experiments:
    """What experiments on a study said: the experiments, and the name of the study that they are in."""

    tried: tuple[Experiment, ...] = ()
    study: str = ""

    def as_json(self) -> dict[str, Any]:
        """As it is written; `read_experiments` reads it."""
        return {"study": self.study, "experiments": [one.as_json() for one in self.tried]}


def read_experiment(written: Mapping[str, Any]) -> Experiment:
    """What `as_json` wrote, or what a finding has as `confirmed_by`."""
    return read_record(Experiment, written)
