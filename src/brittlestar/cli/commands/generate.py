"""The commands `generate …`: data for tasks whose rule is known."""

from pathlib import Path

import typer
from typer import Argument

from brittlestar.cli.command import Ending, command
from brittlestar.cli.options import option


@command(
    "Symbolic pattern reasoning: coloured shapes and a rule.",
    "Exit codes: 0 done; 1 the folder cannot be written; 2 wrong usage.",
    name="spr",
)
def generate_spr(
    folder: Path = Argument(metavar="DIR", help="Where the splits are written."),
    rule: str | None = option(
        "RULE", "A rule, or a preset: founding (default), founding-no-parity, public-6, public-16."
    ),
    k: int | None = option("N", "Draw a rule of this many predicates instead.", min=1, max=4),
    rejects: str = option("near-miss|random", "How rejects are made.", default="near-miss"),
    lengths: str = option("MIN-MAX|N", "Tokens per row.", default="8-24"),
    sizes: str = option("TRAIN/DEV/TEST", "Rows per split.", default="2000/500/1000"),
    seed: int = option("N", "The same seed gives the same bytes.", default=0, min=0),
    colourless: float = option("SHARE", "Share of tokens without a colour.", default=0.0),
    shape_weights: str | None = option("W,W,W,W", "Frequencies of ▲ ■ ● ◆."),
    colour_weights: str | None = option("W,W,W,W", "Frequencies of r g b y."),
    held_out: list[str] | None = option("PAIR", "A pair kept for shift_held_out_pairs: ▲r. Repeatable."),
    long: str | None = option("MIN-MAX", "Lengths of shift_long."),
    flip: str | None = option(
        "WHERE:SHARE", "Corrupt labels: all, dev+test or test, and four-shapes or four-colours: test/four-shapes:0.6."
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
