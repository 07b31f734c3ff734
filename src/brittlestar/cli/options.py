"""Options and arguments that several commands have, written once, and what they ask for together."""

from pathlib import Path
from typing import Annotated, Any

import typer


def option(metavar: str, text: str, *names: str, default: Any = None, **more: Any) -> Any:
    """The default of a parameter that is an option with a value; `text` is its help."""
    return typer.Option(default, *names, metavar=metavar, help=text, **more)


def flag(name: str, text: str) -> Any:
    """The default of a parameter that is an option without a value."""
    return typer.Option(False, name, help=text)


JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON document on standard output, all else on standard error.")
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Print the answer alone, a line each.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Print everything, not an ending of 25 lines.")]
OpenOption = Annotated[bool, typer.Option("--open", help="Open the page in a browser.")]
OwnCheckOption = Annotated[
    list[str] | None, typer.Option("--check", metavar="PACKAGE.MODULE:NAME", help="A check of your own. Repeatable.")
]
ColumnsOption = Annotated[
    str | None, typer.Option("--columns", metavar="ROLE=COLUMN,…", help="Your columns: sequence=text,label=target.")
]
PredsColumnsOption = Annotated[
    str | None,
    typer.Option("--preds-columns", metavar="ROLE=COLUMN,…", help="Columns of --preds files: prediction=pred,id=uid."),
]
PredsOption = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="FILE",
        help="Predictions: id,split,variant,seed,prediction, such as 17,test,lstm,0,yes; id and prediction suffice. "
        ".csv, .tsv, .parquet or .jsonl. Repeatable, one file a seed.",
    ),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Override any setting: --set training.epochs=3. Repeatable."),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        metavar="PACKAGE.MODULE:NAME",
        help="Your model: a function (info) -> nn.Module, a function (train, dev, seed), or a scikit-learn estimator.",
    ),
]
SeedsOption = Annotated[int | None, typer.Option(metavar="N", help="Use seeds 0 … N-1. Default: 5.", min=1)]
JobsOption = Annotated[
    int | None, typer.Option(metavar="N", help="Runs at once, at most. Default: one per core.", min=1)
]
ExecutorOption = Annotated[
    str,
    typer.Option(
        metavar="processes|serial|ray",
        help="How runs are carried out: by processes here, in one process, or by nodes of a Ray cluster.",
    ),
]
AddressOption = Annotated[
    str | None,
    typer.Option(
        metavar="auto|HOST:PORT",
        help="The Ray cluster. Default: that of RAY_ADDRESS, else one on this machine for this command alone.",
    ),
]
SettleOption = Annotated[
    str | None,
    typer.Option(
        metavar="no|claim|relation",
        help="Add seeds until each claim has its verdict (claim), or its relation too. Default: claim for a study "
        "file with claims and no number of seeds, else no.",
    ),
]
DataArgument = Annotated[Path, typer.Argument(metavar="DATA|STUDY.yaml", help="A folder of splits, or a study file.")]
StudyArgument = Annotated[Path, typer.Argument(metavar="STUDY", help="The folder NAME.study that `run` made.")]
