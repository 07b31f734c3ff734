"""The commands `generate …`: data for tasks whose rule is known."""

from pathlib import Path

import typer
from typer import Argument, Option

from brittlestar.cli.command import Ending, command


@command(
    "Symbolic pattern reasoning: coloured shapes and a rule.",
    "Exit codes: 0 done; 1 the folder cannot be written; 2 wrong usage.",
    name="spr",
)
def generate_spr(
    folder: Path = Argument(metavar="DIR", help="Where the splits are written."),
    rule: str | None = Option(
        None, metavar="RULE", help="A rule, or a preset: founding (default), founding-no-parity, public-6, public-16."
    ),
    k: int | None = Option(None, metavar="N", help="Draw a rule of this many predicates instead.", min=1, max=4),
    rejects: str = Option("near-miss", metavar="near-miss|random", help="How rejects are made."),
    lengths: str = Option("8-24", metavar="MIN-MAX|N", help="Tokens per row."),
    sizes: str = Option("2000/500/1000", metavar="TRAIN/DEV/TEST", help="Rows per split."),
    seed: int = Option(0, metavar="N", help="The same seed gives the same bytes.", min=0),
    colourless: float = Option(0.0, metavar="SHARE", help="Share of tokens without a colour."),
    shape_weights: str | None = Option(None, metavar="W,W,W,W", help="Frequencies of ▲ ■ ● ◆."),
    colour_weights: str | None = Option(None, metavar="W,W,W,W", help="Frequencies of r g b y."),
    held_out: list[str] | None = Option(
        None, metavar="PAIR", help="A pair kept for shift_held_out_pairs: ▲r. Repeatable."
    ),
    long: str | None = Option(None, metavar="MIN-MAX", help="Lengths of shift_long."),
    flip: str | None = Option(
        None,
        metavar="WHERE:SHARE",
        help="Corrupt labels: all, dev+test or test, and four-shapes or four-colours: test/four-shapes:0.6.",
    ),
) -> Ending:
    """Write sequences of coloured shapes that a rule of one to four predicates accepts or rejects.

    Needs nothing but the name of a folder that is not there yet.

    Writes train.csv, dev.csv, test.csv, and shift_long.csv and shift_held_out_pairs.csv where they are asked for;
    generation.json keeps the rule and every setting. Prints the rule and the next command.

    \b
    Examples:
      brittlestar generate spr demo/data
      brittlestar generate spr demo/hard --k 4 --seed 7 --long 25-60 --held-out ▲r
      brittlestar generate spr demo/noisy --flip test:0.2
    """
    from brittlestar.cli.endings.written import generated_ending
    from brittlestar.verbs.generate import generate as verb

    summary = verb(
        folder,
        rule=rule,
        k=k,
        rejects=rejects,
        lengths=lengths,
        sizes=sizes,
        seed=seed,
        colourless=colourless,
        shape_weights=shape_weights,
        colour_weights=colour_weights,
        held_out=held_out or [],
        long=long,
        flip=flip,
    )
    return generated_ending(summary, folder)


generate_app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Write data for a task whose rule is known."
)
generate_spr.add_to(generate_app)
