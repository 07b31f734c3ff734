"""The command `probe`: finished models under declared changes of their input."""

from pathlib import Path
from typing import Annotated

import typer

from brittlestar.cli.command import Ending, Output, command
from brittlestar.cli.option_values import columns_of_text, list_of_texts, model_of, numbers_of, one_of, pairs_of
from brittlestar.cli.options import AddressOption, ColumnsOption, ExecutorOption, JobsOption
from brittlestar.core.errors import InputError


@command(
    "Change order, composition, length or tokens, and say what breaks.",
    "Exit codes: 0 done; 1 a finished run could not be probed; 2 wrong usage, or data that cannot be read.",
)
def probe(
    output: Output,
    study: Annotated[
        Path, typer.Argument(metavar="DATA|STUDY", help="A study's folder; or data, where a model is given beside it.")
    ],
    split: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=FILE", help="An added split: every finished run is scored on it. Repeatable."),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="PROBE,…", help="These probes or families alone: order,length.")
    ] = None,
    skip: Annotated[list[str] | None, typer.Option(metavar="PROBE,…", help="Leave these out.")] = None,
    strength: Annotated[
        list[str] | None,
        typer.Option(metavar="PROBE=A,B", help="Strengths of a probe: order.window=2,8. Repeatable."),
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="All rows of the split, not a sample.")] = False,
    rule: Annotated[str | None, typer.Option(metavar="RULE", help="The rule that gives true labels (SPR).")] = None,
    relabel: Annotated[
        str | None, typer.Option(metavar="PACKAGE.MODULE:NAME", help="A function from token lists to true labels.")
    ] = None,
    pairs: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Minimal contrasts: left,right,left_label,right_label.")
    ] = None,
    own: Annotated[
        list[str] | None, typer.Option(metavar="PACKAGE.MODULE:NAME", help="A probe of your own. Repeatable.")
    ] = None,
    predict: Annotated[
        str | None,
        typer.Option(metavar="PACKAGE.MODULE:NAME", help="A function from token lists to class probabilities."),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(metavar="PACKAGE.MODULE:NAME", help="A factory, with --weights, in place of a study's."),
    ] = None,
    weights: Annotated[Path | None, typer.Option(metavar="FILE", help="Weights for --model.")] = None,
    show_: Annotated[
        str | None,
        typer.Option(
            "--show", metavar="CONDITION", help="Only list the rows behind a condition: order.shuffle@1, 'class 1'."
        ),
    ] = None,
    variant: Annotated[
        str | None, typer.Option(metavar="VARIANT", help="Whose rows --show lists. Default: main.")
    ] = None,
    jobs: JobsOption = None,
    executor: ExecutorOption = "processes",
    address: AddressOption = None,
    columns: ColumnsOption = None,
) -> Ending:
    """Change the input of finished models, at several strengths, and say what breaks; nothing is trained.

    Needs a study's folder, or data with a model: --predict, or --model with --weights. `run` probes by itself after
    training; this command adds probes, splits and rows.

    Prints whether the score holds, then what was found about main. Where a rule is known (generated data, --rule,
    --relabel), changed rows get their true labels and an accuracy; elsewhere it counts the predictions that change.

    \b
    Examples:
      brittlestar probe demo/data.study --only order --strength order.window=2,4
      brittlestar probe demo/data.study --show order.shuffle@1
      brittlestar probe demo/data.study --split shift_new=new.csv
      brittlestar probe demo/data --predict my_code:predict_proba
    """
    if variant is not None and show_ is None:
        raise InputError("--variant needs --show", "--variant", "name the rows too: --show order.shuffle@1")
    if show_ is not None and (predict or model):
        raise InputError("--show lists rows of a probed study, not of a model beside it", "--show", "leave one out")
    strengths = pairs_of(strength or [], "--strength")
    own_settings = {
        "only": list(list_of_texts(only or ())),
        "skip": list(list_of_texts(skip or ())),
        "strengths": {name: numbers_of(name, text) for name, text in strengths.items()},
        "rule": rule,
        "relabel": relabel,
        "pairs": None if pairs is None else str(pairs.resolve()),
        "own": own,
    }
    if show_ is not None:
        from brittlestar.cli.endings.probe import replay_ending
        from brittlestar.verbs.replaying import replay

        return replay_ending(replay(study, show_, arm=variant), show_)
    from brittlestar.cli.endings.probe import probe_ending
    from brittlestar.cli.watching import watch_stage
    from brittlestar.execution.progress import PROBES
    from brittlestar.verbs.probe import probe as verb

    with watch_stage(output, PROBES) as progress:
        result = verb(
            study,
            splits={name: Path(path) for name, path in pairs_of(split or [], "--split").items()},
            full=full,
            settings={name: value for name, value in own_settings.items() if value not in (None, [], {})},
            predict=predict,
            model=model_of(model),
            weights=weights,
            jobs=jobs,
            executor=one_of(executor, ("processes", "serial", "ray"), "--executor"),
            address=address,
            columns=columns_of_text(columns),
            progress=progress,
        )
    return probe_ending(result)
