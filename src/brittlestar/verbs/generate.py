"""`generate spr`: data for the founding task, with the rule and every setting beside it."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from brittlestar.core.documents import begin_document
from brittlestar.core.errors import InputError, Problem
from brittlestar.data.spr import SprSettings, generate_spr, parse_flip, parse_rule, write_spr
from brittlestar.data.spr.settings import EVEN
from brittlestar.reports.showing import Document

T = TypeVar("T")

DEFAULT_RULE = "founding"


def generate(
    folder: str | Path,
    *,
    rule: str | None = None,
    k: int | None = None,
    rejects: str = "near-miss",
    lengths: str = "8-24",
    sizes: str = "2000/500/1000",
    seed: int = 0,
    colourless: float = 0.0,
    shape_weights: str | None = None,
    colour_weights: str | None = None,
    held_out: Sequence[str] = (),
    long: str | None = None,
    flip: str | None = None,
) -> dict[str, Any]:
    """Write data whose rule is known: symbolic pattern reasoning.

    They are sequences of coloured shapes that a rule of one to four predicates accepts or rejects. Needs nothing but
    the name of a folder that is not there yet.

    Writes train.csv, dev.csv, test.csv, and shift_long.csv and shift_held_out_pairs.csv where they are asked for;
    generation.json keeps the rule, every setting and a hash of each file.

    Args:
        folder (DIR): Where the splits are written.
        rule (RULE): A rule, or a preset: founding (default), founding-no-parity, public-6, public-16.
        k (N): Draw a rule of this many predicates instead, 1 to 4.
        rejects (near-miss|random): How rejects are made: near-miss breaks exactly one predicate, random draws rows that
            the rule rejects.
        lengths (MIN-MAX|N): Tokens per row.
        sizes (TRAIN/DEV/TEST): Rows per split.
        seed (N>=0): The same seed gives the same bytes.
        colourless (SHARE): Share of tokens without a colour.
        shape_weights (W,W,W,W): Frequencies of ▲ ■ ● ◆.
        colour_weights (W,W,W,W): Frequencies of r g b y.
        held_out (PAIR…): A pair kept for shift_held_out_pairs: ▲r. Repeatable.
        long (MIN-MAX): Lengths of shift_long.
        flip (WHERE:SHARE): Corrupt labels: all, dev+test or test, and four-shapes or four-colours:
            test/four-shapes:0.6.

    Returns:
        A summary of plain JSON values: `folder`, `rule`, `settings`, `acceptance`, `splits`.

    Raises:
        InputError: Settings that are wrong, all of them together.
        StoreError: The folder cannot be written.

    Command:
        Prints the rule and the next command.

        Examples:
          brittlestar generate spr demo/data
          brittlestar generate spr demo/hard --k 4 --seed 7 --long 25-60 --held-out ▲r
          brittlestar generate spr demo/noisy --flip test:0.2

        Exit codes: 0 done; 1 the folder cannot be written; 2 wrong usage.

    Example:
        >>> from brittlestar import generate
        >>> made = generate("data", rule="exactly 2 ▲", sizes="60/20/20", seed=1)
        >>> {name: split["rows"] for name, split in made["splits"].items()}
        {'train': 60, 'dev': 20, 'test': 20}
    """
    problems: list[Problem] = []

    def read(reader: Callable[[], T], otherwise: T) -> T:
        """What the reader gives; its problems are kept, so that all are told at once."""
        try:
            return reader()
        except InputError as error:
            problems.extend(error.problems)
            return otherwise

    default_rule = parse_rule(DEFAULT_RULE)
    if rule is not None and k is not None:
        what = "a rule and a number of predicates exclude each other"
        problems.append(Problem(what, "rule, k", "leave one of the two out"))
    parts: dict[str, Any] = {
        "rule": k if k is not None else read(lambda: parse_rule(DEFAULT_RULE if rule is None else rule), default_rule),
        "lengths": read(lambda: _range(lengths, "lengths"), (8, 24)),
        "sizes": read(lambda: _sizes(sizes), (2, 2, 2)),
        "shape_weights": read(lambda: _weights(shape_weights, "shape_weights"), EVEN),
        "colour_weights": read(lambda: _weights(colour_weights, "colour_weights"), EVEN),
        "long": None if long is None else read(lambda: _range(long, "long"), None),
        "flip": None if flip is None else read(lambda: parse_flip(flip), None),
    }
    parts |= {"rejects": rejects, "seed": seed, "colourless": colourless, "held_out": tuple(held_out)}
    settings = read(lambda: SprSettings(**parts), None)
    if problems or settings is None:
        raise InputError(problems)
    manifest = write_spr(generate_spr(settings), Path(folder))
    kept = ("file", "sha256", "rows", "labelled_1", "rows_also_in_earlier_splits")
    document = {
        **begin_document(),
        "folder": Path(folder).as_posix(),
        "rule": manifest["rule"],
        "settings": manifest["settings"],
        "acceptance": manifest["acceptance"]["mean"],
        "splits": {
            name: {**{key: split[key] for key in kept}, "flipped": len(split["flipped"])}
            for name, split in manifest["splits"].items()
        },
    }
    return Document(document)


def _range(text: str, where: str) -> tuple[int, int]:
    found = re.fullmatch(r"([0-9]{1,6})(?:-([0-9]{1,6}))?", text.strip())
    if not found:
        raise InputError(f"{where} must be a length or a range (got {text!r})", where, "write 6 or 8-24")
    return int(found[1]), int(found[2] or found[1])


def _sizes(text: str) -> tuple[int, int, int]:
    found = re.fullmatch(r"([0-9]{1,9})/([0-9]{1,9})/([0-9]{1,9})", text.strip())
    if not found:
        raise InputError(f"sizes must be train/dev/test (got {text!r})", "sizes", "write 2000/500/1000")
    return int(found[1]), int(found[2]), int(found[3])


def _weights(text: str | None, where: str) -> tuple[float, ...]:
    if text is None:
        return EVEN
    try:
        return tuple(float(weight) for weight in text.split(","))
    except ValueError as error:
        raise InputError(f"{where} must be four numbers (got {text!r})", where, "write 4,2,1,1") from error
