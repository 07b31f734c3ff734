"""Other draws of the same rows: train and dev redrawn by group, train resampled. Test never moves."""

from dataclasses import replace

import numpy as np

from brittlestar.core.errors import InputError
from brittlestar.core.splits import EncodedData, EncodedSplit
from brittlestar.core.token_rows import offsets_of, take
from brittlestar.data.rows import stack_splits, take_split


def redraw(data: EncodedData, split_seed: int | None, sampling_seed: int | None) -> EncodedData:
    """The data as one draw of the `split` and `sampling` streams sees it; None leaves a stream off.

    `split`: train and dev are pooled and dealt again, whole groups at a time (rows, where there are no groups), dev
    as near its old size as the groups allow. Groups with a label that train lacks stay in dev: nothing can be learned
    from them. `sampling`: rows of train with replacement (whole groups, as many as there were). Vocabulary, classes
    and every other split stay. Raises InputError where there is no dev to pool.
    """
    if split_seed is not None:
        data = _redraw_split(data, np.random.Generator(np.random.PCG64(split_seed)))
    if sampling_seed is not None:
        data = _resample(data, np.random.Generator(np.random.PCG64(sampling_seed)))
    return data


def _redraw_split(data: EncodedData, random: np.random.Generator) -> EncodedData:
    if "dev" not in data.splits:
        raise InputError("the split stream redraws train and dev, and there is no dev split", "streams.split")
    train, dev = data.splits["train"], data.splits["dev"]
    units = _units([train, dev])
    sizes = np.bincount(units)
    pool = stack_splits(train, dev)
    kept = np.zeros(len(sizes), np.bool_)
    kept[units[pool.labels < 0]] = True
    drawn = kept.copy()
    free = random.permutation(np.flatnonzero(~kept))
    drawn[free[_nearest(sizes[free], dev.n_rows - int(sizes[kept].sum()))]] = True
    in_dev = drawn[units]
    splits = {
        "train": replace(take_split(pool, np.flatnonzero(~in_dev), "redrawn"), name="train"),
        "dev": replace(take_split(pool, np.flatnonzero(in_dev), "redrawn"), name="dev"),
    }
    return replace(data, splits={**data.splits, **splits})


def _nearest(sizes: np.ndarray, target: int) -> np.ndarray:
    """Positions of groups, taken in the given order while they fit, and one more where that comes nearer the target."""
    chosen: list[int] = []
    total = 0
    if (sizes == 1).all():
        return np.arange(min(max(target, 0), len(sizes)))
    for position, size in enumerate(sizes.tolist()):
        if total + size <= target:
            chosen.append(position)
            total += size
    left = np.setdiff1d(np.arange(len(sizes)), chosen)
    if len(left):
        best = left[np.argmin(sizes[left])]
        if abs(total + sizes[best] - target) < abs(total - target):
            chosen.append(int(best))
    return np.asarray(chosen, np.int64)


def _resample(data: EncodedData, random: np.random.Generator) -> EncodedData:
    train = data.splits["train"]
    units = _units([train])
    order = np.argsort(units, kind="stable")
    starts = offsets_of(np.bincount(units))
    drawn = random.integers(0, len(starts) - 1, len(starts) - 1)
    rows, _ = take(order, starts, drawn)
    return replace(data, splits={**data.splits, "train": take_split(train, rows, "resampled")})


def _units(splits: list[EncodedSplit]) -> np.ndarray:
    """int64 (n_rows,) over all splits: consecutive numbers of what moves as one; a row without group moves alone."""
    n_rows = sum(split.n_rows for split in splits)
    codes = np.concatenate(
        [np.full(split.n_rows, -1, np.int64) if split.groups is None else split.groups for split in splits]
    ).astype(np.int64)
    alone = codes < 0
    codes[alone] = codes.max(initial=-1) + 1 + np.arange(n_rows)[alone]
    return np.unique(codes, return_inverse=True)[1].reshape(-1)
