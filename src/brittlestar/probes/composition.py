"""Composition: other tokens in the same places."""

import numpy as np

from brittlestar.data.names import distinct_name
from brittlestar.data.written_rows import WrittenRows
from brittlestar.probes.probe import Probe
from brittlestar.probes.task import Task

STRANGER = "\N{WHITE QUESTION MARK ORNAMENT}"
"""What a token that train does not have is written as."""


def strangers(rows: WrittenRows, task: Task, strength: float, random: np.random.Generator) -> WrittenRows:
    """Behind each token, at this rate, a token that train does not have."""
    rows, known = rows.knowing([distinct_name(STRANGER, set(task.frequency))])
    here = random.random(len(rows.codes)) < strength
    return rows.with_behind(here, np.full(len(rows.codes), known[0]))


def rename(rows: WrittenRows, task: Task, strength: float, random: np.random.Generator) -> WrittenRows:
    """That share of train's tokens, two at least, change names in one cycle, the same way in every row."""
    rows, known = rows.knowing(task.tokens)
    cycle = known[random.permutation(len(known))[: max(round(strength * len(known)), 2)]]
    names = np.arange(len(rows.lexicon), dtype=np.int32)
    names[cycle] = np.roll(cycle, 1)
    return rows.with_codes(names[rows.codes])


def composition_probes(task: Task) -> tuple[Probe, ...]:
    """Probes of composition."""
    unit = "share of tokens"
    return (
        Probe("composition.strangers", unit, (0.1,), strangers, "unknown tokens inserted after {share}tokens"),
        Probe("composition.rename", unit, (1.0,), rename, "{share}tokens of train renamed among themselves"),
    )
