"""The command `gate`: pass, fail or cannot say, for CI."""

import os
from pathlib import Path
from typing import Literal

from typer import Argument

from brittlestar.cli import options
from brittlestar.cli.command import Ending, Output, command
from brittlestar.cli.option_values import columns_of_text, prediction_columns_of_text, settings_of
from brittlestar.cli.options import flag, option
from brittlestar.core.errors import StoreError

SUMMARY = "GITHUB_STEP_SUMMARY"
"""The file of a job's summary, which GitHub Actions names."""


@command(
    "Pass, fail or cannot say, for CI; trains nothing unless asked.",
    "Exit codes: 0 pass; 1 the tool failed; 2 wrong usage, or input that cannot be read; 3 fail; 4 cannot say.",
)
def gate(
    output: Output,
    data: Path | None = Argument(
        None, metavar="DATA|STUDY", help="A folder of splits, a study file, or a study's folder."
    ),
    record: Path | None = option("FILE", "A record in place of DATA: it must verify first."),
    root: str | None = option("HASH", "The root hash that the record must have."),
    policy: Path | None = option("FILE", "Requirements as YAML; options take the place of its keys."),
    preds: list[Path] | None = options.PREDS,
    preds_columns: str | None = options.PREDS_COLUMNS,
    require: list[str] | None = option("ANSWER,…", "Answers that must be yes: real, holds, sound, fair."),
    absent: list[str] | None = option("CODE,…", "Findings that must be absent: leak.*,padding.*"),
    max_drop: str | None = option("SPLIT=LOSS,…", "Greatest loss of splits whose name begins so: shift=0.03."),
    claims: Path | None = option("FILE", "Claims that must be supported."),
    against: list[Path] | None = option("STUDY|FILE", "The last release: a study, or predictions, one file a seed."),
    no_worse_by: float | None = option("LOSS", "How far below the last release is allowed. Default: 0.01."),
    cannot_say: str | None = option("pass|fail", "What an open requirement counts as. Default: exit code 4."),
    run: bool = flag("Train what a study lacks.", "--run"),
    junit: Path | None = option("FILE", "Write JUnit XML, one case a requirement."),
    sarif: Path | None = option("FILE", "Write findings about data as SARIF."),
    annotations: Literal["github"] | None = option("github", "Print workflow commands of GitHub Actions."),
    set_: list[str] | None = options.SET,
    linear: str | None = options.LINEAR,
    columns: str | None = options.COLUMNS,
) -> Ending:
    """Decide whether data, predictions or a study meet what is required: pass, fail or cannot say.

    Needs a folder of splits (with --preds for what a model answers), a study, or a record. Requirements come from
    options or from a policy file. Without any, every answer that the input can give must be yes. A record must verify,
    too; one that differs is asked nothing else.

    Prints the outcome and a line for each requirement, what failed first. Where $GITHUB_STEP_SUMMARY names a file, the
    same goes there as Markdown.

    \b
    Examples:
      brittlestar gate demo/data --absent 'leak.*,padding.*'
      brittlestar gate demo/data --preds new.csv --require real,sound
      brittlestar gate demo/data --preds new.csv --against last.csv
      brittlestar gate demo/data.study --require real,holds --max-drop shift=0.03
      brittlestar gate --record founding.record.zip --require real
      brittlestar gate --policy gate.yaml --junit gate.xml --sarif gate.sarif
    """
    from brittlestar.cli.endings.gate import gate_ending
    from brittlestar.cli.watching import watch_work
    from brittlestar.verbs.gate import gate as verb

    with watch_work(output) as watcher:
        result = verb(
            data,
            record=record,
            root=root,
            policy=policy,
            predictions=[str(path) for path in preds or ()],
            predictions_columns=prediction_columns_of_text(preds_columns),
            columns=columns_of_text(columns),
            settings=settings_of(set_ or [], linear),
            require=None if require is None else ",".join(require),
            absent=None if absent is None else ",".join(absent),
            max_drop=max_drop,
            claims=claims,
            against=against,
            no_worse_by=no_worse_by,
            cannot_say=cannot_say,
            run=run,
            watcher=watcher,
        )
    if junit is not None:
        _write(junit, result.junit)
    if sarif is not None:
        _write(sarif, result.sarif)
    if place := os.environ.get(SUMMARY):
        _write(Path(place), result.summary.encode(), "ab")
    if annotations and not output.json:
        for line in result.annotations:
            print(line, flush=True)
    return gate_ending(result)


def _write(path: Path, content: bytes, mode: Literal["wb", "ab"] = "wb") -> None:
    try:
        with path.open(mode) as handle:
            handle.write(content)
    except OSError as error:
        raise StoreError(f"cannot write: {error.strerror or error}", str(path), "choose another file") from error
