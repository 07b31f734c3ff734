"""The command `export`: predictions, scores and findings for other tools."""

from pathlib import Path

from typer import Argument, Option

from brittlestar.cli.command import Ending, command
from brittlestar.cli.option_values import list_of_texts, one_of


@command(
    "Write predictions, scores and findings for other tools.",
    "Exit codes: 0 done; 1 a file cannot be written; 2 wrong usage, or no study or table that can be read.",
)
def export(
    path: Path = Argument(metavar="STUDY|TABLE", help="A study's folder, or a table of outcomes."),
    predictions: Path | None = Option(None, metavar="FILE", help="Every row of every run, as --preds reads it."),
    scores: Path | None = Option(None, metavar="FILE", help="Every score: variant, split, metric, seed, score."),
    findings: Path | None = Option(None, metavar="FILE", help="Every finding, worst first."),
    out: Path | None = Option(None, metavar="DIR", help="A new folder for all three. Default: ./NAME-export"),
    format_: str = Option("csv", "--format", metavar="csv|parquet|json", help="What is written into the folder."),
    split: list[str] | None = Option(None, metavar="SPLIT,…", help="These splits alone. Default: all."),
    model_card: Path | None = Option(None, metavar="FILE", help="A Hugging Face model card with model-index metadata."),
    checklists: Path | None = Option(
        None, metavar="FILE", help="NeurIPS, reproducibility and REFORMS checklists, and limits."
    ),
    crate: Path | None = Option(None, metavar="DIR|FILE", help="Its record as a Process Run Crate (RO-Crate)."),
    settings: Path | None = Option(None, metavar="FILE", help="The settings in effect as YAML, as compare reads them."),
    mlflow: str | None = Option(None, metavar="URI", help="Runs in MLflow's tracking store. Extra: mlflow."),
    tensorboard: Path | None = Option(
        None, metavar="DIR", help="A new folder of TensorBoard events. Extra: tensorboard."
    ),
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
