"""The command `export`: predictions, scores and findings for other tools."""

from pathlib import Path

from typer import Argument

from brittlestar.cli.command import Ending, command
from brittlestar.cli.option_values import list_of_texts, one_of
from brittlestar.cli.options import option
from brittlestar.verbs.exporters import EXPORTERS


@command(
    "Write predictions, scores and findings for other tools.",
    "Exit codes: 0 done; 1 a file cannot be written; 2 wrong usage, or no study or table that can be read.",
)
def export(
    path: Path = Argument(metavar="STUDY|TABLE", help="A study's folder, or a table of outcomes."),
    predictions: Path | None = option("FILE", "Every row of every run, as --preds reads it."),
    scores: Path | None = option("FILE", "Every score: variant, split, metric, seed, score."),
    findings: Path | None = option("FILE", "Every finding, worst first."),
    out: Path | None = option("DIR", "A new folder for all three. Default: ./NAME-export"),
    format_: str = option("csv|parquet|json", "What is written into the folder.", "--format", default="csv"),
    split: list[str] | None = option("SPLIT,…", "These splits alone. Default: all."),
    model_card: Path | None = option(EXPORTERS["model_card"].takes, EXPORTERS["model_card"].help),
    checklists: Path | None = option(EXPORTERS["checklists"].takes, EXPORTERS["checklists"].help),
    crate: Path | None = option(EXPORTERS["crate"].takes, EXPORTERS["crate"].help),
    settings: Path | None = option(EXPORTERS["settings"].takes, EXPORTERS["settings"].help),
    mlflow: str | None = option(EXPORTERS["mlflow"].takes, EXPORTERS["mlflow"].help),
    tensorboard: Path | None = option(EXPORTERS["tensorboard"].takes, EXPORTERS["tensorboard"].help),
) -> Ending:
    """Write what a study holds for other tools: predictions, scores, findings, cards, trackers. Trains nothing.

    Needs a study's folder, or a table of outcomes (see `brittlestar judge -h`), which has scores and predictions alone.
    A file's format is its ending: .csv, .tsv, .parquet, .jsonl, and for scores and findings .json. Nothing is
    overwritten. --mlflow and --tensorboard need the extras of their names.

    Prints each file with its rows, and the command that reads the predictions back.

    \b
    Examples:
      brittlestar export demo/data.study
      brittlestar export demo/data.study --predictions p.csv --split test
      brittlestar export demo/data.study --scores s.parquet --findings f.json
      brittlestar export demo/data.study --model-card README.md
      brittlestar export demo/data.study --checklists checklists.md
      brittlestar export demo/data.study --crate data.crate.zip
      brittlestar export demo/data.study --settings reported.yaml
      brittlestar export demo/data.study --mlflow "$MLFLOW_TRACKING_URI"
      brittlestar export outcomes.csv --scores scores.csv
    """
    from brittlestar.cli.endings.written import export_ending
    from brittlestar.verbs.export import export as verb

    result = verb(
        path,
        predictions=predictions,
        scores=scores,
        findings=findings,
        out=out,
        format=one_of(format_, ("csv", "parquet", "json"), "--format"),
        splits=list_of_texts(split or ()),
        model_card=model_card,
        checklists=checklists,
        crate=crate,
        settings=settings,
        mlflow=mlflow,
        tensorboard=tensorboard,
    )
    return export_ending(result)
