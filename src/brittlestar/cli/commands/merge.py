"""The command `merge`: runs that were trained elsewhere."""

from pathlib import Path
from typing import Annotated

import typer

from brittlestar.cli.command import Ending, command


@command(
    "Bring runs that were trained elsewhere into a study.",
    "Exit codes: 0 done; 1 a run was refused, or the study is at work or cannot be written; 2 wrong usage, or no "
    "study's folder.",
)
def merge(
    into: Annotated[
        Path, typer.Argument(metavar="INTO", help="The study's folder that takes them.", show_default=False)
    ],
    sources: Annotated[
        list[Path],
        typer.Argument(metavar="FROM…", help="Folders of the same study from elsewhere.", show_default=False),
    ],
    mix_environments: Annotated[
        bool, typer.Option("--mix-environments", help="Also take runs of another environment class.")
    ] = False,
) -> Ending:
    """Bring runs that were trained elsewhere into a study's folder, so that `run` trains none of them again.

    Needs two or more studies' folders: of the same data, model and settings, on one machine or copied from others.

    Every file is checked by its hash, and a run's settings by the hash that it is named by. Damaged runs, and runs of
    other versions, processors or devices, are refused and named. Nothing that is there is overwritten. Runs of other
    seeds come too: the command that is printed makes them part of the study. attempts.jsonl keeps who trained what.

    \b
    Examples:
      brittlestar merge mine.study from-node-2/mine.study from-node-3/mine.study
      brittlestar merge mine.study gpu.study --mix-environments
    """
    from brittlestar.cli.endings.merge import merge_ending
    from brittlestar.verbs.merge import merge as verb

    return merge_ending(verb(into, *sources, mix_environments=mix_environments))
