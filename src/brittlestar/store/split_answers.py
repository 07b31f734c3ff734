"""What a study's cells and trivial baselines answer on a split, row by row: what claims are judged on."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
import polars as pl

from brittlestar.core.results import CellRecord, RunAnswers, RunProbabilities, SplitAnswers, StudyRecord
from brittlestar.store.audit_document import read_answers
from brittlestar.store.cell_outputs import find_predictions, read_probabilities
from brittlestar.store.layout import Store
from brittlestar.study.names import SLICE

WEIGHT = "weight_"


class StoredAnswers(Mapping[str, SplitAnswers]):
    """The answers on each split of a study, read when they are asked for and kept."""

    def __init__(self, store: Store, record: StudyRecord) -> None:
        self._store, self._record = store, record
        self._read: dict[str, SplitAnswers] = {}

    def __getitem__(self, split: str) -> SplitAnswers:
        if split not in self._record.splits:
            raise KeyError(split)
        if split not in self._read:
            self._read[split] = read_split_answers(self._store, self._record, split, self._train)
        return self._read[split]

    def __iter__(self) -> Iterator[str]:
        return iter(self._record.splits)

    def __len__(self) -> int:
        return len(self._record.splits)

    @cached_property
    def _train(self) -> np.ndarray:
        return pl.read_parquet(self._store.rows("train"), columns=["hash"])["hash"].to_numpy()


def read_split_answers(store: Store, record: StudyRecord, split: str, train: np.ndarray) -> SplitAnswers:
    """What is stored of one split of a study; `train` uint64 (n_train_rows,) are the hashes of train's sequences."""
    rows = pl.scan_parquet(store.rows(split))
    names = rows.collect_schema().names()
    weights = [name for name in names if name.startswith(WEIGHT)]
    kept = [name for name in names if name in ("id", "group", "length") or name.startswith(SLICE)]
    frame = rows.select("hash", "label", *kept, *weights).collect()
    place = {name: k for k, name in enumerate(record.classes)}
    labels = np.asarray([place.get(label, -1) for label in frame["label"].to_list()], np.int64)
    hashes = frame["hash"].to_numpy()
    finished = {variant: record.list_finished(variant, split) for variant in record.variants}
    digests = (cell.hash for cells in finished.values() for cell in cells)
    folders = find_predictions(store, digests, split, record.splits[split].fingerprint)
    runs = {
        variant: _read_runs(store, [folders[cell.hash] for cell in cells], split, labels)
        for variant, cells in finished.items()
    }
    return SplitAnswers(
        labels,
        hashes,
        _code_groups(frame),
        {name.removeprefix(WEIGHT): frame[name].to_numpy().astype(np.float64) for name in weights},
        np.isin(hashes, train),
        {variant: answers for variant, answers in runs.items() if answers is not None},
        read_answers(store, split),
        frame["id"].cast(pl.String).to_numpy() if "id" in names else None,
        {name.removeprefix(SLICE): frame[name].to_numpy() for name in kept if name not in ("id", "group")},
    )


def _code_groups(frame: pl.DataFrame) -> np.ndarray | None:
    """The group of each row, one that has none by itself; None where no row has one."""
    if "group" not in frame.columns or frame["group"].null_count() == frame.height:
        return None
    names = frame["group"].fill_null("").to_list()
    known = {name: k for k, name in enumerate(dict.fromkeys(name for name in names if name))}
    alone = iter(range(len(known), len(known) + len(names)))
    return np.asarray([known[name] if name else next(alone) for name in names], np.int64)


def _read_runs(store: Store, folders: Sequence[str], split: str, labels: np.ndarray) -> RunAnswers | None:
    """The answers of a variant's finished runs; None where there are none, or not every row of one is stored."""
    predicted: list[np.ndarray] = []
    own: list[np.ndarray] = []
    hard = False
    for folder in folders:
        stored = read_probabilities(store, folder, split, len(labels))
        if stored is None:
            return None
        probabilities, bare = stored.values, stored.hard
        predicted.append(probabilities.argmax(axis=1).astype(np.int64))
        own.append(np.where(labels >= 0, probabilities[np.arange(len(labels)), labels], 0.0))
        hard = hard or bare
    return RunAnswers(np.stack(predicted), np.stack(own), hard) if predicted else None


def read_run_probabilities(
    store: Store, cells: Sequence[CellRecord], split: str, fingerprint: str, n_rows: int
) -> RunProbabilities | None:
    """What these finished runs of one variant answer on a split, as far as answers are stored; None where one of them
    has none."""
    folders = find_predictions(store, (cell.hash for cell in cells), split, fingerprint)
    found = [read_probabilities(store, folders[cell.hash], split, n_rows, sample=True) for cell in cells]
    if not found or any(one is None for one in found):
        return None
    read = [one for one in found if one is not None]
    return RunProbabilities(np.stack([one.values for one in read]), any(one.hard for one in read), read[0].rows)
