"""Near copies of one table: which rows they join before it is split, and which they move after."""

from brittlestar.data.joining import Pairs
from brittlestar.data.rows import token_hashes
from brittlestar.data.splitting import Plan, gather_components
from brittlestar.data.whole import Coded

TURNS = 6
"""Searches of the finished splits, two at least; each moves what it finds, which changes what the next one sees."""


def near_copies(coded: Coded) -> Pairs:
    """Near copies among distinct sequences, as positions of rows."""
    from brittlestar.audits.leaks.pairing import near_pairs

    rows, row = coded.distinct()
    left, right = near_pairs(rows.codes, rows.offsets, token_hashes(coded.tokens))
    return row[left], row[right]


def join_near_copies(coded: Coded, made: Plan) -> Plan:
    """The plan after rows have moved to train where a near copy stands that only a search of the finished splits
    shows. Raises InputError."""
    for turn in range(TURNS):
        across = _find_near_across(coded, made, turn)
        if len(across[0]):
            made = gather_components(made, across)
        elif turn:
            break
    return made


def _find_near_across(coded: Coded, made: Plan, turn: int) -> Pairs:
    """Near copies in train of rows of other splits, as an audit sees them: how surprising a row is, and so what counts
    as a near copy of it, depends on the rows that are searched."""
    from brittlestar.audits.leaks.pairing import near_between

    searched, row = coded.distinct(made.split == 0)
    asked, other = coded.distinct(made.split > 0)
    query, near = near_between(searched, asked, token_hashes(coded.tokens), turn)
    return row[near], other[query]
