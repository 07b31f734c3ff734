"""What matched rows predict, as probabilities whose argmax is the prediction that was given."""

from collections.abc import Collection, Sequence

import numpy as np
import polars as pl

from brittlestar.core.texts import suggest
from brittlestar.training.prediction_header import SHOWN, Complaints
from brittlestar.training.predictor import SUM_TOLERANCE


class AnswerReader:
    """Reads the probabilities of matched rows; what contradicts itself goes to `complaints`. `labels` are those of any
    split, `classes` those of train in their order."""

    def __init__(self, classes: Sequence[str], labels: Collection[str], complaints: Complaints) -> None:
        self._classes = tuple(classes)
        self._columns = [f"p_{name}" for name in classes]
        self._labels = {*labels, *classes}
        self._complaints = complaints

    def probabilities(self, rows: pl.DataFrame, where: str) -> tuple[np.ndarray | None, bool, int]:
        """(float32 (n_rows, n_classes) or None after a problem, whether they are one-hot, predictions of labels that
        train lacks)."""
        given = [name for name in self._columns if name in rows.columns and rows[name].null_count() == 0]
        has_table = len(given) == len(self._columns)
        predicted = self._read_classes(rows, where)
        if "prediction" in rows.columns and predicted is None:
            return None, not has_table, 0
        if not has_table:
            assert predicted is not None
            table, lost = self._one_hot(predicted, rows)
            return table, True, lost
        table = rows.select(self._columns).to_numpy().astype(np.float64)
        if not self._are_probabilities(table, rows, where):
            return None, False, 0
        table = np.clip(table, 0.0, 1.0).astype(np.float32)
        if predicted is not None:
            return self._check_agreement(table, predicted, rows, where), False, 0
        return table, False, 0

    def _read_classes(self, rows: pl.DataFrame, where: str) -> np.ndarray | None:
        """int64 (n_rows,): the class of each prediction, -1 for a label that train lacks but some split has; None when
        there is no prediction, or one that no split knows."""
        if "prediction" not in rows.columns or rows["prediction"].null_count():
            return None
        named = rows["prediction"]
        unknown = rows.filter(~pl.col("prediction").is_in(sorted(self._labels)))
        if len(unknown):
            labels: list[str] = unknown["prediction"].unique(maintain_order=True).to_list()
            said = f"a label that no split has ({', '.join(map(repr, labels[:SHOWN]))}), with"
            what = f"row predicts {said} id", f"rows predict {said} ids"
            self._complaints.refuse(unknown, what, where, self._spelling(labels[0]))
            return None
        places = {name: place for place, name in enumerate(self._classes)}
        return named.replace_strict(places, default=-1, return_dtype=pl.Int64).to_numpy()

    def _spelling(self, label: str) -> str:
        known = sorted(self._labels)
        try:
            same = [name for name in self._classes if float(name) == float(label)]
        except ValueError:
            same = [name for name in known if name.casefold() == label.casefold()]
        if same:
            return f"write {same[0]!r}, as the data does"
        return suggest(label, known) or f"labels are {', '.join(known[:SHOWN])}"

    def _one_hot(self, predicted: np.ndarray, rows: pl.DataFrame) -> tuple[np.ndarray, int]:
        """A label that train lacks has no column: its row goes to the first class that is not the true one."""
        lost = predicted < 0
        first_wrong = np.where(rows["truth"].to_numpy() == self._classes[0], 1, 0)
        return np.eye(len(self._classes), dtype=np.float32)[np.where(lost, first_wrong, predicted)], int(lost.sum())

    def _are_probabilities(self, table: np.ndarray, rows: pl.DataFrame, where: str) -> bool:
        inside: np.ndarray = np.logical_and.reduce((table >= 0) & (table <= 1), axis=1)  # NaN is not
        sums = np.abs(np.where(inside[:, None], table, 0).sum(axis=1) - 1) <= SUM_TOLERANCE
        outside, unnormalised = np.flatnonzero(~inside), np.flatnonzero(inside & ~sums)
        said = "a probability outside [0, 1]"
        self._complaints.refuse(rows[outside], (f"row has {said}", f"rows have {said}"), where, "give softmax")
        what = "row does not sum to 1", "rows do not sum to 1"
        self._complaints.refuse(rows[unnormalised], what, where, "normalise each row")
        return outside.size == 0 and unnormalised.size == 0

    def _check_agreement(
        self, table: np.ndarray, predicted: np.ndarray, rows: pl.DataFrame, where: str
    ) -> np.ndarray | None:
        """The prediction must be a most probable class; where it is one of several, it is put a rounding step ahead, so
        that the argmax of the table is what the file says."""
        places = np.arange(len(table))
        chosen = np.where(predicted < 0, 0, predicted)
        best: np.ndarray = np.max(table, axis=1)
        apart = np.flatnonzero((predicted < 0) | (table[places, chosen] < best))
        if apart.size:
            hint = "leave the p_ columns out if another rule than the most probable class decides"
            what = (
                "row predicts another class than its most probable",
                "rows predict another class than their most probable",
            )
            self._complaints.refuse(rows[apart], what, where, hint)
            return None
        tied = table.argmax(axis=1) != chosen
        table[places[tied], chosen[tied]] = np.nextafter(best[tied], np.float32(2))
        return table
