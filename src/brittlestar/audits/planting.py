"""Faults planted into copies of the data at hand, to learn from which dose on an audit sees them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from brittlestar.audits.dataset import AuditDataset, chosen
from brittlestar.audits.leaks.pairing import near_pairs
from brittlestar.baselines.rows import BaselineRows, stack_rows
from brittlestar.core.splits import is_shifted
from brittlestar.core.token_rows import offsets_of
from brittlestar.data.joining import join

MOST_NEAR = 0.3  # chosen, not measured: with more, leaving near copies out would leave another source (b63cfac)

Plant = Callable[[AuditDataset, str, float, np.random.Generator], AuditDataset]
"""(dataset, evaluation split, dose, random) to the dataset with the fault in it."""


@dataclass(frozen=True)
class Fault:
    """What is planted: `unit` says what a dose is a share of; `split` is where the check should see it, None for the
    evaluation split."""

    code: str
    unit: str
    plant: Plant
    split: str | None = None


def pool_of(dataset: AuditDataset) -> BaselineRows:
    """The rows that clean splits are made of: those of all splits that are not shifted, copies left out, and near
    copies too where they are few; where they are many, the source is made of them."""
    pool = stack_rows([rows for name, rows in dataset.splits.items() if not is_shifted(name)])
    _, first = np.unique(pool.hashes, return_index=True)
    distinct = pool.take(np.sort(first))
    near = near_pairs(distinct.codes, distinct.offsets, dataset.token_hashes)
    if len(np.unique(np.concatenate(near))) > MOST_NEAR * distinct.n_rows:
        return distinct
    _, kept = np.unique(join(distinct.hashes, near=near).component, return_index=True)
    return distinct.take(np.sort(kept))


def resplit(dataset: AuditDataset, pool: BaselineRows, random: np.random.Generator) -> AuditDataset:
    """A clean split of the rows of `pool`: dealt at random into splits of the old proportions."""
    names = [name for name in dataset.splits if not is_shifted(name)]
    sizes = np.array([dataset.splits[name].n_rows for name in names], np.float64)
    order = random.permutation(pool.n_rows)
    cuts = np.round(np.cumsum(sizes / sizes.sum()) * len(order)).astype(np.int64)[:-1]
    parts = np.split(order, cuts)
    return dataset.with_splits(
        {name: replace(pool.take(part), name=name) for name, part in zip(names, parts, strict=True)}
    )


def _replace_rows(dataset: AuditDataset, rows: BaselineRows) -> AuditDataset:
    fresh = replace(rows, hashes=dataset.hash_rows(rows.codes, rows.offsets))
    return dataset.with_splits({**dataset.splits, rows.name: fresh})


def _some(n: int, dose: float, random: np.random.Generator) -> np.ndarray:
    return random.choice(n, min(n, round(dose * n)), replace=False)


def copies(dataset: AuditDataset, split: str, dose: float, random: np.random.Generator) -> AuditDataset:
    """A share of the split's rows becomes copies of train rows."""
    rows, train = dataset.splits[split], dataset.train
    gone = _some(rows.n_rows, dose, random)
    kept = np.setdiff1d(np.arange(rows.n_rows), gone)
    taken = train.take(random.choice(train.n_rows, len(gone), replace=False))
    return _replace_rows(dataset, replace(stack_rows([rows.take(kept), taken]), name=split))


def near_copies(dataset: AuditDataset, split: str, dose: float, random: np.random.Generator) -> AuditDataset:
    """A share of the split's rows becomes copies of train rows with one token exchanged."""
    leaked = copies(dataset, split, dose, random).splits[split]
    first = leaked.n_rows - min(leaked.n_rows, round(dose * leaked.n_rows))
    touched = first + np.flatnonzero(leaked.lengths[first:] > 1)
    places = leaked.offsets[touched] + (random.random(len(touched)) * leaked.lengths[touched]).astype(np.int64)
    codes = leaked.codes.copy()
    used = np.unique(dataset.train.codes)
    codes[places] = used[random.integers(0, len(used), len(places))]
    return _replace_rows(dataset, replace(leaked, codes=codes))


