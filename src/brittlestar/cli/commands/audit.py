"""The command `audit`: what is wrong with data."""

from pathlib import Path

from brittlestar.cli import options
from brittlestar.cli.command import Ending, Output, command
from brittlestar.cli.option_values import columns_of_text, list_of_texts, prediction_columns_of_text, settings_of
from brittlestar.cli.options import flag, option
from brittlestar.core.errors import InputError


@command(
    "Find what is wrong with data, splits, tokens and labels; trains nothing.",
    "Exit codes: 0 done, whatever was found; 1 a file cannot be written; 2 wrong usage, or data that cannot be read.",
)
def audit(
    output: Output,
    data: Path = options.DATA,
    only: list[str] | None = option("CODE,…", "These checks or families alone: leak.near,label."),
    check: list[str] | None = options.CHECK,
    preds: list[Path] | None = options.PREDS,
    preds_columns: str | None = options.PREDS_COLUMNS,
    vocab: Path | None = option("FILE", "The tokens that your code knows, one a line or JSON, for leak.preprocess."),
    html: Path | None = option("FILE", "Write the audit as one offline page."),
    write_clean: Path | None = option(
        "DIR", "Write the splits without leaks, repeats and conflicts into a new folder."
    ),
    limits: bool = flag("Plant faults into copies of the data, and say from which dose they are found.", "--limits"),
    set_: list[str] | None = options.SET,
    linear: str | None = options.LINEAR,
    columns: str | None = options.COLUMNS,
    open_: bool = options.OPEN,
) -> Ending:
    """Find what is wrong with data, splits, tokens and labels, in seconds and without training.

    Needs a folder of splits or a study file. The input is never changed.

    Prints whether the data are sound, the score that a model has to exceed, and each error and warning with what to do
    about it. -v adds what is good to know, what could not be looked at, and what was not found.

    \b
    Examples:
      brittlestar audit demo/data
      brittlestar audit demo/data --html audit.html --write-clean demo/clean
      brittlestar audit demo/data --only leak --limits
      brittlestar audit reviews --columns sequence=text,label=stars --json
    """
    if open_ and html is None:
        raise InputError("--open needs a page", "", "add --html FILE")
    from brittlestar.cli.endings.audit import audit_ending
    from brittlestar.cli.watching import watch_stage
    from brittlestar.execution.progress import AUDIT
    from brittlestar.pipeline.own_checks import load_checks
    from brittlestar.verbs.audit import audit as verb

    own = tuple(one.check for one in load_checks(check or (), "--check"))
    with watch_stage(output, AUDIT) as progress:
        progress("reading", 0, 1)
        result = verb(
            data,
            only=list_of_texts(only or ()),
            checks=own,
            predictions=preds or (),
            predictions_columns=prediction_columns_of_text(preds_columns),
            vocabulary=vocab,
            write_clean=write_clean,
            limits=limits,
            settings=settings_of(set_ or [], linear),
            columns=columns_of_text(columns),
            progress=progress,
        )
    if html is not None:
        result.write_html(html)
    return audit_ending(result, html, write_clean)
