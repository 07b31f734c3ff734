"""The rows behind a finding of probes: as they were, as they became, and what each seed answered."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from brittlestar.core.brief import brief_repr
from brittlestar.core.errors import InputError
from brittlestar.core.probing import Condition, ProbeRecord
from brittlestar.core.texts import suggest
from brittlestar.diagnosis.probes.readings import ProbedVariant, probed_study
from brittlestar.diagnosis.probes.readings import answers as answers_of
from brittlestar.diagnosis.probes.slices import of_any_size
from brittlestar.diagnosis.probes.summary import not_probed
from brittlestar.pipeline.own_metrics import read_live_record
from brittlestar.store.layout import open_store
from brittlestar.store.suites import current_suite

MOST_REPLAYED = 10  # a list that a person reads


@dataclass(frozen=True, repr=False)
class Replayed:
    """One row under one condition. `id` is that of the row in the split, None where it was drawn or given; labels are
    true ones, None where none is known; `answers` are (before, after) by seed."""

    __repr__ = brief_repr

    id: str | None
    before: str | None
    after: str
    label_before: str | None
    label_after: str | None
    answers: dict[int, tuple[str | None, str]]

    @property
    def changed(self) -> bool:
        """Whether the answer of any seed did."""
        return any(old is not None and old != new for old, new in self.answers.values())

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)


def replay(
    study: str | Path, condition: str, *, variant: str | None = None, most: int = MOST_REPLAYED
) -> tuple[Replayed, ...]:
    """List the rows behind a condition of a probed study, with the answer of each seed.

    Args:
        study (DATA|STUDY): The folder of a probed study.
        condition (--show CONDITION): Only list the rows behind a condition: order.shuffle@1, 'class 1'.
        variant (--variant VARIANT): Whose rows are listed. Default: main.
        most: In Python: the largest number of rows.

    Returns:
        Rows whose answers changed in most seeds, in the order of the split. For a slice, or where no answer changed,
        rows that are answered wrongly.

    Raises:
        InputError: The study was not probed, or has no such condition, slice or variant.

    Example:
        The study is that of `run("data")`.

        >>> from brittlestar import replay
        >>> rows = replay("data.study", "class 1", most=2)
        >>> len(rows) <= 2 and all(row.label_before == "1" for row in rows)
        True
    """
    import polars as pl

    store = open_store(study)
    record, suite = read_live_record(store), current_suite(store)
    found = probed_study(record)
    variants = {} if found is None else {one.name: one for one in found.variants}
    if suite is None or not variants:
        reasons = "; ".join(f"{name}: {why}" for name, why in not_probed(record).items())
        raise InputError("this study was not probed", str(study), reasons)
    name = variant or record.main
    if name not in variants:
        hint = suggest(name, list(variants)) or f"{', '.join(variants)} were"
        raise InputError(f"no run of '{name}' was probed", "--variant", hint)
    one, members = _find_condition(suite.suite.conditions, found.probes if found else None, condition)
    rows = suite.suite.rows
    ids = pl.read_parquet(store.rows(suite.suite.split), columns=["id"])["id"].to_list()
    same_rows = one.same_rows(suite.suite.conditions[0])

    def text(number: int) -> str:
        return " ".join(rows.rows(np.array([number])).strings()[0])

    def label(number: int) -> str | None:
        return record.classes[number] if number >= 0 else None

    rows_told: list[Replayed] = []
    for place in _chosen(variants[name], one, members, most):
        before, after = int(one.before[place]), int(one.after[place])
        answers = {
            seed: (
                label(int(cell.predictions[before])) if before >= 0 else None,
                label(int(cell.predictions[after])) or "no answer",
            )
            for seed, cell in sorted(variants[name].cells.items())
        }
        row = ids[int(suite.suite.sample[place])] if same_rows else None
        labels = (label(int(one.labels_before[place])), label(int(one.labels_after[place])))
        rows_told.append(Replayed(row, text(before) if before >= 0 else None, text(after), *labels, answers))
    return tuple(rows_told)


def _find_condition(
    conditions: Sequence[Condition], probes: ProbeRecord | None, name: str
) -> tuple[Condition, np.ndarray | None]:
    """A condition by its name; or the rows as they are and bool (n,), which of them a slice has."""
    found = next((condition for condition in conditions if condition.name == name), None)
    if found is not None:
        return found, None
    plain = conditions[0]
    parts = {} if probes is None else of_any_size(probes, plain.labels_before)
    if name in parts:
        return plain, parts[name]
    names = [*(condition.name for condition in conditions[1:]), *parts]
    hint = suggest(name, names) or f"there are {', '.join(names)}"
    raise InputError(f"no condition or slice is named '{name}'", "--show", hint)


def _chosen(variant: ProbedVariant, one: Condition, members: np.ndarray | None, most: int) -> list[int]:
    after = answers_of(variant.cells, one.after)
    wrong = ((after != one.labels_after) & (one.labels_after >= 0)).sum(axis=0)
    if members is not None:
        wrong = wrong * members
    elif (one.before >= 0).all() and len(one.before):
        before = answers_of(variant.cells, one.before)
        changed = (before != after).sum(axis=0)
        wrong = changed if changed.any() else wrong
    order = np.argsort(-wrong, kind="stable")[:most]
    return sorted(int(k) for k in order if wrong[k] > 0)
