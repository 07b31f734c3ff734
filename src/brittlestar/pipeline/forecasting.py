"""Forecasts of a study: main's answers on its splits without labels."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from brittlestar.core.answers import Probabilities
from brittlestar.core.catalogue import find_checks
from brittlestar.core.checks import run_checks
from brittlestar.core.findings import Finding
from brittlestar.core.forecasts import FORECAST_LEVEL, Forecast
from brittlestar.core.results import CellRecord, StudyRecord
from brittlestar.core.splits import EncodedData, EncodedSplit, is_shifted, order_of_time
from brittlestar.data.encode import encode
from brittlestar.data.opening import is_withheld, open_data
from brittlestar.forecasts.forecasting import AnsweredSplit, forecast_split, join_known, say_nothing, try_on_labels
from brittlestar.forecasts.outsider import OUTSIDER, Outsider, fit_outsider
from brittlestar.store.later_splits import later_splits, read_labels, read_stored
from brittlestar.store.layout import Store
from brittlestar.store.split_answers import count_unseen, list_columns, read_rows, read_run_probabilities
from brittlestar.study.loading import bare_study
from brittlestar.training.predictor import FunctionPredictor

if TYPE_CHECKING:
    from brittlestar.pipeline.probe_given import Predict

SHIFTS = "shift."
MOST_ROWS_COMPARED = 20_000  # budget: rows of one side that checks look at, a few seconds
Labels = Mapping[str, np.ndarray]
"""{split: labels of the few rows that have some}, as `join_known` takes them."""
Later = Mapping[str, Mapping[str, Any]]
"""What checks said of splits that came later, as `later_splits` has it."""


def forecast_study(
    store: Store,
    record: StudyRecord,
    *,
    names: Collection[str] = (),
    level: float = FORECAST_LEVEL,
    labelled: Labels | None = None,
    predict: "Predict | None" = None,
) -> tuple[Forecast, ...]:
    """What main, or `predict` in its place, is expected to score on splits without labels, all or `names`: one forecast
    each, which says where nothing can be told. Labels that the study keeps are joined, those of `labelled` before
    them."""
    if not record.unlabelled:
        return ()
    split, data, later = record.held_out, open_data(store.data), later_splits(store)
    asked = _Asked(store, data, record, split or "", None if predict is None else predict(data.classes))
    here = asked.answer(split) if split else None
    shifts = ((name, asked.answer(name)) for name in record.splits if is_shifted(name))
    tried = try_on_labels(here, {name: one for name, one in shifts if one}, data.classes) if here else ()
    found: list[Forecast] = []
    known = {**read_labels(store), **(labelled or {})}
    for name in names or sorted(record.unlabelled, key=order_of_time):
        new = asked.answer(name) if here else None
        wrong = _find_mismatch(later, record, name)
        if wrong or here is None or new is None:
            why = wrong or asked.tell_lacking(name, here)
            one = say_nothing(name, asked.variant, record.unlabelled[name].rows, level, why)
        else:
            one = forecast_split(asked.variant, here, new, record.classes, level, tried)
        one = replace(one, shifts=_find_shifts(later, record, name))
        found.append(one if name not in known or new is None else join_known(one, new, known[name]))
    return tuple(found)


def ask_outsider(store: Store, record: StudyRecord) -> dict[str, np.ndarray]:
    """What an outsider answers to the rows of every split but train, int32 (n_rows,), for a record without tokens.
    Empty where the study has no rows without labels."""
    if not record.unlabelled:
        return {}
    data = open_data(store.data)
    outsider = _Asked(store, data, record, "", None).outsider
    return {name: outsider(split) for name, split in data.splits.items() if name != "train"}


@dataclass(frozen=True)
class _Asked:
    """Who answers the rows of a study: main's runs that are scored on the split `finished`, or a function."""

    store: Store
    data: EncodedData
    record: StudyRecord
    finished: str
    function: FunctionPredictor | None

    @property
    def variant(self) -> str:
        return self.record.main if self.function is None else self.function.where

    @property
    def cells(self) -> tuple[CellRecord, ...]:
        return self.record.list_finished(self.record.main, self.finished)

    @cached_property
    def unseen(self) -> dict[str, int]:
        """How many rows of each split without labels train lacks."""
        return count_unseen(self.store, tuple(self.record.unlabelled))

    @cached_property
    def outsider(self) -> Outsider:
        """Who answers beside the runs."""
        return fit_outsider(self.data.splits["train"], self.data.vocabulary.size, len(self.data.classes))

    def answer(self, name: str) -> AnsweredSplit | None:
        """The answers to a split; None where a run has none. Raises InputError."""
        split = self.data.splits[name]
        if self.function is None:
            answers = self._read(split, self.cells)
        else:
            tokens: list[list[str]] = read_rows(self.store, name, ["tokens"])["tokens"].to_list()
            answers = Probabilities(values=self.function.ask(tokens)[None], bare=False, places=np.arange(len(tokens)))
        about = self.record.every_split[name]
        if answers is None:
            return None
        in_train = 1 - self.unseen[name] / max(about.rows, 1) if name in self.unseen else 0.0
        rate, columns = about.unseen_token_rate, _columns(self.store, split)
        return AnsweredSplit(split, answers, rate, in_train, columns, self._ask_outsider(split))

    def _ask_outsider(self, split: EncodedSplit) -> np.ndarray | None:
        """What an outsider answers; of a record without tokens what was kept of it."""
        if not is_withheld(self.store.data):
            return self.outsider(split)
        there = OUTSIDER in list_columns(self.store, split.name)
        return read_rows(self.store, split.name, [OUTSIDER])[OUTSIDER].to_numpy() if there else None

    def _read(self, split: EncodedSplit, cells: Sequence[CellRecord]) -> Probabilities | None:
        return read_run_probabilities(self.store, cells, split.name, self.record.every_split[split.name])

    def tell_lacking(self, name: str, here: AnsweredSplit | None) -> str:
        """Why there are no answers."""
        if not self.finished:
            return "there is no split with labels, test or dev, to hold the new rows against"
        if here is None:
            return f"no finished run of main has answers on {self.finished}: finish the study first"
        without = [cell.seed for cell in self.cells if self._read(self.data.splits[name], [cell]) is None]
        some = "" if len(without) == len(self.cells) else f" from the run of seed {without[0]}"
        sentence = f"main has no answers on {name}{some}: give its predictions (--preds, one file a seed)"
        return sentence if some else f"{sentence}, or a model that keeps weights"


