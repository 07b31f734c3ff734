"""What an audit of these very data would have caught: faults of growing dose, planted into copies, beside clean splits
of the same rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from brittlestar.audits.analysis import analyse
from brittlestar.audits.dataset import AuditDataset, chosen
from brittlestar.audits.leaks.pairing import near_pairs
from brittlestar.audits.running import Progress, correct_findings
from brittlestar.audits.showing import FEWEST_ROWS
from brittlestar.baselines.rows import BaselineRows, stack_rows
from brittlestar.core.catalogue import find_checks
from brittlestar.core.checks import family_of
from brittlestar.core.errors import InputError
from brittlestar.core.findings import Finding
from brittlestar.core.seeds import generator
from brittlestar.core.splits import headline_split, is_shifted
from brittlestar.core.token_rows import offsets_of
from brittlestar.data.joining import join
from brittlestar.statistics.proportions import bound_share_above
from brittlestar.study.settings import TrivialSettings

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


DOSES = (0.002, 0.004, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4)  # convention: steps of about two from 1 in 500 rows on
COPIES = 20  # budget: plantings of each dose
CAUGHT = 19  # convention: 95 % of the plantings
CLEAN = 40  # derived: no alarm in 40 bounds their rate by 7.2 % (95 %)


def codes_of(only: Sequence[str]) -> tuple[str, ...]:
    """The codes, of those that can be planted, that `--only` names; all of them without it."""
    return tuple(code for code in FAULTS if not only or code in only or family_of(code) in only)


def limits(
    dataset: AuditDataset,
    codes: tuple[str, ...] = tuple(FAULTS),
    copies: int = COPIES,
    clean: int = CLEAN,
    progress: Progress = lambda what, done, of: None,
) -> dict[str, Any]:
    """Detection limits of the checks in `codes` on clean splits of these rows, as JSON values.

    `split` is where faults were planted. Of each of `limits`, `dose` is the smallest of which at least 19 of 20
    plantings were `present` in the right place, None where not even the `largest` was; `caught` maps every dose that
    was tried to the number caught of `of`, dose 0 being clean splits; `there_already`: these have the finding anyway,
    so that no dose can be told. `false_alarms` says how many of the clean splits raised an error or a warning in these
    checks, those left out whose finding is there already (near copies, where the source is made of them), and the
    upper 95 % bound of that rate (Clopper and Pearson 1934). Raises InputError where the data have no evaluation split,
    or too few rows for one.
    """
    rows = {evaluation.name: evaluation.n_rows for evaluation in dataset.evaluations if not is_shifted(evaluation.name)}
    split = headline_split(rows) or next(iter(rows), None)
    if split is None:
        raise InputError("there is no dev or test split to plant faults in", "--limits", "the split command makes some")
    quick = dataset.study.model_copy(update={"trivial": TrivialSettings(linear="off")})  # a copy costs seconds with it
    dataset = replace(dataset, study=quick)
    if dataset.splits[split].n_rows < FEWEST_ROWS or dataset.train.n_rows < FEWEST_ROWS:
        raise InputError(f"fewer than {FEWEST_ROWS} rows in train or {split}", "--limits", "add rows")
    pool = pool_of(dataset)
    faults = [FAULTS[code] for code in codes if code in find_checks("data")]
    raised: list[set[str]] = []
    there: dict[str, list[bool]] = {fault.code: [] for fault in faults}
    for number in range(clean):
        progress("clean splits", number, clean)
        fresh = analyse(resplit(dataset, pool, generator(0, "limits", "clean", number)))
        each = {fault.code: list(find_checks("data")[fault.code].function(fresh)) for fault in faults}
        found = correct_findings([f for own in each.values() for f in own])
        raised.append({f.code for f in found if f.status == "present" and f.severity in ("error", "warning")})
        for fault in faults:
            there[fault.code].append(_present(each[fault.code], fault.split or split))
    copies = min(copies, clean)
    already = {code: sum(found[:copies]) for code, found in there.items()}
    notes = [_limit(dataset, pool, split, fault, already[fault.code], copies, progress) for fault in faults]
    deserved = {note["code"] for note in notes if note["there_already"]}
    alarms = sum(bool(codes - deserved) for codes in raised)
    below = bound_share_above(alarms, clean, 0.05)
    return {"split": split, "limits": notes, "false_alarms": {"splits": alarms, "of": clean, "below": below}}


def _limit(
    dataset: AuditDataset, pool: BaselineRows, split: str, fault: Fault, there: int, copies: int, progress: Progress
) -> dict[str, Any]:
    """Halving over the doses, until nearly all plantings are caught. `there`: clean splits with the finding anyway."""
    caught, already = {0.0: there}, there > copies // COPIES
    needed = -(-CAUGHT * copies // COPIES)
    low, high = 0, len(DOSES)
    while low < high and not already:
        middle = (low + high) // 2
        dose = DOSES[middle]
        progress(f"{fault.code} at {100 * dose:g} %", len(caught), 3)
        caught[dose] = 0
        for number in range(copies):
            random = generator(0, "limits", fault.code, str(dose), number)
            planted = analyse(fault.plant(resplit(dataset, pool, random), split, dose, random))
            caught[dose] += _present(list(find_checks("data")[fault.code].function(planted)), fault.split or split)
        low, high = (low, middle) if caught[dose] >= needed else (middle + 1, high)
    return {
        "code": fault.code,
        "dose": None if already or low == len(DOSES) else DOSES[low],
        "unit": fault.unit,
        "of": copies,
        "caught": {f"{dose:g}": number for dose, number in sorted(caught.items())},
        "there_already": already,
        "largest": DOSES[-1],
    }


def _present(findings: list[Finding], place: str) -> bool:
    found = correct_findings(findings)
    return any(f.status == "present" and f.where.get("split", place) == place for f in found)
