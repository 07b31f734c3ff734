"""The clean subjects of the fourth set, and two of them with files that are in order."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from exam.faults.fourth.crafts import knitting, recipes
from exam.faults.fourth.drawing import vectors, with_table
from exam.faults.fourth.records import accounts, incidents, tickets
from exam.faults.fourth.signals import reads, traces, weather
from exam.planted import Subject, token_counts


def recipes_with_table(random: np.random.Generator, rows: int | None = None) -> Subject:
    """Recipes with a healthy table of word vectors, which also has words that this folder lacks."""
    made = recipes(random, rows)
    return with_table(made, vectors(made, random))


def incidents_with_vocabulary(random: np.random.Generator, rows: int | None = None) -> Subject:
    """Event logs with a vocabulary that was listed from train, in the order of the numbers."""
    made = incidents(random, rows)
    listed = ["<pad>", "<unk>", *sorted(token_counts(made.split("train")))]
    numbers = {token: number for number, token in enumerate(listed)}
    return replace(made, case=made.case.with_vocabulary(json.dumps(numbers), ".json"))


SUBJECTS: tuple[Callable[..., Subject], ...] = (
    accounts,
    tickets,
    incidents,
    recipes,
    knitting,
    reads,
    weather,
    traces,
    recipes_with_table,
    incidents_with_vocabulary,
)
