"""A suite beside the one before it: conditions that are asked again take the place of theirs, the others stay."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from brittlestar.core.probing import Condition
from brittlestar.data.rows import sequence_hashes, token_hashes
from brittlestar.probes.suite import Numbers, Suite, SuitePiece


def name_contents(suite: Suite) -> dict[str, str]:
    """A digest of each condition by its name: what is declared with it, its rows, their labels and weights."""
    rows = suite.rows
    hashes = np.append(sequence_hashes(token_hashes(rows.lexicon), rows.codes, rows.offsets), np.uint64(0))
    found: dict[str, str] = {}
    for condition in suite.conditions:  # -1, a row that was not there, has the hash 0
        told = repr(
            (
                condition.title,
                condition.about,
                condition.unit,
                condition.expectation,
                condition.declared,
                condition.concerns,
            )
        ).encode()
        arrays = [hashes[condition.before], hashes[condition.after], condition.labels_before, condition.labels_after]
        arrays += [] if condition.weights is None else [condition.weights]
        parts = b"".join(np.ascontiguousarray(array).tobytes() for array in arrays)
        found[condition.name] = hashlib.blake2b(told + parts, digest_size=16).hexdigest()
    return found


def merge_suites(before: Suite, asked: Suite) -> Iterator[SuitePiece]:
    """The conditions that `before` alone has, then those of `asked`, one at a time. Both begin with the same rows as
    they are."""
    plain, names = asked.conditions[0], {condition.name for condition in asked.conditions}
    numbers = Numbers(asked.rows.rows(plain.before))
    as_they_are = replace(plain, before=numbers.plain, after=numbers.plain)
    yield SuitePiece(as_they_are, numbers.first, tuple(dict.fromkeys((*before.notes, *asked.notes))))
    for suite, conditions in (
        (before, [condition for condition in before.conditions if condition.name not in names]),
        (asked, asked.conditions[1:]),
    ):
        yield from (_renumber(condition, suite, numbers) for condition in conditions)


def _renumber(condition: Condition, suite: Suite, numbers: Numbers) -> SuitePiece:
    drawn = bool(len(condition.before)) and condition.before[0] < 0  # rows drawn anew: nothing stands before them
    found, added = numbers.add(
        *(suite.rows.rows(side) for side in ([] if drawn else [condition.before]) + [condition.after])
    )
    return SuitePiece(replace(condition, before=condition.before if drawn else found[0], after=found[-1]), added)
