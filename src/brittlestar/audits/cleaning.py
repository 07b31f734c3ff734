"""Which rows to take out so that no leak is left: rules, rows and reasons. Nothing is changed here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from brittlestar.audits.analysis import Analysis, analyse
from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.draws import renumber
from brittlestar.audits.leaks.near import REMEDY_FOR_SOURCES
from brittlestar.audits.leaks.pairing import near_between
from brittlestar.audits.running import audit_dataset
from brittlestar.baselines.rows import BaselineRows
from brittlestar.core.findings import Finding
from brittlestar.data.tables import format_count, format_list

RULES: Mapping[str, str] = {
    "leak.exact": "An evaluation row whose token sequence is in train is taken out of the evaluation split.",
    "leak.group": "Where groups on both sides are a leak, evaluation rows whose group is in train are taken out.",
    "leak.near": "Where near copies are a leak, evaluation rows that are near copies of train rows are taken "
    "out, and dev rows that are near copies of test rows.",
    "leak.selection": "A dev row whose token sequence is in test or in a shifted split is taken out of dev; test "
    "stays as it is.",
    "label.conflict": "Of rows of one split with one sequence and several labels, those without the most frequent "
    "label are taken out; where no label is the most frequent, all stay.",
    "data.duplicates": "Of rows of one split with one sequence and one label, the first stays.",
}
"""{code: rule}, in the order in which a row is looked at; the first that applies is its reason."""

ROUNDS = 4  # budget: audits of what is left; each takes as long as the first
TURNS = 4
"""Budget: searches for near copies of one split, two at least, since each compares few candidates for each row."""


@dataclass(frozen=True)
class Removal:
    """Rows of `split` at `rows` int64 that `code` takes out; `because` int64: for each, the row of `other` that is the
    reason."""

    split: str
    code: str
    rows: np.ndarray
    other: str
    because: np.ndarray


@dataclass(frozen=True)
class Cleaned:
    """`kept[split]` int64: positions of the rows that stay, in their order; `removals` of all others, each row once;
    `findings` of the leak checks on what stays; `notes` are sentences on what that did to the splits."""

    kept: Mapping[str, np.ndarray]
    removals: tuple[Removal, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]


def clean(analysis: Analysis) -> Cleaned:
    """Rows to keep in every split, by the rules of `RULES`. Near copies and groups are taken out of the splits where
    these are a leak, before or after the other rules were applied. Repeats within splits go, too."""
    near: set[str] = set()
    groups: set[str] = set()
    findings: Sequence[Finding] = audit_dataset(analysis, only=("leak",))
    removals: list[Removal] = []
    kept: dict[str, np.ndarray] = {}
    for _ in range(ROUNDS):
        grown = near | _find_leaky_splits(findings, "leak.near"), groups | _find_leaky_splits(findings, "leak.group")
        if removals and grown == (near, groups):
            break
        near, groups = grown
        removals = find_removals(analysis, near, groups)
        kept = {name: np.arange(rows.n_rows) for name, rows in analysis.splits.items()}
        for removal in removals:
            kept[removal.split] = np.setdiff1d(kept[removal.split], removal.rows, assume_unique=True)
        left = {name: analysis.splits[name].take(rows) for name, rows in kept.items() if len(rows)}
        findings = audit_dataset(analyse(analysis.with_splits(left)), only=("leak",))
    return Cleaned(kept, tuple(removals), tuple(findings), _notes(analysis, kept, findings))


def find_removals(dataset: AuditDataset, near: Collection[str] = (), groups: Collection[str] = ()) -> list[Removal]:
    """What the rules take out; near copies and groups in the splits named."""
    found = _Found(dataset)
    train = dataset.train
    for rows in dataset.evaluations:
        found.add(rows, "leak.exact", train, *_first_with(rows.hashes, train.hashes))
        if rows.name in groups and rows.groups is not None and train.groups is not None:
            found.add(rows, "leak.group", train, *_first_with(rows.groups, train.groups))
        if rows.name in near:
            found.add_near(rows, train)
    dev, test = dataset.splits.get("dev"), dataset.splits.get("test")
    for rows in dataset.evaluations:
        if dev is not None and rows is not dev:
            left = found.find_left(rows)
            mine, there = _first_with(dev.hashes, rows.hashes[left])
            found.add(dev, "leak.selection", rows, mine, left[there])
    if dev is not None and test is not None and {"dev", "test"} & set(near):
        found.add_near(dev, test)
    for rows in dataset.splits.values():
        found.add(rows, "label.conflict", rows, *_minority(found, rows))
        found.add(rows, "data.duplicates", rows, *_find_repeats(found, rows))
    return found.removals


class _Found:
    """Removals so far: a row is taken out once, by the first rule that applies."""

    def __init__(self, dataset: AuditDataset) -> None:
        self.dataset = dataset
        self.removals: list[Removal] = []
        self.gone = {name: np.zeros(rows.n_rows, np.bool_) for name, rows in dataset.splits.items()}

    def find_left(self, rows: BaselineRows) -> np.ndarray:
        """int64: positions that no rule has taken out yet."""
        return np.flatnonzero(~self.gone[rows.name])

    def add(self, rows: BaselineRows, code: str, other: BaselineRows, which: np.ndarray, because: np.ndarray) -> None:
        """Take out the rows at `which`, unless they are out already."""
        new = ~self.gone[rows.name][which]
        which, because = which[new], because[new]
        if len(which):
            self.gone[rows.name][which] = True
            self.removals.append(Removal(rows.name, code, which, other.name, because))

    def add_near(self, rows: BaselineRows, other: BaselineRows) -> None:
        """Take out near copies of what is left of `other` (all of train: its repeats are still in it)."""
        left = self.find_left(other) if other.name != "train" else np.arange(other.n_rows)
        _, first = np.unique(other.hashes[left], return_index=True)
        there = left[np.sort(first)]
        searched = other.take(there)
        for turn in range(TURNS):
            asked = self.find_left(rows)
            part = rows.take(asked)
            query, row = near_between(searched, part, self.dataset.token_hashes, turn)
            which, place = np.unique(query, return_index=True)
            if turn and not len(which):
                return
            self.add(rows, "leak.near", other, asked[which], there[row[place]])


def _first_with(values: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Positions of `values` that stand in `others`, and the first place there."""
    known, first = np.unique(others, return_index=True)
    if not len(known):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    place = np.minimum(np.searchsorted(known, values), len(known) - 1)
    which = np.flatnonzero(known[place] == values)
    return which, first[place[which]].astype(np.int64)


