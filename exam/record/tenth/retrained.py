"""Mutations of the tenth record that only training shows: all of it is consistent, and comes from elsewhere."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import polars

from exam.record.base import Base
from exam.record.forging import edit, edit_table, renew, replace
from exam.record.mutation import Mutation
from exam.record.tenth.workplace import forge, tell_answers, tell_attempts, transplant, transplant_all

SEEDS = (1, 4, 9)
STOPPED, KILLED = "ValueError: the metronome stopped", "MemoryError: the machine had no room for the table"


def weaken_rival(record: Path, base: Base) -> None:
    """The variant that main is to exceed began with weights six times too large, which nothing states."""
    forge(record, base, lambda study: transplant_all(study, base, "weakened", "pitch", SEEDS))


def teach_test(record: Path, base: Base) -> None:
    """The author's fit function was taught the rows of test, by code that is not the code shown."""
    forge(record, base, lambda study: transplant_all(study, base, "peeked", "motifs", (1, 4)))


def listen_otherwise(record: Path, base: Base) -> None:
    """Runs of the author's factory come from a network that averages what the network shown takes from one place."""
    forge(record, base, lambda study: transplant_all(study, base, "averaged", "hum", SEEDS))


def blame_machine(record: Path, base: Base) -> None:
    """The run that failed by a mistake in its code failed by a lack of memory, everywhere."""
    name = base.hash_of("motifs", 9)

    def change(study: Path) -> None:
        cell = study / "cells" / name
        replace(cell / "log.txt", STOPPED, KILLED)
        replace(cell / "log.txt", 'raise ValueError("the metronome stopped")', "mean = keep * mean + 0")
        edit(cell / "outcome.json", lambda one: one.update(error=one["error"].replace(STOPPED, KILLED)))
        renew(cell)
        tell_attempts(
            study,
            name,
            lambda line: {**line, "error": line["error"].replace(STOPPED, KILLED)} if "error" in line else line,
        )

    forge(record, base, change)


def choose_checkpoint(record: Path, base: Base) -> None:
    """On test, where the last checkpoint is better, its answers are those of the best one."""

    def take_last(table: polars.DataFrame) -> np.ndarray:
        values = table["values"].to_numpy().copy()
        test = table["split"] == "test"
        best, last = ((test & (table["checkpoint"] == one)).to_numpy() for one in ("best", "last"))
        values[best] = values[last]
        return values

    def change(study: Path) -> None:
        for seed in SEEDS:
            tell_answers(study, base.hash_of("main", seed), take_last)

    forge(record, base, change)


def copy_lucky_run(record: Path, base: Base) -> None:
    """A run is the copy of the best one from another seed."""

    def change(study: Path) -> None:
        transplant(study, base.study, base.hash_of("hum", 4), base.hash_of("hum", 9))

    forge(record, base, change)


def ignore_changes(record: Path, base: Base) -> None:
    """Runs of a variant answer each probed row as they did before it was changed."""

    def change(study: Path) -> None:
        (suite,) = (path for path in (study / "probes").iterdir() if path.is_dir())
        before, after = np.load(suite / "before.npy"), np.load(suite / "after.npy")
        for seed in SEEDS:
            (folder,) = (study / "derived" / base.hash_of("hum", seed)).glob("probes-*")
            for name in ("predictions.npy", "confidence.npy"):
                told = np.load(folder / name)
                steady = told.copy()
                steady[after] = told[before]
                assert not np.array_equal(steady, told)
                np.save(folder / name, steady)
            renew(folder)

    forge(record, base, change)


def exchange_weights(record: Path, base: Base) -> None:
    """The weights that a run is said to have kept are those of its last epoch."""

    def change(study: Path) -> None:
        cell = study / "cells" / base.hash_of("pitch", 9)
        best, last = cell / "weights-best.safetensors", cell / "weights-last.safetensors"
        assert best.read_bytes() != last.read_bytes()
        shutil.copyfile(last, best)
        renew(cell)

    forge(record, base, change)


def smooth_steps(record: Path, base: Base) -> None:
    """Losses of single steps fall without a bump, and norms of gradients with them."""

    def change(study: Path) -> None:
        cell = study / "cells" / base.hash_of("main", 1)
        for column in ("loss", "gradient_norm"):
            ordered = polars.col(column).sort(descending=True)
            edit_table(cell / "steps.parquet", lambda table, ordered=ordered: table.with_columns(ordered))
        renew(cell)

    forge(record, base, change)


def silence_log(record: Path, base: Base) -> None:
    """What a run printed is another seed than the one that it was given."""

    def change(study: Path) -> None:
        cell = study / "cells" / base.hash_of("motifs", 4)
        replace(cell / "log.txt", "practising with seed 4", "practising with seed 1004")
        renew(cell)

    forge(record, base, change)


def _name(variant: str, *seeds: int) -> str:
    return "|".join(f"<{variant}/{seed}>" for seed in seeds)


FORGED = (
    Mutation("rival weakened", weaken_rival, "retrain", _name("pitch", *SEEDS), resealed=True),
    Mutation("test taught", teach_test, "retrain", _name("motifs", 1, 4), resealed=True),
    Mutation("other network than shown", listen_otherwise, "retrain", _name("hum", *SEEDS), resealed=True),
    Mutation("machine blamed", blame_machine, "retrain", _name("motifs", 9), resealed=True),
    Mutation("checkpoint chosen on test", choose_checkpoint, "retrain", _name("main", *SEEDS), resealed=True),
    Mutation("lucky run copied", copy_lucky_run, "retrain", _name("hum", 9), resealed=True),
    Mutation("answers to probes kept", ignore_changes, "retrain", _name("hum", *SEEDS), resealed=True),
    Mutation("weights of another epoch", exchange_weights, "retrain", _name("pitch", 9), resealed=True),
    Mutation("steps smoothed", smooth_steps, "retrain", _name("main", 1), resealed=True),
    Mutation("printed seed changed", silence_log, "retrain", _name("motifs", 4), resealed=True),
)
