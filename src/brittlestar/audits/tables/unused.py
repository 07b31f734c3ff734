"""Finding `embedding.unused`."""

from collections.abc import Iterator

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.showing import Rule, percent
from brittlestar.core.findings import Finding

CODE = "embedding.unused"
LEAST = 0.01  # convention: one row in a hundred
THRESHOLD = "At least 1 % of the table's rows belong to no token of any split; info."
RULE = Rule(CODE, THRESHOLD, "None is needed.")


def check(analysis: Analysis) -> Iterator[Finding]:
    """Rows of an embedding table that no token of the data reaches.

    **What it means.** Nothing, where the table is a general one: it is larger than the vocabulary of any data. In a
    table that was made for this data, rows that nothing reaches hint at another tokenisation or another version.

    **How it is decided.** The tokens that the table names are compared with the tokens of all splits.

    **Thresholds.** 1 % of the rows; always info.

    **What it cannot see.** Whether the table was meant for this data alone.

    **What to do.** Nothing, or look at the examples: do they look like tokens of your data in another spelling?
    """
    table = analysis.table
    if isinstance(table, str):
        yield RULE.abstain(table)
        return
    names, known = table.look.names, frozenset(analysis.tokens)
    unused = [name for name in names if name not in known]
    examples = unused[:: max(1, len(unused) // 10)][:10]
    told = f"{len(unused):,} of the table's {len(names):,} rows ({percent(len(unused) / max(len(names), 1))})"
    told += " belong to no token of any split"
    many = bool(names) and len(unused) >= LEAST * len(names)
    if many:
        told += f" ({', '.join(repr(name)[:30] for name in examples[:5])})"
    evidence = {"unused": len(unused), "of": len(names), "examples": examples}
    yield RULE.conclude(f"{told}.", "info" if many else None, table.where, evidence)
