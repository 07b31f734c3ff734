"""All mutations of a record."""

from __future__ import annotations

from exam.record.archives import ARCHIVES
from exam.record.forged_rows import ROWS
from exam.record.forged_runs import RUNS
from exam.record.forged_words import WORDS
from exam.record.hashes import FOLDERS
from exam.record.mutation import Mutation
from exam.record.retrained import RETRAINED

MUTATIONS: tuple[Mutation, ...] = (*FOLDERS, *ARCHIVES, *RUNS, *WORDS, *ROWS, *RETRAINED)
"""Those that hashes show, those that the rest of the record contradicts, and those that only training shows."""
