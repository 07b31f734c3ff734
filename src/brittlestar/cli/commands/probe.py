"""The command `probe`: finished models under declared changes of their input."""

from pathlib import Path

from typer import Argument

from brittlestar.cli.command import Ending, Output, command
from brittlestar.cli.option_values import columns_of_text, list_of_texts, model_of, numbers_of, one_of, pairs_of
from brittlestar.cli.options import ADDRESS, COLUMNS, EXECUTOR, JOBS, flag, option
from brittlestar.core.errors import InputError


@command(
    "Change order, composition, length or tokens, and say what breaks.",
    "Exit codes: 0 done; 1 a finished run could not be probed; 2 wrong usage, or data that cannot be read.",
)
def probe(
    output: Output,
    study: Path = Argument(metavar="DATA|STUDY", help="A study's folder; or data, where a model is given beside it."),
    split: list[str] | None = option("NAME=FILE", "An added split: every finished run is scored on it. Repeatable."),
    only: list[str] | None = option("PROBE,…", "These probes or families alone: order,length."),
    skip: list[str] | None = option("PROBE,…", "Leave these out."),
    strength: list[str] | None = option("PROBE=A,B", "Strengths of a probe: order.window=2,8. Repeatable."),
    full: bool = flag("All rows of the split, not a sample.", "--full"),
    rule: str | None = option("RULE", "The rule that gives true labels (SPR)."),
    relabel: str | None = option("PACKAGE.MODULE:NAME", "A function from token lists to true labels."),
    pairs: Path | None = option("FILE", "Minimal contrasts: left,right,left_label,right_label."),
    own: list[str] | None = option("PACKAGE.MODULE:NAME", "A probe of your own. Repeatable."),
    predict: str | None = option("PACKAGE.MODULE:NAME", "A function from token lists to class probabilities."),
    model: str | None = option("PACKAGE.MODULE:NAME", "A factory, with --weights, in place of a study's."),
    weights: Path | None = option("FILE", "Weights for --model."),
    show_: str | None = option(
        "CONDITION", "Only list the rows behind a condition: order.shuffle@1, 'class 1'.", "--show"
    ),
    variant: str | None = option("VARIANT", "Whose rows --show lists. Default: main."),
    jobs: int | None = JOBS,
    executor: str = EXECUTOR,
    address: str | None = ADDRESS,
    columns: str | None = COLUMNS,
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
