"""What a study's cells and trivial baselines answer on a split, row by row: what claims are judged on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, partial

import numpy as np
import polars as pl

from brittlestar.core.answers import Answers, Probabilities, Rows, join_runs, read_answers
from brittlestar.core.metrics import metric_of
from brittlestar.core.results import CellRecord, SplitAnswers, SplitRecord, StudyRecord, TokenRows
from brittlestar.data.joining import number_units
from brittlestar.store.audit_document import read_answers as read_trivial
from brittlestar.store.cell_outputs import find_predictions, read_probabilities
from brittlestar.store.layout import Store
from brittlestar.study.names import SLICE

WEIGHT = "weight_"


def list_columns(store: Store, split: str) -> list[str]:
    """The names of what is known of the rows of a split, as `rows_table` has them."""
    return pl.scan_parquet(store.rows(split)).collect_schema().names()


def read_rows(store: Store, split: str, columns: Sequence[str]) -> pl.DataFrame:
    """These columns of the rows of a split."""
    return pl.read_parquet(store.rows(split), columns=list(columns))


def read_runs(
    store: Store, digests: Sequence[str], split: str, about: SplitRecord, sample: bool = False
) -> list[Probabilities | None]:
    """What runs answer to a split that `about` describes, by their hashes; None where not every row is there, or with
    `sample` none."""
    folders = find_predictions(store, digests, split, about.fingerprint)
    return [read_probabilities(store, folders[digest], split, about.rows, sample) for digest in digests]


class AnsweredRows(Mapping[str, SplitAnswers]):
    """The answers on each split of a study, read when they are asked for and kept."""

    def __init__(self, store: Store, record: StudyRecord) -> None:
        self._store, self._record = store, record
        self._read: dict[str, SplitAnswers] = {}

    def __getitem__(self, split: str) -> SplitAnswers:
        if split not in self._record.splits:
            raise KeyError(split)
        if split not in self._read:
            self._read[split] = _read_split(self._store, self._record, split, self._train)
        return self._read[split]

    def __iter__(self) -> Iterator[str]:
        return iter(self._record.splits)

    def __len__(self) -> int:
        return len(self._record.splits)

    @cached_property
    def _train(self) -> np.ndarray:
        return read_rows(self._store, "train", ["hash"])["hash"].to_numpy()


def _read_split(store: Store, record: StudyRecord, split: str, train: np.ndarray) -> SplitAnswers:
    """What is known of one split of a study; `train` uint64 (n_train_rows,) are the hashes of train's sequences."""
    names = list_columns(store, split)
    weights = [name for name in names if name.startswith(WEIGHT)]
    kept = [name for name in names if name in ("id", "group", "length") or name.startswith(SLICE)]
    frame = read_rows(store, split, ["hash", "label", *kept, *weights])
    place = {name: k for k, name in enumerate(record.classes)}
    hashes, groups = frame["hash"].to_numpy(), _code_groups(frame)
    rows = Rows(
        labels=np.asarray([place.get(label, -1) for label in frame["label"].to_list()], np.int64),
        n_classes=len(record.classes),
        weights={name.removeprefix(WEIGHT): frame[name].to_numpy().astype(np.float64) for name in weights},
        units=number_units(hashes, groups),
        classes=record.classes,
    )
    runs = {variant: _stack_runs(store, record, variant, split, rows) for variant in record.variants}
    return SplitAnswers(
        rows,
        hashes,
        groups,
        np.isin(hashes, train),
        {variant: answers for variant, answers in runs.items() if answers is not None},
        read_trivial(store, split, rows),
        frame["id"].cast(pl.String).to_numpy() if "id" in names else None,
        {name.removeprefix(SLICE): frame[name].to_numpy() for name in kept if name not in ("id", "group")},
        cache(partial(_read_tokens, store, split)) if "tokens" in names else None,
    )


def _read_tokens(store: Store, split: str) -> TokenRows:
    """Which rows of a split have which token."""
    pairs = read_rows(store, split, ["tokens"]).with_row_index("row").explode("tokens").drop_nulls("tokens").unique()
    names = pairs["tokens"].unique().sort()
    codes = pairs["tokens"].cast(pl.Enum(names)).to_physical()
    return TokenRows(tuple(names), pairs["row"].cast(pl.Int64).to_numpy(), codes.cast(pl.Int64).to_numpy())


def count_unseen(store: Store, splits: Iterable[str]) -> dict[str, int]:
    """How many rows of each split have a sequence that is no row of train."""
    train = read_rows(store, "train", ["hash"])["hash"].implode()
    hashes = {split: read_rows(store, split, ["hash"])["hash"] for split in splits if split != "train"}
    return {split: int((~one.is_in(train)).sum()) for split, one in hashes.items()}


def _code_groups(frame: pl.DataFrame) -> np.ndarray | None:
    """The group of each row, one that has none by itself; None where no row has one."""
    if "group" not in frame.columns or frame["group"].null_count() == frame.height:
        return None
    names = frame["group"].fill_null("").to_list()
    known = {name: k for k, name in enumerate(dict.fromkeys(name for name in names if name))}
    alone = iter(range(len(known), len(known) + len(names)))
    return np.asarray([known[name] if name else next(alone) for name in names], np.int64)


def _stack_runs(store: Store, record: StudyRecord, variant: str, split: str, rows: Rows) -> Answers | None:
    """The answers of a variant's finished runs, with all probabilities where a metric of the study reads them; None
    where there are no runs, or not every row of one is stored."""
    digests = [cell.hash for cell in record.list_finished(variant, split)]
    keep = any(metric_of(metric).reads_all for metric in record.metrics)
    parts: list[Answers] = []
    for stored in read_runs(store, digests, split, record.splits[split]):
        if stored is None:
            return None
        parts.append(read_answers(rows, stored.values, bare=stored.bare, keep=keep))
    return join_runs(parts) if parts else None


def read_run_probabilities(
    store: Store, cells: Sequence[CellRecord], split: str, about: SplitRecord
) -> Probabilities | None:
    """What these finished runs of one variant answer on a split, as far as answers are stored; None where one of them
    has none."""
    found = read_runs(store, [cell.hash for cell in cells], split, about, sample=True)
    read = [one for one in found if one is not None]
    if not read or len(read) < len(found):
        return None
    values = np.concatenate([one.values for one in read])
    return Probabilities(values=values, bare=any(one.bare for one in read), places=read[0].places)
