"""Six finished studies that tests share. Each is made once a session, under a lock, by whichever worker asks first.

A folder of the zoo holds `data`, what the study was made with, and `data.study` with its report. It is to be read: a
test that changes anything takes a copy. A test that is about training trains by itself.
"""

import contextlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

import brittlestar

SIZES = "60/20/20"
SMALL = {"training.epochs": "1", "model.hidden": "8", "model.layers": "1"}
QUICK: dict[str, Any] = {"executor": "serial", "progress": False}
OWN = """
def fit(train, dev, seed):
    first = sorted(set(train.labels))[0]
    most = sum(label == first for label in train.labels) / len(train.labels)
    return lambda rows: [[most, 1 - most] if len(row) % 2 else [1 - most, most] for row in rows]


def fail(train, dev, seed):
    raise ValueError("no luck today")
"""
"""A fit function that looks at lengths alone, and one that fails."""


def _make_trained() -> None:
    """The reference model and a bag, two seeds each, and probes of order."""
    brittlestar.run("data", seeds=2, settings={"training.epochs": "1", "probes.only": "[order]"}, **QUICK)


def _make_given() -> None:
    """Predictions of three seeds for dev and test, right on nine rows of ten, in `preds_SEED.csv`."""
    for seed in range(3):
        lines = ["id,split,variant,seed,prediction"]
        for split in ("dev", "test"):
            for k, line in enumerate(Path("data", f"{split}.csv").read_text(encoding="utf-8").splitlines()[1:]):
                id_, *_, label = line.split(",")
                lines.append(f"{id_},{split},net,{seed},{label if (k + seed) % 10 else 1 - int(label)}")
        Path(f"preds_{seed}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    brittlestar.run(
        "data", predictions=[f"preds_{seed}.csv" for seed in range(3)], settings={"variants": "{}"}, **QUICK
    )


def _make_own() -> None:
    """A fit function of its own, `own.py`, two seeds."""
    Path("own.py").write_text(OWN, encoding="utf-8")
    brittlestar.run("data", model="own:fit", seeds=2, settings={"variants": "{}", "probes.suite": "none"}, **QUICK)


def _make_failed() -> None:
    """The same, beside a variant whose runs failed."""
    Path("own.py").write_text(OWN, encoding="utf-8")
    settings = {"variants": "{broken: {model.own: 'own:fail'}}", "probes.suite": "none"}
    brittlestar.run("data", model="own:fit", seeds=2, settings=settings, **QUICK)


def _make_probed() -> None:
    """A bag of one seed with the whole suite of probes, and a shifted split of longer rows."""
    brittlestar.run("data", seeds=1, settings={**SMALL, "model.family": "bag", "variants": "{}"}, **QUICK)


def _make_sealed() -> None:
    """A small study as a record with its data, `data.record.zip`."""
    brittlestar.run("data", seeds=2, settings={**SMALL, "probes.only": "[order]", "variants": "{}"}, **QUICK)
    brittlestar.seal("data.study", with_data=True)


MAKERS: dict[str, Callable[[], None]] = {
    "trained": _make_trained, "given": _make_given, "own": _make_own, "failed": _make_failed, "probed": _make_probed,
    "sealed": _make_sealed,
}  # fmt: skip


@dataclass(frozen=True)
class Zoo:
    """The studies by name, below one folder that all workers of a session share."""

    root: Path

    def find(self, name: str) -> Path:
        """The folder of a study, to be read."""
        place, made = self.root / name, self.root / f"{name}.made"
        self.root.mkdir(parents=True, exist_ok=True)
        with FileLock(self.root / f"{name}.lock"):
            if not made.exists():
                place.mkdir()
                with contextlib.chdir(place):
                    brittlestar.generate("data", sizes=SIZES, long="30-36" if name == "probed" else None)
                    MAKERS[name]()
                made.touch()
        return place

    def copy(self, name: str, folder: Path) -> Path:
        """A copy of a study's folder, to be changed."""
        return Path(shutil.copytree(self.find(name), folder, dirs_exist_ok=True))
