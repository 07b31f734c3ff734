"""`generate spr`: data for the founding task, with the rule and every setting beside it."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

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
    """Write train, dev, test and shifted splits of the founding task, a task whose rule is known.

    Args:
        folder: Where the files are written: one CSV a split, and `generation.json` with the rule, every setting and a
            hash of each file.
        rule: A rule as text, or a preset: `founding` (the default), `founding-no-parity`.
        k: The number of predicates, 1 to 4, of a rule that is drawn from the seed, instead of `rule`.
        rejects: `near-miss` breaks exactly one predicate; `random` draws rows that the rule rejects.
        lengths: Tokens per row: `8-24`, or `6`.
        sizes: Rows of train/dev/test.
        seed: A whole number from 0 on; the same seed gives the same bytes.
        colourless: The share of tokens without a colour, in [0, 1].
        shape_weights: Relative frequencies of ▲, ■, ● and ◆: `4,2,1,1`.
        colour_weights: Relative frequencies of r, g, b and y.
        held_out: Pairs such as `▲r` that only `shift_held_out_pairs` has.
        long: Tokens per row of `shift_long`: `25-60`.
        flip: Labels to corrupt, and how many: `test:0.2`, `four-shapes:0.6`.

    Returns:
        A summary of plain JSON values: `folder`, `rule`, `settings`, `acceptance`, `splits`.

    Raises:
        InputError: Settings that are wrong, all of them together.
        StoreError: The folder cannot be written.

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
