"""All mutations of the fifteenth record."""

from __future__ import annotations

from exam.record.fifteenth.damaged import DAMAGED
from exam.record.fifteenth.forged_runs import FORGED_RUNS
from exam.record.fifteenth.forged_words import FORGED_WORDS
from exam.record.fifteenth.packed import PACKED
from exam.record.fifteenth.retrained import RETRAINED
from exam.record.mutation import Mutation

MUTATIONS: tuple[Mutation, ...] = (*DAMAGED, *PACKED, *FORGED_RUNS, *FORGED_WORDS, *RETRAINED)
"""Those that hashes show, those that the rest of the record contradicts, and those that only training shows."""
