"""`verify`: whether a record is what was sealed, and whether what it says follows from what is in it."""

from pathlib import Path

from brittlestar.execution.jobs import Executor, Watcher
from brittlestar.records.verify.verifying import CELLS, Depth, verify_record
from brittlestar.records.verify.verifying import VerifyResult as VerifyResult


def verify(
    record: str | Path,
    *,
    depth: Depth = "recompute",
    root: str | None = None,
    trust_code: bool = False,
    cells: int = CELLS,
    seeds: int | None = None,
    watcher: Watcher | None = None,
    executor: Executor | None = None,
) -> VerifyResult:
    """Check that a record is complete and consistent.

    Every file is the one that `seal` wrote; and scores, numbers, findings, verdicts and pages follow from the settings,
    predictions and labels in it. Needs a record alone. It is read as a stranger's: none of its code is run, and nothing
    is written but into a temporary folder. Each difference is named. A record that does not contradict itself may still
    be invented: `retrain` trains some runs again, and takes no other machine as an excuse.

    Args:
        record (RECORD): A record's archive or folder.
        depth (hashes|recompute|retrain|replicate): hashes: every file. recompute: what follows from them. retrain: some
            runs. replicate: fresh seeds.
        root (HASH): The root hash that somebody printed: is this that record?
        trust_code: Run code of its author: own models and checks.
        cells (N>=1): Runs that are trained again, drawn at random. Default: 3.
        seeds (N>=2): Fresh seeds to replicate with. Default: as many as it has.
        watcher: In Python: is told how far it is, and what happens while `replicate` trains.
        executor: In Python: what trains them. Default: a process.

    Returns:
        The outcome of each part and of the whole: `identical`, `equivalent` (apart from rounding, or within 1 point),
        `differs` or `cannot-tell`.

    Raises:
        InputError: There is no record, or it cannot be one that `seal` wrote.

    Command:
        Examples:
          brittlestar verify founding.record.zip
          brittlestar verify founding.record.zip --root 00f78b78-345f3ad9
          brittlestar verify founding.record.zip --depth retrain --cells 5
          brittlestar verify founding.record.zip --depth replicate --seeds 10

        Exit codes: 0 identical or equivalent; 2 wrong usage, or no record; 3 it differs; 4 cannot tell.

    Example:
        The study is that of `run("data")`.

        >>> from brittlestar import seal, verify
        >>> _ = seal("data.study", out="bare.zip")
        >>> found = verify("bare.zip")
        >>> found.outcome, [one.what for one in found.checked if one.outcome != "identical"]
        ('cannot-tell', ['data', 'audit of the data'])
    """
    return verify_record(Path(record), depth, root, trust_code, cells, seeds, watcher, executor)
