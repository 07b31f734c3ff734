"""The command `trace`: settings without effect, and what has one that nobody states."""

from pathlib import Path

from brittlestar.cli.command import Ending, Output, command
from brittlestar.cli.options import JOBS, STUDY, option


@command(
    "Name settings that do nothing, and influences that nobody states.",
    "Exit codes: 0 done; 1 a run is at work, or the study cannot be written; 2 wrong usage, or a study that cannot be "
    "run again.",
)
def trace(
    output: Output,
    study: Path = STUDY,
    rows: int = option("N", "Rows of train in a short run.", default=128, min=8),
    jobs: int | None = JOBS,
) -> Ending:
    """Change one thing at a time in main's first run, and compare every weight and answer, bit by bit.

    Needs a study whose data and code are still there. Each setting that somebody chose gets another value, and so does
    each parameter that own code declares: what changes nothing, neither on a few rows nor in the whole training, does
    nothing. Then the run is repeated under another hash seed, with more threads, in another folder and time zone: what
    changes it is an influence that nobody states.

    \b
    Examples:
      brittlestar trace demo/founding.study
      brittlestar trace demo/founding.study --rows 512 --json
    """
    from brittlestar.cli.endings.trace import trace_ending
    from brittlestar.cli.watching import watch_stage
    from brittlestar.verbs.trace import STAGE
    from brittlestar.verbs.trace import trace as verb

    with watch_stage(output, STAGE) as progress:
        return trace_ending(verb(study, rows=rows, jobs=jobs, progress=progress))