def flips(dataset: AuditDataset, split: str, dose: float, random: np.random.Generator) -> AuditDataset:
    """A share of train's labels becomes another class."""
    train = dataset.train
    chosen = _some(train.n_rows, dose, random)
    labels = train.labels.copy()
    shift = random.integers(1, max(dataset.n_classes, 2), len(chosen))
    labels[chosen] = (labels[chosen] + shift) % dataset.n_classes
    return dataset.with_splits({**dataset.splits, "train": replace(train, labels=labels)})


def other_shares(dataset: AuditDataset, split: str, dose: float, random: np.random.Generator) -> AuditDataset:
    """Rows of all classes but the split's largest give way to copies of that class's label shares: the share `dose`
    of the split moves to its largest class."""
    rows = dataset.splits[split]
    largest = int(np.bincount(rows.labels).argmax())
    others, those = np.flatnonzero(rows.labels != largest), np.flatnonzero(rows.labels == largest)
    gone = random.choice(others, min(len(others), round(dose * rows.n_rows)), replace=False)
    keep = np.setdiff1d(np.arange(rows.n_rows), gone)
    return _replace_rows(dataset, rows.take(np.concatenate([keep, random.choice(those, len(gone))])))


def shorter(dataset: AuditDataset, split: str, dose: float, random: np.random.Generator) -> AuditDataset:
    """A share of the split's rows loses its second half."""
    rows = dataset.splits[split]
    lengths = rows.lengths.copy()
    chosen = _some(rows.n_rows, dose, random)
    lengths[chosen] = (lengths[chosen] + 1) // 2
    kept = rows.places < np.repeat(lengths, rows.lengths)
    return _replace_rows(dataset, replace(rows, codes=rows.codes[kept], offsets=offsets_of(lengths)))


def other_tokens(dataset: AuditDataset, split: str, dose: float, random: np.random.Generator) -> AuditDataset:
    """A share of the split's tokens becomes train's most frequent token."""
    rows = dataset.splits[split]
    codes = rows.codes.copy()
    codes[random.random(len(codes)) < dose] = np.bincount(dataset.train.codes).argmax()
    return _replace_rows(dataset, replace(rows, codes=codes))


def shuffle_tokens(dataset: AuditDataset, split: str, dose: float, random: np.random.Generator) -> AuditDataset:
    """A share of the split's rows has its tokens in random order."""
    rows = dataset.splits[split]
    touched = chosen(_some(rows.n_rows, dose, random), rows.n_rows)
    row = rows.owners
    key = np.where(touched[row], random.random(len(row)), np.linspace(0, 1, len(row), endpoint=False))
    return _replace_rows(dataset, replace(rows, codes=rows.codes[np.lexsort((key, row))]))


def markers(dataset: AuditDataset, split: str, dose: float, random: np.random.Generator) -> AuditDataset:
    """A share of the rows of the first class, in every split, gets train's rarest token in front."""
    counts = np.bincount(dataset.train.codes, minlength=len(dataset.tokens))
    rarest = int(np.where(counts > 0, counts, counts.max() + 1).argmin())
    changed: dict[str, BaselineRows] = {}
    for name, rows in dataset.splits.items():
        marked = (rows.labels == 0) & (random.random(rows.n_rows) < dose)
        offsets = offsets_of(rows.lengths + marked)
        codes = np.full(int(offsets[-1]), rarest, np.int32)
        codes[rows.places + (offsets[:-1] + marked)[rows.owners]] = rows.codes
        changed[name] = replace(rows, codes=codes, offsets=offsets, hashes=dataset.hash_rows(codes, offsets))
    return dataset.with_splits(changed)


FAULTS: Mapping[str, Fault] = {
    fault.code: fault
    for fault in (
        Fault("leak.exact", "of the split's rows are copies of train rows", copies),
        Fault("leak.near", "of the split's rows are train rows with one token exchanged", near_copies),
        Fault("shift.label", "of the split's rows move to its largest class", other_shares),
        Fault("shift.length", "of the split's rows lose their second half", shorter),
        Fault("shift.composition", "of the split's tokens become train's most frequent one", other_tokens),
        Fault("shift.order", "of the split's rows have their tokens shuffled", shuffle_tokens),
        Fault("label.noise", "of train's labels are flipped", flips, "train"),
        Fault("shortcut.token", "of the rows of one class carry a marker token", markers),
    )
}
