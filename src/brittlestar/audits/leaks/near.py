"""Check `leak.near`: rows that are near copies of train rows, or windows of one text with them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.chance import LEAST_EXCESS, SERIOUS, Rate
from brittlestar.audits.checking import NO_OTHER_SPLIT, data_check, observe
from brittlestar.audits.leaks.at_stake import RESTS, grade_leak
from brittlestar.audits.leaks.near_rates import CopySource, NearRates, count_families, search_all
from brittlestar.audits.shortcuts.effect import choose_split
from brittlestar.audits.showing import percent, show_rows, show_text, spread
from brittlestar.baselines.rows import BaselineRows
from brittlestar.core.checks import Observed
from brittlestar.core.commands import CLEAN, LOOK_AGAIN, Advice
from brittlestar.core.findings import BY_SOURCE

MOSTLY_FAMILIES = 0.8  # chosen, not measured
ALIKE = 0.9  # chosen, not measured
FEWEST_NEAR = 3  # chosen, not measured
OWN_ODDS = 1.5  # tuned on the sources of tests/audits/leaks/test_repeating_sources.py
OWN_P = 0.001  # convention: 0.1 %, since every split is tested
WINDOWS = 0.8  # tuned on the sources of tests/audits/leaks/test_repeating_sources.py
BY_FRAGMENTS = 0.5  # derived: of two phrases in any order, half continue another and do nothing else
WINDOWS_P = 0.01  # convention: 1 %
FEWEST_SEARCHED = 100  # chosen, not measured: twice as many as elsewhere, since half may be too short
FEWEST_COMPARABLE = 0.1  # chosen, not measured
LONGEST_TEXT = 300  # budget: size of a document
_OUT = ", or take the rows out: "
BEFORE_SPLITTING = Advice(
    (f"Split by what the rows come from, before augmenting or cutting{_OUT}", CLEAN, ", then ", LOOK_AGAIN)
)
_FAMILIES = "Split again with each family on one side (the split command finds families)"
REMEDY_FOR_FAMILIES = Advice((f"{_FAMILIES}{_OUT}", CLEAN))
REMEDY_FOR_SOURCES = (
    "Where rows have a common origin, a group column makes `leak.group` see it, and `split` keep it together."
)


@data_check(
    "leak.near",
    "Near copies of train rows exceed chance by 0.2 % (3 rows): info; from 1 % a warning where train has fewer, rows "
    f"continue each other or families are small; an error {RESTS}.",
)
def near_copies(analysis: Analysis) -> Iterator[Observed]:
    """Evaluation rows that are train rows with a few tokens changed, or overlap with one as windows of one text do.

    **What it means.** A model that remembers train answers such a row from its copy. Removing exact copies does not
    remove these: they come from augmenting or cutting into windows before splitting, from templates and revisions.

    **How it is decided.** A row is a near copy of a train row where one edit in six tokens (sixteen at most) takes it
    there, or where both share a run of half the shorter row. Short rows have near copies by accident: fewer edits are
    allowed where chance, a first-order Markov model, would give a row more than .3 of them, and a run counts when 128
    such searches share it once. Rows drawn from the model, and train's rows among each other, are searched as well. A
    split with no more near copies than train itself was dealt at random from a source of near copies. Then only small
    families of long rows with one label may be a leak, as augmented rows, revisions and templates are: they can be kept
    on one side. They are a warning, and information in other splits than that of the score. Windows of one text, where
    one row continues another and shares no run that ends within both, always are a leak.
    The score is main's without these rows, class by class, or the best trivial baseline's where there is no main.

    **What it cannot see.** Paraphrases, reordered rows, renamed tokens; a few copies in a source that is made of near
    copies. The first 2,048 tokens of a row are compared, and 20,000 random rows of a larger split.

    **What to do.** Put each family of near copies on one side: split by what they come from, before augmenting or
    cutting. Else remove the rows, or read the score on the others beside it.
    """
    if not analysis.evaluations:
        yield Observed("not-applicable", NO_OTHER_SPLIT)
        return
    source, verdicts = search_all(analysis)
    yield from (_judge_split(analysis, source, verdict) for verdict in verdicts)


@dataclass(frozen=True)
class _Excess:
    """Near copies of a split above what `chance` gives, above those of train's own rows (`own`), and rows that continue
    each other as windows do (`across`), in shares of all rows of the split; whether those above train's own are sure
    (`exceeds_own`), and whether they are at all (`more_than_own`)."""

    chance: float
    own: float
    across: float
    exceeds_own: bool
    more_than_own: bool

    @property
    def serious(self) -> float:
        """What is a leak whatever it hangs together with."""
        return max(min(self.chance, self.own) if self.exceeds_own else 0.0, self.across)


def _measure_excess(source: CopySource, verdict: NearRates) -> _Excess:
    near, own = verdict.near, source.own
    new = verdict.new / max(verdict.rows.n_rows, 1)
    beyond_own = (near.share - max(own.share, verdict.chance.share)) * new
    more = beyond_own >= LEAST_EXCESS
    exceeds = more and near.share >= _raise_odds(own.upper) and near.p_more_than(own) <= OWN_P
    # rows that continue each other are windows of one text, or put together from recurring phrases
    here, there = verdict.continued_only, source.continued_only
    both = Rate(here.hits + there.hits, here.of + there.of)
    windows = verdict.across.hits >= FEWEST_NEAR and both.share >= WINDOWS and both.p_above(BY_FRAGMENTS) <= WINDOWS_P
    across = (verdict.across.share - verdict.across_chance.share) * new if windows else 0.0
    more_than_own = more and near.share >= _raise_odds(own.share)
    return _Excess((near.share - verdict.chance.share) * new, beyond_own, across, exceeds, more_than_own)


def _judge_split(analysis: Analysis, source: CopySource, verdict: NearRates) -> Observed:
    rows, near, own = verdict.rows, verdict.near, source.own
    where = {"split": rows.name}
    if not near.of:
        what = f"{rows.name}: no row that is not in train and could be compared"
        return observe(what, None, where, lacking="" if rows.n_rows < FEWEST_SEARCHED else None)
    excess = _measure_excess(source, verdict)
    present = excess.chance >= LEAST_EXCESS and near.hits >= FEWEST_NEAR
    evidence = _evidence(source, verdict)
    if excess.exceeds_own and excess.across < LEAST_EXCESS:
        evidence["test"] = "the larger p: binomial, against the upper 99 % bound of chance; Fisher, against train's own"
        evidence["p"] = max(evidence["p"], evidence["own"]["p"])
    drawn = f"rows, drawn at random from the {verdict.new:,} that are not in train," if near.of < verdict.new else ""
    of = drawn or "rows that are not in train"
    sentence = (
        f"{rows.name}: {near.hits:,} of {near.of:,} {of} ({percent(near.share)}) are near "
        f"copies of train rows ({verdict.by_edits:,} by a few edits, {near.hits - verdict.by_edits:,} by a shared "
        f"run); chance gives {percent(verdict.chance.share)}, and {percent(own.share)} of {own.of:,} distinct rows of "
        f"train have one there"
    )
    if present:
        return _grade(analysis, source, verdict, excess, observe(sentence, None, where, evidence))
    short, lacking = near.of - verdict.comparable, None
    if max(near.of, rows.n_rows) < FEWEST_SEARCHED:
        lacking = f"{near.of} rows are too few to tell, {FEWEST_SEARCHED} would do"
    elif verdict.comparable < FEWEST_COMPARABLE * near.of:
        lacking = f"{short:,} rows are too short over too few tokens to tell near copies from chance"
        lacking += "; longer rows would do"
    elif short:
        sentence += f"; {short:,} rows are too short to tell a near copy from chance"
    return observe(sentence, None, where, evidence, lacking=lacking)


def _grade(analysis: Analysis, source: CopySource, verdict: NearRates, excess: _Excess, found: Observed) -> Observed:
    """The result of more near copies than chance gives: a leak, or what the source is made of."""
    near, own, sentence = verdict.near, source.own, found.sentence
    if excess.serious >= LEAST_EXCESS:
        sentence += "; rows continue each other like windows of one text" if excess.across >= LEAST_EXCESS else ""
        leak = replace(found, sentence=sentence, remedy=BEFORE_SPLITTING)
        return grade_leak(analysis, verdict.rows, verdict.found, leak, verdict.looked_share)
    if excess.chance >= SERIOUS:
        kin = count_families(source, verdict)
        families = {name: [rate.hits, rate.of] for name, rate in kin.items()}
        found = replace(found, evidence={**found.evidence, "families": families})
        many = kin["long"].share * verdict.new / max(verdict.rows.n_rows, 1)
        if many >= SERIOUS and kin["small"].share >= MOSTLY_FAMILIES and kin["alike"].share >= ALIKE:
            sentence += "; they belong to small families, which can be kept on one side"
            explained = {} if excess.more_than_own else {BY_SOURCE: True}
            evidence = {**found.evidence, **explained}
            leak = replace(found, sentence=sentence, remedy=REMEDY_FOR_FAMILIES, evidence=evidence)
            by_source = bool(explained) and verdict.rows.name != choose_split(analysis)
            return grade_leak(analysis, verdict.rows, verdict.found, leak, verdict.looked_share, by_source=by_source)
    if excess.more_than_own:
        needed = f"{4 * own.of + 1_000:,} train rows" if own.of < near.of else f"{2 * near.of + 200:,} such rows"
        lacking = f"that is too few rows to tell it from train's own rate, about {needed} would do"
        return replace(found, status="inconclusive", sentence=f"{sentence}; {lacking}")
    sentence += ": the source itself is made of near copies" if excess.chance >= SERIOUS else ": no more than there"
    return replace(found, status="present", sentence=sentence, severity="info", remedy=REMEDY_FOR_SOURCES)


def _raise_odds(share: float) -> float:
    """The share whose odds are `OWN_ODDS` times those of `share`."""
    return OWN_ODDS * share / (1 + (OWN_ODDS - 1) * share)


def _evidence(source: CopySource, verdict: NearRates) -> dict[str, Any]:
    near, chance, own = verdict.near, verdict.chance, source.own
    return {
        "near": near.hits,
        "of": near.of,
        "share": near.share,
        "by_edits": verdict.by_edits,
        "across": verdict.across.hits,
        "continued_only": {
            "here": [verdict.continued_only.hits, verdict.continued_only.of],
            "train": [source.continued_only.hits, source.continued_only.of],
        },
        "comparable": verdict.comparable,
        "sampled": len(verdict.looked) < verdict.new,
        "chance": {"share": chance.share, "upper": chance.upper, "draws": chance.of},
        "own": {"share": own.share, "rows": own.hits, "of": own.of, "p": near.p_more_than(own)},
        "excess": near.share - max(chance.share, own.share),
        "test": "binomial, against the upper 99 % bound of chance",
        "p": near.p_above(chance.upper),
        **show_rows(verdict.rows, verdict.found),
        "of_rows": round(verdict.rows.n_rows * verdict.looked_share),
        "pairs": [_pair(source.train, verdict, k) for k in spread(len(verdict.pairs.query)).tolist()],
    }


def _pair(train: BaselineRows, verdict: NearRates, k: int) -> dict[str, Any]:
    rows, pairs = verdict.rows, verdict.pairs
    here, there = int(pairs.query[k]), int(pairs.row[k])
    edits = int(pairs.edits[k])
    return {
        "evaluation": rows.ids[here],
        "train": train.ids[there],
        "kind": "edits" if edits >= 0 else "window",
        "distance": edits if edits >= 0 else None,
        "run": int(pairs.run[k]) or None,
        "texts": [show_text(rows, here, LONGEST_TEXT), show_text(train, there, LONGEST_TEXT)],
    }
