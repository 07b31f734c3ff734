"""What can be changed in the rows that a model trains on, whoever trains it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from brittlestar.diagnosis.arms import Arm
from brittlestar.diagnosis.causes.interventions import Intervention, dropout_paths

FEW = 32  # convention: a batch that any sound model of this size learns by heart
STEPS = 300  # convention: steps on it; ten times what such a batch usually takes
LEARNED = 0.9  # convention: a model that has learned so much of train needs no such question
LEFT = 40  # convention: fewer rows than this train nothing


@dataclass(frozen=True)
class TrainRows:
    """Rows of train: how many main has, how many of these another split has, too (`leaks`), and how many lack the most
    frequent label of their tokens (`conflicts`). `split` is the one whose score leaks raise: test, or else dev."""

    n: int
    leaks: int = 0
    conflicts: int = 0
    split: str = "dev"


def list_of_rows(arm: Arm, rows: TrainRows, metric: str) -> Iterator[Intervention]:
    """Interventions on rows; none on predictions that were given."""
    if any(cell.outcome == "imported" for cell in arm.cells):
        return
    if rows.leaks and rows.n - rows.leaks >= LEFT and arm.setting("data.train_without", "none") == "none":
        measure = "test" if rows.split == "test" else "score"
        yield Intervention("as-many-rows", {"data.train_rows": rows.n - rows.leaks}, (), measure)
        without = {"data.train_without": "leaks"}
        yield Intervention("without-leaks", without, ("leak.exact",), measure, brings=True, beside="as-many-rows")
    if rows.conflicts and arm.setting("data.train_without", "none") == "none":
        yield Intervention("without-conflicts", {"data.train_without": "conflicts"}, ("label.conflict",))
    known = arm.scores("train", metric).values()
    if not arm.fits_itself and rows.n > 2 * FEW and known and max(known) < LEARNED:
        batch = min(int(arm.setting("training.batch_size", FEW)), FEW)
        changes = {
            "data.train_rows": FEW,
            "training.epochs": max(1, STEPS * batch // FEW),
            "training.batch_size": batch,
        }
        off = {path: 0.0 for path in dropout_paths(arm) if arm.setting(path, 0.0)}
        yield Intervention("few-rows", {**changes, **off}, (), "train")
