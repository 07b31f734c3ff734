"""The command `status`: where a study stands."""

from brittlestar.cli.command import Ending, command
from brittlestar.cli.options import StudyArgument


@command(
    "Show what is done, running, failed and missing.",
    "Exit codes: 0 done; 2 wrong usage, or no study's folder.",
)
def status(study: StudyArgument) -> Ending:
    """Show what is done, running, failed and missing.

    Needs a study's folder. It works beside a run in another terminal, and changes nothing.

    Prints counts of runs, those that run now, the time left, and each failure with the command that runs it again.

    \b
    Examples:
      brittlestar status demo/data.study
      brittlestar status demo/data.study -v
    """
    from brittlestar.cli.endings.runs import status_ending
    from brittlestar.verbs.status import status as verb

    return status_ending(verb(study), study)
