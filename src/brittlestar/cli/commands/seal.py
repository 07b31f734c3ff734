"""The command `seal`: a study as one record with one hash."""

from pathlib import Path

from brittlestar.cli.command import Ending, command
from brittlestar.cli.options import STUDY, flag, option


@command(
    "Seal a study into one record with one hash.",
    "Exit codes: 0 done; 1 a run is at work on the study, or the record cannot be written; 2 wrong usage, or another "
    "record stands there.",
)
def seal(
    study: Path = STUDY,
    out: Path | None = option("FILE", "Where the record goes. Default: NAME.record.zip."),
    with_data: bool = flag("Put the tokens of all rows into it, too.", "--with-data"),
    with_weights: bool = flag("Put the weights of runs into it, too.", "--with-weights"),
    folder: bool = flag("Write a folder, and not an archive.", "--folder"),
) -> Ending:
    """Seal a study: settings in effect, data fingerprints, own code, environment, seeds, curves, predictions, findings,
    claims, verdicts, failed runs and the report, with a hash of every file and one root hash over them all.

    Needs a study on which nothing is at work. The same study gives the same bytes. A stranger checks it with `verify`;
    print the root hash in the paper.

    \b
    Examples:
      brittlestar seal demo/founding.study
      brittlestar seal demo/founding.study --with-data --out founding.zip
    """
    from brittlestar.cli.endings.seal import seal_ending
    from brittlestar.verbs.seal import seal as verb

    return seal_ending(verb(study, out=out, with_data=with_data, with_weights=with_weights, folder=folder))
