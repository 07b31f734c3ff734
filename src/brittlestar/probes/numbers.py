"""Numbers for the rows of a suite as its conditions are made: rows that are there already are not taken twice."""

import numpy as np

from brittlestar.data.rows import sequence_hashes, token_hashes
from brittlestar.data.written_rows import WrittenRows, stack_token_rows


class Numbers:
    """Gives rows numbers, one condition after the other. A row that equals one of the rows as they are, or another of
    its own condition, gets that one's number; rows of two conditions are not compared, so that what is kept in memory
    does not grow with them. `plain` int64 (n,) are the numbers of the rows as they are, `first` these rows once each.
    """

    def __init__(self, rows: WrittenRows) -> None:
        self._position: dict[str, int] = {}
        self._hashes = np.zeros(0, np.uint64)
        self._plain = np.zeros(0, np.uint64)
        self._plain_numbers = np.zeros(0, np.int64)
        self._taken = 0
        (self.plain,), self.first = self.add(rows)
        hashes = self._hash_rows(self.first)
        order = np.argsort(hashes)
        self._plain, self._plain_numbers = hashes[order], order.astype(np.int64)

    @property
    def nothing(self) -> WrittenRows:
        """No rows, under the lexicon so far."""
        return WrittenRows(np.zeros(0, np.int32), np.zeros(1, np.int64), tuple(self._position))

    def add(self, *parts: WrittenRows) -> tuple[list[np.ndarray], WrittenRows]:
        """The numbers int64 (n_rows,) of each part of one condition, and those of its rows that are new."""
        rows = stack_token_rows([self._recode_rows(part) for part in parts])
        hashes = self._hash_rows(rows)
        distinct, first, of_row = np.unique(hashes, return_index=True, return_inverse=True)
        place = np.searchsorted(self._plain, distinct)
        known = place < len(self._plain)
        known[known] = self._plain[place[known]] == distinct[known]
        fresh = np.flatnonzero(~known)
        fresh = fresh[np.argsort(first[fresh], kind="stable")]  # in the order in which they first came
        numbers = np.empty(len(distinct), np.int64)
        numbers[known] = self._plain_numbers[place[known]]
        numbers[fresh] = self._taken + np.arange(len(fresh))
        self._taken += len(fresh)
        found = numbers[of_row.reshape(-1)]
        ends = np.cumsum([part.n_rows for part in parts])[:-1]
        return np.split(found, ends), rows.rows(first[fresh])

    def _recode_rows(self, rows: WrittenRows) -> WrittenRows:
        """The rows under the lexicon of the suite, which takes in the tokens that they use."""
        before = len(self._position)
        known = np.zeros(len(rows.lexicon), np.int32)
        for code in np.flatnonzero(np.bincount(rows.codes, minlength=len(rows.lexicon))).tolist():
            known[code] = self._position.setdefault(rows.lexicon[code], len(self._position))
        lexicon = tuple(self._position)
        self._hashes = np.concatenate([self._hashes, token_hashes(lexicon[before:])])
        return WrittenRows(known[rows.codes], rows.offsets, lexicon)

    def _hash_rows(self, rows: WrittenRows) -> np.ndarray:
        return sequence_hashes(self._hashes, rows.codes, rows.offsets)
