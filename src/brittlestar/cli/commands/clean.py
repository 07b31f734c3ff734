"""The command `clean`: what a study's folder holds that nothing names."""

from typing import Annotated

import typer

from brittlestar.cli.command import Ending, command
from brittlestar.cli.options import StudyArgument


@command(
    "List what a study's folder needs no more; --yes removes it.",
    "Exit codes: 0 done; 1 a run is at work on the study, or a file cannot be removed; 2 wrong usage, or no study's "
    "folder.",
)
def clean(
    study: StudyArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Remove it. Without it nothing is removed.")] = False,
) -> Ending:
    """List what a study's folder holds that its study names no more, with sizes; remove it with --yes.

    Needs a study's folder on which nothing is at work.

    That is runs of settings, seeds or data that are gone, runs that failed or were damaged and set aside, scores and
    probe answers of splits and suites that are gone, and what killed processes left. The study's runs, data, claims,
    audit, report and attempts.jsonl are never touched.

    \b
    Examples:
      brittlestar clean demo/data.study
      brittlestar clean demo/data.study --yes
    """
    from brittlestar.cli.endings.clean import clean_ending
    from brittlestar.verbs.clean import clean as verb

    return clean_ending(verb(study, remove=yes))
