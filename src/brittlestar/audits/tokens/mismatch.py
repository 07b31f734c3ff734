"""Finding `token.mismatch`."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.holding import occurrences
from brittlestar.audits.showing import Rule, percent, soften_declared
from brittlestar.audits.tokens.explained import find_folding, find_unseen
from brittlestar.baselines.rows import LabelledRows
from brittlestar.core.findings import Finding

CODE = "token.mismatch"
TESTS = (find_unseen, find_folding)
FEWEST_ROWS = 20  # chosen, not measured
THRESHOLD = (
    "One change of tokenisation turns half of a split's unseen tokens (1 % of all) into train's, 30 points beyond "
    "chance; or a tenth of one case is missing. A warning or an error; info for a declared shift."
)
RULE = Rule(CODE, THRESHOLD, "Run one tokeniser, with the same normalisation, over all splits; then audit again.")


def check(analysis: Analysis) -> Iterator[Finding]:
    """An evaluation split that was tokenised in another way than train.

    **What it means.** The model sees unknown tokens where it would know the text, had it been split and normalised as
    train was. The score then measures the tokeniser.

    **How it is decided.** Tokens of the split that train lacks, or has a hundred times as rarely, are changed in one
    way at a time, the simplest first: case, Unicode normal forms, punctuation removed or split off, marks of word
    pieces (▁, ##, Ġ, @@), parts in reverse order, an ending put back, splitting into known tokens, and joining up to
    eight neighbours, with nothing or a separator between. Counted are the occurrences that become tokens of train.
    Chance is what the same change makes of the tokens that occur in train once. The mean over rows of the share that is
    explained is compared with an upper bound of train's. Where train has both cases of many tokens, the share of each
    among its pair is compared with train's.

    **Thresholds.** Unseen: 1 % of the split's tokens. Explained by the change: half of these, and 30 points more than
    in train (Hoeffding's bound over rows, 1963). Normal forms and splitting into known tokens count only in half of the
    rows; single rows are `data.encoding`. Case among pairs: a tenth of one form is missing, in 90 % of at least four
    pairs (z-test over rows). A warning; an error where 10 % of the split's tokens are explained or half of one form is
    missing; info on a split declared as shifted.

    **What it cannot see.** Two changes at once; a change other than of case that makes known tokens of known tokens.

    **What to do.** Run one tokeniser over all splits.
    """
    counts = occurrences(analysis)
    yield from RULE.compare_with_train(analysis, lambda rows: _examine(analysis, rows, counts))


def _examine(dataset: AuditDataset, rows: LabelledRows, counts: Mapping[str, np.ndarray]) -> Finding:
    total, missing = int(counts[rows.name].sum()), int(counts[rows.name][counts["train"] == 0].sum())
    verdicts = [one for test in TESTS if (one := test(dataset, rows, counts)) is not None]
    found = next((one for one in verdicts if one.holds), None)
    evidence: dict[str, Any] = {"tokens": total, "unseen": missing, "unseen_share": missing / max(total, 1)}
    evidence |= next((one.evidence for one in (found, *verdicts) if one is not None), {})
    where = {"split": rows.name}
    unseen = f"{rows.name}: {missing:,} of {total:,} tokens ({percent(missing / max(total, 1))}) are unseen in train"
    if found is None and rows.n_rows < FEWEST_ROWS:
        told = f"{unseen}; {rows.n_rows} rows are too few to tell, {FEWEST_ROWS} would do."
        return RULE.abstain(told, where, evidence)
    if found is None:
        told = f"{unseen}{', and no change of tokenisation explains them' if missing else ''}."
        return RULE.conclude(told, None, where, evidence)
    severity = soften_declared(rows.name, "error" if found.is_error else "warning")
    return RULE.conclude(f"{rows.name}: {found.story}.", severity, {**where, "change": found.change}, evidence)
