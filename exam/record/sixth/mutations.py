"""All mutations of the sixth record."""

from __future__ import annotations

from exam.record.mutation import Mutation
from exam.record.sixth.damaged import DAMAGED
from exam.record.sixth.forged_data import FORGED_DATA
from exam.record.sixth.forged_runs import FORGED_RUNS
from exam.record.sixth.forged_words import FORGED_WORDS
from exam.record.sixth.packed import PACKED
from exam.record.sixth.polished import POLISHED
from exam.record.sixth.stolen_runs import STOLEN

MUTATIONS: tuple[Mutation, ...] = (*DAMAGED, *PACKED, *FORGED_RUNS, *FORGED_DATA, *FORGED_WORDS, *STOLEN, *POLISHED)
"""Those that hashes show, those that the rest of the record contradicts, and those that only training shows."""
