"""The command `check`: the front door."""

from pathlib import Path

from brittlestar.cli import options
from brittlestar.cli.command import Ending, Output, command
from brittlestar.cli.option_values import columns_of_text, prediction_columns_of_text, settings_of
from brittlestar.cli.options import flag, option
from brittlestar.core.errors import InputError


@command(
    "Say what data and given predictions support; trains nothing.",
    "Exit codes: 0 done; 2 wrong usage, or data or predictions that cannot be read.",
)
def check(
    output: Output,
    data: Path = options.DATA,
    preds: list[Path] | None = options.PREDS,
    preds_columns: str | None = options.PREDS_COLUMNS,
    stated: float | None = option("SCORE", "The score that is reported, as a fraction: 0.931."),
    out: Path | None = option("DIR", "Keep the study with its report there."),
    no_limits: bool = flag("Skip the planted faults that measure what the audit sees: quicker.", "--no-limits"),
    set_: list[str] | None = options.SET,
    linear: str | None = options.LINEAR,
    columns: str | None = options.COLUMNS,
    open_: bool = options.OPEN,
) -> Ending:
    """Say whether a result is real, whether it will hold, and whether its data are sound; nothing is trained.

    Needs a folder of splits and, for the first two answers, prediction files. Each has the columns id and prediction,
    and any of split, variant, seed, label and p_CLASS. Without ids, rows are matched by sequence or by order.

    Prints the score beside the best trivial baseline on the same rows, then the answers: Real? compares the two. Holds?
    reads shifted splits. Sound? reads an audit of the data. With --stated it answers first whether these files show
    that score.

    \b
    Examples:
      brittlestar check demo/data
      brittlestar check demo/data --preds seed0.csv --stated 0.931
      brittlestar check demo/data --preds p.csv --preds-columns prediction=pred
      brittlestar check demo/data --preds seed0.csv --out demo/check.study
      brittlestar check reviews --columns sequence=text,label=stars --json
    """
    if open_ and out is None:
        raise InputError("--open needs a page", "", "add --out DIR")
    from brittlestar.cli.endings.run import check_ending
    from brittlestar.cli.watching import watch_stage
    from brittlestar.execution.progress import AUDIT
    from brittlestar.verbs.check import check as verb

    with watch_stage(output, AUDIT) as progress:
        result = verb(
            data,
            predictions=[str(path) for path in preds or ()],
            predictions_columns=prediction_columns_of_text(preds_columns),
            columns=columns_of_text(columns),
            settings=settings_of(set_ or [], linear),
            stated=stated,
            out=out,
            limits=not no_limits,
            progress=progress,
        )
    return check_ending(result)
