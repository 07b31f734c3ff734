"""How `seal` ends: the root hash to print, where the record is, what is not in it, and who scored its test rows."""

from rich.text import Text

from brittlestar.cli.ending import Ending
from brittlestar.cli.paragraphs import Block
from brittlestar.study.units import count
from brittlestar.verbs.seal import SealResult

TOKENS = ("tokens of rows", "--with-data", "tokens.npy")
LEFT = (TOKENS, ("weights of runs", "--with-weights", ".safetensors"))
"""What a record leaves out, the option that puts it in, and how the files' names end."""


def seal_ending(result: SealResult) -> Ending:
    """The root hash first."""
    blocks = [
        Block(Text("Sealed", style="bold"), result.answer),
        Block("Record", result.place, path=True),
        Block("Holds", result.holds),
    ]
    left = [one for one in LEFT if any(key.endswith(one[2]) for key in result.withheld)]
    if left:
        named = " and ".join(f"{what} ({option})" for what, option, _ in left)
        untold = "; without rows, `verify` cannot tell all" if TOKENS in left else ""
        blocks.append(Block("Without", f"{named}{untold}"))
    if result.scored:
        runs, split = sum(one.runs for one in result.scored), result.scored[0].split
        told = f"{count(runs, 'run')} of {count(len(result.scored), 'study', 'studies')} scored its {split} rows"
        before = [one.before_claims for one in result.scored if one.before_claims is not None]
        if before:
            told += f", {sum(before) or 'none'} of them before the claims were registered"
        blocks.append(Block("Ledger", f"{told}."))
    blocks += [Block("Note", one, rank=1) for one in result.notes]
    blocks.append(Block("Next", result.next, command=True))
    return Ending(document=result.document, answer=(result.printed,), blocks=tuple(blocks))
