"""Finding `shift.order`."""

from collections.abc import Iterator
from typing import Any

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.shifts.neighbours import Neighbours, neighbours
from brittlestar.audits.shifts.rows import Comparison
from brittlestar.audits.shifts.saying import MOST_NAMED, Verdict, each_split
from brittlestar.audits.showing import percent
from brittlestar.core.findings import Finding

CODE = "shift.order"
LEAST_EXCESS = 0.03  # chosen, not measured: as for composition
OTHER = "any other token"
EDGE = "edge of the row"
THRESHOLD = (
    "Pairs of neighbours differ from train's under the split's own composition by 3 points of total variation more "
    "than sampling gives (p at most 0.0001): a warning, info on shifted splits."
)


def check(analysis: Analysis) -> Iterator[Finding]:
    """Tokens follow each other otherwise in an evaluation split than in train, beyond composition and length.

    **What it means.** A model that reads order meets transitions it was not trained on, while a bag of tokens notices
    nothing: the two can no longer be compared on this split.

    **How it is decided.** Pairs of neighbours are counted for the most frequent tokens (at most 200, and so many that a
    pair is expected five times on average), all others as one, and the edge of a row. Train's table is scaled to the
    row and column sums of the split (iterative proportional fitting; Deming and Stephan 1940), which keeps how strongly
    tokens attract each other and takes over composition and length. The total variation distance to the split's own
    table is the share of pairs that would have to change; its mean under sampling of rows is taken off. Each pair is
    tested against its variance over rows, copies and groups taken together; and all pairs at once are tested in the
    direction in which a random half of both splits differs, on the other half. Where class shares differ as well
    (`shift.label`) the comparison is repeated with classes of train drawn in the split's shares; what that explains is
    a note.

    **Thresholds.** Present: the excess is at least 0.03 and p at most 0.0001. A warning; info on splits whose name
    starts with `shift`.

    **What it cannot see.** Order over more than one step, order among rare tokens, and of tokens that are half as
    frequent again as in train, or less (`shift.composition`). Where tokens are in no order to begin with, another order
    of them is no shift.

    **What to do.** See whether rows were reversed, shuffled or tokenised otherwise; or say that the split tests another
    order.
    """
    yield from each_split(analysis, CODE, THRESHOLD, _examine)


def _examine(comparison: Comparison) -> Verdict:
    found = neighbours(comparison)
    name = comparison.name
    if found is None:
        story = f"{name}: no frequent token of train is about as frequent here, so that order cannot be compared"
        return Verdict(story, {"pairs": 0})
    evidence: dict[str, Any] = {
        "variation": found.drift.variation,
        "chance": found.drift.by_chance,
        "excess": found.excess,
        "pairs": int(found.drift.other.total),
        "tokens_told_apart": len(found.tokens),
        "most_changed": _list_changed(found, comparison),
        "sampled": comparison.sampled,
        "test": "each pair against its variance over rows, or all in the direction of one half; smaller p, doubled",
        "p_of_pairs": found.drift.least_p,
        "p": found.p,
    }
    top = evidence["most_changed"][0]
    story = (
        f"{name}: beyond composition and length, {100 * found.drift.variation:.1f} % of pairs of neighbours would "
        f"have to change to match train (chance gives {100 * found.drift.by_chance:.1f} %), most for {top['left']!r} "
        f"before {top['right']!r}: {percent(top[name])} of pairs, {percent(top['expected'])} expected"
    )
    degree = "warning" if found.excess >= LEAST_EXCESS else None
    remedy = (
        "See whether rows were reversed, shuffled or tokenised otherwise; or say that the split tests another order."
    )
    return Verdict(story, evidence, degree, remedy, found.excess, found.drift.by_chance)


def _list_changed(found: Neighbours, comparison: Comparison) -> list[dict[str, Any]]:
    names = [comparison.dataset.tokens[k] for k in found.tokens.tolist()]
    names += [OTHER] * (found.size - 1 - len(names)) + [EDGE]
    expected = found.expected.reshape(-1)
    return [
        {
            "left": names[cell // found.size],
            "right": names[cell % found.size],
            comparison.name: float(found.drift.other.rates[cell]),
            "expected": float(expected[cell]),
            "train": float(found.drift.train.rates[cell]),
            "p": float(found.drift.p[cell]),
        }
        for cell in found.drift.list_moved(MOST_NAMED)
    ]
