"""Records of studies that break checks which expect a finished one: made up, nothing is trained."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from brittlestar.core.results import CellRecord, Setting, SplitRecord, StudyRecord, VariantRecord
from brittlestar.core.seeds import generator

CLASSES: tuple[str, ...] = ("x", "y")
EPOCHS = 12  # chosen: curves long enough for every check
ROWS = 240  # chosen: rows enough for every check


def odd_records() -> dict[str, StudyRecord]:
    """Records by what is odd about them."""
    full = make_record({"main": [0.84, 0.8, 0.82, 0.79, 0.83], "bag": [0.7, 0.71, 0.69, 0.7, 0.72]})
    cells = full.cells
    return {
        "an ordinary one": full,
        "no runs": replace(full, cells=()),
        "runs that are still to come": replace(full, cells=tuple(_make_unfinished(one, "planned") for one in cells)),
        "runs that failed or were lost": replace(
            full, cells=tuple(_make_unfinished(one, ("failed", "lost")[one.seed % 2]) for one in cells)
        ),
        "one seed": make_record({"main": [0.8]}),
        "seeds that one variant lacks": replace(full, cells=cells[:7]),
        "runs without curves": replace(full, cells=tuple(replace(one, curves={}) for one in cells)),
        "a run that diverged": replace(full, cells=(replace(cells[0], outcome="diverged"), *cells[1:])),
        "runs that agree to the last bit": make_record({"main": [0.8] * 5, "bag": [0.8] * 5}),
        "no splits": replace(full, splits={}),
        "no evaluation split": replace(full, splits={"train": full.splits["train"]}),
        "a split without rows": replace(full, splits={**full.splits, "test": _make_split("test", 0)}),
        "scores that are not finite": replace(full, cells=(replace(cells[0], scores=_scores(np.nan)), *cells[1:])),
    }


def make_record(scores: Mapping[str, Sequence[float]]) -> StudyRecord:
    """A study with one finished run for each score on test, seeds 0, 1, …, by variant."""
    cells = tuple(_cell(name, seed, score) for name, own in scores.items() for seed, score in enumerate(own))
    settings = (Setting("training.epochs", EPOCHS, "our default"), Setting("training.learning_rate", 0.001, "--set"))
    return StudyRecord(
        name="odd",
        main="main",
        metric="accuracy",
        metrics=("accuracy", "log_loss"),
        classes=CLASSES,
        factors=(),
        seeds=tuple(range(max(len(own) for own in scores.values()))),
        streams={},
        splits={name: _make_split(name, ROWS) for name in ("train", "dev", "test", "shift_longer")},
        variants={name: VariantRecord(name, name, False, {}, settings, 1_000) for name in scores},
        cells=cells,
        claims=(),
        notes=(),
        environment={},
        timing={},
    )


def _cell(variant: str, seed: int, score: float) -> CellRecord:
    random = generator(seed, "odd", variant)
    loss = 0.3 + 0.4 * np.exp(-np.arange(EPOCHS + 1) / 3) + random.normal(0, 0.005, EPOCHS + 1)
    right = 0.9 - 0.4 * np.exp(-np.arange(EPOCHS + 1) / 3) + random.normal(0, 0.005, EPOCHS + 1)
    curves = {"train.loss": loss, "train.log_loss": loss, "dev.log_loss": loss + 0.02}
    return CellRecord(
        hash=f"{seed:02d}{variant}".encode().hex().ljust(64, "0")[:64],
        variant=variant,
        seed=seed,
        state="done",
        outcome="trained",
        best_epoch=int(np.argmin(loss)),
        epochs=EPOCHS,
        curves=curves | {"train.accuracy": right + 0.03, "dev.accuracy": right},
        scores=_scores(score),
    )


def _scores(score: float) -> dict[str, dict[str, dict[str, float]]]:
    each = {"best": {"accuracy": score, "log_loss": 0.4}, "last": {"accuracy": score, "log_loss": 0.41}}
    return {"dev": each, "test": each, "shift_longer": each}


def _make_unfinished(cell: CellRecord, state: str) -> CellRecord:
    return CellRecord(cell.hash, cell.variant, cell.seed, state)  # pyright: ignore[reportArgumentType]


def _make_split(name: str, rows: int) -> SplitRecord:
    counts = dict.fromkeys(CLASSES, rows // 2)
    return SplitRecord(name, rows, CLASSES, counts, 8.0, 16, 0, 0, 0.0, {}, "f" * 64, {"accuracy": 0.5})
