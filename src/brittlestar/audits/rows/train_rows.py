"""Checks `data.duplicates`, `data.small` and `data.sorted`: how many rows train really has, and in what order."""

from collections.abc import Iterator

import numpy as np
from scipy.stats import norm

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.chance import Paired
from brittlestar.audits.checking import data_check, observe, unknown
from brittlestar.audits.dataset import chosen
from brittlestar.audits.showing import listed_ids, percent, show_tokens
from brittlestar.baselines.shallow import ShallowModels
from brittlestar.core.checks import Observed
from brittlestar.core.large_arrays import are_in
from brittlestar.core.seeds import generator

LEAST_EXCESS = 0.05  # chosen, not measured
LEAST_ONE = 0.05  # chosen, not measured
FEWEST_EFFECTIVE = 4.0  # lowered from 10 with its tests (b70eb59), not measured
FEWEST_FOR_REPEATS = 100  # chosen, not measured
DRAWS = 20_000  # derived: a share of them has a standard error of at most .0036
MOST_TOKENS_CODED = 2_000_000  # budget: 16 MB of codes
MOST_LENGTH = 20_000  # budget: longer rows do not repeat by chance
MOST_SHOWN = 5  # convention: what a reader looks at


@data_check(
    "data.duplicates",
    "Rows of train that repeat an earlier one, or rows of one sequence, exceed chance by 5 % of all rows (info). "
    "A warning where train weighs at most 4 effective sequences, and at most half of what chance gives.",
    remedy="State the number of distinct rows, split by sequence (the split command does), weigh or drop repeats.",
)
def duplicates(analysis: Analysis) -> Iterator[Observed]:
    """Few distinct rows that make up much of train's mass.

    **What it means.** Training and every count of rows weigh the repeated sequences by their number. Train is smaller
    than it looks, intervals that take rows for independent are too narrow, and a random split of such rows leaks.

    **How it is decided.** Rows that repeat an earlier sequence of train are counted. Short rows over a small alphabet
    repeat by accident, so chance is computed: rows of the same lengths are drawn from a first-order Markov model of
    the distinct rows, and those that are in train are counted: no row of train would repeat an earlier one more
    often than that. The number of effective sequences is 1 over the sum of squared shares (Simpson 1949).

    **What it cannot see.** Near-copies (`leak.near` looks for them across splits); whether the repeats are wanted.
    """
    rows, where = analysis.train, {"split": "train"}
    _, first, counts = np.unique(rows.hashes, return_index=True, return_counts=True)
    if rows.n_rows < FEWEST_FOR_REPEATS:
        note = f"train: {len(first):,} of {rows.n_rows:,} rows are distinct; {FEWEST_FOR_REPEATS} rows would be needed."
        yield unknown(note, where, {"distinct": len(first)})
        return
    order = np.argsort(-counts, kind="stable")[:MOST_SHOWN]
    random, lengths = generator(0, "data.duplicates", "chance"), np.minimum(rows.lengths, MOST_LENGTH)
    n = int(min(DRAWS, max(FEWEST_FOR_REPEATS, MOST_TOKENS_CODED // max(1.0, float(rows.lengths.mean())))))
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
        "rows_concerned": rows.n_rows - len(first),
        "of_rows": rows.n_rows,
    }
    sentence = (
        f"train: {rows.n_rows:,} rows are {len(first):,} distinct sequences; {percent(repeats)} "
        f"repeat an earlier row, where chance gives at most {percent(by_chance)}; the most frequent is "
        f"{counts[order[0]]:,} rows ({percent(largest)})."
    )
    many = repeats - by_chance >= LEAST_EXCESS or largest - largest_by_chance >= LEAST_ONE
    tiny = effective <= FEWEST_EFFECTIVE and effective_by_chance >= 2 * effective
    yield observe(sentence, ("warning" if tiny else "info") if many else None, where, evidence)


def effective_number(counts: np.ndarray) -> float:
    """1 over the sum of squared shares (Simpson 1949): n where all n are distinct, 1 where all are one. `counts` int
    (n_distinct,): how often each stands there."""
    return float(counts.sum() ** 2 / (counts.astype(np.float64) ** 2).sum()) if len(counts) else 0.0


LEAST_GAIN_OF_ROWS = 0.01  # convention: one point of a score
LARGEST_P_OF_GAIN = 1e-3  # convention
LARGEST_P_OF_LAST = 0.05  # convention
FEWEST_TO_HALVE = 80  # derived: a quarter of them are 20
ENOUGH_ROWS = 200  # chosen, not measured
SHARES = (0.25, 0.5)  # derived: what twice the rows bring, twice


@data_check(
    "data.small",
    "The best shallow model gains 1 point of accuracy from half to all of train's distinct rows (p below .05), "
    "loses none from a quarter to half, and gains from a quarter to all (p below .001). Info.",
    remedy="Collect more rows, or report the score over several sizes of train.",
)
def small(analysis: Analysis) -> Iterator[Observed]:
    """A learning curve that still rises at full size.

    **What it means.** More rows would make even a shallow model better; differences between models on this data are
    partly differences in how much data they need.

    **How it is decided.** The best shallow model of the audit (`label.noise` names them) learns from a quarter, half
    and all of the distinct train rows (at most 10,000) and answers the same held-out rows each time. The gain is paired
    by row.

    **What it cannot see.** How a large model's curve goes on; whether rows beyond the 10,000 still help.
    """
    where, models = {"split": "train"}, analysis.shallow
    n = 0 if models is None else int(models.pool.fitted.sum())
    if models is None or n < FEWEST_TO_HALVE:
        yield unknown(f"train: {n:,} distinct rows are too few to halve twice; {ENOUGH_ROWS} would do.", where)
        return
    sizes, right = _curve(models)
    quarter, half, full = right
    last, whole = Paired.of(half, full), Paired.of(quarter, full)
    gain = (last.better - last.worse) / n
    width = 1.96 * float(np.sqrt(max((last.better + last.worse) / n - gain**2, 0.0) / n))
    name = models.best.model
    evidence = {
        "model": name,
        "sizes": sizes,
        "accuracy": [float(one.mean()) for one in right],
        "gain": {"share": gain, "low": gain - width, "high": gain + width},
        "better": last.better,
        "worse": last.worse,
        "of": n,
        "p_of_last_doubling": last.p,
        "gain_from_a_quarter": (whole.better - whole.worse) / n,
        "p": whole.p,
        "test": "McNemar, exact, one-sided, from a quarter to all",
    }
    curve = (f"{percent(float(one.mean()))} from {size:,}" for size, one in zip(sizes, right, strict=True))
    sentence = f"train: out of fold the best shallow model ({name}) is right on {', '.join(curve)} distinct rows"
    if (
        gain >= LEAST_GAIN_OF_ROWS
        and last.p < LARGEST_P_OF_LAST
        and whole.p < LARGEST_P_OF_GAIN
        and half.sum() >= quarter.sum()
    ):
        note = f"{sentence}: twice the rows still bring {100 * gain:.1f} points."
        yield observe(note, "info", where, evidence)
    elif n < ENOUGH_ROWS:
        note = f"{sentence}; whether it still rises, {n:,} rows do not tell, {ENOUGH_ROWS} would."
        yield unknown(note, where, evidence)
    else:
        yield observe(sentence, None, where, evidence)


def _curve(models: ShallowModels) -> tuple[list[int], list[np.ndarray]]:
    """Rows learned from (before a fold is held out), and for each size bool (n_fitted,): right answers."""
    pool, name = models.pool, models.best.model
    fitted = np.flatnonzero(pool.fitted)
    order = generator(0, "data.small", "order").permutation(fitted)
    labels = pool.rows.labels[fitted]
    sizes = [int(share * len(fitted)) for share in SHARES]
    parts = [models.learner.answers(name, chosen(order[:size], pool.rows.n_rows)).predicted for size in sizes]
    return [*sizes, len(fitted)], [answers[fitted] == labels for answers in (*parts, models.best.predicted)]


MOST_RUNS = 2 / 3  # raised from a half on the third set (f587182)
LARGEST_P_OF_RUNS = 1e-6  # convention: a fact about one file, no estimate
FEWEST_FOR_RUNS = 50  # chosen, not measured


@data_check(
    "data.sorted",
    "Runs of equal labels in train, in file order, are at most two thirds of what a random order gives (Wald and "
    "Wolfowitz's test, p below 1e-6). For information: training loops that shuffle do not care.",
    remedy="Shuffle in the fit function, or write the rows in random order.",
)
def sorted_rows(analysis: Analysis) -> Iterator[Observed]:
    """Rows of train that stand sorted by class on disk.

    **What it means.** A loop that reads the file in order shows the model one class after the other, and it forgets
    the first. A held-out part cut off the end holds one class only. Our own loop shuffles every epoch and is not
    affected; a fit function may not shuffle.

    **How it is decided.** Runs of equal labels are counted in file order and compared with the number that a random
    order of the same labels gives (Wald and Wolfowitz 1940; mean and variance for more than two classes by Barton and
    David 1957).

    **What it cannot see.** An order by anything but the label (time, length, source); whether training shuffles.
    """
    labels, where = analysis.train.labels, {"split": "train"}
    counts = np.unique(labels, return_counts=True)[1].astype(np.float64)
    n = len(labels)
    if n < FEWEST_FOR_RUNS or len(counts) < 2:
        note = f"train: {n:,} rows of {len(counts)} classes are too few to tell; {FEWEST_FOR_RUNS} of two would do."
        yield unknown(note, where)
        return
    starts = np.flatnonzero(np.r_[True, labels[1:] != labels[:-1], True])
    runs = len(starts) - 1
    expected, deviation = runs_by_chance(counts)
    z = (runs - expected) / deviation if deviation else 0.0
    p = float(norm.cdf(z))
    evidence = {
        "runs": runs,
        "expected": expected,
        "longest": int(np.diff(starts).max()),
        "of": n,
        "test": "Wald-Wolfowitz runs, one-sided",
        "z": z,
        "p": p,
    }
    sentence = f"train: {runs:,} runs of equal labels over {n:,} rows in file order, {expected:,.0f} in a random order"
    if runs <= MOST_RUNS * expected and p < LARGEST_P_OF_RUNS:
        sentence += ": rows are sorted by class. brittlestar shuffles them; a fit function may not"
        yield observe(sentence, "info", where, evidence)
    else:
        yield observe(sentence, None, where, evidence)


def runs_by_chance(counts: np.ndarray) -> tuple[float, float]:
    """Mean and standard deviation of the number of runs in a random order; `counts` float64 (C,) rows per class.

    Barton and David (1957), as in Bradley, Distribution-free statistical tests (1968).
    """
    n, squares, cubes = counts.sum(), (counts**2).sum(), (counts**3).sum()
    mean = 1 + n - squares / n
    variance = (squares * (squares + n * (n + 1)) - 2 * n * cubes - n**3) / (n**2 * (n - 1))
    return float(mean), float(np.sqrt(max(variance, 0.0)))
