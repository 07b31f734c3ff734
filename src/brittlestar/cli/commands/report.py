"""The command `report`: the page and tables again."""

from typing import Annotated

import typer

from brittlestar.cli.command import Ending, command
from brittlestar.cli.options import OpenOption, OwnCheckOption, StudyArgument


@command(
    "Rebuild the report from the study's folder.",
    "Exit codes: 0 done; 1 a file is damaged or cannot be written; 2 wrong usage, or no study's folder.",
)
def report(
    study: StudyArgument,
    figures: Annotated[bool, typer.Option("--figures", help="Also write every figure as SVG, PDF and PNG.")] = False,
    check: OwnCheckOption = None,
    open_: OpenOption = False,
) -> Ending:
    """Rebuild the report: the page, tables as Markdown and LaTeX, results.json. Trains nothing.

    Needs a study's folder; --figures needs brittlestar[report].

    Prints where the page lies.

    \b
    Examples:
      brittlestar report demo/data.study --open
      brittlestar report demo/data.study --figures
      brittlestar report demo/data.study --json
    """
    from brittlestar.cli.endings.written import report_ending
    from brittlestar.verbs.own_checks import checks_alone, load_checks
    from brittlestar.verbs.report import report as verb

    own = checks_alone(load_checks(check or (), "--check"))
    return report_ending(verb(study, figures=figures, checks=own), study, figures)
