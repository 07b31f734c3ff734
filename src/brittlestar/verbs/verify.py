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
    """Verify a record: hashes first, then everything that follows from its predictions, settings and labels.

    A record is a stranger's. Nothing of it is run, nothing leaves a temporary folder, and what cannot be a file of a
    record is refused before anything is written.

    Args:
        record: A record's archive or folder.
        depth: `hashes`: every file is the one that was sealed. `recompute`: scores, numbers, findings, verdicts and
            pages are those that follow from what is stored, too. `retrain`: so are `cells` runs, drawn at random and
            trained again. `replicate`: so are verdicts on seeds that are not in the record.
        root: The root hash that somebody printed: whole, or as `seal` prints it.
        trust_code: Run code of the record's author: own models, and checks that the study names.
        cells: How many runs are trained again.
        seeds: How many fresh seeds `replicate` trains; as many as the record has where it is None.
        watcher: Is told how far it is, and what happens while `replicate` trains.
        executor: What trains them. Default: a process.

    Returns:
        The outcome of each part and of the whole: `identical`, `equivalent` (apart from rounding), `differs` or
        `cannot-tell`.

    Raises:
        InputError: There is no record, or it cannot be one that `seal` wrote.

    Example:
        The study is that of `run("data")`.

        >>> from brittlestar import seal, verify
        >>> _ = seal("data.study", out="bare.zip")
        >>> found = verify("bare.zip")
        >>> found.outcome, [one.what for one in found.checked if one.outcome != "identical"]
        ('cannot-tell', ['data', 'audit of the data'])
    """
    return verify_record(
        record,
        depth=depth,
        root=root,
        trust_code=trust_code,
        cells=cells,
        seeds=seeds,
        watcher=watcher,
        executor=executor,
    )