def _minority(found: _Found, rows: BaselineRows) -> tuple[np.ndarray, np.ndarray]:
    """Rows without the most frequent label of their sequence, and the first row that has it."""
    left = found.find_left(rows)
    sequence, n_labels = renumber(rows.hashes[left]), len(found.dataset.labels)
    pair, first, inverse, counts = np.unique(
        sequence * n_labels + rows.labels[left], return_index=True, return_inverse=True, return_counts=True
    )
    of = pair // max(n_labels, 1)
    most = np.zeros(int(of.max(initial=-1)) + 1, np.int64)
    np.maximum.at(most, of, counts)
    at_most = counts == most[of]
    leaders = np.bincount(of[at_most], minlength=len(most))
    leader = np.zeros(len(most), np.int64)
    leader[of[at_most]] = first[at_most]
    out = (~at_most & (leaders[of] == 1))[inverse.reshape(-1)]
    return left[out], left[leader[sequence[out]]]


def _find_repeats(found: _Found, rows: BaselineRows) -> tuple[np.ndarray, np.ndarray]:
    left = found.find_left(rows)
    pairs = renumber(rows.hashes[left]) * max(len(found.dataset.labels), 1) + rows.labels[left]
    _, first, inverse = np.unique(pairs, return_index=True, return_inverse=True)
    earliest = first[inverse.reshape(-1)]
    out = np.flatnonzero(earliest != np.arange(len(left)))
    return left[out], left[earliest[out]]


def _find_leaky_splits(findings: Sequence[Finding], code: str) -> set[str]:
    """Where rows of a leak are to be taken out, however few: not where the source explains them."""
    harmless = ("", REMEDY_FOR_SOURCES)
    return {f.where["split"] for f in findings if f.code == code and f.severity and f.remedy not in harmless}


def _notes(dataset: AuditDataset, kept: Mapping[str, np.ndarray], findings: Sequence[Finding]) -> tuple[str, ...]:
    found: list[str] = []
    for name, rows in kept.items():
        before = dataset.splits[name]
        if before.n_rows and not len(rows):
            found.append(f"{name} has no row left and is not written: all of its rows are in other splits")
            continue
        lost = np.setdiff1d(before.labels, before.labels[rows])
        if len(lost):
            names = format_list([repr(dataset.labels[label]) for label in lost.tolist()])
            found.append(f"{name} has lost every row of {format_count(len(lost), 'class', 'classes')}: {names}")
    hashes = [rows.hashes[kept[name]] for name, rows in dataset.splits.items()]
    ties = sum(int((np.unique(one, return_counts=True)[1] > 1).sum()) for one in hashes)
    if ties:
        several = format_count(ties, "sequence")
        found.append(f"{several} with several labels, none of them the most frequent: all are kept")
    for finding in findings:
        if finding.severity in ("error", "warning"):
            found.append(f"still there, and not to be cured by taking rows out: {finding.code}: {finding.summary}")
        elif finding.severity is not None:
            found.append(f"left as it is: {finding.code}: {finding.summary}")
    return tuple(found)
