"""What options of commands are, and those options and arguments that several commands have."""

from typing import Any

import typer


def option(metavar: str, text: str, *names: str, default: Any = None, **more: Any) -> Any:
    """The default of a parameter that is an option with a value; `text` is its help."""
    return typer.Option(default, *names, metavar=metavar, help=text, **more)


def flag(text: str, *names: str) -> Any:
    """The default of a parameter that is an option without a value."""
    return typer.Option(False, *names, help=text)


JSON = flag("Print one JSON document on standard output, all else on standard error.", "--json")
QUIET = flag("Print the answer alone, a line each.", "--quiet", "-q")
VERBOSE = flag("Print everything, not an ending of 25 lines.", "--verbose", "-v")
OPEN = flag("Open the page in a browser.", "--open")
CHECK = option("PACKAGE.MODULE:NAME", "A check of your own. Repeatable.", "--check")
COLUMNS = option("ROLE=COLUMN,…", "Your columns: sequence=text,label=target.", "--columns")
PREDS_COLUMNS = option("ROLE=COLUMN,…", "Columns of --preds files: prediction=pred,id=uid.", "--preds-columns")
PREDS = option(
    "FILE",
    "Predictions: id,split,variant,seed,prediction, such as 17,test,lstm,0,yes; id and prediction suffice. "
    ".csv, .tsv, .parquet or .jsonl. Repeatable, one file a seed.",
)
SET = option("PATH=VALUE", "Override any setting: --set training.epochs=3. Repeatable.", "--set")
LINEAR = option("on|off", "The trivial baseline linear, which takes longest. Default: on.", "--linear")
MODEL = option(
    "PACKAGE.MODULE:NAME",
    "Your model: a function (info) -> nn.Module, a function (train, dev, seed), or a scikit-learn estimator.",
)
SEEDS = option("N", "Use seeds 0 … N-1. Default: 5.", min=1)
JOBS = option("N", "Runs at once, at most. Default: one per core.", min=1)
EXECUTOR = option(
    "processes|serial|ray",
    "How runs are carried out: by processes here, in one process, or by nodes of a Ray cluster.",
    default="processes",
)
ADDRESS = option(
    "auto|HOST:PORT", "The Ray cluster. Default: that of RAY_ADDRESS, else one on this machine for this command alone."
)
SETTLE = option(
    "no|claim|relation",
    "Add seeds until each claim has its verdict (claim), or its relation too. Default: claim for a study "
    "file with claims and no number of seeds, else no.",
)
DATA = typer.Argument(metavar="DATA|STUDY.yaml", help="A folder of splits, or a study file.")
STUDY = typer.Argument(metavar="STUDY", help="The folder NAME.study that `run` made.")
