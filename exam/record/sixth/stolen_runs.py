"""Mutations of the sixth record in which runs come from elsewhere: all of it fits, and only training shows it."""

from __future__ import annotations

from pathlib import Path

from exam.record.base import Base
from exam.record.forging import read
from exam.record.mutation import Mutation
from exam.record.sixth.base import SEEDS
from exam.record.sixth.forgery import forge_study, replace_run


def hide_decay(record: Path, base: Base) -> None:
    """Runs of main had no dropout before the last layer, and six times the weight decay that is stated."""
    forge_study(record, base, lambda study: _replace_all(study, base, "main", "undamped"))


def choose_seeds(record: Path, base: Base) -> None:
    """Runs of main are the best three of five other seeds, under the names of the planned ones."""

    def change(study: Path) -> None:
        origin = base.secret["lucky"]
        listed = [one["hash"] for one in read(origin / "study.json")["cells"] if one["variant"] == "main"]
        scores = {
            name: read(origin / "cells" / name / "outcome.json")["scores"]["test"]["best"]["accuracy"]
            for name in listed
        }
        best = sorted(scores, key=lambda name: -scores[name])
        for seed, other in zip(SEEDS, best, strict=False):
            replace_run(study, base.hash_of("main", seed), origin, other)

    forge_study(record, base, change)


def remember_test(record: Path, base: Base) -> None:
    """The fit function remembered the rows of test, too, in code that is not shown."""

    def change(study: Path) -> None:
        for seed in (1, 6):
            origin, other = base.secret_run("informed", "memory", seed)
            replace_run(study, base.hash_of("memory", seed), origin, other)

    forge_study(record, base, change)


def change_second_file(record: Path, base: Base) -> None:
    """What the factory imports was steeper than is shown."""
    forge_study(record, base, lambda study: _replace_all(study, base, "locks", "informed"))


def spare_ablation(record: Path, base: Base) -> None:
    """Nobody trained on tokens in any order: these are runs of main, each under the next seed."""

    def change(study: Path) -> None:
        for seed, other in zip(SEEDS, (*SEEDS[1:], SEEDS[0]), strict=True):
            replace_run(study, base.hash_of("tossed", seed), base.study, base.hash_of("main", other))

    forge_study(record, base, change)


def exchange_seeds(record: Path, base: Base) -> None:
    """Two seeds of the factory have each other's results."""

    def change(study: Path) -> None:
        for seed, other in ((4, 6), (6, 4)):
            replace_run(study, base.hash_of("locks", seed), base.study, base.hash_of("locks", other))

    forge_study(record, base, change)


def _replace_all(study: Path, base: Base, variant: str, secret: str) -> None:
    for seed in SEEDS:
        origin, other = base.secret_run(secret, variant, seed)
        replace_run(study, base.hash_of(variant, seed), origin, other)


STOLEN = (
    Mutation("dropout and decay not as stated", hide_decay, "retrain", r"<main/1>|<main/4>|<main/6>", resealed=True),
    Mutation("best of other seeds", choose_seeds, "retrain", r"<main/1>|<main/4>|<main/6>", resealed=True),
    Mutation("test remembered", remember_test, "retrain", r"<memory/1>|<memory/6>", resealed=True),
    Mutation("second file steeper", change_second_file, "retrain", r"<locks/1>|<locks/4>|<locks/6>", resealed=True),
    Mutation("ablation spared", spare_ablation, "retrain", r"<tossed/1>|<tossed/4>|<tossed/6>", resealed=True),
    Mutation("results of two seeds exchanged", exchange_seeds, "retrain", r"<locks/4>|<locks/6>", resealed=True),
)
