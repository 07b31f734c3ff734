"""A variant as checks read it: one variant with its cells in the order of their seeds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from brittlestar.core.commands import Advice, command
from brittlestar.core.findings import Finding
from brittlestar.core.metrics import metric_of
from brittlestar.core.results import REPORTED, CellRecord, StudyRecord, VariantRecord
from brittlestar.core.seen_training import SeenTraining
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.study.in_effect import fits_itself

TRAIN_LOSS = "train.log_loss"


@dataclass(frozen=True)
class VariantRuns:
    """One variant and its cells, sorted by seed, so that no verdict depends on the order of a record."""

    record: VariantRecord
    cells: tuple[CellRecord, ...]

    @property
    def name(self) -> str:
        """The variant's name."""
        return self.record.name

    @property
    def done(self) -> tuple[CellRecord, ...]:
        """Cells that are done, diverged ones included."""
        return tuple(cell for cell in self.cells if cell.state == "done")

    @property
    def fits_itself(self) -> bool:
        """Whether its model trains itself: no setting of training reaches it, and its curves are those it reports."""
        return fits_itself(self.record, self.cells)

    @property
    def watched(self) -> tuple[SeenTraining, ...]:
        """What was seen of its finished runs, by seed."""
        return tuple(cell.seen for cell in self.done if cell.seen is not None)

    @property
    def is_given(self) -> bool:
        """Whether nothing is known of it but predictions that were given."""
        return bool(self.done) and all(cell.outcome == "imported" for cell in self.done)

    @property
    def is_logged(self) -> bool:
        """Whether nothing is known of it but curves that were made elsewhere."""
        return any(cell.outcome == "logged" for cell in self.done)

    def curves(self, *columns: str) -> dict[int, tuple[np.ndarray, ...]]:
        """{seed: the named curves, each (epochs + 1,)} of cells that trained and whose values are all finite; before
        any step (row 0) one that fits itself may know none, and it is NaN there. Where such a one reports no
        `train.log_loss`, its `train.loss` stands for it."""
        found: dict[int, tuple[np.ndarray, ...]] = {}
        for cell in self.done:
            names = [train_loss_of(cell) if column == TRAIN_LOSS else column for column in columns]
            if cell.outcome not in ("trained", *REPORTED) or any(name not in cell.curves for name in names):
                continue
            values = tuple(np.asarray(cell.curves[name], dtype=np.float64) for name in names)
            first = 1 if cell.outcome in REPORTED else 0
            if all(value.size > first and np.isfinite(value[first:]).all() for value in values):
                found[cell.seed] = values
        return found

    def scores(self, split: str, metric: str, checkpoint: str = "best") -> dict[int, float]:
        """{seed: score} of every done cell that has this score; a diverged cell counts at its majority score."""
        found: dict[int, float] = {}
        for cell in self.done:
            value = cell.score(split, metric, checkpoint)
            if value is not None and np.isfinite(value):
                found[cell.seed] = float(value)
        return found

    def setting(self, path: str, default: Any = None) -> Any:
        """The value of one setting of this variant by its path."""
        return next((setting.value for setting in self.record.settings if setting.path == path), default)

    def read_back(self, path: str) -> Any:
        """What the model and its optimiser say of one setting by its path; None where nothing was read back."""
        return next((setting.read_back for setting in self.record.settings if setting.path == path), None)

    @property
    def weights_classes(self) -> bool:
        """Whether the loss of a model that we train weighs classes, by one number each or to balance them."""
        found = (setting for setting in self.record.settings if setting.path.startswith("training.class_weights"))
        return any(setting.value not in ("none", None) for setting in found)

    def data_changes(self) -> dict[str, Any]:
        """What this variant changes about its input."""
        return {path: value for path, value in self.record.changes.items() if path.split(".")[0] == "data"}


def list_audited(record: StudyRecord, *codes: str) -> list[Finding]:
    """What the audit found of these codes; nothing where none was made."""
    return [] if record.audit is None else [finding for finding in record.audit.findings if finding.code in codes]


def train_loss_of(cell: CellRecord) -> str:
    """The column of a cell's loss on train: scored without dropout, or the objective that somebody reports."""
    return "train.loss" if cell.outcome in REPORTED and TRAIN_LOSS not in cell.curves else TRAIN_LOSS


def list_variant_runs(record: StudyRecord) -> tuple[VariantRuns, ...]:
    """All variants of a study, in the order of its variants."""
    return tuple(
        VariantRuns(variant, tuple(sorted(record.cells_of(name), key=lambda cell: (cell.seed, cell.hash))))
        for name, variant in record.variants.items()
    )


def redraws_train(record: StudyRecord) -> bool:
    """Whether each run has rows of train of its own, so that answers to train as recorded are of no run."""
    return any(record.streams.get(name, "off") != "off" for name in ("split", "sampling"))


def rising_metric(record: StudyRecord) -> str:
    """The headline metric, or accuracy where lower is better: some checks speak of a ceiling or a trivial rate."""
    return "accuracy" if not metric_of(record.metric).higher_is_better else record.metric


def suggest_rerun(cells: Sequence[CellRecord]) -> Advice:
    """What to do about cells that are not done: those to come are run by the same command, failed ones never again
    unless they are asked for."""
    failed = [cell for cell in cells if cell.state == "failed"]
    alone = command("run", cell=failed[0].hash[:12]) if failed else ""
    if any(cell.state not in ("done", "failed") for cell in cells):
        failing = ("; what failed alone: ", alone) if failed else ()
        return Advice(("Finish the study: ", command("run"), *failing))
    if failed:
        again = "After a change of your code, give the command of the first run again; for the same code: "
        return Advice("Read its log.", (again, alone))
    return advise_seeds(len(cells))


def advise_seeds(planned: int, least: int = MIN_SEEDS, words: str = "More seeds") -> Advice:
    """To plan more seeds than the `planned` ones: `least`, or twice as many where those are planned already. Runs that
    failed count: the same number again would bring nothing."""
    return Advice((f"{words}: ", command("run", seeds=least if planned < least else 2 * planned)))


def lower_rate(variant: VariantRuns) -> Advice:
    """What to do where the rate throws a model; the command is left out where nothing reads its settings."""
    if "training.learning_rate" in variant.record.changes:
        where = f"where the study file sets it (variants.{variant.name})"
        return Advice(f"Lower the learning rate of this variant {where}, and clip.")
    lower = {
        "training.learning_rate": f"{variant.setting('training.learning_rate', 1e-3) / 10:g}",
        "training.clip": 1.0,
    }
    return Advice("Lower the learning rate, warm up, and clip gradients.", ("Try ", command("run", settings=lower)))


def by_seed(values: Mapping[int, float]) -> dict[str, float]:
    """{seed: value} as JSON, seeds in order."""
    return {str(seed): float(values[seed]) for seed in sorted(values)}
