"""All mutations of the tenth record."""

from __future__ import annotations

from exam.record.mutation import Mutation
from exam.record.tenth.damaged import DAMAGED
from exam.record.tenth.forged_runs import FORGED_RUNS
from exam.record.tenth.forged_words import FORGED_WORDS
from exam.record.tenth.packed import PACKED
from exam.record.tenth.retrained import FORGED

MUTATIONS: tuple[Mutation, ...] = (*DAMAGED, *PACKED, *FORGED_RUNS, *FORGED_WORDS, *FORGED)
"""Those that hashes show, those that the rest of the record contradicts, and those that only training shows."""
