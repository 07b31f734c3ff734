"""The command `probe`: finished models under declared changes of their input."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from brittlestar.cli_options import ColumnsOption, JsonOption, QuietOption
from brittlestar.verbs.guarding import guarded
from brittlestar.verbs.options import columns_of_text, model_of, pairs_of


def add_probe(app: typer.Typer) -> None:
    """Give the command its place after those that `app` has."""
    app.command(short_help="Say what happens when order, composition, length or tokens change.")(probe)


def probe(
    study: Annotated[
        Path, typer.Argument(metavar="STUDY|DATA", help="A study's folder; or data, where a model is given beside it.")
    ],
    split: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=FILE", help="A later split: every finished cell is scored on it. Repeatable."),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="PROBE", help="This probe or family alone: order. Repeatable.")
    ] = None,
    skip: Annotated[list[str] | None, typer.Option(metavar="PROBE", help="Leave this one out. Repeatable.")] = None,
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
    show: Annotated[
        str | None,
        typer.Option(metavar="CONDITION", help="Only list the rows behind a condition: order.shuffle@1, 'class 1'."),
    ] = None,
    arm: Annotated[
        str | None, typer.Option("--variant", metavar="VARIANT", help="Of which variant, for --show. Default: main.")
    ] = None,
    jobs: Annotated[int | None, typer.Option(metavar="N", help="Cells at once. Default: one per core.", min=1)] = None,
    columns: ColumnsOption = None,
    json_: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Change the input of finished models, at several strengths, and say what breaks. Trains nothing.

    Where a rule is known (generated data, --rule, --relabel) changed rows get their true labels and accuracy is told;
    else how many predictions change. `run` does this by itself after training.

    \b
    Examples:
      brittlestar probe reviews.study
      brittlestar probe reviews.study --only order --strength order.window=2,4,8,16
      brittlestar probe reviews.study --show order.shuffle@1
      brittlestar probe reviews.study --split shift_2026=new/reviews.csv
      brittlestar probe reviews/ --predict my_code:predict_proba
      brittlestar probe reviews/ --model my_code.nets:build --weights best.safetensors
    """

    def work() -> int:
        from brittlestar.core.errors import InputError

        given: dict[str, Any] = {
            "only": only,
            "skip": skip,
            "strengths": {name: _numbers(name, text) for name, text in pairs_of(strength or [], "--strength").items()},
            "rule": rule,
            "relabel": relabel,
            "pairs": None if pairs is None else str(pairs.resolve()),
            "own": own,
        }
        from brittlestar.verbs.probe_console import probe_with_console, show_rows

        if arm is not None and show is None:
            raise InputError("it says whose rows are listed", "--variant", "name the rows too: --show order.shuffle@1")
        if show is not None and (predict or model):
            raise InputError("rows are listed of a probed study, not of a model beside it", "--show", "leave one out")
        if show is not None:
            return show_rows(study, show, arm, json_=json_, quiet=quiet)
        return probe_with_console(
            study,
            json_=json_,
            quiet=quiet,
            splits={name: Path(path) for name, path in pairs_of(split or [], "--split").items()},
            full=full,
            settings={name: value for name, value in given.items() if value not in (None, [], {})},
            predict=predict,
            model=model_of(model),
            weights=weights,
            jobs=jobs,
            columns=columns_of_text(columns),
        )

    raise typer.Exit(guarded(work, json_))


def _numbers(name: str, text: str) -> list[float]:
    from brittlestar.core.errors import InputError

    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise InputError(f"{text!r} are no strengths", f"--strength {name}", "write order.window=2,8") from None