def _find_mismatch(later: Later, record: StudyRecord, name: str) -> str:
    """What `token.mismatch` says of rows that were split into other tokens than train's; empty where they were not. The
    audit of the study knows it of splits that were there, and whoever took rows in later looked."""
    if (looked := later.get(name)) is not None:
        return looked.get("mismatch", "")
    return _tell_mismatch(() if record.audit is None else record.audit.findings, name)


def _find_shifts(later: Later, record: StudyRecord, name: str) -> Mapping[str, float] | None:
    """Effects by code of the shift checks that found a split to differ from train, None where nobody looked."""
    if (looked := later.get(name)) is not None:
        return looked.get("shifts")
    return None if record.audit is None else _list_effects(record.audit.findings, name)


def look_at_rows(store: Store, name: str, rows: pl.DataFrame) -> dict[str, Any]:
    """What checks find in rows that a study is to take in, with their sequences as lists of tokens: `mismatch` and
    `shifts`, as `later_splits` has it."""
    from brittlestar.audits.analysis import Analysis  # late: what judges a study loads no audit
    from brittlestar.audits.running import correct_findings

    read = {"train": read_stored(store.rows("train")), name: rows}
    frames = {split: one.sample(min(one.height, MOST_ROWS_COMPARED), seed=0) for split, one in read.items()}
    study = bare_study(name, store.data, tokens="list", factors=None).study
    beside = Analysis.of(frames, encode(frames, study.data), study, store.data).beside_new
    checks = [check for check in find_checks("data").values() if not check.reads_labels]
    found = [] if beside is None else correct_findings(run_checks(checks, beside))
    return {"mismatch": _tell_mismatch(found, name), "shifts": _list_effects(found, name)}


def _list_effects(findings: Iterable[Finding], name: str) -> dict[str, float]:
    """Of each shift check that found something in a split its effect beyond chance; of `shift.overall` the area."""
    there = (finding for finding in findings if finding.where.get("split") == name and finding.status == "present")
    effects = ((finding.code, finding.evidence.get("area", finding.evidence.get("excess"))) for finding in there)
    return {code: float(effect) for code, effect in effects if code.startswith(SHIFTS) and effect is not None}


def _tell_mismatch(findings: Iterable[Finding], name: str) -> str:
    notes = [finding for finding in findings if finding.code == "token.mismatch" and finding.where.get("split") == name]
    return next((note.summary.removesuffix(".") for note in notes if note.status == "present"), "")


def _columns(store: Store, split: EncodedSplit) -> dict[str, np.ndarray]:
    columns = {"length": np.asarray(split.lengths), **split.factor_weights}
    if split.groups is None:
        return columns
    return {**columns, "group": read_rows(store, split.name, ["group"])["group"].to_numpy()}
