"""Finding `data.duplicates`."""

from collections.abc import Iterator

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.showing import Rule, listed_ids, percent, show_tokens
from brittlestar.core.findings import Finding
from brittlestar.core.large_arrays import are_in
from brittlestar.core.seeds import generator

CODE = "data.duplicates"
LEAST_EXCESS = 0.05  # chosen, not measured
LEAST_ONE = 0.05  # chosen, not measured
FEWEST_EFFECTIVE = 4.0  # lowered from 10 with its tests (b70eb59), not measured
FEWEST_ROWS = 100  # chosen, not measured
DRAWS = 20_000  # derived: a share of them has a standard error of at most .0036
MOST_TOKENS = 2_000_000  # budget: 16 MB of codes
MOST_LENGTH = 20_000  # budget: longer rows do not repeat by chance
MOST_SHOWN = 5  # convention: what a reader looks at
THRESHOLD = (
    "Rows of train that repeat an earlier one, or rows of one sequence, exceed chance by 5 % of all rows (info). A "
    "warning where train weighs at most 4 effective sequences, and at most half of what chance gives."
)
REMEDY = "State the number of distinct rows, split by sequence (the split command does), weigh or drop repeats."
RULE = Rule(CODE, THRESHOLD, REMEDY)


def check(analysis: Analysis) -> Iterator[Finding]:
    """Few distinct rows that make up much of train's mass.

    **What it means.** Training and every count of rows weigh the repeated sequences by their number. Train is smaller
    than it looks, intervals that take rows for independent are too narrow, and a random split of such rows leaks.

    **How it is decided.** Rows that repeat an earlier sequence of train are counted. Short rows over a small alphabet
    repeat by accident, so chance is computed: rows of the same lengths are drawn from a first-order Markov model of
    the distinct rows, and those that are in train are counted: no row of train would repeat an earlier one more
    often than that. The number of effective sequences is 1 over the sum of squared shares (Simpson 1949).

    **Thresholds.** Present: repeats exceed chance by 5 % of the rows, or one sequence exceeds what chance gives it
    by 5 % of the rows. For information, since many sources repeat themselves; a warning where the rows weigh no more
    than 4 effective sequences and chance would give at least twice as many. At least 100 rows are needed.

    **What it cannot see.** Near-copies (`leak.near` looks for them across splits); whether the repeats are wanted.

    **What to do.** Say how many rows are distinct; split by sequence (`brittlestar split`); weigh or drop repeats.
    """
    rows, where = analysis.train, {"split": "train"}
    _, first, counts = np.unique(rows.hashes, return_index=True, return_counts=True)
    if rows.n_rows < FEWEST_ROWS:
        told = f"train: {len(first):,} of {rows.n_rows:,} rows are distinct; {FEWEST_ROWS} rows would be needed."
        yield RULE.abstain(told, where, {"distinct": len(first)})
        return
    order = np.argsort(-counts, kind="stable")[:MOST_SHOWN]
    random, lengths = generator(0, CODE, "chance"), np.minimum(rows.lengths, MOST_LENGTH)
    n = int(min(DRAWS, max(FEWEST_ROWS, MOST_TOKENS // max(1.0, float(rows.lengths.mean())))))
    drawn = analysis.hash_rows(*analysis.token_model.draw(random.choice(lengths, n), random))
    repeats, by_chance = 1 - len(first) / rows.n_rows, float(are_in(drawn, rows.hashes).mean())
    largest = float(counts[order[0]] / rows.n_rows)
    counts_by_chance = np.unique(drawn, return_counts=True)[1]
    largest_by_chance = float(counts_by_chance.max() / len(drawn))
    effective, effective_by_chance = effective_number(counts), effective_number(counts_by_chance)
    evidence = {
        "rows_in_train": rows.n_rows,
        "distinct": len(first),
        "repeats": {"rows": rows.n_rows - len(first), "share": repeats},
        "chance": {"share": by_chance, "draws": len(drawn)},
        "largest": [
            {"row": rows.ids[row], "sequence": show_tokens(analysis, rows.tokens_of(row)), "times": times}
            for row, times in zip(first[order].tolist(), counts[order].tolist(), strict=True)
        ],
        "largest_share": largest,
        "largest_share_by_chance": largest_by_chance,
        "effective_sequences": effective,
        "effective_sequences_by_chance": effective_by_chance,
        "rows": listed_ids(rows, first[order]),
    }
    story = (
        f"train: {rows.n_rows:,} rows are {len(first):,} distinct sequences; {percent(repeats)} "
        f"repeat an earlier row, where chance gives at most {percent(by_chance)}; the most frequent is "
        f"{counts[order[0]]:,} rows ({percent(largest)})."
    )
    many = repeats - by_chance >= LEAST_EXCESS or largest - largest_by_chance >= LEAST_ONE
    tiny = effective <= FEWEST_EFFECTIVE and effective_by_chance >= 2 * effective
    yield RULE.conclude(story, ("warning" if tiny else "info") if many else None, where, evidence)


def effective_number(counts: np.ndarray) -> float:
    """1 over the sum of squared shares (Simpson 1949): n where all n are distinct, 1 where all are one. `counts` int
    (n_distinct,): how often each stands there."""
    return float(counts.sum() ** 2 / (counts.astype(np.float64) ** 2).sum()) if len(counts) else 0.0
