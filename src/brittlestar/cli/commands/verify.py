"""The command `verify`: whether a record is what was sealed."""

from pathlib import Path

from typer import Argument

from brittlestar.cli.command import Ending, Output, command
from brittlestar.cli.option_values import one_of, refuse_alone
from brittlestar.cli.options import flag, option


@command(
    "Verify a record: its hashes, and everything that follows from it.",
    "Exit codes: 0 identical or equivalent; 2 wrong usage, or no record; 3 it differs; 4 cannot tell.",
)
def verify(
    output: Output,
    record: Path = Argument(metavar="RECORD", help="A record's archive or folder."),
    depth: str = option(
        "DEPTH",
        "hashes: every file. recompute: what follows from them. retrain: some runs. replicate: fresh seeds.",
        default="recompute",
    ),
    root: str | None = option("HASH", "The root hash that somebody printed: is this that record?"),
    cells: int | None = option("N", "Runs that --depth retrain trains again. Default: 3.", min=1),
    seeds: int | None = option("N", "Fresh seeds of --depth replicate. Default: as many as it has.", min=2),
    trust_code: bool = flag("Run code of its author: own models and checks.", "--trust-code"),
) -> Ending:
    """Verify a record that `seal` wrote: every file is the one that was sealed; and scores, numbers, findings, verdicts
    and pages follow from the settings, predictions and labels in it.

    Needs a record alone. It is read as a stranger's: none of its code is run, and nothing is written but into a
    temporary folder. Each difference is named.

    \b
    Examples:
      brittlestar verify founding.record.zip
      brittlestar verify founding.record.zip --root 00f78b78-345f3ad9
      brittlestar verify founding.record.zip --depth retrain --cells 5
      brittlestar verify founding.record.zip --depth replicate --seeds 10
    """
    from brittlestar.cli.endings.verify import verify_ending
    from brittlestar.cli.watching import watch_work
    from brittlestar.records.verify.verifying import DEPTHS
    from brittlestar.verbs.verify import CELLS
    from brittlestar.verbs.verify import verify as verb

    how = one_of(depth, DEPTHS, "--depth")
    refuse_alone({"--cells": cells}, how in DEPTHS[2:], "--depth retrain")
    refuse_alone({"--seeds": seeds}, how == DEPTHS[-1], "--depth replicate")
    with watch_work(output) as watcher:
        return verify_ending(
            verb(
                record,
                depth=how,
                root=root,
                trust_code=trust_code,
                cells=CELLS if cells is None else cells,
                seeds=seeds,
                watcher=watcher,
            )
        )
