"""Check `leak.preprocess`: what was fitted on more than train."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import norm, poisson, rankdata

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.checking import NO_OTHER_SPLIT, data_check, observe, unknown
from brittlestar.audits.dataset import AuditDataset, chosen, holding, occurrences
from brittlestar.audits.showing import percent, show_rows
from brittlestar.baselines.rows import BaselineRows
from brittlestar.core.checks import Observed
from brittlestar.core.errors import BrittlestarError
from brittlestar.models.table import read_table

FEWEST_TOKENS = 5  # chosen, not measured
FEWEST_UNSEEN = 5.0  # derived: with 5 expected, none at all has p below .01
TOGETHER = 0.8  # tuned on the third set (d4ef2d8)
ITS_OWN = 0.5  # tuned on the third set (d4ef2d8)
MOST_UNSEEN = 0.3  # chosen, not measured
MOST_TOKENS_SHOWN = 20  # budget: size of a document
UNKNOWN = re.compile(r"[<\[({_]+(unk|unknown|oov|rare)[>\])}_]+|unk|oov", re.IGNORECASE)
MARKED = re.compile(r"[<\[{].*[>\]}]|__.*__|pad|unk|oov|cls|sep|mask|bos|eos", re.IGNORECASE)


@data_check(
    "leak.preprocess",
    "A warning where a vocabulary or table knows 5 tokens that one evaluation split alone has and too few that no "
    "split has, or prefers tokens of evaluation splits, or rare tokens were counted over more than train.",
)
def preprocess(analysis: Analysis) -> Iterator[Observed]:
    """A vocabulary, an embedding table or a frequency filter was fitted on more than train.

    **What it means.** Tokens that only evaluation rows have look like known ones. A new text would have more unknown
    tokens than the split shows, so that the score is higher than on new texts. The effect is mostly small.

    **How it is decided.** (1) With a vocabulary (`--vocab FILE`, or the study's embedding table): one that was fitted
    on train knows no token that one evaluation split alone has; one that was fitted on that split knows them, and
    hardly any that no split has, where a general one would know as many of those as the tokens suggest that occur once
    and twice (Chao 1984). Or of the tokens that train has equally often it knows those that the split has more often
    (van Elteren 1960). (2) From the data alone, where an unknown symbol (`<unk>`, `[UNK]`, `<oov>` …) stands in them: a
    filter for rare tokens that was fitted on train leaves no token that occurs once in train, and none in a split that
    train lacks. Where it leaves the first but not the second, or no token occurs once over all splits, rare tokens were
    counted over more than train.

    **What it cannot see.** Vocabularies that nobody shows; filters that leave nothing behind; statistics other than
    tokens (a scaling, a feature selection, an embedding trained on the texts of the split).

    **What to do.** Fit vocabulary, filter and vectors on train alone, and encode the other splits with them.
    """
    if not analysis.evaluations:
        yield Observed("not-applicable", NO_OTHER_SPLIT)
        return
    counts = occurrences(analysis)
    found: list[Observed] = []
    if analysis.vocabulary is not None:
        mine = set(analysis.vocabulary.tokens)
        knows = np.fromiter((token in mine for token in analysis.tokens), np.bool_, len(analysis.tokens))
        extra = sum(not MARKED.fullmatch(token) for token in mine.difference(analysis.tokens))
        found += _of_vocabulary(analysis, counts, _Known("the vocabulary", knows, extra))
    table = analysis.study.model.embedding.table
    if table is not None:
        try:
            read = read_table(analysis.base / table, analysis.tokens)
        except (BrittlestarError, OSError) as error:
            yield unknown(f"The embedding table cannot be read: {error}")
        else:
            knows = chosen(read.ids, len(analysis.tokens))
            known = _Known("the embedding table", knows, read.table_rows - len(read.ids))
            found += _of_vocabulary(analysis, counts, known)
    found += _of_filter(analysis, counts)
    if not found and table is None:
        what = "There is no vocabulary, no embedding table and no unknown symbol to look at; `--vocab FILE` gives one."
        yield Observed("not-applicable", what)
    yield from found


@dataclass(frozen=True)
class _Known:
    """A vocabulary: `knows` bool (n_tokens,) of the lexicon; `extra` tokens that no split has."""

    what: str
    knows: np.ndarray
    extra: int


def _of_vocabulary(dataset: AuditDataset, counts: dict[str, np.ndarray], known: _Known) -> Iterator[Observed]:
    each = np.stack(list(counts.values()))
    total, splits = each.sum(axis=0), (each > 0).sum(axis=0)
    estimate = unseen(total[known.knows])
    words = ~_find_markers(dataset) & (total > 0)
    by_split = {
        rows.name: detect_decided(counts["train"][words], counts[rows.name][words], known.knows[words])
        for rows in dataset.evaluations
    }
    best = max(one.advantage for one in by_split.values())
    together = detect_decided(counts["train"][words], (total - counts["train"])[words], known.knows[words])
    filtered = max(best, together.advantage) >= TOGETHER
    for rows in dataset.evaluations:
        alone = (counts[rows.name] > 0) & (splits == 1)
        found = np.flatnonzero(alone & known.knows)
        of = int(alone.sum())
        suggested = max(estimate, float(len(found)))
        tokens = found[np.argsort(-total[found], kind="stable")]
        where = {"split": rows.name}
        evidence = {
            "tokens": _name_tokens(dataset, tokens),
            "known": len(found),
            "of": of,
            "share": len(found) / of if of else 0.0,
            "in_no_split": known.extra,
            "suggested": suggested,
            **_show_holders(dataset, rows, tokens),
        }
        own = by_split[rows.name]
        own_part = own.advantage - 0.5 >= ITS_OWN * (best - 0.5)
        sentence = (
            f"{rows.name}: {known.what} knows {len(found):,} of the {of:,} tokens that no other split has, and "
            f"{known.extra:,} that no split has"
        )
        fitted = suggested >= FEWEST_UNSEEN and known.extra <= MOST_UNSEEN * suggested
        if len(found) >= FEWEST_TOKENS and fitted:
            what = f"{sentence}, where one made elsewhere would have {suggested:,.0f} or more."
            remedy = "Fit it on train alone and encode the other splits with it."
            evidence["p"] = float(poisson.cdf(known.extra, suggested))
            yield observe(what, "warning", where, evidence, remedy)
        elif filtered and own_part and len(own.codes) >= FEWEST_TOKENS and known.extra <= MOST_UNSEEN * len(own.codes):
            yield _by_counts(dataset, rows, known, own, np.flatnonzero(words)[own.codes])
        else:
            yield observe(sentence, None, where, evidence)


def _by_counts(dataset: AuditDataset, rows: BaselineRows, known: _Known, own: "Decided", codes: np.ndarray) -> Observed:
    """The vocabulary is a filter by counts to which this split was added."""
    summary = (
        f"{rows.name}: of tokens that train has equally often, {known.what} knows those that {rows.name} has more "
        f"often (in {percent(own.advantage)} of pairs; {len(codes):,} tokens): they were counted over more than train."
    )
    evidence = {
        "tokens": _name_tokens(dataset, codes),
        "known": len(codes),
        "advantage": own.advantage,
        "in_no_split": known.extra,
        "test": "ranks of counts in the split among tokens of one count in train (van Elteren)",
        "p": own.p,
        **_show_holders(dataset, rows, codes),
    }
    remedy = "Count tokens in train alone, and encode the other splits with what is kept there."
    return observe(summary, "warning", {"split": rows.name}, evidence, remedy)


def _name_tokens(dataset: AuditDataset, codes: np.ndarray) -> list[str]:
    return [dataset.tokens[int(code)] for code in codes[:MOST_TOKENS_SHOWN]]


def _show_holders(dataset: AuditDataset, rows: BaselineRows, codes: np.ndarray) -> dict[str, Any]:
    return show_rows(rows, holding(rows, chosen(codes, len(dataset.tokens))))


def _find_markers(dataset: AuditDataset) -> np.ndarray:
    return np.fromiter((MARKED.fullmatch(t) is not None for t in dataset.tokens), np.bool_, len(dataset.tokens))


def unseen(counts: np.ndarray) -> float:
    """A lower bound of how many tokens of a vocabulary occur in no split, from how often the others do: those that
    occur once, squared, over twice those that occur twice (Chao 1984, bias-corrected)."""
    once, twice = int((counts == 1).sum()), int((counts == 2).sum())
    return once * (once - 1) / (2 * (twice + 1))


def _of_filter(dataset: AuditDataset, counts: dict[str, np.ndarray]) -> Iterator[Observed]:
    """What the counts of tokens say; nothing where no unknown symbol is in train."""
    marked = _find_markers(dataset)
    symbols = [code for code in np.flatnonzero(marked).tolist() if UNKNOWN.fullmatch(dataset.tokens[code])]
    train = counts["train"]
    symbol = max(symbols, key=lambda code: int(train[code]), default=-1)
    if symbol < 0 or not train[symbol]:
        return
    total = np.sum(list(counts.values()), axis=0)
    fewest, fewest_of_all = _count_fewest(train[~marked]), _count_fewest(total[~marked])
    rare = ~marked & (train <= 1)
    part = float(train.sum()) / max(float(total.sum()), 1.0)
    for rows in dataset.evaluations:
        count = counts[rows.name]
        if fewest >= 2:
            # Tokens that train lacks come at a rate at which train would have tokens that occur once (Good 1953).
            found = np.flatnonzero(~marked & (train == 0) & (count > 0))
            p = float(np.exp(-float(count[found].sum()) / max(float(count.sum()), 1.0) * float(train.sum())))
            test = "train has no token that occurs once, at the rate at which the split has tokens that train lacks"
            sentence = (
                f"every token of train occurs {fewest:,} times or more, yet {len(found):,} tokens of {rows.name} do "
                f"not occur in train"
            )
        else:
            # A token seen once in a share f of all text is seen again in the rest with probability 1 - f^2.
            found = np.flatnonzero(rare & (count > 0))
            again = fewest_of_all >= 2
            p = float((1 - part**2) ** int(rare.sum())) if again else 1.0
            test = "each token that train has at most once is found again in the other splits"
            sentence = (
                f"{int(rare.sum()):,} tokens occur at most once in train ({len(found):,} of them in {rows.name}), and "
                f"no token occurs less than {fewest_of_all:,} times over all splits"
            )
            found = found if again else found[:0]
        evidence = {
            "symbol": dataset.tokens[symbol],
            "tokens": _name_tokens(dataset, found),
            "known": len(found),
            "fewest": {"train": fewest, "all": fewest_of_all},
            "test": test,
            "p": p,
            **_show_holders(dataset, rows, found),
        }
        where = {"split": rows.name}
        sentence = f"{dataset.tokens[symbol]!r} stands for rare tokens; {sentence}"
        if len(found) >= FEWEST_TOKENS and count[symbol]:
            sentence = f"{sentence}: the filter was not fitted on train alone."
            remedy = "Count tokens in train alone, and give every token that is not kept there the same symbol."
            yield observe(sentence, "warning", where, evidence, remedy)
        else:
            yield observe(sentence, None, where, evidence)


def _count_fewest(counts: np.ndarray) -> int:
    return int(counts[counts > 0].min()) if counts.any() else 0


@dataclass(frozen=True)
class Decided:
    """Tokens that train has equally often, some of them known and some not, by how often a split has them.

    `advantage` is the chance that a known one occurs more often there than an unknown one (ties half), `p` that of so
    much by chance, and `codes` int64 the known ones that the split has.
    """

    codes: np.ndarray
    advantage: float
    p: float


def detect_decided(train: np.ndarray, split: np.ndarray, knows: np.ndarray) -> Decided:
    """`train`, `split` int64 (n_tokens,): how often each token occurs; `knows` bool (n_tokens,).

    A filter that counts in train alone leaves no two tokens of one count of which it knows one, but for ties at the
    last count of a vocabulary of fixed size. Ranks within each count are compared by the test of van Elteren (1960),
    strata unweighted, with the permutation variance, which allows for ties.
    """
    above = chosen = pairs = variance = 0.0
    codes: list[np.ndarray] = []
    there = np.flatnonzero((train > 0) | (split > 0))
    ordered = there[np.argsort(train[there], kind="stable")]
    for inside in np.split(ordered, np.flatnonzero(np.diff(train[ordered])) + 1):
        mine = knows[inside]
        n, m = int(mine.sum()), int((~mine).sum())
        if not n or not m:
            continue
        ranks = rankdata(split[inside])
        above += float(ranks[mine].sum()) - n * (n + 1) / 2
        chosen += n * m / 2
        pairs += n * m
        variance += n * m / (n + m) * float(ranks.var(ddof=1))
        codes.append(inside[mine & (split[inside] > 0)])
    if not variance:
        return Decided(np.zeros(0, np.int64), 0.5, 1.0)
    return Decided(np.concatenate(codes), above / pairs, float(norm.sf((above - chosen) / np.sqrt(variance))))
