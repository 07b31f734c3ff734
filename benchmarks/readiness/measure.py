"""From trained studies to one row a task, kind of model and shift: the real accuracy, and every signal of it.

    python -m benchmarks.readiness.measure FOLDER

Reads the studies of `benchmarks.readiness.train` in FOLDER and writes `readiness.parquet` beside this file. It takes
some minutes, and asks NannyML and QuaPy of the same answers: `pip install nannyml statsmodels quapy` in an environment
of this benchmark.
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.readiness import TABLE
from benchmarks.readiness.others import (
    above_threshold,
    estimate_by_leap,
    estimate_by_nannyml,
    fit_subsets,
    tell_apart,
    transport,
    weigh_rows,
)
from benchmarks.readiness.real_tasks import MADE, MADE_KINDS
from brittlestar.core.answers import Probabilities
from brittlestar.core.errors import InputError
from brittlestar.core.results import StudyRecord
from brittlestar.core.splits import SHIFTED, EncodedData, is_shifted
from brittlestar.data.opening import open_data
from brittlestar.forecasts.forecasting import AnsweredSplit, measure_signals
from brittlestar.forecasts.labels import join_labels
from brittlestar.forecasts.outsider import fit_outsider
from brittlestar.forecasts.signals import accuracies, expect_rows
from brittlestar.store.layout import Store, open_store
from brittlestar.store.split_answers import read_run_probabilities
from brittlestar.store.study_record import read_record, read_states

HERE = "test"
LABELS, DRAWS = 50, 40


def measure_study(store: Store) -> Iterator[dict[str, Any]]:
    """The rows of one study: of all five runs, and of the first one alone."""
    record, data = read_record(store), open_data(store.data)
    known = data.splits[HERE]
    apart = {name: tell_apart(known, data.splits[name], data.vocabulary.size) for name in _shifts(data)}
    outsider = fit_outsider(data.splits["train"], data.vocabulary.size, len(data.classes))
    others = {name: outsider(data.splits[name]) for name in (HERE, *apart)}
    for variant in record.variants:
        every = {
            name: AnsweredSplit(
                data.splits[name],
                _answers(store, record, variant, name),
                data.splits[name].unknown_share,
                outsider=others[name],
            )
            for name in (HERE, *apart)
        }
        first = {
            name: replace(one, answers=replace(one.answers, values=one.answers.values[:1]))
            for name, one in every.items()
        }
        study = {"gap": _gap(record, variant), "probe_loss": _probe_loss(record, variant)}
        for answered in (every, first):
            here = answered[HERE]
            scores = accuracies(here.answers, here.labels)
            for name, (area, odds) in apart.items():
                new = answered[name]
                yield {
                    "task": record.name,
                    "kind": variant,
                    "shift": name.removeprefix(SHIFTED),
                    "natural": record.name in MADE and name.removeprefix(SHIFTED) not in MADE_KINDS,
                    "runs": here.answers.n_runs,
                    "rows_here": len(here.labels),
                    "rows": len(new.labels),
                    "classes": len(record.classes),
                    "here": float(scores.mean()),
                    "real": float(accuracies(new.answers, new.labels).mean()),
                    "spread": float(scores.std(ddof=1)) if len(scores) > 1 else None,
                    **study,
                    "area": area,
                    **measure_signals(here, new),
                    **_try_others(here, new, odds),
                    **_with_labels(new.answers, new.labels),
                }


def _try_others(here: AnsweredSplit, new: AnsweredSplit, odds: np.ndarray) -> dict[str, float]:
    """What other tools and methods estimate."""
    known, asked, labels = here.answers, new.answers, here.labels
    score = float(accuracies(known, labels).mean())
    usual = np.bincount(labels[labels >= 0], minlength=known.values.shape[2])
    lengths = np.asarray(here.split.lengths, np.float64)
    return {
        "threshold": above_threshold(known, labels, asked),
        "nannyml": estimate_by_nannyml(known, labels, asked),
        "leap": estimate_by_leap(known, labels, asked),
        "weights": weigh_rows(known, labels, odds),
        "subsets": fit_subsets(known, labels, asked, (lengths, odds)),
        "transport": score + transport(asked, usual / usual.sum()) - transport(known, usual / usual.sum()),
    }


def _with_labels(new: Probabilities, labels: np.ndarray) -> dict[str, float]:
    """The width of intervals at 90 % with 50 labels drawn at random, joined and of the labels alone, and how often the
    joined one holds the real accuracy: means over 40 draws."""
    right, expected = (new.predicted == labels).mean(axis=0), expect_rows(new)
    found: list[tuple[float, float, bool]] = []
    for draw in range(DRAWS):
        some = np.random.default_rng(draw).choice(len(labels), LABELS, replace=False)
        one = join_labels(right[some], expected, some, 0.9)
        (low, high), alone = one.interval, one.alone
        found.append((high - low, alone[1] - alone[0], low <= right.mean() <= high))
    joined, alone, held = np.mean(found, axis=0).tolist()
    return {"width_joined": joined, "width_alone": alone, "held_joined": held}


def _shifts(data: EncodedData) -> list[str]:
    return [name for name in data.splits if is_shifted(name)]


def _answers(store: Store, record: StudyRecord, variant: str, split: str) -> Probabilities:
    cells = record.list_finished(variant, split)
    answers = read_run_probabilities(store, cells, split, record.every_split[split])
    assert answers is not None and answers.n_runs == 5
    return answers


def _gap(record: StudyRecord, variant: str) -> float | None:
    """How much more accurate runs are on train than on dev, at their best epoch; None where training is not seen."""
    found = [
        float(cell.curves["train.accuracy"][cell.best_epoch] - cell.curves["dev.accuracy"][cell.best_epoch])
        for cell in record.list_finished(variant, HERE)
        if cell.best_epoch is not None and "train.accuracy" in cell.curves
    ]
    return float(np.mean(found)) if found else None


def _probe_loss(record: StudyRecord, variant: str) -> float | None:
    """The share of answers that change, over all changes of single rows by the default probes; None without probes."""
    probes = record.probes
    if probes is None:
        return None
    cells = [probes.cells[cell.hash] for cell in record.list_finished(variant, HERE) if cell.hash in probes.cells]
    plain, *changed = probes.conditions
    found = [
        float((cell.predictions[one.before] != cell.predictions[one.after]).mean())
        for cell in cells
        for one in changed
        if one.same_rows(plain)
    ]
    return float(np.mean(found)) if found else None


def _is_done(store: Store) -> bool:
    try:
        return all(state.state == "done" for state in read_states(store))
    except InputError:  # not set up yet
        return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    stores = {path: open_store(path) for path in sorted(folder.glob("*.study"))}
    done = [store for store in stores.values() if _is_done(store)]
    if left := len(stores) - len(done):
        print(f"{left} studies have runs to come, and are left out")
    rows = [row for store in done for row in measure_study(store)]
    pl.DataFrame(rows, infer_schema_length=None).write_parquet(TABLE)
    print(f"{len(rows)} rows of {len(done)} tasks in {TABLE}")


if __name__ == "__main__":
    main()
