"""How `seal` ends: the root hash to print, where the record is, what is not in it, and who scored its test rows."""

from rich.text import Text

from brittlestar.cli.ending import Ending
from brittlestar.cli.paragraphs import Block
from brittlestar.study.units import count
from brittlestar.verbs.clean import show_size
from brittlestar.verbs.seal import SealResult


def seal_ending(result: SealResult) -> Ending:
    """The root hash first."""
    blocks = [
        Block(Text("Sealed", style="bold"), f"{result.printed} is the root hash: print it in the paper."),
        Block("Record", result.place, path=True),
        Block("Holds", f"{count(result.files, 'file')}, {show_size(result.bytes)}"),
    ]
    if result.withheld:
        kinds = {"weights of runs": ".safetensors", "tokens of rows": "tokens.npy"}
        left = [words for words, end in kinds.items() if any(key.endswith(end) for key in result.withheld)]
        blocks.append(Block("Without", f"{' and '.join(left)} (--with-data, --with-weights)"))
    if result.scored:
        runs = sum(one.runs for one in result.scored)
        studies, split = count(len(result.scored), "study", "studies"), result.scored[0].split
        told = f"{count(runs, 'run')} of {studies} scored its {split} rows"
        before = [one.before_claims for one in result.scored if one.before_claims is not None]
        told += f", {sum(before)} of them before the claims were registered" if before else ""
        blocks.append(Block("Ledger", f"{told}."))
    blocks += [Block("Note", one, rank=1) for one in result.notes]
    blocks.append(Block("Next", result.next, command=True))
    return Ending(document=result.document, answer=(result.printed,), blocks=tuple(blocks))
